"""What the columns of event tables may hold, and what codes of other systems mean: the files of `vocabulary/`."""

import datetime
from functools import cache
from importlib.resources import files
from math import inf
from typing import NamedTuple, TypeVar

import msgspec

from facetwise.audit.events import Column, Shape
from facetwise.documents import read_yaml
from facetwise.evidence import Certainty
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field, Place

T = TypeVar("T")


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a vocabulary file: strict, so that a misspelt key is an error."""


class FirstDay(Part, frozen=True, kw_only=True):
    """The first day that a table may name."""

    value: datetime.date
    because: str


class UnitBounds(Part, frozen=True, kw_only=True):
    """The least and the greatest value in one unit, both included."""

    low: float = -inf
    high: float = inf
    because: str


class BoundsDocument(Part, frozen=True, kw_only=True):
    """`vocabulary/bounds.yaml` as it is written."""

    first_day: FirstDay
    units: dict[str, UnitBounds]


class Own(Part, frozen=True, kw_only=True):
    """How source values name columns of the event table."""

    prefix: str
    because: str


class Observed(Part, frozen=True, kw_only=True):
    """Codes of a fact, by the vocabulary that they are of."""

    codes: dict[str, tuple[str, ...]]
    because: str


class ConceptNumber(Part, frozen=True, kw_only=True):
    """The number of one concept, and how that was learnt."""

    value: int
    says: str
    because: str
    certainty: Certainty


class PlaceConcepts(Part, frozen=True, kw_only=True):
    """Concepts of visits that say where something was done."""

    vocabulary: str
    concepts: dict[str, Place]
    because: str


class Lasting(Part, frozen=True, kw_only=True):
    """How long a condition counts."""

    says: str
    because: str
    certainty: Certainty


class OmopDocument(Part, frozen=True, kw_only=True):
    """`vocabulary/omop.yaml` as it is written. `visits` and `observed` are by field, or by what fills a visit's."""

    own: Own
    visits: dict[str, str]
    observed: dict[str, Observed]
    procedure_field: ConceptNumber
    male: ConceptNumber
    places: PlaceConcepts
    conditions: Lasting


class Within(NamedTuple):
    """The least and the greatest value of a column, both included."""

    low: float
    high: float


def vocabulary(name: str, type_: type[T]) -> T:
    """A file of `vocabulary/`, typed. Raises `DocumentError` where it was damaged."""
    text = files("facetwise.audit").joinpath("vocabulary", name).read_text(encoding="utf-8")
    return read_yaml(text, name).typed(type_)


@cache
def bounds() -> BoundsDocument:
    """What columns may hold."""
    return vocabulary("bounds.yaml", BoundsDocument)


@cache
def omop_vocabulary() -> OmopDocument:
    """What rows of an OMOP database say."""
    return vocabulary("omop.yaml", OmopDocument)


def numbers_within(column: Column) -> Within:
    """The bounds of a column of numbers, by the unit of its field."""
    unit = bounds().units.get(_field(column.name).unit)
    return Within(unit.low, unit.high) if unit and column.shape is Shape.NUMBER else Within(-inf, inf)


def _field(name: str) -> Field:
    return PRIOR_FIELDS[name] if name in PRIOR_FIELDS else REQUEST_FIELDS[name]
