"""Where a patient stands on a day, and what is needed: the next step, turned into lines of a worklist."""

import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.formats import date_format

from facetwise.clinic.patients.models import NeedKind, Patient, Verdict
from facetwise.clinic.policies.in_use import policies_in_use
from facetwise.clinic.requested.known import known_of
from facetwise.pathway import KnownOfRequests, NextStep, Proposal, next_step
from facetwise.records import Record
from facetwise.reports.proposals import words
from facetwise.rules import Assessment, Policy, Status


class Needed(NamedTuple):
    """A line of the worklist: what, from which day on, in words; one of some hours, between which moments."""

    kind: NeedKind
    since: datetime.date
    says: str
    shown_from: datetime.datetime | None = None
    shown_until: datetime.datetime | None = None


class Standing(NamedTuple):
    """Where a patient stands: the whole answer, and what follows for the worklist."""

    answer: NextStep
    needs: tuple[Needed, ...]


_READY = {
    "confirming_block": (NeedKind.SECOND_BLOCK, "Second block"),
    "ablation": (NeedKind.ABLATION, "Ablation"),
    "repeat_ablation": (NeedKind.REPEAT, "Repeat ablation"),
}
"""Steps for which a date matters, and what they are on the worklist."""

_PROPOSING = (NeedKind.ABLATION, NeedKind.SECOND_BLOCK, NeedKind.REPEAT, NeedKind.FOLLOW_UP, NeedKind.DECISION)
"""Needs that are the next step itself. What is asked for safety, diaries and documents stays whatever is answered."""

UNREADABLE = ("unreadable", "Record cannot be read")
"""Where a patient stands whose record this version cannot read, as the id and title of a step."""

_OPEN = ("first_block", "facet_joint_injection", "choose_procedure", "other_source", "evaluation")


def standing_of(patient: Patient, today: datetime.date) -> Standing:
    """Where a patient stands today, by the settings of the clinic and what it asks of its own."""
    clinic = patient.clinic
    record = patient.documented
    known = known_of(patient, record)
    return standing(record, today, clinic.follow_up_after_days, policies_in_use(clinic), known)


def standing(
    record: Record,
    as_of: datetime.date,
    follow_up_after_days: int,
    further: Sequence[Policy] = (),
    known: KnownOfRequests | None = None,
) -> Standing:
    """The next step of a record on a day, and what is needed. A clinic says after how long a follow-up is overdue.

    `further` are the clinic's own policies, asked beside the library, `known` what was said of what steps propose.
    """
    answer = next_step(record, as_of, further=further, known=known)
    return Standing(answer, tuple(_needs(answer, record, follow_up_after_days)))


def answered_by(verdict: Verdict, needs: tuple[Needed, ...]) -> tuple[Needed, ...]:
    """What is still needed after a clinician has answered this step at this version of the record."""
    if verdict is Verdict.DECLINED:
        return tuple(one for one in needs if one.kind not in _PROPOSING)
    if verdict is Verdict.ACCEPTED:
        left = (one for one in needs if one.kind != NeedKind.DECISION)
        return tuple(_to_be_scheduled(one) if one.kind in _PROPOSING else one for one in left)
    return needs


def _to_be_scheduled(need: Needed) -> Needed:
    return need._replace(says=f"{need.says}: accepted, to be scheduled")


def unreadable(today: datetime.date) -> Needed:
    """What is needed where a record cannot be read."""
    says = "This version of Facetwise cannot read it. The patient's page says why; tell whoever runs the server"
    return Needed(NeedKind.UNREADABLE, today, says)


def _needs(answer: NextStep, record: Record, follow_up_after_days: int) -> Iterator[Needed]:
    step, today = answer.step.id, answer.as_of
    if answer.red_flags_present:
        flags = ", ".join(words(flag) for flag in answer.red_flags_present)
        yield Needed(NeedKind.SAFETY, today, f"Documented: {flags}")
        return
    last = max((one.date for one in record.procedures or ()), default=today)
    if step == "assess_response":
        yield Needed(NeedKind.DIARY_UNJUDGEABLE, last, "The response of the last block is not established")
    if step in _READY and answer.proposal is not None:
        yield from _ready(*_READY[step], answer.proposal, today)
    if step == "follow_up" and (due := last + datetime.timedelta(days=follow_up_after_days)) <= today:
        yield Needed(NeedKind.FOLLOW_UP, due, f"No follow-up shows how the procedure of {date_format(last)} worked")
    if step in _OPEN:
        yield Needed(NeedKind.DECISION, today, "")
    if answer.proposal is not None and (open_ := [one for one in _asking(answer.proposal) if _lacks(one)]):
        count = len({missing.path for one in open_ for missing in one.missing})
        who = list(dict.fromkeys(one.issuer for one in open_))
        asking = f"{' and '.join(who)} {'asks' if len(who) == 1 else 'ask'} for"
        says = f"{count} {'fact is' if count == 1 else 'facts are'} not documented that {asking}"
        yield Needed(NeedKind.DOCUMENTS_MISSING, today, says)


def _ready(kind: NeedKind, what: str, proposal: Proposal, today: datetime.date) -> Iterator[Needed]:
    """What is supported now, or from a day that time alone will bring; each of the clinic's own policies has a say."""
    opens = _opening(proposal, today)
    payers = [one for one in _asking(proposal, "payer") if one.policy in opens]
    if not payers:
        return
    first = min(payers, key=lambda one: opens[one.policy])
    own = _asking(proposal, "local")
    refusing = [one for one in own if one.policy not in opens and not _lacks(one)]
    if refusing and opens[first.policy] <= today:
        yield Needed(NeedKind.DECISION, today, f"{what} supported by {first.issuer}, not by: {refusing[0].title}")
    if any(one.policy not in opens for one in own):
        return  # what is not documented has a line of its own
    last = max([first, *own], key=lambda one: opens[one.policy])
    if opens[last.policy] <= today:
        yield Needed(kind, today, f"{what} supported by the record")
    else:
        day = opens[last.policy]
        yield Needed(kind, day, f"{what} possible from {date_format(day)}, by {last.issuer}")


def _opening(proposal: Proposal, today: datetime.date) -> dict[str, datetime.date]:
    """From which day on each policy supports the request; those are left out that time alone does not help."""
    opens = {one.policy: one.date for one in proposal.earliest if not one.others_open and one.date > today}
    met = [one for one in proposal.assessments if one.verdict is Status.MET]
    reviewed = [one for one in _asking(proposal, "local") if one.verdict is Status.NEEDS_REVIEW]
    return opens | {one.policy: today for one in (*met, *reviewed)}


def _asking(proposal: Proposal, *kinds: str) -> list[Assessment]:
    """The answers of payers and of the clinic itself, or of one of these, that have a rule for this request."""
    return [
        one
        for one in proposal.assessments
        if one.policy_kind in (kinds or ("payer", "local")) and one.verdict is not Status.NOT_APPLICABLE
    ]


def _lacks(one: Assessment) -> bool:
    return one.verdict is Status.NOT_DOCUMENTED and bool(one.missing)
