"""The compiled fold over each patient's events: first block, second block, ablation, repeat, and relief after it.

A set of sites is three masks; -1 stands for one that nobody documented. Procedures belong together unless the record
shows that they share no joint. `places` are the role of each event and its three masks.
"""

from math import nan

from numba import njit

from facetwise.audit.kernel.runtime import NO, overlaps

NO_ROLE, BLOCK, ABLATION = 0, 1, 2
"""What an event is here."""

NEVER = -1
"""What stands for a step that was not taken, in days and in classes of relief."""

FAR = 2**31 - 1
"""A day after all days."""


@njit(cache=True, nogil=True)
def follow(  # type: ignore[no-untyped-def]
    starts, date, places, relief, limits, first, second, to_second, to_ablation, from_second, again
):
    """Each patient's classes of relief after the first and second block, and the days from step to step."""
    for patient in range(len(starts) - 1):
        end = starts[patient + 1]
        first[patient] = second[patient] = NEVER
        to_second[patient] = to_ablation[patient] = from_second[patient] = again[patient] = NEVER
        began = blocked = ablated = 0
        blocks = ablations = 0
        sites = (NEVER, NEVER, NEVER)
        day = starts[patient]
        while day < end and ablations < 2:
            last = day_after(day, end, date)
            if blocks == 0:
                if found(day, last, BLOCK, places, sites):
                    blocks, began = 1, date[day]
                    first[patient] = relief_class(least(day, last, BLOCK, places, sites, relief), limits)
                    sites = joined(day, last, BLOCK, places, sites)
            elif found(day, last, ABLATION, places, sites):
                if ablations == 1:
                    again[patient] = date[day] - ablated
                else:
                    ablated = date[day]
                    to_ablation[patient] = ablated - began
                    if blocks == 2:
                        from_second[patient] = ablated - blocked
                    sites = joined(day, last, ABLATION, places, sites)
                ablations += 1
            elif ablations == 0 and blocks == 1 and found(day, last, BLOCK, places, sites):
                blocks, blocked = 2, date[day]
                to_second[patient] = blocked - began
                second[patient] = relief_class(least(day, last, BLOCK, places, sites, relief), limits)
            day = last


@njit(cache=True, nogil=True)
def follow_relief(  # type: ignore[no-untyped-def]
    starts, date, places, visit_starts, visit_day, visit_relief, limit, held, ended
):
    """Days from each patient's first day of ablation to the last visit where relief held and the first where not.

    `held` is -2 without any ablation and -1 without a visit that tells the relief; `ended` is -1 while none showed
    the end. Visits from the next ablation of these joints on are not looked at.
    """
    for patient in range(len(starts) - 1):
        end = starts[patient + 1]
        held[patient] = 2 * NEVER
        ended[patient] = NEVER
        nowhere = (NEVER, NEVER, NEVER)
        day = starts[patient]
        while day < end:
            last = day_after(day, end, date)
            if found(day, last, ABLATION, places, nowhere):
                sites = joined(day, last, ABLATION, places, nowhere)
                until = next_ablation(last, end, date, places, sites)
                held[patient], ended[patient] = _relief_after(
                    day, last, date[day], until, places[0], visit_starts, visit_day, visit_relief, limit
                )
                break
            day = last


@njit(cache=True, nogil=True)
def _relief_after(  # type: ignore[no-untyped-def]
    day, last, done, until, role, visit_starts, visit_day, visit_relief, limit
):
    """Go through the visits of all ablations of one day, by their days; of one day's visits the least relief counts."""
    held, at = NEVER, NEVER
    while True:
        near, worst = NEVER, nan
        for row in range(day, last):
            if role[row] == ABLATION:
                for visit in range(visit_starts[row], visit_starts[row + 1]):
                    after, relief = visit_day[visit] - done, visit_relief[visit]
                    if relief != relief or after <= at or visit_day[visit] >= until:
                        continue
                    if near == NEVER or after < near:
                        near, worst = after, relief
                    elif after == near:
                        worst = min(worst, relief)
        if near == NEVER:
            return held, NEVER
        if worst < limit:
            return max(held, 0), near
        held = at = near


@njit(cache=True, nogil=True)
def next_ablation(first, end, date, places, sites):  # type: ignore[no-untyped-def]
    """The day of the next ablation that may share a joint; far away without any."""
    for row in range(first, end):
        if found(row, row + 1, ABLATION, places, sites):
            return date[row]
    return FAR


@njit(cache=True, nogil=True)
def day_after(first, end, date):  # type: ignore[no-untyped-def]
    """Where the events of the next day begin."""
    last = first + 1
    while last < end and date[last] == date[first]:
        last += 1
    return last


@njit(cache=True, nogil=True)
def found(first, last, wanted, places, sites):  # type: ignore[no-untyped-def]
    """Whether a day has such a procedure that may share a joint with these sites."""
    touching = False
    for row in range(first, last):
        touching = touching or _is(row, wanted, places, sites)
    return touching


@njit(cache=True, nogil=True)
def joined(first, last, wanted, places, sites):  # type: ignore[no-untyped-def]
    """The sites of these procedures of a day together; not documented where those of one are not."""
    left, right, unsided = places[1:]
    on_left = on_right = on_either = 0
    for row in range(first, last):
        if _is(row, wanted, places, sites):
            if left[row] < 0:
                return NEVER, NEVER, NEVER
            on_left, on_right, on_either = on_left | left[row], on_right | right[row], on_either | unsided[row]
    return on_left, on_right, on_either


@njit(cache=True, nogil=True)
def least(first, last, wanted, places, sites, relief):  # type: ignore[no-untyped-def]
    """The least relief that is documented of these procedures of a day; NaN without any."""
    lowest = nan
    for row in range(first, last):
        if _is(row, wanted, places, sites) and not relief[row] >= lowest:
            lowest = relief[row] if relief[row] == relief[row] else lowest
    return lowest


@njit(cache=True, nogil=True)
def relief_class(percent, limits):  # type: ignore[no-untyped-def]
    """0 not documented, else 1 and one more for each threshold that is reached."""
    if percent != percent:
        return 0
    reached = 1
    for limit in limits:
        reached += 1 if percent >= limit else 0
    return reached


@njit(cache=True, nogil=True)
def _is(row, wanted, places, sites):  # type: ignore[no-untyped-def]
    """Whether an event is of this kind and may share a joint with these sites."""
    role, left, right, unsided = places
    on_left, on_right, on_either = sites
    if role[row] != wanted:
        return False
    return overlaps(left[row], right[row], unsided[row], on_left, on_right, on_either) != NO
