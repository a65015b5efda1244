"""One procedure as rules see it: what was done, when, and what came of it, as the fields of `PRIOR_FIELDS`."""

import datetime

from facetwise.diary import Response
from facetwise.records import FollowUp, Interval, Planned, Procedure, complete_months
from facetwise.rules.expressions import Value
from facetwise.rules.truth import Truth


def planned_facts(planned: Planned, on: datetime.date) -> dict[str, Value]:
    """What is known of a procedure that was only planned: everything but its response."""
    return {
        "kind": planned.kind,
        "purpose": planned.purpose,
        "days_before": (on - planned.date).days,
        "months_before": complete_months(planned.date, on),
        "anaesthetic": planned.anaesthetic,
        "with_steroid": planned.with_steroid,
        "guidance": planned.guidance,
        "sedation": planned.sedation,
        "levels": planned.sites.levels.bit_count() if planned.sites else None,
        "ablation_mode": planned.ablation_mode,
        "pain_scale": None,
        **dict.fromkeys(_RESPONSE),
    }


def procedure_facts(procedure: Procedure, response: Response, on: datetime.date) -> dict[str, Value]:
    """Every field of a procedure but its relations to the request, which depend on sites and regions."""
    return {
        **planned_facts(procedure, on),
        "relief_percent": response.relief_percent,
        "relief_percent_by_scores": response.relief_percent_by_scores,
        "relief_percent_stated": response.relief_percent_stated,
        "relief_lasted_as_agent": response.lasted_as_agent,
        **follow_up_facts(procedure, on),
        "same_scale": _same_scale(procedure),
        "pain_scale": procedure.pain_before.scale if procedure.pain_before else None,
    }


def follow_up_facts(procedure: Procedure, on: datetime.date) -> dict[str, Value]:
    """What the follow-up visits by `on` tell of a procedure."""
    relief = _follow_up_relief(procedure)
    return {
        "months_of_50_percent_relief": _months_of_relief(procedure.date, on, [(day, x >= 50) for day, x in relief]),
        "months_of_over_30_percent_relief": _months_of_relief(procedure.date, on, [(day, x > 30) for day, x in relief]),
        "weeks_of_50_percent_relief": _weeks_of_relief(procedure.date, on, [(day, x >= 50) for day, x in relief]),
        "weeks_of_over_50_percent_relief": _weeks_of_relief(procedure.date, on, [(day, x > 50) for day, x in relief]),
        "relief_ended": relief[-1][1] < 50 if relief else None,
        "best_follow_up_relief_percent": max(percent for _, percent in relief) if relief else None,
        "function_improved_percent": _best_function(procedure.follow_ups),
    }


_RESPONSE = (
    "relief_percent",
    "relief_percent_by_scores",
    "relief_percent_stated",
    "relief_lasted_as_agent",
    "months_of_50_percent_relief",
    "months_of_over_30_percent_relief",
    "weeks_of_50_percent_relief",
    "weeks_of_over_50_percent_relief",
    "relief_ended",
    "best_follow_up_relief_percent",
    "function_improved_percent",
    "same_scale",
)


def _follow_up_relief(procedure: Procedure) -> list[tuple[datetime.date, float]]:
    """Relief in percent at each follow-up that tells it, by date; of one day's visits the least relief counts."""
    by_day: dict[datetime.date, float] = {}
    for visit in procedure.follow_ups or ():
        percent = _visit_relief(visit, procedure)
        if percent is not None:
            by_day[visit.date] = min(percent, by_day.get(visit.date, percent))
    return sorted(by_day.items())


def _visit_relief(visit: FollowUp, procedure: Procedure) -> float | None:
    """As stated, else from the scores when both were taken on one scale and there was pain to lose."""
    before = procedure.pain_before
    if visit.relief_percent is not None:
        return visit.relief_percent
    if visit.score is None or before is None or not before.score or visit.scale not in (None, before.scale):
        return None
    return (before.score - visit.score) / before.score * 100


Held = list[tuple[datetime.date, bool]]
"""Visits by date, and whether the relief still held on each."""


def _months_of_relief(done: datetime.date, on: datetime.date, held: Held) -> Value:
    """Complete months for which relief held; an interval where the visits leave it open."""
    first, last = _relief_ended_between(done, on, held)
    return _between(complete_months(done, first), complete_months(done, last))


def _weeks_of_relief(done: datetime.date, on: datetime.date, held: Held) -> Value:
    """The same in complete weeks."""
    first, last = _relief_ended_between(done, on, held)
    return _between((first - done).days // 7, (last - done).days // 7)


def _relief_ended_between(done: datetime.date, on: datetime.date, held: Held) -> tuple[datetime.date, datetime.date]:
    """The last visit where relief held, and the first where it did not.

    Without any visit it may have held for no time or all the time, which already decides what is too early.
    """
    held_until, ended_by = done, on
    for day, still in held:
        if not still:
            ended_by = day
            break
        held_until = day
    return held_until, max(ended_by, held_until)


def _between(low: int, high: int) -> Value:
    return low if low == high else Interval(low, high)


def _best_function(visits: tuple[FollowUp, ...] | None) -> Value:
    improved = [visit.function_improved_percent for visit in visits or ()]
    known = [percent for percent in improved if percent is not None]
    return max(known) if known else None


def _same_scale(procedure: Procedure) -> Truth:
    """Whether pain before and after a procedure was scored on one scale."""
    if procedure.pain_before is None:
        return None
    after = [entry.scale or procedure.diary.scale for entry in procedure.diary.entries] if procedure.diary else []
    after += [visit.scale for visit in procedure.follow_ups or () if visit.scale is not None]
    return all(scale == procedure.pain_before.scale for scale in after) if after else None
