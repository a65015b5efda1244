"""What `next` and `check` answer. These types are the stable JSON output; see docs/reference/json-output.md."""

import datetime
from typing import Literal

import msgspec

from facetwise.diary import Comparison, Response
from facetwise.probability import PatientLikelihoods
from facetwise.records import Request
from facetwise.rules import Assessment, Finding, Missing, Policy, Status

DISCLAIMER = (
    "Facetwise informs a clinician and decides nothing. It knows only what is documented in this record and the "
    "policy versions named here."
)


class PolicyVersion(msgspec.Struct, frozen=True):
    """A policy that was used, so that the answer can be repeated, and the choices it makes where its text is silent.

    Where nobody read its first day, that lies between `effective_from` and `effective_from_by`.
    """

    id: str
    title: str
    issuer: str
    effective_from: datetime.date | None
    effective_to: datetime.date | None
    notes: tuple[str, ...]
    conventions: tuple[str, ...] = ()
    effective_from_by: datetime.date | None = None

    @property
    def period(self) -> str:
        """When it is in force, in words."""
        first, by, last = self.effective_from, self.effective_from_by, self.effective_to
        since = f"from {first}" if first else ""
        if by:
            since = f"from a day between {first} and {by}" if first else f"from a day up to {by}"
        return " ".join(part for part in (since, f"to {last}" if last else "") if part) or "undated"

    def in_force(self, day: datetime.date) -> bool:
        """Whether it is in force on `day`, counted from the earliest first day that it can have."""
        first, last = self.effective_from, self.effective_to
        return (first is None or first <= day) and (last is None or day <= last)


class Earliest(msgspec.Struct, frozen=True):
    """From when a request that is only too early becomes possible under one policy.

    `waits_for` names the criteria that time alone will meet. `others_open` is true when further criteria would still
    not be met on that date.
    """

    policy: str
    date: datetime.date
    waits_for: tuple[str, ...]
    others_open: bool


class Undecided(msgspec.Struct, frozen=True):
    """A step the patient might be at instead, if the missing facts say so."""

    step: str
    title: str
    missing: tuple[Missing, ...]


class PathwayStep(msgspec.Struct, frozen=True):
    """A step with the reason for being there."""

    id: str
    title: str
    does: str
    because: Finding
    leads_to: tuple[str, ...]


class Proposal(msgspec.Struct, frozen=True):
    """A request with every policy's answer to it, side by side and never merged, and its earliest dates."""

    request: Request
    assessments: tuple[Assessment, ...]
    earliest: tuple[Earliest, ...]


class Alternative(msgspec.Struct, frozen=True):
    """Another step to consider, why it ranks lower, and what would put the patient there."""

    step: str
    title: str
    does: str
    ranks_lower_because: str
    here_when: Finding
    proposal: Proposal | None


class BlockResponse(msgspec.Struct, frozen=True):
    """How one earlier procedure worked, as its diary shows."""

    procedure: str
    response: Response


class NextStep(msgspec.Struct, frozen=True):
    """The answer to *what is the next step?* for one record on one day."""

    patient: str
    as_of: datetime.date
    step: PathwayStep
    proposal: Proposal | None
    alternatives: tuple[Alternative, ...]
    undecided: tuple[Undecided, ...]
    red_flags_present: tuple[str, ...]
    red_flags_not_documented: tuple[str, ...]
    missing: tuple[Missing, ...]
    responses: tuple[BlockResponse, ...]
    comparison: Comparison | None
    likelihoods: PatientLikelihoods
    policies: tuple[PolicyVersion, ...]
    software: str
    policies_chosen_because: tuple[str, ...] = ()
    disclaimer: str = DISCLAIMER
    format: Literal["facetwise-next/1"] = "facetwise-next/1"


class CheckResult(msgspec.Struct, frozen=True):
    """The answer to *does this policy support this request?*"""

    patient: str
    as_of: datetime.date
    proposal: Proposal
    missing: tuple[Missing, ...]
    responses: tuple[BlockResponse, ...]
    policies: tuple[PolicyVersion, ...]
    software: str
    policies_chosen_because: tuple[str, ...] = ()
    disclaimer: str = DISCLAIMER
    format: Literal["facetwise-check/1"] = "facetwise-check/1"


def version_of(policy: Policy) -> PolicyVersion:
    """What an answer says of a policy it used."""
    effective = policy.document.effective
    return PolicyVersion(
        id=policy.id,
        title=policy.title,
        issuer=policy.issuer,
        effective_from=policy.effective_from,
        effective_to=policy.effective_to,
        notes=(*policy.notes, *([effective.note] if effective.note else [])),
        conventions=tuple(f"{one.says} {one.because}" for one in policy.document.conventions.values()),
        effective_from_by=effective.from_by,
    )


def verdict_in_words(assessment: Assessment) -> str:
    """A verdict says wherever it stands that it rests only on what nobody has verified, or on a part of the text."""
    return f"{status_in_words(assessment)}{UNVERIFIED if assessment.rests_on_unverified else ''}"


def status_in_words(assessment: Assessment) -> str:
    """The verdict; criteria that nobody could read keep it from being met as a whole."""
    unread = any(not finding.text_available for finding in assessment.findings)
    return SO_FAR if assessment.verdict is Status.MET and unread else str(assessment.verdict)


SO_FAR = "met so far as read"


UNVERIFIED = " (unverified)"
