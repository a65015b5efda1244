"""Which procedure each follow-up visit belongs to. Both tables are sorted by patient, the procedures also by day."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]

NONE = -1
"""No procedure; also what stands for a sequence that is not there."""


def first_event_of_visits(
    patient: Array, date: Array, sequence: Array, of_patient: Array, of_date: Array, of_sequence: Array
) -> Array:
    """For each visit the row of the first event with its patient, day and sequence, `NONE` without any.

    Events and visits are sorted by patient, and the events of a patient by day.
    """
    rows = np.empty(len(of_patient), np.int64)
    _match(patient, date, sequence, of_patient, of_date, of_sequence, rows)
    return rows


@njit(cache=True, nogil=True)
def _match(patient, date, sequence, of_patient, of_date, of_sequence, rows):  # type: ignore[no-untyped-def]
    start = 0
    for visit in range(len(of_patient)):
        if visit and of_patient[visit] == of_patient[visit - 1]:
            row = start
        else:
            while start < len(patient) and patient[start] < of_patient[visit]:
                start += 1
            row = start
        rows[visit] = NONE
        while row < len(patient) and patient[row] == of_patient[visit] and date[row] <= of_date[visit]:
            if date[row] == of_date[visit] and sequence[row] == of_sequence[visit]:
                rows[visit] = row
                break
            row += 1


def visits_by_event(
    date: Array, sequence: Array, patient: Array, rows: Array, day: Array, relief: Array, function: Array
) -> tuple[Array, Array, Array, Array]:
    """The visits of each event by their days, and where each event's begin.

    `rows` is what `first_event_of_visits` gave. Events that cannot be told apart have the same visits. Visits of one
    day become one, with the least relief and the best function. NaN is a missing number.
    """
    starts = np.zeros(len(date) + 1, np.int64)
    _count(patient, date, sequence, rows, starts)
    starts = np.cumsum(starts)
    size = int(starts[-1])
    placed = np.empty(size, np.int32), np.empty(size, np.float64), np.empty(size, np.float64)
    used = np.zeros(len(date), np.int64)
    _place(patient, date, sequence, rows, day, relief, function, starts, used, *placed)
    begins = np.r_[0, np.cumsum(used)].astype(np.int64)
    if begins[-1] == size:
        return starts, *placed
    kept = np.arange(size) - np.repeat(starts[:-1], np.diff(starts)) < np.repeat(used, np.diff(starts))
    return begins, *(one[kept] for one in placed)


@njit(cache=True, nogil=True)
def _count(patient, date, sequence, rows, counts):  # type: ignore[no-untyped-def]
    """How many visits each event has, one place further on, so that their running sum is where they begin."""
    for row in rows:
        while row >= 0:
            counts[row + 1] += 1
            row = _twin(patient, date, sequence, row)


@njit(cache=True, nogil=True)
def _twin(patient, date, sequence, row):  # type: ignore[no-untyped-def]
    """The next event that cannot be told apart from one."""
    for other in range(row + 1, len(patient)):
        if patient[other] != patient[row] or date[other] != date[row]:
            break
        if sequence[other] == sequence[row]:
            return other
    return NONE


@njit(cache=True, nogil=True)
def _place(  # type: ignore[no-untyped-def]
    patient, date, sequence, rows, day, relief, function, starts, used, placed_day, placed_relief, placed_function
):
    """Every visit into the days of its events, in order."""
    for visit in range(len(rows)):
        row = rows[visit]
        while row >= 0:
            first, last = starts[row], starts[row] + used[row]
            at = last
            while at > first and placed_day[at - 1] > day[visit]:
                at -= 1
            if at > first and placed_day[at - 1] == day[visit]:
                known = placed_relief[at - 1]
                if not known <= relief[visit] and relief[visit] == relief[visit]:
                    placed_relief[at - 1] = relief[visit]
                known = placed_function[at - 1]
                if not known >= function[visit] and function[visit] == function[visit]:
                    placed_function[at - 1] = function[visit]
            else:
                for index in range(last, at, -1):
                    placed_day[index] = placed_day[index - 1]
                    placed_relief[index] = placed_relief[index - 1]
                    placed_function[index] = placed_function[index - 1]
                placed_day[at], placed_relief[at], placed_function[at] = day[visit], relief[visit], function[visit]
                used[row] += 1
            row = _twin(patient, date, sequence, row)
