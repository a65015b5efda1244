"""A number that is known only to lie between two bounds."""

from typing import NamedTuple


class Interval(NamedTuple):
    """Every number from `low` to `high`, both included; `inf` where nothing bounds it."""

    low: float
    high: float

    def __str__(self) -> str:
        if self.high == float("inf"):
            return f"{self.low:g} or more"
        return f"{self.low:g} to {self.high:g}"
