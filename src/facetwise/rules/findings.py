"""Findings: what a policy says of a request, criterion by criterion, with what decided it and what is missing."""

from enum import StrEnum

import msgspec

from facetwise.evidence.sources import Certainty
from facetwise.records import Interval
from facetwise.rules.expressions import Value


class Status(StrEnum):
    """The status of a criterion, and of a whole request: the same words from code to screen."""

    MET = "met"
    NOT_MET = "not met"
    NOT_DOCUMENTED = "not documented"
    NEEDS_REVIEW = "needs review"
    NOT_APPLICABLE = "not applicable"


VERDICT_ORDER = (Status.NOT_MET, Status.NEEDS_REVIEW, Status.NOT_DOCUMENTED, Status.MET)
"""A request's verdict is the first of these that any of its criteria has."""


def verdict_of(statuses: list[Status]) -> Status:
    """The verdict of a request whose (non-advisory) criteria have these statuses."""
    for status in VERDICT_ORDER:
        if status in statuses:
            return status
    return Status.NOT_APPLICABLE


class DecidingValue(msgspec.Struct, frozen=True):
    """A fact or measure that a criterion looked at. `value` is in words, ready to be shown."""

    name: str
    meaning: str
    value: str


class Missing(msgspec.Struct, frozen=True):
    """A fact that would decide a criterion: the question to ask and where the answer goes in the record."""

    field: str
    question: str
    path: str
    about: str = ""


class ArmResult(msgspec.Struct, frozen=True):
    """One arm of a criterion with several: what it says and how it stands."""

    says: str
    status: Status


class Finding(msgspec.Struct, frozen=True):
    """One criterion's answer, with everything needed to check it.

    `strength` is the issuer's own grade. Without `text_available` nobody could read what the issuer asks.
    """

    criterion: str
    says: str
    status: Status
    advisory: bool = False
    values: tuple[DecidingValue, ...] = ()
    procedures: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    arms: tuple[ArmResult, ...] = ()
    would_change: str = ""
    source: str = ""
    where: str = ""
    url: str = ""
    certainty: Certainty = Certainty.UNVERIFIED
    strength: str = ""
    note: str = ""
    text_available: bool = True


class Assessment(msgspec.Struct, frozen=True):
    """One policy's answer to one request. `asked` is the kind of request it took it for, None when it cannot tell.

    `rests_on_unverified` is true when the verdict is *not met* and no verified criterion is among the failed ones.
    """

    policy: str
    issuer: str
    title: str
    policy_kind: str
    verdict: Status
    asked: str | None = None
    asked_title: str = ""
    findings: tuple[Finding, ...] = ()
    missing: tuple[Missing, ...] = ()
    rests_on_unverified: bool = False


def shown(value: Value, unit: str = "") -> str:
    """A value in words: `not documented`, `yes`, `12 days`, `between 3 and 7 months`."""
    if value is None:
        return "not documented"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.replace("_", " ")
    suffix = f" {unit}" if unit else ""
    if isinstance(value, Interval):
        if value.low == float("-inf"):
            return "not documented"
        return f"{value}{suffix} (not fully documented)"
    if value == float("inf"):
        return "never"
    if unit.endswith("s") and value == 1:
        suffix = suffix[:-1]
    return f"{value:.3g}{suffix}" if value != int(value) else f"{int(value)}{suffix}"
