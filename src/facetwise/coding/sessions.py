"""The procedures of one day as levels that are billed: which sides, for diagnosis or not, and what stays open."""

import datetime
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from facetwise.coding.answers import Open
from facetwise.coding.codebook import codebook
from facetwise.records import FACET_KINDS, AblationMode, Guidance, Kind, Planned, Purpose, Record, Request
from facetwise.spine import LEVELS, SiteSet, level_mask, levels_in

BILLED_KINDS = FACET_KINDS | {Kind.FACET_CYST_RUPTURE}
"""Procedures of facet joints; others matter only by being done on the same day."""

_UNDER_X_RAY = (Guidance.FLUOROSCOPY, Guidance.CT)


class Treated(NamedTuple):
    """A level as one service treated it. `side` is left, right or both, None when not documented.

    `diagnostic` is None while the purpose is not documented or differs; `open` names what else is not.
    """

    level: str
    side: str | None
    diagnostic: bool | None = None
    open: tuple[Open, ...] = ()


class SessionLevels(NamedTuple):
    """The levels of a session by how they are billed.

    `swallowed` were injected and ablated, `may_be_swallowed` perhaps. Unguided is what nobody guided by fluoroscopy or
    CT; an injection under ultrasound has codes of its own.
    """

    injected: tuple[Treated, ...]
    injected_under_ultrasound: tuple[Treated, ...]
    ablated: tuple[Treated, ...]
    ablated_unguided: tuple[Treated, ...]
    ablated_without_heat: tuple[Treated, ...]
    swallowed: tuple[Treated, ...]
    may_be_swallowed: tuple[str, ...]
    injected_unguided: tuple[str, ...]

    @property
    def named(self) -> list[str]:
        """Every level that has a line, from the top."""
        groups = (
            self.injected,
            self.injected_under_ultrasound,
            self.ablated,
            self.ablated_unguided,
            self.ablated_without_heat,
        )
        treated = {one.level for group in groups for one in group}
        return [level for level in LEVELS if level in treated]


def sessions_of(record: Record) -> dict[datetime.date, tuple[Planned, ...]]:
    """The procedures of each day on which a facet procedure was done, by day."""
    done = record.procedures or ()
    days = sorted({procedure.date for procedure in done if procedure.kind in BILLED_KINDS})
    return {day: tuple(procedure for procedure in done if procedure.date == day) for day in days}


def session_of(request: Request) -> tuple[Planned, ...]:
    """A request with the other procedures of its session."""
    return (request, *(request.same_session or ()))


def session_levels(session: Sequence[Planned], *, unguided_apart: bool) -> SessionLevels:
    """The levels that a session treated, a joint that was treated twice counted once.

    `unguided_apart` keeps ablations without fluoroscopy or CT apart from the others, for a payer that pays only those.
    """
    injections = [one for one in session if one.kind in (Kind.FACET_JOINT_INJECTION, Kind.MEDIAL_BRANCH_BLOCK)]
    ablations = [one for one in session if one.kind is Kind.RADIOFREQUENCY_ABLATION]
    without_heat = [one for one in ablations if one.ablation_mode in codebook().rules.counting.non_thermal]
    with_heat = [one for one in ablations if one not in without_heat]
    guided = [one for one in injections if _may_be_guided(one)]
    ultrasound = [one for one in injections if one.guidance is Guidance.ULTRASOUND]
    unguided = [one for one in injections if one.guidance in (Guidance.NONE, Guidance.MRI)]
    heated = [one for one in with_heat if _may_be_guided(one) or not unguided_apart]
    heated_unguided = [one for one in with_heat if one not in heated]
    ablated, injected = sites_of(ablations), sites_of(guided)
    seen_twice = without(sites_of(ultrasound), injected)
    return SessionLevels(
        injected=_treated(guided, without(injected, ablated)),
        injected_under_ultrasound=_treated(ultrasound, without(seen_twice, ablated)),
        ablated=_treated(heated, sites_of(heated)),
        ablated_unguided=_treated(heated_unguided, without(sites_of(heated_unguided), sites_of(heated))),
        ablated_without_heat=_treated(without_heat, without(sites_of(without_heat), sites_of(with_heat))),
        swallowed=_treated([*guided, *ultrasound], shared(injected | sites_of(ultrasound), ablated)),
        may_be_swallowed=_perhaps_shared(injected | sites_of(ultrasound), ablated),
        injected_unguided=tuple(levels_in(without(sites_of(unguided), injected | sites_of(ultrasound)).levels)),
    )


def _may_be_guided(planned: Planned) -> bool:
    return planned.guidance is None or planned.guidance in _UNDER_X_RAY


def sites_of(procedures: Iterable[Planned]) -> SiteSet:
    """Every joint that these procedures treated."""
    return reduce(or_, (one.sites for one in procedures if one.sites is not None), SiteSet())


def without(sites: SiteSet, others: SiteSet) -> SiteSet:
    """The joints of `sites` that are not surely among `others`."""
    both = others.left & others.right
    return SiteSet(sites.left & ~others.left, sites.right & ~others.right, sites.unsided & ~both)


def shared(sites: SiteSet, others: SiteSet) -> SiteSet:
    """The joints of `sites` that are surely among `others`."""
    both = others.left & others.right
    return SiteSet(sites.left & others.left, sites.right & others.right, sites.unsided & both)


def _perhaps_shared(sites: SiteSet, others: SiteSet) -> tuple[str, ...]:
    """Levels where an undocumented side decides whether a joint is in both sets."""
    surely_apart = [
        level
        for level in levels_in(sites.levels & others.levels)
        if _at(sites, level).overlaps(_at(others, level)) is not None
    ]
    return tuple(level for level in levels_in(sites.levels & others.levels) if level not in surely_apart)


def _at(sites: SiteSet, level: str) -> SiteSet:
    mask = level_mask([level])
    return SiteSet(sites.left & mask, sites.right & mask, sites.unsided & mask)


def _treated(procedures: Sequence[Planned], sites: SiteSet) -> tuple[Treated, ...]:
    return tuple(_treated_level(procedures, sites, level) for level in levels_in(sites.levels))


def _treated_level(procedures: Sequence[Planned], sites: SiteSet, level: str) -> Treated:
    mask = level_mask([level])
    here = [one for one in procedures if one.sites is not None and one.sites.levels & mask]
    left, right = bool(sites.left & mask), bool(sites.right & mask)
    if left and right:
        side = "both"
    elif sites.unsided & mask:
        side = None
    else:
        side = "left" if left else "right"
    purposes = {one.purpose for one in here}
    diagnostic = purposes == {Purpose.DIAGNOSTIC} if len(purposes) == 1 and None not in purposes else None
    open_ = [Open.GUIDANCE] if all(one.guidance is None for one in here) else []
    if all(one.kind is Kind.RADIOFREQUENCY_ABLATION for one in here):
        unsaid = all(one.ablation_mode in (None, AblationMode.COOLED) for one in here)
        open_ += [Open.ABLATION_MODE] if unsaid else []
        diagnostic = False
    return Treated(level, side, diagnostic, tuple(open_))
