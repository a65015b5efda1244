"""The patients of a chunk: what hurts, which nobody sees, and what everybody does."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import msgspec
import numpy as np

from facetwise.audit.synthesis.assumptions import Span
from facetwise.audit.synthesis.chances import figure_value, share_of, strata
from facetwise.audit.synthesis.reading import assumptions
from facetwise.audit.synthesis.streams import Array, Stream, picked
from facetwise.records import Contractor
from facetwise.spine import LEVELS, Region, level_named, region_of

Number = TypeVar("Number", float, Array)

SOURCES = ("facet", "disc", "sacroiliac", "other")
"""What hurts. Only `facet` has joints."""


class Patients(msgspec.Struct):
    """One entry for each patient. Days count from today, so that those before are negative.

    `source` is a place in `SOURCES`, `hurts_left` and `hurts_right` are the joints that hurt, `left` and `right` those
    that are blocked, `further` a level beside them. None of the first three is ever written into an event.
    """

    number: Array
    stratum: Array
    source: Array
    hurts_left: Array
    hurts_right: Array
    left: Array
    right: Array
    further: Array
    elsewhere: Array
    begins: Array
    pain_began: Array
    born_days: Array
    male: Array
    contractor: Array
    clinician: Array
    thin: Array
    history_known: Array
    ordered: Array

    def __len__(self) -> int:
        return len(self.number)

    @property
    def of_joints(self) -> Array:
        """Whose pain comes from a facet joint."""
        hurting: Array = self.source == 0
        return hurting

    @property
    def thoroughness(self) -> Array:
        """By how much what is documented of each patient is less than of most."""
        return np.where(self.thin, assumptions().who.thin_factor, 1.0)

    def each(self, name: str) -> Array:
        """A number of each patient's stratum."""
        numbers: Array = np.array([getattr(one, name) for one in strata()])[self.stratum]
        return numbers


def patients(first: int, count: int, random: Stream, clinicians: Stream) -> Patients:
    """So many patients, numbered from `first`. The clinicians are the same for every chunk."""
    who = assumptions().who
    clinician = random.whole(count, 0, who.clinicians - 1)
    thin = who.thin_records.low + clinicians.parts(who.clinicians) * (who.thin_records.high - who.thin_records.low)
    stratum = random.pick(count, [one.share for one in strata()])
    source = _sources(stratum, random)
    main, more, beside, far = _levels(stratum, random)
    both = random.happens(count, who.bilateral)
    on_left = both | random.happens(count, who.left)
    on_right = both | ~on_left
    hurting = np.where(source == 0, main, 0)
    begins = -random.whole(count, *_ends(assumptions().course.begins_years_ago, days_of_years))
    return Patients(
        number=np.arange(first, first + count, dtype=np.int64),
        stratum=stratum,
        source=source,
        hurts_left=np.where(on_left, hurting, 0),
        hurts_right=np.where(on_right, hurting, 0),
        left=np.where(on_left, main | more, 0),
        right=np.where(on_right, main | more, 0),
        further=beside,
        elsewhere=far,
        begins=begins,
        pain_began=begins - random.whole(count, *_ends(who.pain_months_before, days_of_months)),
        born_days=begins - _age_days(source, random),
        male=random.happens(count, who.male),
        contractor=random.whole(count, 0, len(Contractor) - 1),
        clinician=clinician,
        thin=random.happens(count, thin[clinician]),
        history_known=random.happens(count, who.history_known),
        ordered=random.happens(count, who.order_documented),
    )


def days_of_years(years: Number) -> Number:
    """Years in days, one year in four being a leap year."""
    return years * 365.25


def days_of_months(months: Number) -> Number:
    """Months in days, a twelfth of a year each."""
    return months * 365.25 / 12


def _ends(span: Span, days: Callable[[float], float]) -> tuple[int, int]:
    return round(days(span.low)), round(days(span.high))


def _sources(stratum: Array, random: Stream) -> Array:
    """What hurts: the joints as often as in the stratum, else one of the other sources of the region."""
    parts, others = random.parts(len(stratum)), random.parts(len(stratum))
    source = np.zeros(len(stratum), np.int8)
    for place, one in enumerate(strata()):
        elsewhere = (stratum == place) & (parts >= one.prevalence)
        source[elsewhere] = 1 + picked(others[elsewhere], _other_weights(one.region))
    return source


def _other_weights(region: Region) -> list[float]:
    """The weights of the other sources, in the order of `SOURCES`; what the figures leave over is `other`."""
    other = assumptions().other_sources
    named = [share_of(other.figures[name]) if region in other.regions else 0.0 for name in SOURCES[1:-1]]
    rest = 1 - share_of(other.facet) - sum(named) if region in other.regions else 1.0
    return [*named, rest]


def _levels(stratum: Array, random: Stream) -> tuple[Array, Array, Array, Array]:
    """Masks of the level under most suspicion, of those blocked with it, of one beside these, and of one far off."""
    parts, sizes = random.parts(len(stratum)), random.pick(len(stratum), assumptions().who.levels_blocked)
    main, low, high = (np.zeros(len(stratum), np.int32) for _ in range(3))
    for place, one in enumerate(strata()):
        here = stratum == place
        levels = [level_named(one.level) for one in assumptions().levels[one.region]]
        main[here] = np.array(levels)[picked(parts[here], _level_weights(one.region))]
        low[here], high[here] = _bounds(one.region)
    upward = random.happens(len(stratum), assumptions().who.upward)
    top = np.clip(main - np.where(upward, sizes, 0), low, high - sizes)
    block = _run(top, sizes + 1)
    beside = np.where(top > low, top - 1, np.minimum(top + sizes + 1, high))
    far = 1 << np.where(main - low > high - main, low, high)
    return 1 << main, block & ~(1 << main), 1 << beside, np.where(far & block, 1 << beside, far)


def _run(top: Array, levels: Array) -> Array:
    """So many levels from `top` down, as a mask."""
    mask: Array = ((1 << levels) - 1) << top
    return mask


@cache
def _bounds(region: Region) -> tuple[int, int]:
    """The first and the last level that is blocked in a region."""
    weighted = [level_named(one.level) for one in assumptions().levels[region]]
    return min(weighted), max(number for number, name in enumerate(LEVELS) if region_of(name) is region)


@cache
def _level_weights(region: Region) -> list[float]:
    return [share_of(one.figure) if one.figure else one.weight for one in assumptions().levels[region]]


def _age_days(source: Array, random: Stream) -> Array:
    """Age at the first visit, in days: around the mean of those with this source."""
    who = assumptions().who
    means = np.array([figure_value(who.age[name]) for name in SOURCES])
    spread = who.age_spread.low + random.parts(len(source)) * (who.age_spread.high - who.age_spread.low)
    days: Array = np.floor(days_of_years(means[source] + spread)).astype(np.int32)
    return days
