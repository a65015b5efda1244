"""The timeline of a patient as SVG: pain scores over time, procedures at their days, and the relief after each."""

import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from markupsafe import escape

from facetwise.diary import score_block
from facetwise.records import Kind, Procedure, Record

WIDTH, LEFT, TOP, BOTTOM = 720, 36, 16, 150
LABELS, LINE, LETTER = 172, 18, 7
"""Where the labels of procedures begin, how high one is, and about how wide a letter."""

MOST_PAIN = 10
_SHORT = {
    Kind.MEDIAL_BRANCH_BLOCK: "Block",
    Kind.FACET_JOINT_INJECTION: "Injection",
    Kind.RADIOFREQUENCY_ABLATION: "Ablation",
}


class Done(NamedTuple):
    """A procedure on the timeline, and its relief in percent where it is established."""

    date: datetime.date
    label: str
    relief: float | None


def timeline_svg(record: Record, today: datetime.date, relief_drawn: float) -> str:
    """The drawing, with a line at the relief that the clinic looks for; empty where nothing has a date."""
    pain = sorted((one.date, one.score) for one in record.complaint.pain or () if one.date and one.score is not None)
    done = [_done(procedure) for procedure in record.procedures or ()]
    days = [day for day, _ in pain] + [one.date for one in done]
    if not days:
        return ""
    first, last = min(days), max([*days, today])
    span = max((last - first).days, 1)

    def across(day: datetime.date) -> float:
        return LEFT + (day - first).days / span * (WIDTH - LEFT - 40)

    parts = [_axis(), _scores([(across(day), score) for day, score in pain])]
    parts += [_threshold(relief_drawn)] if done else []
    done = sorted(done, key=lambda one: one.date)
    rows = _rows([(across(one.date), one.label) for one in done])
    parts += [_procedure(across(one.date), one, row) for one, row in zip(done, rows, strict=True)]
    height = LABELS + (max(rows, default=0) + 2) * LINE
    parts.append(f'<text x="{LEFT}" y="{height - 6}" class="axis">{date_format(first)}</text>')
    parts.append(f'<text x="{WIDTH}" y="{height - 6}" class="axis" text-anchor="end">{date_format(last)}</text>')
    told = "; ".join([f"{date_format(day)}: pain {score:g}" for day, score in pain] + [_in_words(one) for one in done])
    return (
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="timeline-title timeline-told">'
        f'<title id="timeline-title">Pain and procedures over time</title>'
        f'<desc id="timeline-told">{escape(told)}</desc>{"".join(parts)}</svg>'
    )


def _done(procedure: Procedure) -> Done:
    sites = f" {procedure.sites}" if procedure.sites is not None else ""
    name = _SHORT.get(procedure.kind, str(procedure.kind).replace("_", " "))
    return Done(procedure.date, f"{name}{sites}", score_block(procedure).relief_percent)


def _axis() -> str:
    return "".join(
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{_down(value)}" y2="{_down(value)}" class="grid"/>'
        f'<text x="{LEFT - 8}" y="{_down(value) + 4}" class="axis" text-anchor="end">{value}</text>'
        for value in (0, MOST_PAIN // 2, MOST_PAIN)
    )


def _threshold(relief: float) -> str:
    """Where a bar of relief would end that is just as high."""
    y = BOTTOM - relief / 100 * (BOTTOM - TOP)
    return (
        f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" class="threshold"/>'
        f'<text x="{WIDTH}" y="{y - 4:.1f}" class="axis" text-anchor="end">{relief:g} % relief</text>'
    )


def _down(score: float) -> float:
    return BOTTOM - score / MOST_PAIN * (BOTTOM - TOP)


def _scores(points: list[tuple[float, float]]) -> str:
    path = " ".join(f"{x:.1f},{_down(score):.1f}" for x, score in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{_down(score):.1f}" r="4" class="score"/>' for x, score in points)
    return f'<polyline points="{path}" class="line"/>{dots}' if points else ""


def _rows(labels: list[tuple[float, str]]) -> list[int]:
    """The row of each label, from the left, such that none covers another: the first row with room for it."""
    ends: list[float] = []
    rows = []
    for x, label in labels:
        start, end = _extent(x, label)
        row = next((row for row, taken in enumerate(ends) if taken < start), len(ends))
        ends[row : row + 1] = [end]
        rows.append(row)
    return rows


def _extent(x: float, label: str) -> tuple[float, float]:
    """From where to where a label reaches: to the right of its day, or to the left where there is no room."""
    width = LETTER * (len(label) + 1)
    return (x, x + width) if x + width < WIDTH else (x - width, x)


def _procedure(x: float, one: Done, row: int) -> str:
    """A line at the day, the name below, and a bar as high as the relief."""
    bar = ""
    if one.relief is not None:
        high = max(0.0, one.relief) / 100 * (BOTTOM - TOP)
        bar = f'<rect x="{x - 5:.1f}" y="{BOTTOM - high:.1f}" width="10" height="{high:.1f}" class="relief"/>'
    anchor = "start" if _extent(x, one.label)[0] == x else "end"
    below = LABELS + row * LINE
    label = (
        f"{one.label}, {one.relief:.0f} % relief" if one.relief is not None else f"{one.label}, relief not documented"
    )
    return (
        f'{bar}<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{below - LINE + 4}" class="procedure"/>'
        f'<g transform="translate({x:.1f} {below})"><title>{date_format(one.date)}: {escape(label)}</title>'
        f'<text class="axis" text-anchor="{anchor}">{escape(one.label)}</text></g>'
    )


def _in_words(one: Done) -> str:
    relief = f"{one.relief:.0f} percent relief" if one.relief is not None else "relief not documented"
    return f"{date_format(one.date)}: {one.label}, {relief}"
