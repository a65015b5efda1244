"""Policies side by side: by topic, with what differs in meaning, and what changed between two days.

Two cells agree when their tests mean the same and are asked of the same requests; `meaning.py` says when. How a
criterion is worded does not matter.
"""

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from facetwise.evidence.sources import Certainty
from facetwise.rules.meaning import asked_of, meaning_of
from facetwise.rules.policy import Criterion, Policy
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
    """What one policy says on one topic; nothing when it is silent. `differs` from the first policy that speaks.

    A policy of which no text was `available` says nothing on any topic, and is not silent either.
    """

    policy: str
    statements: tuple[Statement, ...]
    differs: bool
    available: bool = True


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
    """What one issuer had in force on two days, and the topics on which they differ.

    No `comparison` where the library holds no text for one of the days, or where a text was not available.
    """

    issuer: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    comparison: PolicyComparison | None

    @property
    def changed(self) -> bool:
        """Whether what the issuer asks is known to have changed."""
        return self.comparison is not None and bool(self.comparison.rows)


def compare_policies(policies: Sequence[Policy]) -> PolicyComparison:
    """Every topic of which one of the policies speaks, in the order of topics; criteria without a topic come last."""
    columns = tuple(Column(policy.id, policy.issuer, policy.title) for policy in policies)
    rows = (_row(topic, policies) for topic in (*Topic, None))
    return PolicyComparison(columns, tuple(row for row in rows if any(cell.statements for cell in row.cells)))


def _row(topic: Topic | None, policies: Sequence[Policy]) -> Row:
    own = [[one for one in policy.criteria().values() if one.topic is topic] for policy in policies]
    differ = _differing(policies, own)
    cells = []
    for policy, criteria, differs in zip(policies, own, differ, strict=True):
        alone = len(criteria) == 1 and not any(differ)
        statements = tuple(_statement(criterion, policy, alone=alone) for criterion in criteria)
        cells.append(Cell(policy.id, statements, differs, available=_has_text(policy)))
    return Row(topic, topic.heading if topic else "Without a topic", tuple(cells))


def _differing(policies: Sequence[Policy], own: Sequence[Sequence[Criterion]]) -> list[bool]:
    """Whether each policy means something else than the first that speaks."""
    first: tuple[Policy, list[Criterion]] | None = None
    differ = []
    for policy, criteria in zip(policies, own, strict=True):
        speaks = [criterion for criterion in criteria if criterion.available]
        if speaks and first is None:
            first = policy, speaks
        differ.append(bool(speaks) and first is not None and _differ(*first, policy, speaks))
    return differ


def _differ(first: Policy, before: Iterable[Criterion], policy: Policy, own: Iterable[Criterion]) -> bool:
    said = frozenset(meaning_of(criterion, first, policy) for criterion in before)
    return said != frozenset(meaning_of(criterion, policy, first) for criterion in own)


def _has_text(policy: Policy) -> bool:
    criteria = policy.criteria().values()
    return not criteria or any(criterion.available for criterion in criteria)


def _statement(criterion: Criterion, policy: Policy, *, alone: bool) -> Statement:
    asked = asked_of(criterion, policy)
    known = len(policy.requests)
    everywhere = alone or len(asked) == known or len(asked) >= max(2, known - 1)
    return Statement(
        criterion=criterion.id,
        says=criterion.says,
        certainty=criterion.citation.certainty,
        available=criterion.available,
        strength=criterion.strength,
        asked_of=() if everywhere else asked,
    )


class Series(NamedTuple):
    """Policies that replace each other in time."""

    kind: str
    payer: str
    contractor: str
    series: str


def changes_between(policies: Iterable[Policy], on: datetime.date, later: datetime.date) -> list[Replaced]:
    """What each issuer replaced between two days, in library order, with the topics whose meaning changed."""
    series: dict[Series, list[Policy]] = {}
    for policy in policies:
        if policy.kind != "pathway":
            series.setdefault(series_of(policy), []).append(policy)
    changes = []
    for members in series.values():
        before = [policy for policy in members if policy.in_force(on)]
        after = [policy for policy in members if policy.in_force(later)]
        if before != after:
            changes.append(_replaced(before, after))
    return changes


def series_of(policy: Policy) -> Series:
    """A payer's policies are one series for each contractor; any other policy is a series of its own."""
    if policy.payer is None:
        return Series(policy.kind, policy.id, "", "")
    return Series(policy.kind, policy.payer, str(policy.contractor or ""), policy.document.series)


def _replaced(before: list[Policy], after: list[Policy]) -> Replaced:
    """What went against what came; where nothing went or came, against what both days have."""
    old = [policy for policy in before if policy not in after] or before
    new = [policy for policy in after if policy not in before] or after
    comparison = None
    if old and new and _has_text(old[-1]) and _has_text(new[-1]):
        whole = compare_policies([old[-1], new[-1]])
        comparison = msgspec.structs.replace(whole, rows=tuple(row for row in whole.rows if _changed(row)))
    names = tuple(policy.id for policy in before), tuple(policy.id for policy in after)
    return Replaced((after or before)[-1].issuer, *names, comparison)


def _changed(row: Row) -> bool:
    """Whether one side differs, or speaks where the other is silent."""
    return row.differs or bool(row.cells[0].statements) != bool(row.cells[1].statements)
