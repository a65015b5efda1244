"""Whether the cases beside a policy try everything: each status a criterion can have, both sides of each threshold."""

from collections.abc import Iterator, Sequence

from facetwise.rules.cases import Case
from facetwise.rules.expressions import And, Compare, Expression, Literal, Name, Not, Or, Value, compare, names_in
from facetwise.rules.findings import Status
from facetwise.rules.meaning import meaning_of
from facetwise.rules.policy import Criterion, Policy
from facetwise.rules.reachable import reachable_statuses

NEAR = 1
"""How close to a threshold a case must come on either side, in the unit of the fact."""


def untried(policy: Policy, cases: Sequence[Case], earlier: Policy | None = None) -> list[str]:
    """What no case tries, in words. Of a revision only what it changed against `earlier` must be tried."""
    found = []
    for criterion in own_criteria(policy, earlier):
        if not criterion.available:
            continue
        about = [case for case in cases if criterion.id in case.document.expect]
        tried = {case.document.expect[criterion.id] for case in about}
        for status in Status:
            if status in reachable_statuses(criterion, policy) and status not in tried:
                found.append(f"{criterion.id}: no case is {status}")
        found += [f"{criterion.id}: {text}" for text in _untried_thresholds(criterion, policy, about)]
    return found


def own_criteria(policy: Policy, earlier: Policy | None) -> list[Criterion]:
    """The criteria of a policy, or of a revision those that mean something else than in `earlier`."""
    if earlier is None:
        return list(policy.criteria().values())
    before = {id_: meaning_of(criterion, earlier, policy) for id_, criterion in earlier.criteria().items()}
    own = policy.criteria().values()
    return [criterion for criterion in own if meaning_of(criterion, policy, earlier) != before.get(criterion.id)]


def _expressions(criterion: Criterion) -> list[Expression]:
    parts = [criterion.applies_when, *(arm.test for arm in criterion.arms), criterion.unless]
    return [part for part in parts if part is not None]


def _measures_below(expressions: Sequence[Expression], policy: Policy) -> Iterator[str]:
    for expression in expressions:
        for name in names_in(expression):
            measure = None if name.of_row else policy.measures.get(name.name)
            if measure is not None:
                yield name.name
                if measure.where is not None:
                    yield from _measures_below([measure.where], policy)


def _untried_thresholds(criterion: Criterion, policy: Policy, cases: Sequence[Case]) -> Iterator[str]:
    expressions = _expressions(criterion)
    wheres = [policy.measures[name].where for name in dict.fromkeys(_measures_below(expressions, policy))]
    comparisons = [one for expression in [*expressions, *wheres] if expression for one in _comparisons(expression)]
    for name, operator, number in dict.fromkeys(comparisons):
        values = [value for case in cases for value in _values(name, case, policy)]
        near = [value for value in values if isinstance(value, int | float) and abs(value - number) <= NEAR]
        sides = {compare(value, operator, number) for value in near}
        if sides != {True, False}:
            yield f"no case on {'either side' if not sides else 'one side'} of {name.name} {operator} {number:g}"


def _comparisons(expression: Expression) -> Iterator[tuple[Name, str, float]]:
    match expression:
        case Not(part=part):
            yield from _comparisons(part)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _comparisons(part)
        case Compare(left=Name() as name, operator=operator, right=Literal(content=int() | float() as number)):
            yield name, operator, number
        case Compare(left=Literal(content=int() | float() as number), operator=operator, right=Name() as name):
            yield name, {"<=": ">=", "<": ">", ">=": "<=", ">": "<"}.get(operator, operator), number


def _values(name: Name, case: Case, policy: Policy) -> Iterator[Value]:
    if name.of_row:
        yield from (row.facts[name.name] for rows in case.relations.values() for row in rows.rows)
    else:
        yield case.view(policy).facts[name.name]
