"""One block's response as a page."""

from collections.abc import Iterator

from facetwise.diary import Response, diary_svg, entry_rows, in_words, lasted_rows
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
    rows = [(one.clock, one.pain, "" if one.score is None else _bar(one.score), one.notes) for one in entry_rows(block)]
    if rows:
        yield Table(("Hours after", "Pain", "", ""), tuple(rows))


def _bar(score: float) -> str:
    return "█" * round(score / 10 * BAR)


def _lasted(response: Response) -> Iterator[Block]:
    if rows := lasted_rows(response):
        yield Table(("Relief of", "lasted"), rows)
    if response.against_agent_says:
        yield Paragraph(f"Against the anaesthetic: {response.against_agent}. {response.against_agent_says}")


def _caveats(response: Response) -> Iterator[Block]:
    notes = (*(one.says for one in response.reasons), *response.caveats)
    if notes:
        yield Bullets(tuple(dict.fromkeys(notes)))
