"""Which sides a diary asks about, and what became of a side that is judged by itself."""

from facetwise.records import Procedure, Record

OF_THE_RIGHT = "-right"
"""What the id of a right side ends with that was split off a procedure of both; the left keeps the id."""


def sides_of(procedure: Procedure) -> list[str]:
    """Left and right apart where both were treated; else one rating without a side."""
    sites = procedure.sites
    both = sites is not None and bool(sites.left) and bool(sites.right)
    return ["left", "right"] if both else [""]


def may_have_side(procedure: Procedure, side: str) -> bool:
    """Whether an entry may be of this side; of none always, and of each where no site or side is documented."""
    sites = procedure.sites
    return not side or sites is None or bool(sites.unsided or {"left": sites.left, "right": sites.right}[side])


def split_off(record: Record, procedure: Procedure) -> Procedure | None:
    """The right side of this procedure where it is judged by itself; None where nothing was split off."""
    for one in record.procedures or ():
        named = one.id == f"{procedure.id}{OF_THE_RIGHT}" and (one.kind, one.date) == (procedure.kind, procedure.date)
        if named and one.sites is not None and one.sites.right and not one.sites.left:
            return one
    return None
