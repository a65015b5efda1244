"""How a file of claims writes its dates: YYYY-MM-DD, or the month first throughout where nothing else can be meant."""

import datetime
import re
from collections.abc import Iterable
from enum import StrEnum

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MONTHS = 12


class Unreadable(ValueError):
    """A cell that holds nothing of its column: what was found, and what is accepted."""


class Dates(StrEnum):
    """How dates are written. Undecided are those of which every one may have the day first as well."""

    ISO = "YYYY-MM-DD"
    MONTH_FIRST = "MM/DD/YYYY"
    UNDECIDED = "undecided"


def dates_of(cells: Iterable[str]) -> Dates:
    """How the dates of a file are written. Where some are YYYY-MM-DD, all must be."""
    texts = list(cells)
    slashed = [(int(found[1]), int(found[2])) for text in texts if (found := _SLASHED.fullmatch(text))]
    if not slashed or any(_ISO.fullmatch(text) for text in texts):
        return Dates.ISO
    decided = any(first > _MONTHS or second > _MONTHS for first, second in slashed)
    return Dates.MONTH_FIRST if decided or all(first == second for first, second in slashed) else Dates.UNDECIDED


def iso_date(text: str) -> datetime.date:
    """A day as YYYY-MM-DD. Raises `Unreadable`."""
    try:
        if not _ISO.fullmatch(text):
            raise ValueError
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Unreadable(f'"{text[:40]}" is no date', "Write it YYYY-MM-DD, such as 2026-03-01") from None


def month_first(text: str) -> datetime.date:
    """A day as MM/DD/YYYY. Raises `Unreadable`."""
    try:
        found = _SLASHED.fullmatch(text)
        if found is None:
            raise ValueError
        return datetime.date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        what = f'"{text[:40]}" is no date with the month first, as others of the file are'
        raise Unreadable(what, "Write all dates YYYY-MM-DD, such as 2026-03-01") from None
