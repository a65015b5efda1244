"""How current the library is: since when each policy is in force, who looked last, and how its statements were read."""

import datetime
from collections import Counter
from collections.abc import Iterable

import msgspec

from facetwise.evidence.sources import Certainty
from facetwise.records import add_months
from facetwise.rules.policy import Citation, Policy

GOOD_FOR_MONTHS = 12
"""After this long without a check a policy is flagged. A convention of this project: payers revise yearly."""


class Currency(msgspec.Struct, frozen=True):
    """One policy: its dates, when it was last checked, how many criteria were read how, and what to look after.

    `checked_on` is the day on which somebody made sure that the text is in force, `read_on` the earliest day on which
    a source that it cites was read. Of a contractor's policy both are about its own row of the table.
    """

    policy: str
    issuer: str
    effective_from: datetime.date | None
    effective_to: datetime.date | None
    checked_on: datetime.date | None
    read_on: datetime.date | None
    read_in_primary: int
    read_in_secondary: int
    unverified: int
    text_not_available: int
    flags: tuple[str, ...]


def currency_of(policy: Policy, on: datetime.date, successors: Iterable[Policy] = ()) -> Currency:
    """How current a policy is on a day. `successors` are the policies that may have replaced it."""
    criteria = policy.criteria().values()
    counts = Counter(_certainty(criterion.citation, policy) for criterion in criteria if criterion.available)
    return Currency(
        policy=policy.id,
        issuer=policy.issuer,
        effective_from=policy.effective_from,
        effective_to=policy.effective_to,
        checked_on=policy.document.checked_on,
        read_on=_read_on(policy),
        read_in_primary=counts[Certainty.PRIMARY],
        read_in_secondary=counts[Certainty.SECONDARY],
        unverified=counts[Certainty.UNVERIFIED],
        text_not_available=sum(not criterion.available for criterion in criteria),
        flags=tuple(_flags(policy, on, successors)),
    )


def _certainty(citation: Citation, policy: Policy) -> Certainty:
    """How a statement was read: of a contractor never better than that it applies the text at all."""
    read = (citation.certainty, policy.applied.certainty if policy.applied else citation.certainty)
    return max(read, key=list(Certainty).index)


def _read_on(policy: Policy) -> datetime.date | None:
    """The earliest day on which something cited was read: what was read later says nothing of the rest."""
    if policy.applied is not None:
        return policy.applied.read_on
    criteria = [*policy.criteria().values(), *(step.here_when for step in policy.steps)]
    return min((day for criterion in criteria if (day := criterion.citation.read_on) is not None), default=None)


def _flags(policy: Policy, on: datetime.date, successors: Iterable[Policy]) -> Iterable[str]:
    looked = policy.document.checked_on or _read_on(policy)
    ended = policy.effective_to is not None and policy.effective_to < on
    if ended:
        later = _followers(policy, successors)
        yield f"ended; followed by {', '.join(later)}" if later else "ended"
    if policy.effective_from is not None and policy.effective_from > on:
        yield "not yet in force"
    if looked is None:
        yield "never read"
    elif not ended and add_months(looked, GOOD_FOR_MONTHS) <= on:
        yield f"last looked at more than {GOOD_FOR_MONTHS} months ago"
    if policy.document.effective.from_by or policy.document.effective.note:
        yield "dates in doubt"


def _followers(policy: Policy, successors: Iterable[Policy]) -> list[str]:
    """Whatever revises a policy; of a payer's the next of its contractor and series, which may bear another number."""
    if policy.payer is None:
        return [one.id for one in successors if one.revises == policy.id]
    later = [one for one in successors if _same_series(one, policy) and _first_day(one) > _first_day(policy)]
    following = min((_first_day(one) for one in later), default=None)
    return [one.id for one in later if _first_day(one) == following]


def _same_series(one: Policy, other: Policy) -> bool:
    return (one.kind, one.payer, one.contractor, one.document.series) == (
        other.kind,
        other.payer,
        other.contractor,
        other.document.series,
    )


def _first_day(policy: Policy) -> datetime.date:
    return policy.effective_from or datetime.date.min
