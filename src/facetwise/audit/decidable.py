"""What share of a policy's criteria can be decided from certain columns alone."""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from facetwise.audit.events import COLUMNS, DERIVED_OF_PRIOR, FACTS
from facetwise.audit.reading.site_texts import MASKS
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS
from facetwise.rules import Criterion, Policy
from facetwise.rules.expressions import Expression, Name, names_in

VISITS = "follow-up visits"
"""Stands for the table of visits among columns."""

_KNOWN_OF_ANY = frozenset({"kind", "days_before", "months_before"})
_OF_SITES = frozenset({"same_region", "overlaps_request", "covers_request", "levels"})


class Decidable(msgspec.Struct, frozen=True):
    """The criteria that may be decided, and for each of the others the columns that it lacks.

    A criterion whose text nobody could read is in neither.
    """

    policy: str
    decidable: tuple[str, ...]
    lacking: Mapping[str, tuple[str, ...]]

    @property
    def share(self) -> float:
        """The share of criteria that may be decided, from 0 to 1; 0 where there are none."""
        every = len(self.decidable) + len(self.lacking)
        return len(self.decidable) / every if every else 0.0


def share_decidable(policy: Policy, columns: Collection[str]) -> Decidable:
    """Which criteria ask for nothing but what these columns may tell.

    That a column is there does not say that it is filled: a criterion that may be decided is still *not documented*
    for rows that do not tell it. Which request a procedure is, is not counted.
    """
    decidable, lacking = [], {}
    for id_, criterion in policy.criteria().items():
        if not criterion.available:
            continue
        lacks = sorted(needed_columns(policy, criterion) - _told_by(columns))
        if lacks:
            lacking[id_] = tuple(lacks)
        else:
            decidable.append(id_)
    return Decidable(policy.id, tuple(decidable), lacking)


def _told_by(columns: Collection[str]) -> set[str]:
    """The columns; one mask of sites stands for all three."""
    return {*columns, "sites"} if set(MASKS) & set(columns) else set(columns)


def needed_columns(policy: Policy, criterion: Criterion) -> set[str]:
    """The columns of the event table that a criterion rests on, through whatever measures."""
    expressions = [arm.test for arm in criterion.arms]
    expressions += [one for one in (criterion.applies_when, criterion.unless) if one is not None]
    return {column for one in expressions for column in _columns_of(policy, one)}


def _columns_of(policy: Policy, expression: Expression) -> Iterator[str]:
    for name in names_in(expression):
        yield from _columns_of_name(policy, name)


def _columns_of_name(policy: Policy, name: Name) -> Iterator[str]:
    measure = None if name.of_row else policy.measures.get(name.name)
    if measure is None:
        yield from _columns_of_field(name)
        return
    if measure.over == "prior":
        yield "history_known"
    if measure.where is not None:
        yield from _columns_of(policy, measure.where)
    if measure.of is not None:
        yield from _columns_of_name(policy, measure.of)


def _columns_of_field(name: Name) -> Iterator[str]:
    if name.name in _KNOWN_OF_ANY:
        return
    if name.name in FACTS:
        yield name.name
    elif name.name == "earlier_procedures_known":
        yield "history_known"
    elif name.of_row and name.name in DERIVED_OF_PRIOR and name.name not in _OF_SITES:
        yield VISITS
    else:
        yield "sites"


assert {*_KNOWN_OF_ANY, *_OF_SITES} <= {*PRIOR_FIELDS, *REQUEST_FIELDS}
assert VISITS not in COLUMNS
