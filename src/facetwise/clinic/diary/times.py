"""When the diary asks: often in the first hour, then every hour."""

import datetime

from facetwise.diary import default_protocol
from facetwise.evidence import figure

_HOUR = 60


def times_asked() -> list[int]:
    """Minutes after the anaesthetic at which pain is to be rated. Source: the figures of the diary protocol."""
    step = figure("diary_first_hour_interval_minutes").value or _HOUR
    first_hour = range(int(step), _HOUR, int(step))
    hours = range(_HOUR, int(default_protocol().hours) * _HOUR + 1, _HOUR)
    return [*first_hour, *hours]


def ends_at(given_at: datetime.datetime) -> datetime.datetime:
    """When the diary of an anaesthetic that was given then asks no more."""
    return given_at + datetime.timedelta(hours=default_protocol().hours)
