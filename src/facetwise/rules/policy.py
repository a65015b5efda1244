"""A policy ready to be evaluated: every leaf parsed, every name resolved, every citation attached."""

import datetime
from collections.abc import Mapping

import msgspec

from facetwise.evidence.sources import Certainty, Source
from facetwise.records import Contractor, Field
from facetwise.rules.documents import (
    AlternativeDocument,
    EdgeDocument,
    PolicyDocument,
    PositionDocument,
    ProposalDocument,
)
from facetwise.rules.expressions import Expression, Name, Value
from facetwise.rules.topics import Topic


class Arm(msgspec.Struct, frozen=True):
    """One leaf of a criterion: what it says, its text, and its expression."""

    says: str
    text: str
    test: Expression


class Citation(msgspec.Struct, frozen=True):
    """Where a criterion stands: the source, the place in it, and how it was read."""

    source: str = ""
    title: str = ""
    where: str = ""
    url: str = ""
    read_on: datetime.date | None = None
    certainty: Certainty = Certainty.UNVERIFIED


class Criterion(msgspec.Struct, frozen=True):
    """A yes / no / not-documented question: at least `needed` of its `arms` hold. `names` are what the arms mention.

    One whose text nobody could read has no arms and is not `available`: it is never applicable.
    """

    id: str
    says: str
    arms: tuple[Arm, ...]
    needed: int
    applies_when: Expression | None
    unless: Expression | None
    advisory: bool
    citation: Citation
    note: str
    names: tuple[Name, ...]
    available: bool = True
    topic: Topic | None = None
    strength: str = ""
    figures: tuple[str, ...] = ()


class Measure(msgspec.Struct, frozen=True):
    """An aggregate over procedures. `kind` is count, count_days, latest, earliest, max, min or sum."""

    name: str
    says: str
    kind: str
    over: str
    of: Name | None
    where: Expression | None
    otherwise: Value
    field: Field


class RequestRules(msgspec.Struct, frozen=True):
    """The criteria that a policy puts to one kind of request, and when that kind is meant."""

    id: str
    title: str
    asked_when: Expression
    criteria: tuple[Criterion, ...]


class Step(msgspec.Struct, frozen=True):
    """A step of the pathway. `request` names the request whose criteria it must satisfy, if it proposes one."""

    id: str
    title: str
    does: str
    here_when: Criterion
    proposes: ProposalDocument | None
    request: str | None
    leads_to: tuple[EdgeDocument, ...]
    alternatives: tuple[AlternativeDocument, ...]
    drawn: PositionDocument


class Policy(msgspec.Struct, frozen=True):
    """A dated document of an issuer: the pathway, a guideline, a payer's coverage rule.

    `regions` maps a name to a mask of levels. `measures` stand in the order in which they build on each other.
    `document` is what its author wrote, with revisions merged. `applied` says where it stands that a contractor applies
    the text, and since when.
    """

    id: str
    kind: str
    issuer: str
    title: str
    payer: str | None
    contractor: Contractor | None
    effective_from: datetime.date | None
    effective_to: datetime.date | None
    revises: str | None
    sources: Mapping[str, Source]
    regions: Mapping[str, int]
    measures: Mapping[str, Measure]
    requests: tuple[RequestRules, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    document: PolicyDocument
    applied: Citation | None = None

    def in_force(self, day: datetime.date) -> bool:
        """Whether the policy applies to procedures done on `day`."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )

    def criteria(self) -> dict[str, Criterion]:
        """Every criterion of every request, by id."""
        return {criterion.id: criterion for rules in self.requests for criterion in rules.criteria}

    def step(self, id_: str) -> Step:
        """The step with this id. Raises `KeyError`."""
        for step in self.steps:
            if step.id == id_:
                return step
        raise KeyError(id_)
