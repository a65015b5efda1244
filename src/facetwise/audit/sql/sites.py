"""How a statement spells what depends on sites.

A set of levels is an integer with one bit a level, as in the event table. `all_levels` is NULL where nobody documented
a joint, so that whatever depends on it becomes NULL by itself.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

from facetwise.audit.sql.layout import Call, Case, Column, Joined, Negated, Piece
from facetwise.rules import Policy
from facetwise.spine import LEVELS, Region, level_mask, levels_in, region_of


def _overlaps(_: Policy) -> Piece:
    shared = (
        "(p.left_levels & r.left_levels) <> 0",
        "(p.right_levels & r.right_levels) <> 0",
        "(p.unsided_levels & r.left_levels & r.right_levels) <> 0",
        "(r.unsided_levels & p.left_levels & p.right_levels) <> 0",
    )
    apart = ("(p.left_at_most & r.left_at_most) = 0", "(p.right_at_most & r.right_at_most) = 0")
    return Case((_UNKNOWN_SITES, (Joined("OR", shared), "TRUE"), (Joined("AND", apart), "FALSE")))


def _covers(_: Policy) -> Piece:
    inside = (
        "(p.left_levels | r.left_at_most) = p.left_levels",
        "(p.right_levels | r.right_at_most) = p.right_levels",
    )
    outside = (
        "(p.left_at_most | r.left_levels) <> p.left_at_most",
        "(p.right_at_most | r.right_levels) <> p.right_at_most",
        "(p.all_levels | r.unsided_levels) <> p.all_levels",
    )
    return Case((_UNKNOWN_SITES, (Joined("AND", inside), "TRUE"), (Joined("OR", outside), "FALSE")))


_UNKNOWN_SITES = ("p.all_levels IS NULL OR r.all_levels IS NULL", "NULL")


def _same_region(policy: Policy) -> Piece:
    """Whether both touch one region; a level that two regions claim connects nothing for certain."""
    masks, disputed = list(policy.regions.values()), _disputed(list(policy.regions.values()))
    shared = "(p.all_levels & r.all_levels) <> 0"
    if not disputed:
        return Joined("OR", (shared, *(_both(mask) for mask in masks)))
    surely = tuple(_both(mask & ~disputed) for mask in masks if mask & ~disputed)
    return Case(
        (
            (Joined("OR", (shared, *surely)), "TRUE"),
            (Joined("AND", tuple(Negated(_both(mask)) for mask in masks)), "FALSE"),
        )
    )


def _both(mask: int) -> Piece:
    return Joined("AND", (f"(p.all_levels & {mask}) <> 0", f"(r.all_levels & {mask}) <> 0"))


PAIR_SITES: dict[str, Callable[[Policy], Piece]] = {
    "levels": lambda _: "BIT_COUNT(p.all_levels)",
    "overlaps_request": _overlaps,
    "covers_request": _covers,
    "same_region": _same_region,
}
"""Facts of a procedure p that come from its sites, and from those of the request r."""


def regions_shown(policy: Policy) -> str:
    """What the numbers of sets of levels stand for."""
    shown = [f"{name} is {mask}" for name, mask in policy.regions.items()]
    disputed = levels_in(_disputed(list(policy.regions.values())))
    several = f" {', '.join(disputed)} lies in more than one." if disputed else ""
    return f"A set of levels is a number: {LEVELS[0]} is 1, {LEVELS[1]} 2, {LEVELS[2]} 4. {', '.join(shown)}.{several}"


def _anatomical(region: Region) -> Callable[[Policy], Piece]:
    mask = level_mask(level for level in LEVELS if region_of(level) is region)
    return lambda _: f"(e.all_levels & {mask}) <> 0"


def _scope(policy: Policy) -> int:
    scope = 0
    for mask in policy.regions.values():
        scope |= mask
    return scope


REQUEST_SITES: dict[str, Callable[[Policy], Piece]] = {
    "levels": lambda _: "BIT_COUNT(e.all_levels)",
    "levels_in_scope": lambda policy: f"(e.all_levels | {_scope(policy)}) = {_scope(policy)}",
    "levels_contiguous": lambda _: "(((e.all_levels | (e.all_levels - 1)) + 1) & e.all_levels) = 0",
    "bilateral": lambda _: Case(
        (("(e.left_levels & e.right_levels) <> 0", "TRUE"), ("e.unsided_levels = 0 AND e.all_levels <> 0", "FALSE"))
    ),
    "session_levels": lambda _: "BIT_COUNT(s.levels & s.own_regions)",
    **{f"{region}_requested": _anatomical(region) for region in Region},
}
"""Facts of a request e that come from its sites and those of its session s."""


def session_regions(policy: Policy) -> list[Column]:
    """In how many regions the session's levels lie; NULL where one lies in none."""
    groups, scope = _connected(list(policy.regions.values())), _scope(policy)
    known = f"(s.levels | {scope}) = {scope}"
    low = _added([_fewest(group) for group in groups])
    if all(len(group) == 1 for group in groups):
        return [Column(Case(((known, low),)), "session_regions")]
    high = _added([_most(group) for group in groups])
    says = "A level that several regions claim counts in any one of them."
    return [
        Column(Case(((known, low),)), "session_regions_low", says),
        Column(Case(((known, high),)), "session_regions_high"),
    ]


def _added(parts: Sequence[Piece]) -> Piece:
    return parts[0] if len(parts) == 1 else Joined("+", tuple(parts))


def _fewest(group: Sequence[int]) -> Piece:
    """The size of the smallest choice of regions in which all levels lie."""
    union = _union(group)
    branches: list[tuple[Piece, Piece]] = [(f"(s.levels & {union}) = 0", "0")]
    for size in range(1, len(group)):
        inside = [f"(s.levels & {union & ~_union(some)}) = 0" for some in combinations(group, size)]
        branches.append((Joined("OR", tuple(inside)), str(size)))
    return Case(tuple(branches), str(len(group)))


def _most(group: Sequence[int]) -> Piece:
    """How many regions can each have a level of their own: by König, the least over all choices of regions."""
    if len(group) == 1:
        return _fewest(group)
    least = [str(len(group))]
    for size in range(1, len(group) + 1):
        spare = f"{len(group) - size} + " if size < len(group) else ""
        least += [f"{spare}BIT_COUNT(s.levels & {_union(some)})" for some in combinations(group, size)]
    return Call("LEAST", tuple(least))


def _connected(masks: Sequence[int]) -> list[list[int]]:
    """Regions in groups that share no level with each other."""
    groups: list[list[int]] = []
    for mask in masks:
        meeting = [group for group in groups if _union(group) & mask]
        groups = [group for group in groups if group not in meeting]
        groups.append([one for group in meeting for one in group] + [mask])
    return groups


def _union(masks: Sequence[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _disputed(masks: Sequence[int]) -> int:
    """Levels that more than one region claims."""
    disputed = 0
    for one, other in combinations(masks, 2):
        disputed |= one & other
    return disputed
