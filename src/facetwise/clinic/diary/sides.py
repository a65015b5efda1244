"""Which sides a diary asks about."""

from facetwise.records import Procedure


def sides_of(procedure: Procedure) -> list[str]:
    """Left and right apart where both were treated; else one rating without a side."""
    sites = procedure.sites
    both = sites is not None and bool(sites.left) and bool(sites.right)
    return ["left", "right"] if both else [""]
