"""How earlier procedures worked, as blocks of a page."""

from collections.abc import Iterator, Sequence

from facetwise.diary import Comparison, Response
from facetwise.pathway import BlockResponse
from facetwise.reports.page import Block, Bullets, Paragraph, Table


def response_blocks(responses: Sequence[BlockResponse], comparison: Comparison | None) -> Iterator[Block]:
    """A table of responses with what to bear in mind, and how the last two blocks compare."""
    if responses:
        rows = tuple((one.procedure, *_response_cells(one.response)) for one in responses)
        yield Table(("Procedure", "Relief used", "By scores", "As stated", "Against the anaesthetic"), rows)
        caveats = [f"{one.procedure}: {text}" for one in responses for text in one.response.caveats]
        caveats += [f"{one.procedure}: {why.says}" for one in responses for why in one.response.reasons]
        if caveats:
            yield Bullets(tuple(dict.fromkeys(caveats)))
    if comparison is not None:
        yield Paragraph(comparison_text(comparison))


def _response_cells(response: Response) -> tuple[str, str, str, str]:
    used = "cannot be judged"
    if response.relief_percent is not None:
        used = f"{percent(response.relief_percent)} by {'scores' if response.method == 'scores' else 'statement'}"
    return (
        used,
        percent(response.relief_percent_by_scores),
        percent(response.relief_percent_stated),
        str(response.against_agent),
    )


def comparison_text(comparison: Comparison) -> str:
    """A pair of comparative blocks in a sentence."""
    if comparison.concordance is None:
        return f"The last two blocks cannot be compared: {comparison.says}"
    return f"The last two blocks are {comparison.concordance.replace('_', ' ')}: {comparison.says}"


def percent(value: float | None) -> str:
    """Relief as it is shown, to the whole percent."""
    return "not documented" if value is None else f"{value:.0f}%"
