"""Tests in words: what an expression asks, told by the meanings of its fields and not by their names."""

from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field
from facetwise.rules.expressions import Always, And, Compare, Expression, In, Is, Name, Not, Operand, Or
from facetwise.rules.findings import shown
from facetwise.rules.policy import Criterion, Policy

OPERATORS = {">=": "at least", ">": "more than", "<=": "at most", "<": "less than", "=": "", "!=": "other than"}
OPPOSITE = {">=": "<", ">": "<=", "<=": ">", "<": ">=", "=": "!=", "!=": "="}
TURNED = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "=": "=", "!=": "!="}


def told(criterion: Criterion, policy: Policy) -> tuple[tuple[str, str], ...]:
    """When a criterion applies, what it tests, and what excuses it; each part with its label."""
    parts = [("applies when", in_words(criterion.applies_when, policy))] if criterion.applies_when else []
    parts += [(_label(criterion), in_words(arm.test, policy)) for arm in criterion.arms]
    parts += [("where not met, needs review when", in_words(criterion.unless, policy))] if criterion.unless else []
    return tuple(parts)


def _label(criterion: Criterion) -> str:
    if len(criterion.arms) == 1:
        return "is met with"
    return "is met with each" if criterion.needed == len(criterion.arms) else f"is met with {criterion.needed} of"


def in_words(expression: Expression, policy: Policy, *, negated: bool = False) -> str:
    """An expression, or its opposite, in words."""
    match expression:
        case Always(content=content):
            return "always" if content is not negated else "never"
        case Not(part=part):
            return in_words(part, policy, negated=not negated)
        case Is(field=name):
            return named(field_of(name, policy), "no" if negated else "yes")
        case In(left=left, choices=choices):
            words = " or ".join(shown(choice.content) for choice in choices)
            return _beside(left, f"{'none of ' if negated else ''}{words}", policy)
        case Compare():
            return _compared(expression, policy, negated)
        case And(parts=parts) | Or(parts=parts):
            joint = "; and " if isinstance(expression, And) is not negated else "; or "
            return joint.join(_enclosed(part, policy, negated) for part in parts)


def _enclosed(part: Expression, policy: Policy, negated: bool) -> str:
    words = in_words(part, policy, negated=negated)
    inner = part.part if isinstance(part, Not) else part
    return f"({words})" if isinstance(inner, And | Or) else words


def _compared(comparison: Compare, policy: Policy, negated: bool) -> str:
    left, operator, right = comparison.left, comparison.operator, comparison.right
    if not isinstance(left, Name):
        left, operator, right = right, TURNED[operator], left
    operator = OPPOSITE[operator] if negated else operator
    unit = field_of(left, policy).unit if isinstance(left, Name) else ""
    other = lowered(field_of(right, policy).meaning) if isinstance(right, Name) else shown(right.content, unit)
    return _beside(left, " ".join(part for part in (OPERATORS[operator], other) if part), policy)


def _beside(left: Operand, wanted: str, policy: Policy) -> str:
    return named(field_of(left, policy), wanted) if isinstance(left, Name) else f"{shown(left.content)}: {wanted}"


def field_of(name: Name, policy: Policy) -> Field:
    """What a name in a rule of this policy stands for: a fact, or a measure seen as one."""
    if name.of_row:
        return PRIOR_FIELDS[name.name]
    measure = policy.measures.get(name.name)
    return measure.field if measure else REQUEST_FIELDS[name.name]


def named(field: Field, wanted: str) -> str:
    """A fact with what it has to be."""
    return f"{lowered(field.meaning)}: {wanted}"


def lowered(sentence: str) -> str:
    """A sentence that goes on inside another; a name in capitals stays as it is."""
    return sentence if sentence[1:2].isupper() else f"{sentence[:1].lower()}{sentence[1:]}"
