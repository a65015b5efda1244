"""Sets of sites. A site is one facet joint: a level and a side.

A set is three integers of 25 bits: the levels on the left, on the right, and those whose side nobody documented
(at least one of the two). Union, overlap and cover are a few machine instructions, and answer None where the
undocumented side decides.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from facetwise.spine.levels import level_mask, levels_in


class Side(StrEnum):
    """A side of the body; `UNKNOWN` means that nobody documented it."""

    LEFT = "left"
    RIGHT = "right"
    UNKNOWN = "side not documented"


class Site(NamedTuple):
    """One facet joint."""

    level: str
    side: Side


class SiteSet:
    """facet joints written like "left L4-5, L5-S1" or "L3 L4 MB + L5 DR right"."""

    __slots__ = ("left", "right", "unsided")

    def __init__(self, left: int = 0, right: int = 0, unsided: int = 0) -> None:
        self.left = left
        self.right = right
        self.unsided = unsided

    @classmethod
    def of(cls, sites: Iterable[Site | tuple[str, Side]]) -> "SiteSet":
        """The set of these sites. Raises `KeyError` for a name that is no level."""
        masks = dict.fromkeys(Side, 0)
        for level, side in sites:
            masks[side] |= level_mask([level])
        return cls(masks[Side.LEFT], masks[Side.RIGHT], masks[Side.UNKNOWN])

    def __iter__(self) -> Iterator[Site]:
        """Every site, left before right before undocumented, each from the top."""
        for side, mask in ((Side.LEFT, self.left), (Side.RIGHT, self.right), (Side.UNKNOWN, self.unsided)):
            for level in levels_in(mask):
                yield Site(level, side)

    def __len__(self) -> int:
        """How many joints. A level whose side is undocumented counts as one, the least it can be."""
        return self.left.bit_count() + self.right.bit_count() + self.unsided.bit_count()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SiteSet) and self._bits == other._bits

    def __hash__(self) -> int:
        return hash(self._bits)

    def __or__(self, other: "SiteSet") -> "SiteSet":
        return SiteSet(self.left | other.left, self.right | other.right, self.unsided | other.unsided)

    @property
    def _bits(self) -> tuple[int, int, int]:
        return self.left, self.right, self.unsided

    @property
    def levels(self) -> int:
        """The levels as a mask, whatever the side."""
        return self.left | self.right | self.unsided

    def overlaps(self, other: "SiteSet") -> bool | None:
        """Whether the sets share a joint; None when an undocumented side decides."""
        shared = self.left & other.left | self.right & other.right
        shared |= self.unsided & other.left & other.right | other.unsided & self.left & self.right
        if shared:
            return True
        possible_left = (self.left | self.unsided) & (other.left | other.unsided)
        possible_right = (self.right | self.unsided) & (other.right | other.unsided)
        return None if possible_left | possible_right else False

    def covers(self, other: "SiteSet") -> bool | None:
        """Whether every joint of `other` is in this set; None when an undocumented side decides."""
        if not ((other.left | other.unsided) & ~self.left or (other.right | other.unsided) & ~self.right):
            return True
        impossible = other.left & ~(self.left | self.unsided) | other.right & ~(self.right | self.unsided)
        return False if impossible | other.unsided & ~self.levels else None

    def mirrored(self) -> "SiteSet":
        """The same levels with left and right exchanged."""
        return SiteSet(self.right, self.left, self.unsided)

    def __str__(self) -> str:
        """The canonical text, which `parse_sites` reads back to an equal set."""
        both = self.left & self.right
        groups = (
            ("bilateral ", both),
            ("left ", self.left & ~both),
            ("right ", self.right & ~both),
            ("side not documented: ", self.unsided),
        )
        return "; ".join(side + ", ".join(levels_in(mask)) for side, mask in groups if mask)

    def __repr__(self) -> str:
        return f"SiteSet({self!s})"
