"""Requests and every policy's answer to them."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from msgspec.structs import replace

from facetwise.pathway.earliest import earliest_date
from facetwise.pathway.results import BlockResponse, Earliest, Proposal
from facetwise.records import FACET_KINDS, Record, Request, read_request, write_json
from facetwise.rules import History, Missing, Policy, Situation, Status, Step, assess
from facetwise.rules.situation import label_of
from facetwise.spine import SiteSet

KnownOfRequests = Mapping[str, Mapping[str, Any]]
"""By the id of a step: what is known of the request that it proposes, as `with_known` takes it."""


def draft_request(step: Step, record: Record, date: datetime.date) -> Request | None:
    """The request that a step proposes for this patient on `date`; None for a step that proposes no procedure.

    The joints are those under suspicion, or else those of the last day with a facet procedure.
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


def with_known(request: Request, known: Mapping[str, Any]) -> Request:
    """The request with what is known of it beside the record, where it says nothing itself.

    `known` has fields of a request, as records or as their JSON have them. Raises `DocumentError` for what a request
    cannot say; whether it can be done at its joints is another matter.
    """
    lacking = {name: value for name, value in known.items() if getattr(request, name) is None}
    if not lacking:
        return request
    read = read_request(write_json({"kind": request.kind, "date": request.date, **lacking}))
    return replace(request, **{name: getattr(read, name) for name in lacking})


def joints_in_question(record: Record) -> SiteSet | None:
    """The joints under suspicion, or else all that were treated on the last day with a facet procedure."""
    if record.complaint.sites is not None:
        return record.complaint.sites
    treated = [
        (procedure.date, procedure.sites)
        for procedure in record.procedures or ()
        if procedure.kind in FACET_KINDS and procedure.sites is not None
    ]
    latest = max((date for date, _ in treated), default=None)
    return reduce(or_, (sites for date, sites in treated if date == latest)) if treated else None


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
    scored = [
        (procedure.date, label_of(procedure), response)
        for procedure, response in zip(history.record.procedures or (), history.responses, strict=True)
        if procedure.kind in FACET_KINDS and (procedure.diary is not None or procedure.stated_relief is not None)
    ]
    scored.sort(key=lambda one: one[:2])
    return tuple(BlockResponse(label, response) for _, label, response in scored)
