"""Which sides a diary asks about."""

from facetwise.records import Procedure


def sides_of(procedure: Procedure) -> list[str]:
    """Left and right apart where both were treated; else one rating without a side."""
    sites = procedure.sites
    both = sites is not None and bool(sites.left) and bool(sites.right)
    return ["left", "right"] if both else [""]


def may_have_side(procedure: Procedure, side: str) -> bool:
    """Whether an entry may be of this side; of none always, and of each where no site or side is documented."""
    sites = procedure.sites
    return not side or sites is None or bool(sites.unsided or {"left": sites.left, "right": sites.right}[side])
