"""What a generated kernel calls: three-valued comparisons, calendar months, sets of sites, and follow-up visits.

Truth is a small integer, 0 no, 1 not documented, 2 yes, so that AND is the least, OR the greatest and NOT 2 - x. A
number is a pair of bounds; NaN in the lower one means not documented.
"""

from math import inf, nan

from numba import njit

NO, UNKNOWN, YES = 0, 1, 2


@njit(cache=True, nogil=True)
def less(low, high, other_low, other_high):  # type: ignore[no-untyped-def]
    """Whether a number is less than another, both within bounds."""
    if low != low or other_low != other_low:
        return UNKNOWN
    if high < other_low:
        return YES
    return NO if low >= other_high else UNKNOWN


@njit(cache=True, nogil=True)
def at_most(low, high, other_low, other_high):  # type: ignore[no-untyped-def]
    """Whether a number is less than another or equal to it."""
    if low != low or other_low != other_low:
        return UNKNOWN
    if high <= other_low:
        return YES
    return NO if low > other_high else UNKNOWN


@njit(cache=True, nogil=True)
def equal(low, high, other_low, other_high):  # type: ignore[no-untyped-def]
    """Whether two numbers are the same."""
    if low != low or other_low != other_low:
        return UNKNOWN
    if high < other_low or low > other_high:
        return NO
    return YES if low == high and other_low == other_high and low == other_low else UNKNOWN


@njit(cache=True, nogil=True)
def bits(mask):  # type: ignore[no-untyped-def]
    """How many levels are in a mask."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@njit(cache=True, nogil=True)
def months(month, day_of_month, later_month, later_day_of_month):  # type: ignore[no-untyped-def]
    """Complete calendar months from one day to another; months are counted from year 0."""
    return later_month - month - (1 if later_day_of_month < day_of_month else 0)


@njit(cache=True, nogil=True)
def overlaps(left, right, unsided, other_left, other_right, other_unsided):  # type: ignore[no-untyped-def]
    """`SiteSet.overlaps`; a left mask of -1 means that the sites are not documented."""
    if left < 0 or other_left < 0:
        return UNKNOWN
    shared = left & other_left | right & other_right
    shared |= unsided & other_left & other_right | other_unsided & left & right
    if shared:
        return YES
    possible_left = (left | unsided) & (other_left | other_unsided)
    possible_right = (right | unsided) & (other_right | other_unsided)
    return UNKNOWN if possible_left | possible_right else NO


@njit(cache=True, nogil=True)
def covers(left, right, unsided, other_left, other_right, other_unsided):  # type: ignore[no-untyped-def]
    """`SiteSet.covers`: whether every joint of the other set is in the first."""
    if left < 0 or other_left < 0:
        return UNKNOWN
    if not ((other_left | other_unsided) & ~left or (other_right | other_unsided) & ~right):
        return YES
    impossible = other_left & ~(left | unsided) | other_right & ~(right | unsided)
    return NO if impossible | other_unsided & ~(left | right | unsided) else UNKNOWN


@njit(cache=True, nogil=True)
def same_region(levels, others, regions, agreed):  # type: ignore[no-untyped-def]
    """`rules.regions.same_region`; `agreed` are the levels that at most one region claims."""
    if levels & others:
        return YES
    touched = False
    for region in regions:
        if region & levels & agreed and region & others & agreed:
            return YES
        if region & levels and region & others:
            touched = True
    return UNKNOWN if touched else NO


@njit(cache=True, nogil=True)
def touched_mask(levels, regions):  # type: ignore[no-untyped-def]
    """All levels of every region that these levels touch."""
    mask = 0
    for region in regions:
        if region & levels:
            mask |= region
    return mask


@njit(cache=True, nogil=True)
def regions_touched(levels, regions):  # type: ignore[no-untyped-def]
    """In how many regions levels lie, as bounds: a level that several regions claim counts in any one of them."""
    choices = 1
    for number in range(25):
        if levels >> number & 1:
            claims = 0
            for region in regions:
                claims += region >> number & 1
            if claims == 0:
                return nan, nan
            choices *= claims
    low, high = inf, -inf
    for choice in range(choices):
        rest, chosen = choice, 0
        for number in range(25):
            if levels >> number & 1:
                claims = 0
                for region in regions:
                    claims += region >> number & 1
                wanted, rest = rest % claims, rest // claims
                for index in range(len(regions)):
                    if regions[index] >> number & 1:
                        if wanted == 0:
                            chosen |= 1 << index
                        wanted -= 1
        count = float(bits(chosen))
        low, high = min(low, count), max(high, count)
    return low, high


@njit(cache=True, nogil=True)
def relief_held(first, last, visit_day, visit_relief, limit, over, on, done):  # type: ignore[no-untyped-def]
    """The days between which relief ended: the last visit by `on` where it held, and the first where it did not."""
    held_until, ended_by = done, on
    for visit in range(first, last):
        if visit_day[visit] > on:
            break
        relief = visit_relief[visit]
        if relief != relief:
            continue
        if relief < limit or (over and relief == limit):
            ended_by = visit_day[visit]
            break
        held_until = visit_day[visit]
    return held_until, max(ended_by, held_until)


@njit(cache=True, nogil=True)
def relief_ended(first, last, visit_day, visit_relief, on):  # type: ignore[no-untyped-def]
    """Whether the last visit by `on` that tells the relief shows less than half."""
    answer = UNKNOWN
    for visit in range(first, last):
        if visit_day[visit] > on:
            break
        if visit_relief[visit] == visit_relief[visit]:
            answer = YES if visit_relief[visit] < 50 else NO
    return answer


@njit(cache=True, nogil=True)
def best(first, last, visit_day, visit_value, on):  # type: ignore[no-untyped-def]
    """The greatest value at a visit by `on`; NaN without any."""
    greatest = nan
    for visit in range(first, last):
        if visit_day[visit] > on:
            break
        value = visit_value[visit]
        if value == value and not greatest >= value:
            greatest = value
    return greatest


@njit(cache=True, nogil=True)
def civil(day):  # type: ignore[no-untyped-def]
    """Months since year 0 and the day of the month of a day counted from 1970-01-01, by the Gregorian calendar."""
    shifted = day + 719468
    era = shifted // 146097
    of_era = shifted - era * 146097
    year_of_era = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * of_year + 2) // 153
    number = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + era * 400 + (1 if number <= 2 else 0)
    return year * 12 + number, of_year - (153 * shifted_month + 2) // 5 + 1


@njit(cache=True, nogil=True)
def months_between(earlier, later):  # type: ignore[no-untyped-def]
    """Complete calendar months between two days counted from 1970-01-01."""
    month, day_of_month = civil(earlier)
    later_month, later_day_of_month = civil(later)
    return months(month, day_of_month, later_month, later_day_of_month)


@njit(cache=True, nogil=True)
def calendar(days, month, day_of_month):  # type: ignore[no-untyped-def]
    """Months since year 0 and the day of the month for days since 1970-01-01, into the given arrays."""
    for index in range(len(days)):
        month[index], day_of_month[index] = civil(days[index])
