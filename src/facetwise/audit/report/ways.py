"""The ways that patients take from the first block, and the stages and places that are told of them.

A way is three numbers: the class of relief after the first block, that after the second plus one (0 for no second
block), and what followed. Whatever is told is a set of ways.
"""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

from facetwise.audit.report.journeys import AFTER, RELIEF, relief_limits

Of = Callable[[int, int, int], bool]
"""Whether a way belongs."""

WAYS = tuple(product(range(len(RELIEF)), range(len(RELIEF) + 1), range(len(AFTER))))

_UPPER = len(RELIEF) - 1


class Place(NamedTuple):
    """A place where patients are; `label` is what stands beside it in the drawing."""

    says: str
    label: str
    of: Of


def stages() -> tuple[tuple[str, Of], ...]:
    """The way that most rules ask for, ever narrower."""
    lower, upper = relief_limits()
    return (
        ("A first block", lambda r, s, a: True),
        ("its relief is documented", lambda r, s, a: r > 0),
        (f"relief of at least {lower:g}%", lambda r, s, a: r > 1),
        (f"relief of at least {upper:g}%", lambda r, s, a: r == _UPPER),
        ("then a second block", lambda r, s, a: r == _UPPER and s > 0),
        (f"at least {upper:g}% by the second too", lambda r, s, a: r == _UPPER and s == _UPPER + 1),
        ("then ablation", lambda r, s, a: r == _UPPER and s == _UPPER + 1 and a > 0),
        ("then a repeat of it", lambda r, s, a: r == _UPPER and s == _UPPER + 1 and a > 1),
    )


def columns() -> dict[str, tuple[Place, ...]]:
    """Places from left to right under their headings. From each, patients go on to the next column or stay."""
    lower, upper = relief_limits()
    reliefs = ("not documented", f"under {lower:g}%", f"{lower:g} to {upper:g}%", f"{upper:g}% or more")
    return {
        "Patients": (Place("first block", "first block", lambda r, s, a: True),),
        "Relief": tuple(Place(f"relief {one}", one, _relief_is(n)) for n, one in enumerate(reliefs)),
        "Next": (
            Place("second block", "second block", lambda r, s, a: s > 0),
            Place("ablation without a second block", "ablation", lambda r, s, a: s == 0 and a > 0),
            Place("neither a second block nor ablation", "neither", lambda r, s, a: s == 0 and a == 0),
        ),
        "Its relief": tuple(Place(f"second block, relief {one}", one, _second_is(n)) for n, one in enumerate(reliefs)),
        "After that": (
            Place("ablation after two blocks", "ablation", lambda r, s, a: s > 0 and a > 0),
            Place("two blocks and no ablation", "no ablation", lambda r, s, a: s > 0 and a == 0),
        ),
    }


TOOK: dict[str, tuple[str, Of]] = {
    "first_to_second": ("From the first to the second block", lambda r, s, a: s > 0),
    "first_to_ablation": ("From the first block to ablation", lambda r, s, a: a > 0),
    "second_to_ablation": ("From the second block to ablation", lambda r, s, a: s > 0 and a > 0),
    "ablation_to_repeat": ("From ablation to its repeat", lambda r, s, a: a > 1),
}
"""Each interval, and whose it is known of."""


def both(one: Of, other: Of) -> Of:
    """Ways that belong to both."""
    return lambda r, s, a: one(r, s, a) and other(r, s, a)


def _relief_is(number: int) -> Of:
    return lambda r, s, a: r == number


def _second_is(number: int) -> Of:
    return lambda r, s, a: s == number + 1
