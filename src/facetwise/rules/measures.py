"""Measures: what the patient's other procedures add up to, when some facts about them are not documented.

A row belongs to a measure certainly (its condition is true), possibly (not documented), or not at all. A count is
then an interval; the latest is decided when every row that may be the latest has the same value.
"""

from collections.abc import Sequence
from math import inf

import msgspec

from facetwise.records import Interval
from facetwise.rules.expressions import Facts, Value
from facetwise.rules.policy import Measure
from facetwise.rules.truth import Truth


class Row(msgspec.Struct):
    """One procedure as rules see it: its facts, its day, its place within the day if recorded, its levels as a mask."""

    facts: dict[str, Value]
    day: int
    sequence: int | None
    label: str
    levels: int | None = None


class Rows(msgspec.Struct):
    """All rows of a relation. `complete` is False when the history of procedures is not documented."""

    rows: Sequence[Row]
    complete: bool = True


class Membership(msgspec.Struct):
    """The rows of a measure: those that certainly belong to it and those that may."""

    certain: list[Row]
    possible: list[Row]


def members(measure: Measure, rows: Rows, facts: Facts) -> Membership:
    """Which rows belong to a measure."""
    membership = Membership([], [])
    for row in rows.rows:
        truth: Truth = True if measure.where is None else measure.where.truth(facts, row.facts)
        if truth:
            membership.certain.append(row)
        elif truth is None:
            membership.possible.append(row)
    return membership


def measure_value(measure: Measure, found: Membership, complete: bool) -> Value:
    """The value of a measure: a number, an interval that holds it, a word, yes or no, or None.

    `complete` is false when the history of procedures is not documented, so that there may be more rows.
    """
    match measure.kind:
        case "count":
            return _count(len(found.certain), len(found.certain) + len(found.possible), complete)
        case "count_days":
            certain = {row.day for row in found.certain}
            return _count(len(certain), len(certain | {row.day for row in found.possible}), complete)
    if not complete:
        return None
    match measure.kind:
        case "latest" | "earliest":
            return _end_of_order(measure, found)
        case "sum":
            return _sum(measure, found)
        case _:
            return _extreme(measure, found)


def _count(low: int, high: int, complete: bool) -> Value:
    if not complete:
        return Interval(low, inf)
    return low if low == high else Interval(low, high)


def _end_of_order(measure: Measure, found: Membership) -> Value:
    """The field of the latest (or earliest) row: the one value of all rows that may be it, or their hull."""
    last = measure.kind == "latest"
    rows = found.certain + found.possible
    candidates = [row for row in rows if not any(_beats(other, row, last) for other in found.certain)]
    values = [_value(measure, row) for row in candidates]
    if not found.certain:
        values.append(measure.otherwise)
    return _hull(values)


def _beats(one: Row, other: Row, last: bool) -> bool:
    """Whether `one` certainly comes after `other` (or before it). Without a sequence one day has no order."""
    if one.day != other.day:
        return (one.day > other.day) is last
    if one is other or one.sequence is None or other.sequence is None:
        return False
    return one.sequence != other.sequence and (one.sequence > other.sequence) is last


def _extreme(measure: Measure, found: Membership) -> Value:
    """The greatest (or least) value: bounded by the certain rows, stretched by the possible ones."""
    greatest = measure.kind == "max"
    certain = [_bounds(_value(measure, row)) for row in found.certain]
    possible = [_bounds(_value(measure, row)) for row in found.possible]
    if not certain:
        alone = [_bounds(measure.otherwise), *possible]
        return _interval(min(low for low, _ in alone), max(high for _, high in alone))
    if greatest:
        return _interval(max(low for low, _ in certain), max(high for _, high in certain + possible))
    return _interval(min(low for low, _ in certain + possible), min(high for _, high in certain))


def _sum(measure: Measure, found: Membership) -> Value:
    certain = [_bounds(_value(measure, row)) for row in found.certain]
    possible = [_bounds(_value(measure, row)) for row in found.possible]
    low = sum(low for low, _ in certain) + sum(min(0, low) for low, _ in possible)
    high = sum(high for _, high in certain) + sum(max(0, high) for _, high in possible)
    return _interval(low, high)


def _value(measure: Measure, row: Row) -> Value:
    return measure.of.value({}, row.facts) if measure.of is not None else None


def _bounds(value: Value) -> tuple[float, float]:
    if value is None or isinstance(value, str):
        return (-inf, inf)
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def _interval(low: float, high: float) -> Value:
    return low if low == high else Interval(low, high)


def _hull(values: list[Value]) -> Value:
    """The single value, or for numbers the smallest interval that holds all; None when they cannot be told apart."""
    first = values[0]
    if all(value == first for value in values):
        return first
    if any(value is None or isinstance(value, str | bool) for value in values):
        return None
    bounds = [_bounds(value) for value in values]
    return Interval(min(low for low, _ in bounds), max(high for _, high in bounds))
