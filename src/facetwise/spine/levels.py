"""The 25 levels that carry a pair of facet (zygapophysial) joints, from C0-1 down to L5-S1.

A level is named by the two vertebrae it joins, the way clinicians write it: `C2-3`, `C7-T1`, `T12-L1`, `L5-S1`.
Levels are also numbered from the top, 0 to 24, so that a set of levels is an integer of 25 bits.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

VERTEBRAE: tuple[str, ...] = (
    *(f"C{n}" for n in range(8)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
    "S1",
)
"""C0 (the occiput) to S1."""


class Region(StrEnum):
    """A region of the spine. Policies group levels in their own ways; this is the anatomical one."""

    CERVICAL = "cervical"
    THORACIC = "thoracic"
    LUMBAR = "lumbar"


def _level_name(upper: str, lower: str) -> str:
    return f"{upper}-{lower[1:]}" if upper[0] == lower[0] else f"{upper}-{lower}"


LEVELS: tuple[str, ...] = tuple(_level_name(upper, lower) for upper, lower in pairwise(VERTEBRAE))
"""Every level from C0-1 to L5-S1, in order. The junctions C7-T1 and T12-L1 keep both letters."""

_NUMBERS = {name: number for number, name in enumerate(LEVELS)}


def level_named(name: str) -> int:
    """The number of a level, 0 for C0-1 to 24 for L5-S1. Raises `KeyError` for anything that is no level."""
    return _NUMBERS[name]


def level_mask(names: Iterable[str]) -> int:
    """A set of levels as bits: bit n stands for `LEVELS[n]`. Raises `KeyError` for anything that is no level."""
    mask = 0
    for name in names:
        mask |= 1 << _NUMBERS[name]
    return mask


def levels_in(mask: int) -> list[str]:
    """The names of the levels in a mask, from the top."""
    return [name for number, name in enumerate(LEVELS) if mask >> number & 1]


def region_of(level: str) -> Region:
    """The anatomical region of a level, named after its upper vertebra.

    C7-T1 is therefore cervical and T12-L1 thoracic. Both are junctions that issuers count differently, which is why
    a policy declares its own regions and never uses this function.
    """
    return {"C": Region.CERVICAL, "T": Region.THORACIC, "L": Region.LUMBAR}[level[0]]


def vertebra_below(level: str) -> str:
    """The lower vertebra of a level: L5 for L4-5, S1 for L5-S1."""
    return VERTEBRAE[_NUMBERS[level] + 1]
