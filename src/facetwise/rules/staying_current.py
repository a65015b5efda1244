"""How current the library is: since when each policy is in force, who looked last, and how its statements were read."""

import datetime
from collections import Counter
from collections.abc import Iterable

import msgspec

from facetwise.evidence.sources import Certainty
from facetwise.records import add_months
from facetwise.rules.policy import Policy

GOOD_FOR_MONTHS = 12
"""After this long without a check a policy is flagged. A convention of this project: payers revise yearly."""


class Currency(msgspec.Struct, frozen=True):
    """One policy: its dates, when it was last checked, how many criteria were read how, and what to look after.

    `last_checked` is the day given in the document, or else the latest day on which one of its sources was read.
    """

    policy: str
    issuer: str
    effective_from: datetime.date | None
    effective_to: datetime.date | None
    last_checked: datetime.date | None
    read_in_primary: int
    read_in_secondary: int
    unverified: int
    text_not_available: int
    flags: tuple[str, ...]


def currency_of(policy: Policy, on: datetime.date, successors: Iterable[Policy] = ()) -> Currency:
    """How current a policy is on a day. `successors` are the policies that may have replaced it."""
    criteria = policy.criteria().values()
    counts = Counter(criterion.citation.certainty for criterion in criteria if criterion.available)
    checked = last_checked(policy)
    return Currency(
        policy=policy.id,
        issuer=policy.issuer,
        effective_from=policy.effective_from,
        effective_to=policy.effective_to,
        last_checked=checked,
        read_in_primary=counts[Certainty.PRIMARY],
        read_in_secondary=counts[Certainty.SECONDARY],
        unverified=counts[Certainty.UNVERIFIED],
        text_not_available=sum(not criterion.available for criterion in criteria),
        flags=tuple(_flags(policy, on, checked, successors)),
    )


def last_checked(policy: Policy) -> datetime.date | None:
    """When somebody last made sure of a policy's text."""
    read = [source.read_on for source in policy.sources.values() if source.read_on is not None]
    return policy.document.checked_on or max(read, default=None)


def _flags(
    policy: Policy, on: datetime.date, checked: datetime.date | None, successors: Iterable[Policy]
) -> Iterable[str]:
    ended = policy.effective_to is not None and policy.effective_to < on
    if ended:
        later = [one.id for one in successors if one.revises == policy.id and one.contractor == policy.contractor]
        yield f"ended; followed by {', '.join(later)}" if later else "ended"
    if policy.effective_from is not None and policy.effective_from > on:
        yield "not yet in force"
    if checked is None:
        yield "never checked"
    elif not ended and add_months(checked, GOOD_FOR_MONTHS) <= on:
        yield f"last checked more than {GOOD_FOR_MONTHS} months ago"
    if policy.document.effective.from_by or policy.document.effective.note:
        yield "dates in doubt"
