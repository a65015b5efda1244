"""Which statuses a criterion can have at all: found by looking for facts that would give each of them.

An expression is turned into alternatives of simple demands on facts; one is possible when no fact is asked to be two
things at once. Comparisons between two facts are taken to be possible either way.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from math import ceil, floor, inf
from typing import NamedTuple

from facetwise.records import Field, FieldType
from facetwise.rules.expressions import Always, And, Compare, Expression, In, Is, Literal, Name, Not, Or, names_in
from facetwise.rules.findings import Status
from facetwise.rules.policy import Criterion, Measure, Policy
from facetwise.rules.wording import OPPOSITE, TURNED, field_of

MOST_ALTERNATIVES = 2000
"""Beyond this an expression is taken to be possible. The largest of the library has a few dozen."""

_ALWAYS_KNOWN = frozenset({"kind", "days_before", "months_before"})
_COUNTED = frozenset({"days", "weeks", "months", "procedures", "levels", "regions", "years", "of 6"})


class Demand(NamedTuple):
    """What an alternative asks of one fact: `operator` is a comparison, or `in` and `not in` for words."""

    name: Name
    operator: str
    content: float | str | bool | tuple[float | str, ...]


def reachable_statuses(criterion: Criterion, policy: Policy) -> frozenset[Status]:
    """The statuses that some facts give this criterion."""
    if not criterion.available:
        return frozenset({Status.NOT_APPLICABLE})
    applies = criterion.applies_when or Always(True)
    excused = criterion.unless or Always(False)
    holds = held(criterion)
    wanted: dict[Status, Expression] = {
        Status.NOT_APPLICABLE: Not(applies),
        Status.MET: And((applies, holds)),
        Status.NEEDS_REVIEW: And((applies, Not(holds), excused)),
        Status.NOT_MET: And((applies, Not(holds), Not(excused))),
    }
    statuses = {status for status, expression in wanted.items() if possible(expression, policy)}
    if any(_may_be_open(name, policy) for name in names_in(And((applies, holds, excused)))):
        statuses.add(Status.NOT_DOCUMENTED)
    return frozenset(statuses)


def held(criterion: Criterion) -> Expression:
    """The criterion's test as one expression: at least `needed` of its arms."""
    tests = [arm.test for arm in criterion.arms]
    return Or(tuple(And(chosen) for chosen in combinations(tests, criterion.needed)))


def possible(expression: Expression, policy: Policy) -> bool:
    """Whether some facts make an expression true."""
    try:
        return any(_consistent(demands, policy) for demands in _alternatives(expression, True))
    except OverflowError:
        return True


def _may_be_open(name: Name, policy: Policy) -> bool:
    """Whether a fact can be undocumented. A count over one day is known when its condition always is."""
    measure = policy.measures.get(name.name)
    if measure is None or measure.over == "prior":
        return name.name not in _ALWAYS_KNOWN
    return measure.where is not None and any(_may_be_open(inner, policy) for inner in names_in(measure.where))


def _alternatives(expression: Expression, truth: bool) -> list[tuple[Demand, ...]]:
    """The ways in which an expression can have this truth, each a set of demands. Raises `OverflowError`."""
    match expression:
        case Always(content=content):
            return [()] if content is truth else []
        case Not(part=part):
            return _alternatives(part, not truth)
        case Is(field=field):
            return [(Demand(field, "=", truth),)]
        case Compare():
            return [_compared(expression, truth)]
        case In(left=Name() as name, choices=choices):
            return [(Demand(name, "in" if truth else "not in", tuple(choice.content for choice in choices)),)]
        case And(parts=parts) | Or(parts=parts):
            ways = [_alternatives(part, truth) for part in parts]
            return (
                _all_of(ways) if isinstance(expression, And) is truth else _capped(one for way in ways for one in way)
            )
    return [()]


def _compared(comparison: Compare, truth: bool) -> tuple[Demand, ...]:
    operator = comparison.operator if truth else OPPOSITE[comparison.operator]
    match comparison.left, comparison.right:
        case Name() as name, Literal(content=content):
            return (Demand(name, operator, content),)
        case Literal(content=content), Name() as name:
            return (Demand(name, TURNED[operator], content),)
    return ()


def _all_of(ways: list[list[tuple[Demand, ...]]]) -> list[tuple[Demand, ...]]:
    return _capped(tuple(demand for part in chosen for demand in part) for chosen in product(*ways))


def _capped(alternatives: Iterable[tuple[Demand, ...]]) -> list[tuple[Demand, ...]]:
    listed = []
    for alternative in alternatives:
        listed.append(alternative)
        if len(listed) > MOST_ALTERNATIVES:
            raise OverflowError
    return listed


def _consistent(demands: tuple[Demand, ...], policy: Policy) -> bool:
    by_name: dict[Name, list[Demand]] = {}
    for demand in demands:
        by_name.setdefault(demand.name, []).append(demand)
    return all(
        _satisfiable(field_of(name, policy), _least_most(name, policy), asked) for name, asked in by_name.items()
    )


def _least_most(name: Name, policy: Policy) -> tuple[float, float]:
    """The bounds of a number. A count of procedures that cannot be is always nought."""
    measure = None if name.of_row else policy.measures.get(name.name)
    if measure is None:
        return (0, inf) if field_of(name, policy).unit in _COUNTED else (-inf, inf)
    return (0, inf) if countable(measure, policy) else (0, 0)


def countable(measure: Measure, policy: Policy) -> bool:
    """Whether any procedure can belong to a measure."""
    return measure.where is None or possible(measure.where, policy)


def _satisfiable(field: Field, bounds: tuple[float, float], demands: list[Demand]) -> bool:
    if field.type is FieldType.BOOLEAN:
        return len({demand.content for demand in demands}) == 1
    if field.type is FieldType.TEXT:
        return any(all(_word_fits(word, demand) for demand in demands) for word in field.values)
    return _number_fits(bounds, field.unit in _COUNTED, list(_numeric(demands)))


def _word_fits(word: str, demand: Demand) -> bool:
    content = demand.content if isinstance(demand.content, tuple) else (demand.content,)
    return (word in content) is (demand.operator in ("=", "in"))


def _numeric(demands: list[Demand]) -> Iterator[tuple[str, float]]:
    """Comparisons of a number; a list that it must be in is taken as its span."""
    for demand in demands:
        if isinstance(demand.content, tuple):
            numbers = [number for number in demand.content if not isinstance(number, str)]
            if demand.operator == "in":
                yield from ((">=", min(numbers)), ("<=", max(numbers)))
            else:
                yield from (("!=", number) for number in numbers)
        elif not isinstance(demand.content, str):
            yield demand.operator, demand.content


def _number_fits(bounds: tuple[float, float], whole: bool, demands: list[tuple[str, float]]) -> bool:
    low, high = bounds
    open_low = open_high = False
    excluded = {number for operator, number in demands if operator == "!="}
    for operator, number in demands:
        if operator in (">", ">=", "=") and (number > low or (number == low and operator == ">")):
            low, open_low = number, operator == ">"
        if operator in ("<", "<=", "=") and (number < high or (number == high and operator == "<")):
            high, open_high = number, operator == "<"
    if whole and low != -inf:
        low, open_low = (low + 1 if open_low and low == floor(low) else ceil(low)), False
    if whole and high != inf:
        high, open_high = (high - 1 if open_high and high == floor(high) else floor(high)), False
    if low > high or (low == high and (open_low or open_high)):
        return False
    if low == high:
        return low not in excluded
    if not whole or high == inf:
        return True
    ruled_out = sum(low <= number <= high and number == floor(number) for number in excluded)
    return high - low + 1 > ruled_out  # counted, not listed: a rule may span a billion
