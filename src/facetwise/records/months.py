"""Calendar months as whole numbers, so that no rule ever does date arithmetic."""

import calendar
import datetime


def complete_months(earlier: datetime.date, later: datetime.date) -> int:
    """How many calendar months have been completed from `earlier` to `later`, negative if it is after.

    A month is complete on the same day number; where that day does not exist, on the first of the month after. From
    29 February 2024 twelve months are complete on 1 March 2025.
    """
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - 1 if later.day < earlier.day else months


def add_months(start: datetime.date, months: int) -> datetime.date:
    """The first day on which `months` calendar months from `start` are complete."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    if start.day <= calendar.monthrange(year, month)[1]:
        return datetime.date(year, month, start.day)
    return datetime.date(year + month // 12, month % 12 + 1, 1)
