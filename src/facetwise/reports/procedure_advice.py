"""What follows from a procedure while it is put together: nerves and volumes, what payers say, and billing lines."""

from collections.abc import Iterator

from facetwise.coding import BillingAnswer, billing_lines, sessions_of
from facetwise.coding.sessions import BILLED_KINDS
from facetwise.pathway import check
from facetwise.pathway.results import status_in_words
from facetwise.records import Planned, Record, Request
from facetwise.reports.coding_page import billing_blocks
from facetwise.reports.page import SOURCE, Block, Cited, Paragraph, Section, Table
from facetwise.reports.proposals import exceeds, limit_in_words, limits_of, reservations, speaking, target_blocks
from facetwise.rules import Assessment, Status, contractor_for
from facetwise.spine import SiteSet

MOST_SHOWN = 2
"""Criteria that stand for a verdict beside the joints; the page of the patient has them all."""


def advice_sections(record: Record, planned: Planned) -> tuple[Section, ...]:
    """What follows from `planned`, whose joints are known, for the patient of this record.

    It is billed together with what the record holds of the same day; who pays is the record's, Medicare where it does
    not say.
    """
    sections = (
        Section("Where the needle goes", (*_elsewhere(record, planned), *target_blocks(planned), *_too_much(planned))),
        Section("What each source says", tuple(_said(record, planned))),
        Section("Billing lines", tuple(_billed(record, planned))),
    )
    return tuple(one for one in sections if one.blocks)


def _said(record: Record, planned: Planned) -> Iterator[Block]:
    """Every source's verdict on doing it on its day, in short."""
    request = Request(**{name: getattr(planned, name) for name in Planned.__struct_fields__})
    said = speaking(check(record, request).proposal)
    if said:
        rows = tuple((one.issuer, status_in_words(one), _deciding(one)) for one in said)
        yield Table((SOURCE, "Verdict", "Because of"), rows, cited=tuple(Cited(one.policy) for one in said))
    else:
        yield Paragraph("No policy has a rule for it.", "quiet")


def _deciding(one: Assessment) -> str:
    """The first criteria that make the verdict what it is, and what it leaves out.

    Where it is open which rule the request falls under, no criterion was asked: what decides that is told instead.
    """
    found = [finding.says for finding in one.findings if finding.status is one.verdict and not finding.advisory]
    found = found or [missing.question for missing in one.missing]
    shown = found[:MOST_SHOWN] if one.verdict is not Status.MET else []
    more = [f"and {len(found) - len(shown)} more"] if shown and len(found) > len(shown) else []
    return " ".join([*shown, *more, *([f"({left_out})"] if (left_out := reservations(one)) else [])])


def _elsewhere(record: Record, planned: Planned) -> Iterator[Block]:
    """A warning where joints are treated that the record does not suspect."""
    suspected, sites = record.complaint.sites, planned.sites
    if suspected is None or sites is None:
        return
    others = SiteSet(
        left=sites.left & ~(suspected.left | suspected.unsided),
        right=sites.right & ~(suspected.right | suspected.unsided),
        unsided=sites.unsided & ~(suspected.left | suspected.right | suspected.unsided),
    )
    if len(others):
        yield Paragraph(f"The record suspects {suspected}. Not among them: {others}.", "warning")


def _too_much(planned: Planned) -> Iterator[Block]:
    """A warning where more is injected at a nerve or joint than its limit."""
    given = max((one.volume_ml for one in planned.agents or () if one.volume_ml is not None), default=None)
    for limit in limits_of(planned):
        if given is not None and exceeds(given, limit):
            yield Paragraph(f"{given:g} mL is more than the limit here: {limit_in_words(limit)}.", "warning")


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
