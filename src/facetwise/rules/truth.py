"""Kleene's three-valued logic. True, False, and None for *not documented*.

`spec/` in the tests holds the full truth tables, and every engine must reproduce them.
"""

from collections.abc import Iterable

Truth = bool | None


def negation(value: Truth) -> Truth:
    """NOT: what is not documented stays so."""
    return None if value is None else not value


def conjunction(values: Iterable[Truth]) -> Truth:
    """AND: one False decides; otherwise one None leaves it open. Nothing at all is True."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def disjunction(values: Iterable[Truth]) -> Truth:
    """OR: one True decides; otherwise one None leaves it open. Nothing at all is False."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def threshold(values: Iterable[Truth], needed: int) -> Truth:
    """AT LEAST `needed` are True: decided once enough are, or once too few still can be."""
    certain = possible = 0
    for value in values:
        certain += value is True
        possible += value is not False
    return True if certain >= needed else (None if possible >= needed else False)
