"""What a criterion means, whatever its words: the same comparisons of the same facts, measures written out.

Comparing policies and finding what a revision changed both rest on it.
"""

from collections.abc import Collection

from facetwise.rules.expressions import And, Compare, Expression, In, Is, Name, Not, Or
from facetwise.rules.policy import Criterion, Measure, Policy
from facetwise.rules.reachable import held
from facetwise.rules.regions import owed_to_regions


def meaning_of(criterion: Criterion, policy: Policy, beside: Policy) -> object:
    """What decides a criterion, and of which requests it is asked, seen next to the policy `beside`.

    Measures are written out, the order of AND and OR is forgotten, and a fact that depends on the regions that the
    policy draws comes with them.
    """
    return (test_of(criterion, policy), _scope(asked_of(criterion, policy), policy, beside))


def test_of(criterion: Criterion, policy: Policy) -> object:
    """The part of its meaning that is not where it is asked."""
    parts = (held(criterion), criterion.applies_when, criterion.unless)
    return (*(None if part is None else _written_out(part, policy) for part in parts), criterion.advisory)


def asked_of(criterion: Criterion, policy: Policy) -> tuple[str, ...]:
    """The requests to which a policy puts a criterion, in its order."""
    return tuple(rules.id for rules in policy.requests if criterion.id in {one.id for one in rules.criteria})


def _scope(asked: Collection[str], policy: Policy, beside: Policy) -> object:
    """The requests that count when two policies are compared: those that both know.

    One that asks the same of an ablation does not differ because the other knows no therapeutic injection. What is
    asked only of requests that the other does not know keeps them. Policies that share no request agree in what each
    asks of all that it knows.
    """
    own = {rules.id for rules in policy.requests}
    shared = own & {rules.id for rules in beside.requests}
    if not shared and own == set(asked):
        return "every request"
    return frozenset(shared.intersection(asked) or asked)


def _written_out(expression: Expression, policy: Policy) -> object:
    match expression:
        case Is(field=field):
            return ("is", _named(field, policy))
        case Not(part=part):
            return ("not", _written_out(part, policy))
        case And(parts=parts) | Or(parts=parts):
            inner = frozenset(_written_out(part, policy) for part in parts)
            return next(iter(inner)) if len(inner) == 1 else (type(expression).__name__, inner)
        case Compare(left=left, operator=operator, right=right):
            return (_operand(left, policy), operator, _operand(right, policy))
        case In(left=left, choices=choices):
            return (_operand(left, policy), "in", frozenset(choice.content for choice in choices))
    return expression


def _operand(operand: object, policy: Policy) -> object:
    return _named(operand, policy) if isinstance(operand, Name) else operand


def _named(name: Name, policy: Policy) -> object:
    measure = None if name.of_row else policy.measures.get(name.name)
    return (name, owed_to_regions(name.name, policy.regions)) if measure is None else _measured(measure, policy)


def _measured(measure: Measure, policy: Policy) -> object:
    where = None if measure.where is None else _written_out(measure.where, policy)
    of = None if measure.of is None else _named(measure.of, policy)
    return (measure.kind, measure.over, of, where, measure.otherwise)
