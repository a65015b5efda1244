"""How long relief held after ablation: the Kaplan-Meier estimate, told only at times between which enough happened."""

from collections.abc import Sequence
from typing import Any

from facetwise.audit.kernel.table import Array
from facetwise.audit.report.recoding import Row, merged
from facetwise.audit.report.summary import Mark

MONTHS = (*range(1, 12), *range(12, 24, 3), *range(24, 121, 6))
"""When the curve is told, at most: every month of a year, every quarter of the next, then every half year."""

_DAYS_A_MONTH = 365.25 / 12


def marks(ended_late: Array, ended_early: Array, least: int) -> tuple[Mark, ...]:
    """The curve from counts by day of relief that held when last seen and that ended, read in both ways.

    Between two marks, and after the last, as many ended or were no longer followed as may be told, or none. There is
    no mark once nobody is followed any more.
    """
    if not ended_late.sum():
        return ()
    stretches = merged([*_stretches(ended_late)], least)
    late, early = _estimate(ended_late), _estimate(ended_early)
    followed = int(ended_late.sum())
    found = []
    for stretch in stretches[:-1]:
        months, (left, ended) = int(stretch.names[-1]), stretch.counts
        followed -= left + ended
        if not followed:
            break
        held, low, high = _at(late, _days(months))
        found.append(Mark(months, followed, ended, left, held, low, high, _at(early, _days(months))[0]))
    return tuple(found)


def _days(months: int) -> int:
    return round(months * _DAYS_A_MONTH)


def _stretches(counted: Array) -> Sequence[Row]:
    """What happened up to the end of each mark's day, and in a last row what happened after all of them."""
    rows, first = [], 0
    for months in MONTHS:
        last = _days(months) + 1
        rows.append(_row(str(months), counted[first:last]))
        first = last
    return [*rows, _row("", counted[first:])]


def _row(name: str, counted: Array) -> Row:
    left, ended = counted.sum(axis=0) if len(counted) else (0, 0)
    return Row((name,), (int(left), int(ended)))


def _estimate(counted: Array) -> Any:
    """A fitted estimator. Days on which several patients are counted weigh as many."""
    import numpy as np
    from lifelines import KaplanMeierFitter  # type: ignore[import-untyped]

    days, over = np.nonzero(counted)
    return KaplanMeierFitter().fit(days, over, weights=counted[days, over])


def _at(fitted: Any, day: int) -> tuple[float, float, float]:
    """The share at the end of a day, with its interval."""
    held = float(fitted.survival_function_at_times(day).iloc[0])
    interval = fitted.confidence_interval_
    known = interval[interval.index <= day]
    low, high = (float(bound) for bound in known.iloc[-1])
    return held, low, high
