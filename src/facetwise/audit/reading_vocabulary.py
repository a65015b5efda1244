"""What the columns of event tables may hold, and what codes of other systems mean: the files of `vocabulary/`."""

import datetime
from functools import cache
from importlib.resources import files
from math import inf
from typing import NamedTuple, TypeVar

import msgspec

from facetwise.audit.events import Column, Shape
from facetwise.documents import read_yaml
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field

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


class Within(NamedTuple):
    """The least and the greatest value of a column, both included."""

    low: float
    high: float


def vocabulary(name: str, type_: type[T]) -> T:
    """A file of `vocabulary/`, typed. Raises `DocumentError` where it was damaged."""
    text = files(__package__).joinpath("vocabulary", name).read_text(encoding="utf-8")
    return read_yaml(text, name).typed(type_)


@cache
def bounds() -> BoundsDocument:
    """What columns may hold."""
    return vocabulary("bounds.yaml", BoundsDocument)


def numbers_within(column: Column) -> Within:
    """The bounds of a column of numbers, by the unit of its field."""
    unit = bounds().units.get(_field(column.name).unit)
    return Within(unit.low, unit.high) if unit and column.shape is Shape.NUMBER else Within(-inf, inf)


def _field(name: str) -> Field:
    return PRIOR_FIELDS[name] if name in PRIOR_FIELDS else REQUEST_FIELDS[name]
