"""A policy as its author writes it in YAML. `policy.py` turns it into something that can be evaluated."""

import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from facetwise.evidence.sources import Cites, Source
from facetwise.records import AblationMode, Contractor, Guidance, Kind, Purpose, Sedation
from facetwise.rules.topics import Topic

Identifier = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")]
PolicyId = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]*$")]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a policy document: strict, so that a misspelt key is an error."""


class Effective(Part, frozen=True, kw_only=True):
    """The dates of service a policy applies to, both included.

    Where the first day was not read, `from` is the earliest it can be and `from_by` the latest; between them the
    policy before it may still have been in force, and both are shown. `note` says what is doubtful.
    """

    from_: datetime.date | None = field(name="from", default=None)
    from_by: datetime.date | None = None
    to: datetime.date | None = None
    note: str = ""


class ConventionDocument(Part, frozen=True, kw_only=True):
    """A choice where the text is silent, or a threshold that a revision may move, with its reason.

    One with a `value`, a number, `true`, `false` or a word, may be named in any leaf, which then holds the value.
    """

    says: str
    because: str
    value: str | None = None


class MeasureDocument(Part, frozen=True, kw_only=True):
    """An aggregate over the patient's other procedures: exactly one of the seven kinds.

    `count` and `count_days` name the rows they run over, `prior` or `same_day`; the others name a field, and the rows
    with `over`. `where` keeps rows for which it is true. `otherwise` is the value when there is certainly no row:
    a number, a word, or `never` for infinitely long ago.
    """

    says: str = ""
    count: Literal["prior", "same_day"] | None = None
    count_days: Literal["prior", "same_day"] | None = None
    latest: str | None = None
    earliest: str | None = None
    max: str | None = None
    min: str | None = None
    sum: str | None = None
    over: Literal["prior", "same_day"] = "prior"
    where: str | None = None
    otherwise: str | None = None


class LeafDocument(Part, frozen=True, kw_only=True):
    """One arm of an `all_of`, `any_of` or `of`."""

    says: str
    test: str


class CriterionDocument(Part, frozen=True, kw_only=True):
    """A yes / no / not-documented question.

    Exactly one of `test`, `all_of`, `any_of`, or `at_least` with `of`. `applies_when` false makes it *not applicable*;
    `unless` true turns *not met* into *needs review*. An `advisory` criterion is shown and never decides a verdict.
    `text_not_available` stands instead of a test where nobody could read what the issuer asks. `strength` is the
    issuer's own grade, and `figures` name the evidence that a reader should see beside it.
    """

    id: Identifier
    says: str
    applies_when: str | None = None
    test: str | None = None
    all_of: tuple[LeafDocument, ...] | None = None
    any_of: tuple[LeafDocument, ...] | None = None
    at_least: Annotated[int, Meta(ge=1)] | None = None
    of: tuple[LeafDocument, ...] | None = None
    unless: str | None = None
    advisory: bool = False
    text_not_available: bool = False
    topic: Topic | None = None
    strength: str = ""
    figures: tuple[str, ...] = ()
    cites: Cites | None = None
    note: str = ""


class RequestDocument(Part, frozen=True, kw_only=True):
    """What a policy asks of one kind of request: `asked_when` selects it, `includes` names groups of criteria."""

    title: str
    asked_when: str
    includes: tuple[Identifier, ...] = ()
    criteria: tuple[CriterionDocument, ...] = ()


class ProposalDocument(Part, frozen=True, kw_only=True):
    """The procedure that a step proposes, and how it is done."""

    kind: Kind
    purpose: Purpose | None = None
    guidance: Guidance | None = None
    sedation: Sedation | None = None
    ablation_mode: AblationMode | None = None
    temperature_c: float | None = None


class EdgeDocument(Part, frozen=True, kw_only=True):
    """Where a step leads, and on what."""

    to: Identifier
    when: str


class AlternativeDocument(Part, frozen=True, kw_only=True):
    """Another step to consider at this point, and what it would need to come first."""

    step: Identifier
    ranks_lower_because: str


class PositionDocument(Part, frozen=True, kw_only=True):
    """Where a step stands in the drawing of the pathway, both counted from 0."""

    row: Annotated[int, Meta(ge=0, le=20)] = 0
    column: Annotated[int, Meta(ge=0, le=5)] = 0


class StepDocument(Part, frozen=True, kw_only=True):
    """A step of the clinical pathway. The patient is at the first step whose `here_when` criterion is met."""

    id: Identifier
    title: str
    does: str
    here_when: CriterionDocument
    proposes: ProposalDocument | None = None
    request: Identifier | None = None
    leads_to: tuple[EdgeDocument, ...] = ()
    alternatives: tuple[AlternativeDocument, ...] = ()
    drawn: PositionDocument = PositionDocument()


class PolicyDocument(Part, frozen=True, kw_only=True):
    """A whole policy. With `revises` it holds only what changed; `drops` lists criteria that are gone.

    `payer` names whose coverage rule it is, `contractor` for whom a Medicare text applies. Policies of one payer,
    contractor and `series` replace each other in time. `checked_on` is the day on which somebody last made sure that
    it is the text in force.
    """

    id: PolicyId
    kind: Literal["pathway", "guideline", "payer", "local"]
    issuer: str
    title: str
    summary: str = ""
    payer: Identifier | None = None
    series: Identifier = "coverage"
    contractor: Contractor | None = None
    effective: Effective = Effective()
    checked_on: datetime.date | None = None
    revises: PolicyId | None = None
    drops: tuple[Identifier, ...] = ()
    sources: dict[str, Source] = {}
    conventions: dict[Identifier, ConventionDocument] = {}
    regions: dict[str, str] = {}
    measures: dict[Identifier, MeasureDocument] = {}
    groups: dict[Identifier, tuple[CriterionDocument, ...]] = {}
    requests: dict[Identifier, RequestDocument] = {}
    steps: tuple[StepDocument, ...] = ()
    notes: tuple[str, ...] = ()
