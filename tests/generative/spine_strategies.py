"""Arbitrary sets of sites, and every way in which undocumented sides may turn out."""

from collections.abc import Iterable, Iterator
from itertools import product

from hypothesis import strategies as st

from facetwise.spine import LEVELS, Side, Site, SiteSet

ALL_LEVELS = (1 << len(LEVELS)) - 1


def site_sets(levels: Iterable[str] = LEVELS, min_size: int = 0, max_size: int = 6) -> st.SearchStrategy[SiteSet]:
    """Sets of at most `max_size` sites, sides undocumented among them."""
    sites = st.builds(Site, st.sampled_from(list(levels)), st.sampled_from(list(Side)))
    return st.sets(sites, min_size=min_size, max_size=max_size).map(SiteSet.of)


def any_site_sets() -> st.SearchStrategy[SiteSet]:
    """Sets of any size."""
    masks = st.integers(0, ALL_LEVELS)
    return st.builds(SiteSet, masks, masks, masks)


def completions(sites: SiteSet) -> Iterator[SiteSet]:
    """The set with every undocumented side documented: left, right, or both."""
    sided = [site for site in sites if site.side is not Side.UNKNOWN]
    open_levels = [site.level for site in sites if site.side is Side.UNKNOWN]
    ways = ((Side.LEFT,), (Side.RIGHT,), (Side.LEFT, Side.RIGHT))
    for chosen in product(ways, repeat=len(open_levels)):
        documented = [Site(level, side) for level, sides in zip(open_levels, chosen, strict=True) for side in sides]
        yield SiteSet.of([*sided, *documented])
