"""Regions as a policy draws them: what a session adds up to, and which procedures count together.

Issuers differ. A level that a policy lists in two of its regions is one whose rule was not read, and what depends on it
stays open.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import product
from operator import or_

from facetwise.records import Interval, Planned, Request
from facetwise.rules.expressions import Value
from facetwise.rules.truth import Truth


def session_facts(request: Request, same_day: Sequence[Planned], regions: Mapping[str, int]) -> dict[str, Value]:
    """What the request's day adds up to, in the regions of one policy; `same_day` holds the other facet procedures."""
    together = request.sites.levels if request.sites else 0
    for planned in same_day:
        together |= planned.sites.levels if planned.sites else 0
    in_scope = None if request.sites is None else not request.sites.levels & ~reduce(or_, regions.values(), 0)
    if request.sites is None or any(planned.sites is None for planned in same_day):
        return {"session_levels": None, "session_regions": None, "levels_in_scope": in_scope}
    own = region_mask(request.sites.levels, regions)
    return {
        "session_levels": (together & own).bit_count(),
        "session_regions": _regions_touched(together, regions),
        "levels_in_scope": in_scope,
    }


def owed_to_regions(name: str, regions: Mapping[str, int]) -> object:
    """What a field owes to the regions of a policy, however they are called; None for one that owes them nothing."""
    if name == "levels_in_scope":
        return reduce(or_, regions.values(), 0)
    return frozenset(regions.values()) if name in ("session_levels", "session_regions", "same_region") else None


def _regions_touched(levels: int, regions: Mapping[str, int]) -> Value:
    """In how many regions the levels lie; an interval where a level counts in either of two, None outside them all."""
    claims = []
    for number in range(levels.bit_length()):
        if levels >> number & 1:
            claims.append([name for name, mask in regions.items() if mask >> number & 1])
    if not all(claims):
        return None
    counts = [len(set(choice)) for choice in product(*claims)]
    return min(counts) if min(counts) == max(counts) else Interval(min(counts), max(counts))


def region_mask(levels: int, regions: Mapping[str, int]) -> int:
    """All levels of every region that these levels touch."""
    mask = 0
    for region in regions.values():
        if region & levels:
            mask |= region
    return mask


def same_region(levels: int, others: int, regions: Mapping[str, int]) -> Truth:
    """Whether two sets of levels touch one region; None when only a level that two regions claim connects them."""
    if levels & others:
        return True
    if not any(mask & levels and mask & others for mask in regions.values()):
        return False
    agreed = ~_disputed(regions)
    return True if any(mask & levels & agreed and mask & others & agreed for mask in regions.values()) else None


def _disputed(regions: Mapping[str, int]) -> int:
    """Levels that more than one region claims."""
    seen = disputed = 0
    for mask in regions.values():
        disputed |= seen & mask
        seen |= mask
    return disputed
