"""What follows from a procedure while it is put together: nerves and volumes, what payers say, and billing lines."""

from collections.abc import Iterator

from facetwise.coding import BillingAnswer, billing_lines, sessions_of
from facetwise.coding.sessions import BILLED_KINDS
from facetwise.pathway import check
from facetwise.records import Planned, Record, Request
from facetwise.reports.coding_page import billing_blocks
from facetwise.reports.page import Block, Bullets, Paragraph, Section
from facetwise.reports.proposals import in_short, target_blocks
from facetwise.rules import contractor_for


def advice_sections(record: Record, planned: Planned) -> tuple[Section, ...]:
    """What follows from `planned`, whose joints are known, for the patient of this record.

    It is billed together with what the record holds of the same day; who pays is the record's, Medicare where it does
    not say.
    """
    sections = (
        Section("Where the needle goes", tuple(target_blocks(planned))),
        Section("What each source says", tuple(_said(record, planned))),
        Section("Billing lines", tuple(_billed(record, planned))),
    )
    return tuple(one for one in sections if one.blocks)


def _said(record: Record, planned: Planned) -> Iterator[Block]:
    """Every source's verdict on doing it on its day, in short."""
    request = Request(**{name: getattr(planned, name) for name in Planned.__struct_fields__})
    if lines := tuple(in_short(check(record, request).proposal)):
        yield Bullets(lines)
    else:
        yield Paragraph("No policy has a rule for it.", "quiet")


def _billed(record: Record, planned: Planned) -> Iterator[Block]:
    if planned.kind not in BILLED_KINDS:
        return
    yield from billing_blocks(_answer(record, planned))
    if record.coverage.payer is None:
        yield Paragraph("Who pays is not documented. The lines are those of Medicare.", "quiet")


def _answer(record: Record, planned: Planned) -> BillingAnswer:
    done = sessions_of(record).get(planned.date, ())
    contractor, _ = contractor_for(record.coverage)
    return billing_lines((*done, planned), contractor=contractor, payer=record.coverage.payer or "medicare")
