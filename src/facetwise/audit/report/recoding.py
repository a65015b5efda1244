"""Rows that are put together until none of them counts too few: neighbours, or the small ones of all."""

from collections.abc import Sequence

import msgspec


class Row(msgspec.Struct, frozen=True):
    """Counts of one group or one stretch of time; `people` are the different people in each, where that is known."""

    names: tuple[str, ...]
    counts: tuple[int, ...]
    people: tuple[int, ...] = ()

    def __add__(self, other: "Row") -> "Row":
        return Row(self.names + other.names, _sums(self.counts, other.counts), _sums(self.people, other.people))

    def safe(self, least: int) -> bool:
        """Whether every count is 0 or at least the threshold, of things and of people."""
        return all(count == 0 or count >= least for count in (*self.counts, *self.people))


def _sums(ours: Sequence[int], theirs: Sequence[int]) -> tuple[int, ...]:
    return tuple(one + other for one, other in zip(ours, theirs, strict=True))


def merged(rows: Sequence[Row], least: int) -> tuple[Row, ...]:
    """Rows in their order, each put together with those after it until it is safe; none when all together are not."""
    done: list[Row] = []
    for row in rows:
        if done and not done[-1].safe(least):
            done[-1] += row
        else:
            done.append(row)
    while len(done) > 1 and not done[-1].safe(least):
        last = done.pop()
        done[-1] += last
    return tuple(done) if done and done[-1].safe(least) else ()


def pooled(rows: Sequence[Row], least: int) -> tuple[tuple[Row, ...], Row | None] | None:
    """The safe rows, and the others as one; None when all together are not safe.

    Rows that are not safe take in the smallest safe ones, until together they are.
    """
    safe = sorted((row for row in rows if row.safe(least)), key=lambda row: sum(row.counts))
    pool = [row for row in rows if not row.safe(least)]
    while pool and not _one(pool).safe(least):
        if not safe:
            return None
        pool.append(safe.pop(0))
    return tuple(reversed(safe)), _one(pool) if pool else None


def _one(rows: Sequence[Row]) -> Row:
    total = rows[0]
    for row in rows[1:]:
        total += row
    return total
