"""What the data can decide of a policy at all, whoever the patients are: nothing of it needs suppressing."""

from collections.abc import Iterator

from facetwise.audit.decidable import Decidable
from facetwise.audit.report.page import Block, Paragraph, Section, Table

_OF_CLAIMS = "Claims know nothing of relief, and little of why. "


def decidable_section(decidable: Decidable, says: dict[str, str], source_format: str) -> Section:
    """The share of criteria that these data may decide, and what each of the others lacks."""
    return Section("What these data can decide", tuple(_blocks(decidable, says, source_format)))


def _blocks(decidable: Decidable, says: dict[str, str], source_format: str) -> Iterator[Block]:
    every = len(decidable.decidable) + len(decidable.lacking)
    if not every:
        yield Paragraph("The policy has no criterion whose text was read.")
        return
    can = len(decidable.decidable)
    told = f"{can} of {every} criteria ({decidable.share:.0%}) ask for nothing but what these tables have columns for"
    if not decidable.lacking:
        yield Paragraph(f"{told}. Where a column is empty they stay not documented all the same.")
        return
    reason = _OF_CLAIMS if source_format == "claims" else ""
    yield Paragraph(f"{told}. {reason}The others are not documented wherever they apply, whatever was done.")
    yield Table(
        ("Criterion", "What is lacking"),
        tuple((says[id_], ", ".join(lacks)) for id_, lacks in decidable.lacking.items()),
        numbers=2,
        folded="What the others lack",
    )
