"""One block's response as a page."""

from collections.abc import Iterator

from facetwise.diary import Response, diary_svg, in_words
from facetwise.pathway import DISCLAIMER
from facetwise.records import Procedure
from facetwise.reports.page import Block, Bullets, Drawing, Page, Paragraph, Section, Table
from facetwise.reports.responses import percent

BAR = 20
"""Characters of the longest bar: full relief."""


def diary_page(block: Procedure, response: Response) -> Page:
    """How one block worked, for a person."""
    headline = "The response cannot be judged"
    if response.relief_percent is not None:
        headline = f"Peak relief {response.relief_percent:.0f}% by {_method(response)}"
    sections = (
        Section("Relief", tuple(_relief(response))),
        Section("Pain over time", (*_over_time(block), Drawing(diary_svg(block, response), in_words(block, response)))),
        Section("How long it lasted", tuple(_lasted(response))),
        Section("To bear in mind", tuple(_caveats(response))),
    )
    return Page(
        title="Pain diary",
        about=f"Anaesthetic: {block.anaesthetic or 'not documented, or several'}",
        headline=headline,
        lead=(in_words(block, response),),
        sections=tuple(section for section in sections if section.blocks),
        footer=(DISCLAIMER.partition(". ")[0] + ".",),
    )


def _method(response: Response) -> str:
    return "scores" if response.method == "scores" else "the patient's statement"


def _relief(response: Response) -> Iterator[Block]:
    rows = [
        ("by the scores", percent(response.relief_percent_by_scores)),
        ("as the patient states it", percent(response.relief_percent_stated)),
        ("used", percent(response.relief_percent) if response.judged else "none: not negative, but unjudgeable"),
    ]
    rows += [(f"{side} side", percent(one.relief_percent)) for side, one in response.by_side.items()]
    yield Table(("Peak relief", ""), tuple(rows))


def _over_time(block: Procedure) -> Iterator[Block]:
    """Every entry with a bar of its score, so that the course can be read in a terminal."""
    rows = []
    for entry in sorted(block.diary.entries if block.diary else (), key=lambda entry: entry.minutes):
        score = "" if entry.score is None else f"{entry.score:g}"
        bar = "" if entry.score is None else "█" * round(entry.score / 10 * BAR)
        if entry.low is not None and entry.high is not None:
            score = f"{entry.low:g} to {entry.high:g}"
        notes = [
            "asleep" if entry.asleep else "",
            "rescue analgesic" if entry.rescue_analgesic else "",
            "at rest" if entry.provoked is False else "",
            entry.side or "",
        ]
        clock = f"{entry.minutes // 60}:{entry.minutes % 60:02d}"
        rows.append((clock, score or "not documented", bar, ", ".join(note for note in notes if note)))
    before = block.pain_before.score if block.pain_before else None
    if before is not None:
        rows.insert(0, ("before", f"{before:g}", "█" * round(before / 10 * BAR), ""))
    if rows:
        yield Table(("Hours after", "Pain", "", ""), tuple(rows))


def _lasted(response: Response) -> Iterator[Block]:
    rows = []
    for threshold, duration in response.lasted.items():
        low, high = duration.bounds
        text = "never reached" if high == 0 else f"{low:.3g} h"
        if high not in (0, low):
            text = f"at least {low:.3g} h" if duration.at_most_hours is None else f"{low:.3g} to {high:.3g} h"
        rows.append((f"at least {threshold}%", text))
    if rows:
        yield Table(("Relief of", "lasted"), tuple(rows))
    if response.against_agent_says:
        yield Paragraph(f"Against the anaesthetic: {response.against_agent}. {response.against_agent_says}")


def _caveats(response: Response) -> Iterator[Block]:
    notes = (*(one.says for one in response.reasons), *response.caveats)
    if notes:
        yield Bullets(tuple(dict.fromkeys(notes)))
