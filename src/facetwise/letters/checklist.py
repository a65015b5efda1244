"""The documentation checklist: each policy's criteria, how each stands, what shows it, and what is missing."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from facetwise.letters.answers import answers
from facetwise.letters.details import addressee, request_details
from facetwise.letters.gaps import UNCHOSEN, gaps_of, place_of
from facetwise.letters.letter import Fact, Gap
from facetwise.letters.places import Stood
from facetwise.letters.procedures import procedure_passages
from facetwise.letters.shown import Evidence, evidence_of
from facetwise.letters.writing import also_to_know, passages_of
from facetwise.pathway import DISCLAIMER, Earliest, PolicyVersion
from facetwise.records import Record, Request
from facetwise.rules import Assessment, Finding, Policy, Status

TEXT_NOT_AVAILABLE = "text not available"
LEFT_TO_ISSUER = "The issuer leaves this to individual consideration."


class Open(msgspec.Struct, frozen=True):
    """A question that would decide a criterion, and where the answer goes in the record."""

    question: str
    path: str
    about: str


class ChecklistRow(msgspec.Struct, frozen=True):
    """One criterion. `status` is a status's word, or `text not available`; `remarks` are plain sentences on it."""

    criterion: str
    says: str
    status: str
    advisory: bool
    shown: tuple[Evidence, ...]
    open: tuple[Open, ...]
    remarks: tuple[str, ...]
    source: str
    where: str
    url: str
    certainty: str
    read_on: datetime.date | None


class PolicyChecklist(msgspec.Struct, frozen=True):
    """One policy's criteria, the open ones first. `asked` is what the policy takes the request for."""

    policy: str
    issuer: str
    title: str
    asked: str
    verdict: Status
    rows: tuple[ChecklistRow, ...]
    remarks: tuple[str, ...]
    earliest: Earliest | None


class Checklist(msgspec.Struct, frozen=True):
    """What each policy wants documented for a request, and what of it the record holds."""

    patient: str
    as_of: datetime.date
    request: Request
    lists: tuple[PolicyChecklist, ...]
    gaps: tuple[Gap, ...]
    policies: tuple[PolicyVersion, ...]
    software: str
    disclaimer: str = DISCLAIMER
    format: Literal["facetwise-checklist/1"] = "facetwise-checklist/1"


def documentation_checklist(
    record: Record, request: Request, policies: Sequence[Policy], as_of: datetime.date
) -> Checklist:
    """The checklist of each of `policies` for `request`, asked of `record` as it stood on `as_of`."""
    stood = Stood(record, as_of)
    answer = answers(record, request, policies, as_of)
    facts = tuple(dict.fromkeys(_facts(stood, request)))
    waits = {one.policy: one for one in answer.proposal.earliest}
    lists = tuple(
        _list(assessment, policy, facts, stood, waits.get(policy.id), not_in_force(version, request.date))
        for assessment, policy, version in zip(answer.proposal.assessments, policies, answer.policies, strict=True)
    )
    return Checklist(
        patient=record.patient.id,
        as_of=as_of,
        request=request,
        lists=lists,
        gaps=gaps_of(answer.proposal.assessments, stood),
        policies=answer.policies,
        software=answer.software,
    )


def _facts(stood: Stood, request: Request) -> Iterator[Fact]:
    """Every fact that is documented of the patient and the request."""
    for passage in (*passages_of(stood, request), *procedure_passages(stood, request)):
        for statement in passage.statements:
            yield from statement.facts
    for statement in also_to_know(stood, request):
        yield from statement.facts
    for detail in (*addressee(stood), *request_details(request)):
        yield from detail.facts


def _list(
    assessment: Assessment,
    policy: Policy,
    facts: tuple[Fact, ...],
    stood: Stood,
    earliest: Earliest | None,
    doubts: Iterable[str],
) -> PolicyChecklist:
    rows = [_row(finding, policy, facts, stood) for finding in assessment.findings]
    if assessment.asked is None and assessment.missing:
        rows.append(_unchosen(assessment, stood))
    return PolicyChecklist(
        policy=assessment.policy,
        issuer=assessment.issuer,
        title=assessment.title,
        asked=assessment.asked_title,
        verdict=assessment.verdict,
        rows=tuple(sorted(rows, key=lambda row: STATUS_ORDER.index(row.status))),
        remarks=(*_list_remarks(assessment), *doubts, *unverified(assessment)),
        earliest=earliest,
    )


STATUS_ORDER = (
    Status.NOT_MET,
    Status.NEEDS_REVIEW,
    Status.NOT_DOCUMENTED,
    Status.MET,
    TEXT_NOT_AVAILABLE,
    Status.NOT_APPLICABLE,
)
"""What is still to be done comes first."""


def _list_remarks(assessment: Assessment) -> Iterator[str]:
    if assessment.asked is None and not assessment.missing:
        yield "This policy has no rule for this request."


def not_in_force(version: PolicyVersion, day: datetime.date) -> Iterator[str]:
    """A warning where the policy was asked of a day on which it is not in force."""
    if not version.in_force(day):
        yield f"This policy is not in force on {day}. It is in force {version.period}."


def unverified(assessment: Assessment) -> Iterator[str]:
    """A warning where nobody has verified what the verdict rests on."""
    if assessment.rests_on_unverified:
        yield "The verdict rests only on criteria that nobody has verified in a source."


def _row(finding: Finding, policy: Policy, facts: tuple[Fact, ...], stood: Stood) -> ChecklistRow:
    return ChecklistRow(
        criterion=finding.criterion,
        says=finding.says,
        status=str(finding.status) if finding.text_available else TEXT_NOT_AVAILABLE,
        advisory=finding.advisory,
        shown=evidence_of(finding, policy, facts, stood) if finding.text_available else (),
        open=tuple(Open(one.question, place_of(one, stood), one.about) for one in finding.missing),
        remarks=tuple(_remarks(finding)),
        source=finding.source,
        where=finding.where,
        url=finding.url,
        certainty=str(finding.certainty),
        read_on=policy.criteria()[finding.criterion].citation.read_on,
    )


def _remarks(finding: Finding) -> Iterator[str]:
    """What a reader has to know beyond the status, each a sentence."""
    if finding.status not in (Status.MET, Status.NOT_APPLICABLE):
        yield from (f"{arm.says} ({arm.status})" for arm in finding.arms if arm.status is not Status.MET)
    if finding.status is Status.NEEDS_REVIEW:
        yield LEFT_TO_ISSUER
    if finding.would_change:
        yield f"{finding.would_change}."
    if finding.note:
        yield finding.note
    if finding.advisory:
        yield "Advisory: it does not decide the verdict."


def _unchosen(assessment: Assessment, stood: Stood) -> ChecklistRow:
    """The row of a policy that cannot tell which of its rules apply."""
    return ChecklistRow(
        criterion="",
        says=UNCHOSEN,
        status=str(Status.NOT_DOCUMENTED),
        advisory=False,
        shown=(),
        open=tuple(Open(one.question, place_of(one, stood), one.about) for one in assessment.missing),
        remarks=(),
        source="",
        where="",
        url="",
        certainty="",
        read_on=None,
    )
