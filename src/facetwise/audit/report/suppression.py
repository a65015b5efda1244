"""Which counts must not be shown, so that no small one can be told, neither directly nor by subtraction.

Counts hang together by sums: a total and its parts. Small counts are hidden; then others, until the range of values
that each hidden count may have, given all that is shown, spans at least the threshold. Ranges are found by integer
programming over the counts that hang together, so nothing that adding and subtracting can tell is overlooked. What to
hide besides is what a linear program finds cheapest to leave open.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import log10
from typing import Any

import msgspec
import numpy as np

Name = tuple[Hashable, ...]
"""What a count is called."""

ROOM = 4
"""How many thresholds a count may move while others are tried: enough for it to make way for several."""

NOTHING_GAINED = 50.0
"""What it costs to hide a count of 0, which hides little and reads oddly."""

_EPSILON = 1e-6


class Sum(msgspec.Struct, frozen=True):
    """A total and its parts. A part may stand in it more than once."""

    total: Name
    parts: tuple[Name, ...]


class Counts(msgspec.Struct):
    """Counts by name, and the sums that tie them together.

    `people` is how many different people a count is of, where that is known. `unpublished` are counts that stand
    nowhere and must not be told either. `worth` is how much a reader misses a count; 1 where it does not say.
    """

    values: dict[Name, int] = msgspec.field(default_factory=dict)
    people: dict[Name, int] = msgspec.field(default_factory=dict)
    sums: list[Sum] = msgspec.field(default_factory=list)
    unpublished: set[Name] = msgspec.field(default_factory=set)
    worth: dict[Name, float] = msgspec.field(default_factory=dict)

    def add(
        self, name: Name, value: int, people: int | None = None, *, published: bool = True, worth: float = 1
    ) -> Name:
        """A count, and of how many different people. One that is there already may be of fewer."""
        self.values[name] = int(value)
        if people is not None:
            self.people[name] = min(int(people), self.people.get(name, int(people)))
        if not published:
            self.unpublished.add(name)
        self.worth[name] = max(worth, self.worth.get(name, 0))
        return name

    def total(self, name: Name, parts: Iterable[Name], *, worth: float = 1) -> Name:
        """A count that is the sum of others, which are there already."""
        members = tuple(parts)
        self.add(name, sum(self.values[part] for part in members), worth=worth)
        self.sums.append(Sum(name, members))
        return name

    def small(self, name: Name, least: int) -> bool:
        """Whether a count is above 0 and under the threshold, or of that few people."""
        return 0 < self.values[name] < least or 0 < self.people.get(name, least) < least


def hidden_counts(counts: Counts, least: int) -> frozenset[Name]:
    """The published counts that must not be shown."""
    names = list(counts.values)
    small = [place for place, name in enumerate(names) if counts.small(name, least)]
    unpublished = {place for place, name in enumerate(names) if name in counts.unpublished}
    hiding = _Hiding(counts, least, {*small, *unpublished})
    waiting = list(small)
    while waiting:
        place = waiting.pop(0)
        while not hiding.is_safe(place):
            others = hiding.cheapest_to_hide(place)
            if not others:
                break  # everything that hangs together with it is hidden
            hiding.hidden.update(others)
            waiting += others
    return frozenset(names[place] for place in hiding.hidden - unpublished)


class _Hiding:
    """What is hidden so far, counts being called by their place in the list of all.

    Hiding more only widens what the hidden counts may be, so what is safe stays safe.
    """

    def __init__(self, counts: Counts, least: int, hidden: set[int]) -> None:
        self.least = least
        self.hidden = hidden
        self.values = list(counts.values.values())
        self.cost = [_cost(value, counts.worth[name]) for name, value in counts.values.items()]
        self.reach = [[0, 0] for _ in self.values]
        place = {name: number for number, name in enumerate(counts.values)}
        distinct = dict.fromkeys((place[one.total], tuple(place[part] for part in one.parts)) for one in counts.sums)
        self.signs = [_signs(total, parts) for total, parts in distinct]
        self.sums_of: list[list[int]] = [[] for _ in self.values]
        for number, signs in enumerate(self.signs):
            for member in signs:
                self.sums_of[member].append(number)

    def is_safe(self, name: int) -> bool:
        """Whether a hidden count may have values that lie at least the threshold apart."""
        for direction in (1, -1):
            if self._width(name) < self.least:
                names, sums = self._tied(name)
                self._push(name, direction, names, sums)
        return self._width(name) >= self.least

    def _width(self, name: int) -> int:
        low, high = self.reach[name]
        return high - low

    def _tied(self, name: int, *, shown_too: bool = False) -> tuple[list[int], list[int]]:
        """The hidden counts that hang together with this one, or all of them, and the sums between them."""
        names, sums, waiting = {name: None}, dict[int, None](), [name]
        while waiting:
            for one in self.sums_of[waiting.pop()]:
                if one not in sums:
                    sums[one] = None
                    fresh = [m for m in self.signs[one] if m not in names and (shown_too or m in self.hidden)]
                    names |= dict.fromkeys(fresh)
                    waiting += fresh
        return list(names), list(sums)

    def _push(self, name: int, direction: int, names: Sequence[int], sums: Sequence[int]) -> None:
        """Move one count as far as it goes, up to the threshold, with all that is shown unchanged."""
        low, high = self._bounds(names)
        place = names.index(name)
        high[place] = self.least
        goal = np.zeros(len(names))
        goal[place] = -direction
        for member, moved in zip(names, _farthest(goal, self._matrix(names, sums), low, high), strict=True):
            reach = self.reach[member]
            reach[0], reach[1] = min(reach[0], moved), max(reach[1], moved)

    def cheapest_to_hide(self, name: int) -> list[int]:
        """The shown counts that cost least to leave open so that this one may move as far as it has to."""
        from scipy.optimize import linprog  # type: ignore[import-untyped]
        from scipy.sparse import hstack  # type: ignore[import-untyped]

        names, sums = self._tied(name, shown_too=True)
        low, high = self._bounds(names)
        place = names.index(name)
        up_low, down = np.zeros(len(names)), -low
        up_low[place], down[place] = self.least + self.reach[name][0], 0
        cost = np.array([0.0 if one in self.hidden else self.cost[one] for one in names])
        matrix = self._matrix(names, sums)
        found = linprog(
            np.concatenate([cost, cost]),
            A_eq=hstack([matrix, -matrix]),
            b_eq=np.zeros(len(sums)),
            bounds=np.column_stack([np.concatenate([up_low, np.zeros(len(names))]), np.concatenate([high, down])]),
        )
        shown = [one for one in names if one not in self.hidden]
        if found.x is None:
            return shown
        moved = dict(zip(names, found.x[: len(names)] + found.x[len(names) :], strict=True))
        return [one for one in shown if moved[one] > _EPSILON] or shown

    def _bounds(self, names: Sequence[int]) -> tuple[Any, Any]:
        """How far each count may move: none below 0."""
        room = float(ROOM * self.least)
        return np.array([-min(self.values[one], room) for one in names]), np.full(len(names), room)

    def _matrix(self, names: Sequence[int], sums: Sequence[int]) -> Any:
        from scipy.sparse import csr_array

        place = {one: number for number, one in enumerate(names)}
        entries = [
            (sign, row, place[member])
            for row, one in enumerate(sums)
            for member, sign in self.signs[one].items()
            if member in place
        ]
        signs, rows, columns = np.array(entries, float).reshape(-1, 3).T
        return csr_array((signs, (rows.astype(int), columns.astype(int))), shape=(len(sums), len(names)))


def _cost(value: int, worth: float) -> float:
    return worth * (1 + log10(value)) if value else NOTHING_GAINED


def _signs(total: int, parts: Iterable[int]) -> dict[int, int]:
    """The total once, its parts taken away from it."""
    signs = Counter({total: 1})
    signs.subtract(parts)
    return dict(signs)


def _farthest(goal: Any, matrix: Any, low: Any, high: Any) -> list[int]:
    """The whole-numbered move that takes the goal farthest: integers are asked for only where they do not come out."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    constraints = LinearConstraint(matrix, 0, 0) if matrix.shape[0] else ()
    for whole in (0, 1):
        found = milp(goal, integrality=whole, bounds=Bounds(low, high), constraints=constraints)
        if found.x is not None and np.allclose(found.x, np.round(found.x), atol=_EPSILON):
            return [int(moved) for moved in np.round(found.x)]
    return [0] * len(goal)
