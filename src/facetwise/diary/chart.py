"""The diary as a picture: pain over the hours, the baseline, the relief that counts, the anaesthetic window."""

from collections.abc import Sequence
from html import escape

from facetwise.diary.protocol import Protocol, default_protocol
from facetwise.diary.response import Response
from facetwise.diary.scoring import JUDGED_AT
from facetwise.diary.told import relief_cut
from facetwise.records import DiaryEntry, Procedure

WIDTH, HEIGHT = 480, 290
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 34, 44
"""Pixels: the picture and its margins."""


def diary_svg(
    procedure: Procedure,
    response: Response,
    protocol: Protocol | None = None,
    *,
    name: str = "diary",
    reliefs: Sequence[int] = (JUDGED_AT,),
) -> str:
    """An accessible SVG of a diary. Entries that cannot be used are drawn hollow.

    `name` starts the ids inside, and must differ between drawings on one page. `reliefs`, in percent, are drawn as
    lines.
    """
    protocol, name = protocol or default_protocol(), escape(name)
    entries = sorted(procedure.diary.entries if procedure.diary else (), key=lambda entry: entry.minutes)
    hours = max([protocol.hours, *(entry.minutes / 60 for entry in entries)])
    drawing = _Drawing(hours)
    before = procedure.pain_before.score if procedure.pain_before else None
    parts = [
        f'<svg class="diary" role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {WIDTH} {HEIGHT}"'
        ' xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">Pain after the block</title>',
        f'<desc id="{name}-desc">{escape(in_words(procedure, response))}</desc>',
        STYLE,
        drawing.window(protocol),
        *drawing.axes(),
    ]
    if before is not None:
        parts.append(drawing.level(before, f"before: {before:g}", "baseline"))
        parts += [drawing.level(before * (1 - one / 100), f"{one}% relief", "threshold") for one in reliefs]
    parts += drawing.points(entries)
    return "\n".join([*parts, "</svg>"]) + "\n"


def in_words(procedure: Procedure, response: Response) -> str:
    """The picture in a few sentences, for whoever cannot see it."""
    before = procedure.pain_before.score if procedure.pain_before else None
    start = f"Pain before the block was {before:g} of 10. " if before is not None else ""
    if not response.judged:
        return start + "The response cannot be judged: " + " ".join(one.says for one in response.reasons)
    how = "by scores" if response.method == "scores" else "by the patient's statement"
    peak = f"{relief_cut(response.relief_percent or 0):g}% {how}"
    return f"{start}Peak relief was {peak}. {response.against_agent_says}"


class _Drawing:
    """Places hours and scores on the picture."""

    def __init__(self, hours: float) -> None:
        self.hours = hours

    def x(self, minutes: float) -> float:
        return LEFT + minutes / 60 / self.hours * (WIDTH - LEFT - RIGHT)

    def y(self, score: float) -> float:
        return TOP + (10 - score) / 10 * (HEIGHT - TOP - BOTTOM)

    def window(self, protocol: Protocol) -> str:
        start, end = self.x(protocol.window_start_minutes), self.x(protocol.hours * 60)
        height = HEIGHT - TOP - BOTTOM
        return f'<rect class="window" x="{start:.1f}" y="{TOP}" width="{end - start:.1f}" height="{height}"/>'

    def axes(self) -> list[str]:
        lines = []
        for score in (0, 2, 4, 6, 8, 10):
            y = self.y(score)
            lines.append(f'<path class="grid" d="M {LEFT} {y:.1f} H {WIDTH - RIGHT}"/>')
            lines.append(f'<text class="end" x="{LEFT - 8}" y="{y + 4:.1f}">{score}</text>')
        step = max(1, round(self.hours / 8))
        for hour in range(0, int(self.hours) + 1, step):
            lines.append(f'<text class="middle" x="{self.x(hour * 60):.1f}" y="{HEIGHT - BOTTOM + 18}">{hour}</text>')
        lines.append(f'<text class="middle" x="{WIDTH / 2}" y="{HEIGHT - 8}">hours after the block</text>')
        lines.append(f'<text x="8" y="{TOP - 16}">pain, 0 to 10</text>')
        return lines

    def level(self, score: float, label: str, kind: str) -> str:
        y = self.y(score)
        return (
            f'<path class="{kind}" d="M {LEFT} {y:.1f} H {WIDTH - RIGHT}"/>'
            f'<text class="end {kind}" x="{WIDTH - RIGHT - 4}" y="{y - 5:.1f}">{escape(label)}</text>'
        )

    def points(self, entries: list[DiaryEntry]) -> list[str]:
        usable = [entry for entry in entries if entry.score is not None and _clean(entry)]
        line = " ".join(f"{self.x(entry.minutes):.1f},{self.y(entry.score or 0):.1f}" for entry in usable)
        parts = [f'<polyline class="pain" points="{line}"/>'] if line else []
        for entry in entries:
            score = entry.score if entry.score is not None else entry.high
            if score is not None:
                hollow = "" if entry in usable else " hollow"
                parts.append(
                    f'<circle class="score{hollow}" cx="{self.x(entry.minutes):.1f}" cy="{self.y(score):.1f}" r="4.5"/>'
                )
        return parts


def _clean(entry: DiaryEntry) -> bool:
    return not (entry.asleep or entry.rescue_analgesic or entry.provoked is False)


STYLE = """<style>
.diary { --ink: #1d2b33; --soft: #51636d; --grid: #d5dee2; --window: #e6f2f1; --pain: #0b6e6e; --mark: #8a5a00;
  max-width: 100%; height: auto; font: 14px system-ui, sans-serif }
.diary text { fill: var(--soft) } .diary .end { text-anchor: end } .diary .middle { text-anchor: middle }
.diary .grid { stroke: var(--grid); fill: none } .diary .window { fill: var(--window) }
.diary .pain { stroke: var(--pain); stroke-width: 2.5; fill: none; stroke-linejoin: round }
.diary .score { fill: var(--pain); stroke: var(--pain); stroke-width: 2 } .diary .hollow { fill: none }
.diary path.baseline { stroke: var(--ink); stroke-width: 1.5 } .diary text.baseline { fill: var(--ink) }
.diary path.threshold { stroke: var(--mark); stroke-dasharray: 5 4 } .diary text.threshold { fill: var(--mark) }
@media (prefers-color-scheme: dark) { .diary { --ink: #e7eef0; --soft: #a5b5bd; --grid: #33444e; --window: #1b3033;
  --pain: #4fc3bd; --mark: #f3c766 } }
</style>"""
"""How it looks, as it stands in the drawing itself."""
