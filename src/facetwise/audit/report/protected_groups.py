"""Facilities, clinicians and months: small ones put together, shares held against what chance would do."""

from collections.abc import Sequence

from facetwise.audit.report.funnel_limits import limits, place
from facetwise.audit.report.policy_tally import GROUPS, GroupTally, PolicyTally
from facetwise.audit.report.recoding import Row, merged, pooled
from facetwise.audit.report.summary import Group, Groups, Period

MOST = 400
"""Groups that are shown at most, those with the most requests; the others are put together."""


def groups(
    tally: PolicyTally, kinds: Sequence[int], left_out: Sequence[int], least: int, *, enough: bool
) -> tuple[Groups, ...]:
    """Facilities and clinicians; without numbers where the totals are hidden, which they would add up to."""
    if not enough:
        return tuple(Groups(by, why_not="Too few requests to tell groups apart.") for by in GROUPS)
    return tuple(_groups(by, tally.groups[by], kinds, left_out, least) for by in GROUPS)


def _groups(
    by: str, tallies: dict[str | None, GroupTally], kinds: Sequence[int], left_out: Sequence[int], least: int
) -> Groups:
    named = {name: one for name, one in tallies.items() if name is not None}
    if not named:
        return Groups(by, why_not=f"No request says which {by} it belongs to.")
    rows = [_row(name or "", one, kinds, left_out) for name, one in tallies.items()]
    found = pooled([row for row in rows if sum(row.counts)], least)
    if found is None:
        return Groups(by, why_not="Every group has too few requests of one kind or the other.")
    safe, pool = found
    safe, pool = _at_most(safe, pool)
    drawn = [row for row in safe if row.names != ("",)]
    total = [sum(row.counts[side] for row in [*safe, *([pool] if pool else [])]) for side in range(2)]
    within = limits(total[0] / sum(total), [sum(row.counts) for row in drawn])
    return Groups(
        by,
        groups=tuple(
            _group(row, place(row.counts[0] / sum(row.counts), one)) for row, one in zip(drawn, within, strict=True)
        ),
        pool=None if pool is None else _group(pool),
        unnamed=next((_group(row) for row in safe if row.names == ("",)), None),
    )


def _at_most(safe: tuple[Row, ...], pool: Row | None) -> tuple[tuple[Row, ...], Row | None]:
    """The largest groups, the rest put together with the pool."""
    rest = safe[MOST:]
    for row in rest:
        pool = row if pool is None else pool + row
    return safe[:MOST], pool


def _row(name: str, one: GroupTally, kinds: Sequence[int], left_out: Sequence[int]) -> Row:
    """Supported or not. Of people at least as many as are counted, less one for each request that is left out."""
    counts = one.requests[list(kinds)].sum(axis=0)
    unseen = one.requests[list(left_out)].sum(axis=0)
    people = (max(int(some) - int(fewer), 0) for some, fewer in zip(one.people, unseen, strict=True))
    return Row((name,), (int(counts[0]), int(counts[1])), tuple(people))


def _group(row: Row, where: str = "") -> Group:
    name = row.names[0] if len(row.names) == 1 else None
    return Group(name or None, sum(row.counts), row.counts[0], len(row.names), where)


def periods(tally: PolicyTally, kinds: Sequence[int], left_out: Sequence[int], least: int) -> tuple[Period, ...]:
    """Requests by month, months put together where one counts too few."""
    if not tally.months:
        return ()
    rows = []
    for month in range(min(tally.months), max(tally.months) + 1):
        if month in tally.months:
            rows.append(_row(_written(month), tally.months[month], kinds, left_out))
        else:
            rows.append(Row((_written(month),), (0, 0), (0, 0)))
    return tuple(
        Period(row.names[0], row.names[-1], sum(row.counts), row.counts[0])
        for row in merged(rows, least)
        if sum(row.counts)
    )


def _written(month: int) -> str:
    """Months since the year 0, counted from 1 in January, as YYYY-MM."""
    year, number = divmod(month - 1, 12)
    return f"{year:04}-{number + 1:02}"
