"""When the diary asks: often in the first hour, then every hour."""

import datetime

from django.utils import timezone

from facetwise.clinic.diary.protocol import HOUR, first_hour_minutes, hours
from facetwise.clinic.people.models import Clinic


def times_asked(clinic: Clinic | None = None) -> list[int]:
    """Minutes after the anaesthetic at which pain is to be rated, as the clinic chose or the cited protocol says."""
    step = first_hour_minutes(clinic)
    return [*range(step, HOUR, step), *range(HOUR, hours(clinic) * HOUR + 1, HOUR)]


def read_moment(text: str) -> datetime.datetime:
    """A day and a time of the clinic's clocks, in UTC: only there an hour is always an hour.

    Raises `ValueError` for what is none.
    """
    try:
        return timezone.make_aware(datetime.datetime.fromisoformat(text)).astimezone(datetime.UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def ends_at(given_at: datetime.datetime, clinic: Clinic | None = None) -> datetime.datetime:
    """When the diary of an anaesthetic that was given then asks no more."""
    return given_at + datetime.timedelta(hours=hours(clinic))
