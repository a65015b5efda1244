"""The example patients in `patients/`, their relative dates turned into real ones.

A date is written `today`, `today-120d`, `today-14m` (calendar months) or `today-14m+3d`, a birth year `today-58y`.
"""

import datetime
import re
from importlib.resources import files
from typing import Any

from facetwise.documents import DocumentError, Problem, did_you_mean, read_json_value
from facetwise.records import Record, add_months, read_record

_NAMES = (
    "sparse-referral",
    "fever-after-infection",
    "new-back-pain",
    "goals-not-settled",
    "inflamed-joint-relief-wanted",
    "first-block-ready",
    "third-level-requested",
    "neck-pain-after-whiplash",
    "diary-slept-through",
    "second-block-too-early",
    "second-block-due",
    "guidelines-disagree",
    "two-positive-blocks",
    "pacemaker-instead-of-ablation",
    "ablation-follow-up",
    "repeat-ablation-due",
    "ablation-long-ago",
    "second-block-negative",
    "negative-block-sacroiliac-signs",
    "leg-pain-from-a-root",
)

_FIRST_YEAR, _LAST_YEAR = 2000, 2200
_DATE = re.compile(r"today(?:-(?P<months>\d+)m)?(?P<days>[+-]\d+d)?")
_YEAR = re.compile(r"today-(?P<years>\d+)y")


def example_names() -> list[str]:
    """Every example, from the first visit through blocks and ablation to another source of the pain."""
    return list(_NAMES)


def example_record(name: str, today: datetime.date) -> Record:
    """An example patient as of `today`. Raises `DocumentError` for an unknown name or a day out of range."""
    return read_record(example_value(name, today))


def example_value(name: str, today: datetime.date) -> dict[str, Any]:
    """The same as a decoded JSON value, with real dates. Raises `DocumentError` as `example_record` does."""
    if name not in _NAMES:
        raise DocumentError([Problem("", f'There is no example "{name}"', did_you_mean(name, _NAMES))])
    if not _FIRST_YEAR <= today.year <= _LAST_YEAR:
        remedy = f"Give a day from {_FIRST_YEAR} to {_LAST_YEAR}"
        raise DocumentError([Problem("", f"The examples cannot be dated relative to {today}", remedy)])
    text = files(__package__).joinpath("patients", f"{name}.json").read_bytes()
    value: dict[str, Any] = _dated(read_json_value(text), today)
    return value


def _dated(value: Any, today: datetime.date) -> Any:
    """`value` with every relative date in it made real; any other text stays as it is."""
    if isinstance(value, dict):
        return {key: _dated(item, today) for key, item in value.items()}
    if isinstance(value, list):
        return [_dated(item, today) for item in value]
    if not isinstance(value, str):
        return value
    if year := _YEAR.fullmatch(value):
        return today.year - int(year["years"])
    if date := _DATE.fullmatch(value):
        return _day(int(date["months"] or 0), int((date["days"] or "0d")[:-1]), today).isoformat()
    return value


def _day(months: int, days: int, today: datetime.date) -> datetime.date:
    """The day `months` calendar months before `today` and `days` after that."""
    return add_months(today, -months) + datetime.timedelta(days=days)
