"""Facts of conservative care: what it achieved, and for how long it was given."""

import datetime
from collections.abc import Sequence
from math import inf

from facetwise.records import CareKind, CareOutcome, ConservativeCare, Interval, complete_months
from facetwise.rules.expressions import Value
from facetwise.rules.truth import Truth, disjunction


def care_facts(care: Sequence[ConservativeCare] | None, on: datetime.date) -> dict[str, Value]:
    """Every field of the catalogue that conservative care answers, counted to `on`."""
    if care is None:
        return dict.fromkeys(_CARE_FIELDS)
    modified = any(course.kind is CareKind.ACTIVITY_MODIFICATION and not course.not_possible_because for course in care)
    return {
        "conservative_care_failed": disjunction(_course_failed(course) for course in care),
        "conservative_care_weeks": _care_weeks(care, on),
        "conservative_care_months": _care_months(care, on),
        "active_care_weeks": _care_weeks([course for course in care if course.kind in _ACTIVE_CARE], on),
        "medication_weeks": _care_weeks([course for course in care if course.kind is CareKind.MEDICATION], on),
        "activity_modified": True if modified else None,  # a list of courses seldom says what was not done
    }


_ACTIVE_CARE = (CareKind.PHYSICAL_THERAPY, CareKind.HOME_EXERCISE, CareKind.CHIROPRACTIC)
_CARE_FIELDS = (
    "conservative_care_failed",
    "conservative_care_weeks",
    "conservative_care_months",
    "active_care_weeks",
    "medication_weeks",
    "activity_modified",
)


def _course_failed(course: ConservativeCare) -> Truth:
    if course.not_possible_because:
        return True
    if course.outcome is None:
        return None
    return course.outcome in (CareOutcome.FAILED, CareOutcome.NOT_TOLERATED)


def _care_weeks(care: Sequence[ConservativeCare], on: datetime.date) -> Value:
    """Complete weeks on which some course ran. A course without an end may have ended at once or still run."""
    certain: set[int] = set()
    possible: set[int] = set()
    unbounded = False
    for course in care:
        if course.not_possible_because:
            continue
        if course.start is None:
            unbounded = True
            continue
        ongoing = course.outcome is CareOutcome.ONGOING
        end = min(course.end or on, on)
        days = range(course.start.toordinal(), end.toordinal())
        possible.update(days)
        if course.end is not None or ongoing:
            certain.update(days)
    low, high = len(certain) // 7, (inf if unbounded else len(possible) // 7)
    return low if low == high else Interval(low, high)


def _care_months(care: Sequence[ConservativeCare], on: datetime.date) -> Value:
    """Complete months from the start of the first course to the end of the last; see `_care_weeks` for open ends."""
    given = [course for course in care if not course.not_possible_because]
    starts = [course.start for course in given if course.start is not None]
    if not starts:
        return Interval(0, inf) if given else 0
    ends = [course.end or (on if course.outcome is CareOutcome.ONGOING else None) for course in given]
    closed = [min(end, on) for end in ends if end is not None]
    first, low_end, high_end = min(starts), max(closed, default=min(starts)), on if None in ends else max(closed)
    low, high = complete_months(first, max(first, low_end)), complete_months(first, max(first, high_end))
    unbounded = len(starts) < len(given)
    return low if low == high and not unbounded else Interval(low, inf if unbounded else high)
