"""How much fluid each target takes at most, from the cited figures. The printed operator stays with the number."""

from facetwise.evidence import Figure, figure
from facetwise.spine.levels import Region
from facetwise.spine.nerves import Nerve

_NERVE_LIMITS = {"C": "cervical_block_volume_limit_ml", "L": "lumbar_block_volume_limit_ml"}
_JOINT_LIMITS = {
    Region.CERVICAL: "cervical_intra_articular_volume_limit_ml",
    Region.LUMBAR: "lumbar_intra_articular_volume_limit_ml",
}


def volume_limit(target: Nerve | Region) -> Figure | None:
    """The most that a block of this nerve, or an injection into a joint of this region, should take, in mL.

    None where the evidence holds no limit: thoracic nerves and joints.
    """
    if isinstance(target, Region):
        identifier = _JOINT_LIMITS.get(target)
    else:
        identifier = _NERVE_LIMITS.get("C" if target.short == "TON" else target.short[0])
    return figure(identifier) if identifier else None
