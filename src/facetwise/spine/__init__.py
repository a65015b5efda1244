"""The spine as the rules see it: levels, facet joints, the nerves that supply them, sides, and sets of sites."""

from facetwise.spine.levels import LEVELS, Region, level_mask, level_named, levels_in, region_of, vertebra_below
from facetwise.spine.nerves import (
    NERVES,
    Nerve,
    NoMedialBranchSupply,
    joints_supplied,
    nerve_named,
    nerves_of_level,
    refusal,
)
from facetwise.spine.sites import Side, Site, SiteSet
from facetwise.spine.volumes import volume_limit
from facetwise.spine.writing import SiteError, parse_sites

__all__ = [
    "LEVELS",
    "NERVES",
    "Nerve",
    "NoMedialBranchSupply",
    "Region",
    "Side",
    "Site",
    "SiteError",
    "SiteSet",
    "joints_supplied",
    "level_mask",
    "level_named",
    "levels_in",
    "nerve_named",
    "nerves_of_level",
    "parse_sites",
    "refusal",
    "region_of",
    "vertebra_below",
    "volume_limit",
]
