"""Which nerves carry the pain of which facet joint, in both directions, and where each nerve is reached.

The number of a nerve is not the number of the vertebra where the needle goes: below C7 the nerve n lies on the
vertebra n+1, so the L4 medial branch is blocked at L5. Confusing the two is the commonest error in the field.
"""

from collections.abc import Collection
from functools import cache
from itertools import pairwise

import msgspec

from facetwise.evidence.sources import Certainty
from facetwise.spine.levels import LEVELS


class Nerve(msgspec.Struct, frozen=True):
    """A nerve that a medial branch block or an ablation aims at, on either side.

    `name` is the full name, `short` how clinicians abbreviate it (`L4 MB`, `L5 DR`, `TON`); `target` is the bony
    landmark, with the certainty of that statement.
    """

    name: str
    short: str
    target: str
    target_certainty: Certainty


class NoMedialBranchSupply(ValueError):
    """Raised for a joint that no medial branch supplies; the text says which nerve does."""


_SOURCE = "Clinical dossier, sections 1.1 and 1.2, compiled 2026-11-23"
"""Where the tables of this file were read. What was not seen in a source there is marked unverified here."""

_REFUSED = {
    "C0-1": "C0-1 (atlanto-occipital) is supplied by the ventral ramus of C1, not by medial branches: "
    "only an injection into the joint can test it",
    "C1-2": "C1-2 (lateral atlanto-axial) is supplied by the ventral ramus of C2, not by medial branches: "
    "only an injection into the joint can test it",
}


def _cervical_target(number: int) -> str:
    if number == 7:
        return "C7 superior articular process, at the root of the C7 transverse process"
    if number == 8:
        return "superolateral part of the T1 transverse process"
    return f"waist of the C{number} articular pillar"


def _thoracic_target(number: int) -> str:
    if number >= 11:
        return _lumbar_target("T12" if number == 11 else "L1")
    if 5 <= number <= 8:
        return f"above the T{number + 1} transverse process; here the nerve may float between the processes"
    return f"superolateral corner of the T{number + 1} transverse process"


def _lumbar_target(vertebra: str) -> str:
    return f"junction of the {vertebra} superior articular and transverse processes"


def _medial_branch(spinal_nerve: str, target: str) -> Nerve:
    return Nerve(f"{spinal_nerve} medial branch", f"{spinal_nerve} MB", target, Certainty.UNVERIFIED)


def _all_nerves() -> tuple[Nerve, ...]:
    occipital = Nerve(
        "third occipital nerve",
        "TON",
        "lateral C2-3 joint line, at three points",
        Certainty.UNVERIFIED,
    )
    sacral_ala = Nerve(
        "L5 dorsal ramus",
        "L5 DR",
        "groove between the sacral ala and the S1 superior articular process",
        Certainty.SECONDARY,
    )
    cervical = [_medial_branch(f"C{n}", _cervical_target(n)) for n in range(3, 9)]
    thoracic = [_medial_branch(f"T{n}", _thoracic_target(n)) for n in range(1, 13)]
    lumbar = [_medial_branch(f"L{n}", _lumbar_target(f"L{n + 1}")) for n in range(1, 5)]
    return (occipital, *cervical, *thoracic, *lumbar, sacral_ala)


NERVES: tuple[Nerve, ...] = _all_nerves()
"""Every nerve from the third occipital nerve down to the L5 dorsal ramus. Source: dossier section 1.2."""

_BY_SHORT = {nerve.short: nerve for nerve in NERVES}


def nerve_named(name: str) -> Nerve:
    """The nerve with this full or short name. Raises `KeyError`."""
    for nerve in NERVES:
        if name.lower() in (nerve.name.lower(), nerve.short.lower()):
            return nerve
    raise KeyError(name)


def _supply() -> dict[str, tuple[Nerve, ...]]:
    """Level to nerves: cervical joint n/n+1 has nerves n and n+1; below C7 joint n/n+1 has nerves n-1 and n.

    The rule changes at the neck's foot because there is a C8 nerve and no C8 vertebra. C2-3 has one nerve, the
    third occipital. Source: dossier section 1.1.
    """
    chain = [nerve for nerve in NERVES if nerve.short != "TON"]
    supplied = [level for level in LEVELS if level not in _REFUSED and level != "C2-3"]
    pairs = zip(supplied, pairwise(chain), strict=True)
    return {"C2-3": (_BY_SHORT["TON"],), **dict(pairs)}


_NERVES_OF = _supply()

_SEEN_IN_A_SOURCE = ("T1-2", "L1-2", "L5-S1")


def nerves_of_level(level: str) -> tuple[Nerve, ...]:
    """The nerves that carry the pain of the joint at `level`, on its own side, from the top.

    Raises `NoMedialBranchSupply` for C0-1 and C1-2 and `KeyError` for anything that is no level.
    """
    if level in _REFUSED:
        raise NoMedialBranchSupply(_REFUSED[level])
    return _NERVES_OF[level]


def refusal(level: str) -> str | None:
    """Why a medial branch block or ablation cannot aim at `level`; None where it can."""
    return _REFUSED.get(level)


def supply_certainty(level: str) -> Certainty:
    """How the innervation of a level was checked. Thoracic supply is doubtful even in dissection (PMC11372942)."""
    return Certainty.SECONDARY if level in _SEEN_IN_A_SOURCE else Certainty.UNVERIFIED


@cache
def levels_of_nerve(short: str) -> tuple[str, ...]:
    """The levels, from the top, to whose joints a nerve contributes. Raises `KeyError`."""
    wanted = _BY_SHORT[short]
    return tuple(level for level in LEVELS if wanted in _NERVES_OF.get(level, ()))


def joints_supplied(shorts: Collection[str]) -> tuple[list[str], list[str]]:
    """The levels whose whole supply is among these nerves, and the nerves that complete no joint.

    n adjacent nerves on a side give n-1 joints, because neighbours share a nerve; only C2-3 needs a single one.
    """
    complete = [level for level, nerves in _NERVES_OF.items() if all(nerve.short in shorts for nerve in nerves)]
    used = {nerve.short for level in complete for nerve in _NERVES_OF[level]}
    return complete, [short for short in shorts if short not in used]
