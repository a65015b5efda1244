"""Truth tables as they are printed in a manual, read into cells.

T, F, ?   true, false, not documented
2..4      a number known only to lie between 2 and 4 (`2..` has no upper bound)
-         nothing is given
"""

from collections.abc import Iterator
from math import inf

from facetwise.records import Interval

TRUTH = {"T": True, "F": False, "?": None}
LETTER = {value: letter for letter, value in TRUTH.items()}


def grid(text: str) -> list[tuple[str, str, str]]:
    """Every cell of a table as (row heading, column heading, cell). `|` ends the headings."""
    return list(_cells(text))


def _cells(text: str) -> Iterator[tuple[str, str, str]]:
    head, *lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    columns = head.split("|")[1].split()
    for line in lines:
        row, _, cells = line.partition("|")
        assert len(cells.split()) == len(columns), f"{line!r} does not fit {head!r}"
        for column, cell in zip(columns, cells.split(), strict=True):
            yield row.strip(), column, cell


def number(text: str) -> float | Interval | None:
    """A cell that holds a number, a range of numbers, or `?`."""
    if text == "?":
        return None
    low, dots, high = text.partition("..")
    if not dots:
        return inf if low == "never" else float(low)
    return Interval(float(low), float(high) if high and high != "never" else inf)
