"""Requests and every policy's answer to them."""

import datetime
from collections.abc import Iterable, Sequence

from facetwise.pathway.earliest import earliest_date
from facetwise.pathway.results import BlockResponse, Earliest, Proposal
from facetwise.records import FACET_KINDS, Record, Request
from facetwise.rules import History, Missing, Policy, Situation, Status, Step, assess
from facetwise.spine import SiteSet


def draft_request(step: Step, record: Record, date: datetime.date) -> Request | None:
    """The request that a step proposes for this patient on `date`; None for a step that proposes no procedure.

    The joints are those under suspicion, or else those of the last facet procedure.
    """
    proposes = step.proposes
    if proposes is None:
        return None
    return Request(
        kind=proposes.kind,
        date=date,
        sites=joints_in_question(record),
        purpose=proposes.purpose,
        guidance=proposes.guidance,
        sedation=proposes.sedation,
        ablation_mode=proposes.ablation_mode,
        temperature_c=proposes.temperature_c,
    )


def joints_in_question(record: Record) -> SiteSet | None:
    """The joints under suspicion, or else those of the latest facet procedure with sites. None if neither is known."""
    if record.complaint.sites is not None:
        return record.complaint.sites
    treated = [
        procedure
        for procedure in record.procedures or ()
        if procedure.kind in FACET_KINDS and procedure.sites is not None
    ]
    return max(treated, key=lambda procedure: procedure.date).sites if treated else None


def propose(request: Request, history: History, policies: Sequence[Policy]) -> Proposal:
    """A request with the answer of each policy, in the given order, and the dates from which time helps."""
    situation = Situation(history, request)
    assessments = tuple(assess(policy, situation) for policy in policies)
    waits: list[Earliest] = []
    for policy, assessment in zip(policies, assessments, strict=True):
        if assessment.verdict in (Status.NOT_MET, Status.NOT_DOCUMENTED):
            wait = earliest_date(policy, situation, assessment)
            waits += [wait] if wait else []
    return Proposal(request, assessments, tuple(waits))


def missing_in(proposal: Proposal) -> Iterable[Missing]:
    """What is missing for any policy's answer."""
    for assessment in proposal.assessments:
        yield from assessment.missing


def block_responses(history: History) -> tuple[BlockResponse, ...]:
    """How each facet procedure with a diary or a stated relief worked."""
    return tuple(
        BlockResponse(_label(procedure.kind, procedure.sites, procedure.date), response)
        for procedure, response in zip(history.record.procedures or (), history.responses, strict=True)
        if procedure.kind in FACET_KINDS and (procedure.diary is not None or procedure.stated_relief is not None)
    )


def _label(kind: str, sites: SiteSet | None, date: datetime.date) -> str:
    return f"{kind.replace('_', ' ')} of {sites or 'undocumented joints'} on {date}"
