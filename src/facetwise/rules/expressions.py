"""Expressions: the small closed tree that a leaf's text becomes, and what it means.

A leaf is evaluated in a *scope*: the facts of the request and, inside a measure, of one procedure (a row). A value is
True/False, text, a number, an `Interval` of numbers, or None for *not documented*.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import eq, ge, gt, le, lt, ne
from typing import Any, NamedTuple

import msgspec

from facetwise.records import Interval
from facetwise.rules.truth import Truth, disjunction, negation

Value = bool | float | str | Interval | None
Facts = Mapping[str, Value]

NO_ROW: Facts = {}


class Name(msgspec.Struct, frozen=True):
    """A declared field or measure. `of_row` when it is a fact of the procedure that a measure looks at."""

    name: str
    of_row: bool = False

    def value(self, facts: Facts, row: Facts) -> Value:
        return row[self.name] if self.of_row else facts[self.name]


class Literal(msgspec.Struct, frozen=True):
    """A number or a text written in the rule."""

    content: float | str

    def value(self, facts: Facts, row: Facts) -> Value:
        return self.content


Operand = Name | Literal


class Is(msgspec.Struct, frozen=True):
    """A yes-or-no field by itself."""

    field: Name

    def truth(self, facts: Facts, row: Facts = NO_ROW) -> Truth:
        value = self.field.value(facts, row)
        return value if isinstance(value, bool) else None


class Always(msgspec.Struct, frozen=True):
    """TRUE or FALSE."""

    content: bool

    def truth(self, facts: Facts, row: Facts = NO_ROW) -> Truth:
        return self.content


class Compare(msgspec.Struct, frozen=True):
    """A comparison. `operator` is one of = != < <= > >=."""

    left: Operand
    operator: str
    right: Operand

    def truth(self, facts: Facts, row: Facts = NO_ROW) -> Truth:
        return compare(self.left.value(facts, row), self.operator, self.right.value(facts, row))


class In(msgspec.Struct, frozen=True):
    """Membership in a list of literals."""

    left: Operand
    choices: tuple[Literal, ...]

    def truth(self, facts: Facts, row: Facts = NO_ROW) -> Truth:
        value = self.left.value(facts, row)
        return disjunction(compare(value, "=", choice.content) for choice in self.choices)


class Not(msgspec.Struct, frozen=True):
    """Negation."""

    part: "Expression"

    def truth(self, facts: Facts, row: Facts = NO_ROW) -> Truth:
        return negation(self.part.truth(facts, row))


class And(msgspec.Struct, frozen=True):
    """Conjunction. Written out, and not by `conjunction`, because it is the innermost loop of every answer."""

    parts: tuple["Expression", ...]

    def truth(self, facts: Facts, row: Facts = NO_ROW) -> Truth:
        result: Truth = True
        for part in self.parts:
            truth = part.truth(facts, row)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result


class Or(msgspec.Struct, frozen=True):
    """Disjunction, written out like `And`."""

    parts: tuple["Expression", ...]

    def truth(self, facts: Facts, row: Facts = NO_ROW) -> Truth:
        result: Truth = False
        for part in self.parts:
            truth = part.truth(facts, row)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result


Expression = Is | Always | Compare | In | Not | And | Or


class Bounds(NamedTuple):
    """A number as the interval of what it may be."""

    low: float
    high: float


def compare(left: Value, operator: str, right: Value) -> Truth:
    """`left operator right`, decided only when every value the two sides may have agrees."""
    if left is None or right is None:
        return None
    if isinstance(left, Interval) or isinstance(right, Interval):
        return _compare_bounds(_bounds(left), operator, _bounds(right))
    return _EXACTLY[operator](left, right)


_EXACTLY: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def _compare_bounds(left: Bounds, operator: str, right: Bounds) -> Truth:
    (low, high), (other_low, other_high) = left, right
    match operator:
        case "<":
            return _decided(high < other_low, low >= other_high)
        case "<=":
            return _decided(high <= other_low, low > other_high)
        case ">":
            return _decided(low > other_high, high <= other_low)
        case ">=":
            return _decided(low >= other_high, high < other_low)
    apart = high < other_low or low > other_high
    equal = _decided(low == high == other_low == other_high, apart)
    return equal if operator == "=" else negation(equal)


def _bounds(value: bool | float | str | Interval) -> Bounds:
    if isinstance(value, str):
        raise TypeError("text has no bounds: the grammar compares it only with text")
    return Bounds(value.low, value.high) if isinstance(value, Interval) else Bounds(value, value)


def _decided(always: bool, never: bool) -> Truth:
    return True if always else (False if never else None)


def is_known(value: Value) -> bool:
    """Whether a value is documented exactly."""
    return value is not None and not isinstance(value, Interval)


def names_in(expression: Expression) -> Iterator[Name]:
    """Every field and measure an expression mentions, in reading order."""
    match expression:
        case Is(field=field):
            yield field
        case Compare(left=left, right=right):
            yield from (side for side in (left, right) if isinstance(side, Name))
        case In(left=Name() as name):
            yield name
        case Not(part=part):
            yield from names_in(part)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from names_in(part)


def open_names(expression: Expression, facts: Facts, row: Facts = NO_ROW) -> Iterator[Name]:
    """The undocumented names that leave an expression undecided; nothing when it is decided."""
    if expression.truth(facts, row) is not None:
        return
    match expression:
        case Not(part=part):
            yield from open_names(part, facts, row)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from open_names(part, facts, row)
        case _:
            yield from (name for name in names_in(expression) if not is_known(name.value(facts, row)))
