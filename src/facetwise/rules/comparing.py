"""Policies side by side: by topic, with what differs in meaning, and what changed between two days.

Two cells agree when their tests mean the same: the same comparisons of the same facts, measures written out. How a
criterion is worded does not matter.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from facetwise.evidence.sources import Certainty
from facetwise.rules.expressions import And, Compare, Expression, In, Is, Name, Not, Or
from facetwise.rules.policy import Criterion, Measure, Policy
from facetwise.rules.reachable import held
from facetwise.rules.topics import Topic


class Statement(msgspec.Struct, frozen=True):
    """What one criterion asks. `asked_of` names its requests where the policy puts it to a few of them only."""

    criterion: str
    says: str
    certainty: Certainty
    available: bool
    strength: str = ""
    asked_of: tuple[str, ...] = ()


class Cell(msgspec.Struct, frozen=True):
    """What one policy says on one topic; nothing when it is silent. `differs` from the first policy that speaks."""

    policy: str
    statements: tuple[Statement, ...]
    differs: bool


class Row(msgspec.Struct, frozen=True):
    """One topic across all policies, in the order in which they were given."""

    topic: Topic | None
    heading: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether any two policies that speak mean something else."""
        return any(cell.differs for cell in self.cells)


class Column(msgspec.Struct, frozen=True):
    """A policy that is compared."""

    policy: str
    issuer: str
    title: str


class PolicyComparison(msgspec.Struct, frozen=True):
    """Policies side by side."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Replaced(msgspec.Struct, frozen=True):
    """What one issuer had in force on two days, and the topics on which they differ."""

    issuer: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    comparison: PolicyComparison | None


def compare_policies(policies: Sequence[Policy]) -> PolicyComparison:
    """Every topic of which one of the policies speaks, in the order of topics; criteria without a topic come last."""
    columns = tuple(Column(policy.id, policy.issuer, policy.title) for policy in policies)
    rows = (_row(topic, policies) for topic in (*Topic, None))
    return PolicyComparison(columns, tuple(row for row in rows if any(cell.statements for cell in row.cells)))


def _row(topic: Topic | None, policies: Sequence[Policy]) -> Row:
    first: frozenset[object] | None = None
    cells = []
    for policy in policies:
        own = [criterion for criterion in policy.criteria().values() if criterion.topic is topic]
        meaning = frozenset(_meaning(criterion, policy) for criterion in own if criterion.available)
        if meaning and first is None:
            first = meaning
        statements = tuple(_statement(criterion, policy, alone=len(own) == 1) for criterion in own)
        cells.append(Cell(policy.id, statements, differs=bool(meaning) and meaning != first))
    return Row(topic, topic.heading if topic else "Without a topic", tuple(cells))


def _statement(criterion: Criterion, policy: Policy, *, alone: bool) -> Statement:
    asked_of = tuple(rules.id for rules in policy.requests if criterion.id in {one.id for one in rules.criteria})
    everywhere = alone or len(asked_of) >= max(2, len(policy.requests) - 1)
    return Statement(
        criterion=criterion.id,
        says=criterion.says,
        certainty=criterion.citation.certainty,
        available=criterion.available,
        strength=criterion.strength,
        asked_of=() if everywhere else asked_of,
    )


def _meaning(criterion: Criterion, policy: Policy) -> object:
    """What decides a criterion, with measures written out and the order of AND and OR forgotten."""
    parts = (held(criterion), criterion.applies_when, criterion.unless)
    return (*(None if part is None else _written_out(part, policy) for part in parts), criterion.advisory)


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
    return name if measure is None else _measured(measure, policy)


def _measured(measure: Measure, policy: Policy) -> object:
    where = None if measure.where is None else _written_out(measure.where, policy)
    return (measure.kind, measure.over, measure.of, where, measure.otherwise)


class _Series(NamedTuple):
    """Policies that replace each other in time."""

    kind: str
    payer: str
    contractor: str
    series: str


def changes_between(policies: Iterable[Policy], on: datetime.date, later: datetime.date) -> list[Replaced]:
    """What each issuer replaced between two days, in library order, with the topics whose meaning changed."""
    series: dict[_Series, list[Policy]] = {}
    for policy in policies:
        if policy.kind != "pathway":
            series.setdefault(_series(policy), []).append(policy)
    changes = []
    for members in series.values():
        before = [policy for policy in members if policy.in_force(on)]
        after = [policy for policy in members if policy.in_force(later)]
        if before != after:
            changes.append(_replaced(before, after))
    return changes


def _series(policy: Policy) -> _Series:
    """A payer's policies are one series for each contractor; any other policy is a series of its own."""
    if policy.payer is None:
        return _Series(policy.kind, policy.id, "", "")
    return _Series(policy.kind, policy.payer, str(policy.contractor or ""), policy.document.series)


def _replaced(before: list[Policy], after: list[Policy]) -> Replaced:
    comparison = None
    if before and after:
        whole = compare_policies([before[-1], after[-1]])
        comparison = msgspec.structs.replace(whole, rows=tuple(row for row in whole.rows if _changed(row)))
    names = tuple(policy.id for policy in before), tuple(policy.id for policy in after)
    return Replaced((after or before)[-1].issuer, *names, comparison)


def _changed(row: Row) -> bool:
    """Whether one side differs, or speaks where the other is silent."""
    return row.differs or bool(row.cells[0].statements) != bool(row.cells[1].statements)
