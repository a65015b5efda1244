"""What a policy's statement has to know, and how it names facts and measures.

A number that is known only within bounds is two columns, NAME_low and NAME_high.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations
from math import inf
from typing import NamedTuple

import msgspec

from facetwise.audit.events import FACTS
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field
from facetwise.rules import Criterion, Measure, Policy
from facetwise.rules.expressions import Expression, Name, names_in

NEVER = "1e100"
"""What stands for infinity: not every database can spell it. No count and no day comes near."""

RELIEF = {
    "months_of_50_percent_relief": ("months", "< 50"),
    "months_of_over_30_percent_relief": ("months", "<= 30"),
    "weeks_of_50_percent_relief": ("weeks", "< 50"),
    "weeks_of_over_50_percent_relief": ("weeks", "<= 50"),
}
"""How long relief held: the unit, and the relief in percent at which it is over."""


class Bounds(NamedTuple):
    """A number as the columns or literals that bound it; for an exact one they are the same."""

    low: str
    high: str

    @property
    def exact(self) -> bool:
        return self.low == self.high


class Needs(msgspec.Struct, frozen=True):
    """The measures that decide a policy's criteria, in their order, and the facts that are asked for.

    `of_rows` are the facts of other procedures, by the relation (`prior`, `same_day`) over which they are asked for.
    """

    measures: tuple[Measure, ...]
    of_request: tuple[str, ...]
    of_rows: dict[str, tuple[str, ...]]

    def columns(self) -> list[str]:
        """The columns of facts to read from the event table, in its order."""
        asked = {*self.of_request, *(name for names in self.of_rows.values() for name in names)}
        return [name for name in FACTS if name in asked]


def needs_of(policy: Policy) -> Needs:
    """What the criteria of a policy's requests ask for, measures below measures included."""
    expressions = [rules.asked_when for rules in policy.requests]
    asked = [criterion for rules in policy.requests for criterion in rules.criteria]
    expressions += [part for criterion in asked for part in expressions_of(criterion)]
    found = _measures_below(policy, expressions)
    measures = tuple(measure for name, measure in policy.measures.items() if name in found)
    wheres = [measure.where for measure in measures if measure.where is not None]
    names = [name for part in [*expressions, *wheres] for name in names_in(part)]
    of_request = {name.name for name in names if not name.of_row and name.name not in policy.measures}
    relations = {measure.over: None for measure in measures}
    return Needs(
        measures=measures,
        of_request=tuple(name for name in REQUEST_FIELDS if name in of_request),
        of_rows={over: _of_rows(one for one in measures if one.over == over) for over in relations},
    )


def expressions_of(criterion: Criterion) -> list[Expression]:
    """Every expression of a criterion."""
    parts = [criterion.applies_when, *(arm.test for arm in criterion.arms), criterion.unless]
    return [part for part in parts if part is not None]


def _measures_below(policy: Policy, expressions: Iterable[Expression]) -> set[str]:
    found: set[str] = set()
    for name in (name for expression in expressions for name in names_in(expression)):
        measure = None if name.of_row else policy.measures.get(name.name)
        if measure is not None and name.name not in found:
            found |= {name.name} | _measures_below(policy, [] if measure.where is None else [measure.where])
    return found


def _of_rows(measures: Iterable[Measure]) -> tuple[str, ...]:
    asked = {name.name for measure in measures for name in _row_names(measure)}
    return tuple(name for name in PRIOR_FIELDS if name in asked)


def _row_names(measure: Measure) -> Iterator[Name]:
    if measure.where is not None:
        yield from (name for name in names_in(measure.where) if name.of_row)
    if measure.of is not None:
        yield measure.of


class Names:
    """Names the facts of one policy: bare, or inside a measure `p.` those of the procedure, `r.` the request's."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.disputed = any(one & other for one, other in combinations(policy.regions.values(), 2))

    def field(self, name: Name) -> Field:
        """The declaration of a name, a measure's among them."""
        if name.of_row:
            return PRIOR_FIELDS[name.name]
        measure = self.policy.measures.get(name.name)
        return measure.field if measure else REQUEST_FIELDS[name.name]

    def value(self, name: Name, in_measure: bool) -> str:
        """The column of a word, of a yes or no, or of an exact number."""
        if not in_measure or (not name.of_row and name.name in self.policy.measures):
            return name.name
        return f"{'p' if name.of_row else 'r'}.{name.name}"

    def bounds(self, name: Name, in_measure: bool) -> Bounds:
        """The column or columns of a number."""
        column = self.value(name, in_measure)
        return Bounds(f"{column}_low", f"{column}_high") if self.within_bounds(name) else Bounds(column, column)

    def within_bounds(self, name: Name) -> bool:
        """Whether a number may be known only within bounds."""
        if name.of_row:
            return name.name in RELIEF
        return name.name in self.policy.measures or (name.name == "session_regions" and self.disputed)


def number(value: object) -> str:
    """A number as a literal; infinitely long ago is `NEVER`."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    if value == inf:
        return NEVER
    return str(int(value)) if value == int(value) else repr(float(value))


def word(text: object) -> str:
    """A word as a literal."""
    return "'" + str(text).replace("'", "''") + "'"
