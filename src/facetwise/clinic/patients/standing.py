"""Where a patient stands on a day, and what is needed: the next step, turned into lines of a worklist."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from facetwise.clinic.patients.models import NeedKind
from facetwise.pathway import NextStep, Proposal, next_step
from facetwise.records import Record
from facetwise.reports.proposals import words
from facetwise.rules import Assessment, Status


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

_OPEN = ("first_block", "facet_joint_injection", "choose_procedure", "other_source", "evaluation")


def standing(record: Record, as_of: datetime.date, follow_up_after_days: int) -> Standing:
    """The next step of a record on a day, and what is needed. A clinic says after how long a follow-up is overdue."""
    answer = next_step(record, as_of)
    return Standing(answer, tuple(_needs(answer, record, follow_up_after_days)))


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
        yield Needed(NeedKind.FOLLOW_UP, due, f"No follow-up shows how the procedure of {last} worked")
    if step in _OPEN:
        yield Needed(NeedKind.DECISION, today, "")
    if answer.proposal is not None and (open_ := [one for one in _payers(answer.proposal) if _lacks(one)]):
        count = len({missing.path for one in open_ for missing in one.missing})
        says = f"{count} {'fact is' if count == 1 else 'facts are'} not documented that {open_[0].issuer} asks for"
        yield Needed(NeedKind.DOCUMENTS_MISSING, today, says)


def _ready(kind: NeedKind, what: str, proposal: Proposal, today: datetime.date) -> Iterator[Needed]:
    """What is supported now, or from a day that time alone will bring."""
    payers = {one.policy: one for one in _payers(proposal)}
    later = [one for one in proposal.earliest if one.policy in payers and not one.others_open and one.date > today]
    if any(one.verdict is Status.MET for one in payers.values()):
        yield Needed(kind, today, f"{what} supported by the record")
    elif later:
        first = min(later, key=lambda one: one.date)
        yield Needed(kind, first.date, f"{what} possible from {first.date}, by {payers[first.policy].issuer}")


def _payers(proposal: Proposal) -> list[Assessment]:
    """What payers say that have a rule for this request."""
    return [
        one for one in proposal.assessments if one.policy_kind == "payer" and one.verdict is not Status.NOT_APPLICABLE
    ]


def _lacks(one: Assessment) -> bool:
    return one.verdict is Status.NOT_DOCUMENTED and bool(one.missing)
