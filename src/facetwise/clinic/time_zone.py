"""In which time zone the clinic's days and clocks are: what it says, else the machine's own."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

from facetwise.documents import DocumentError, Problem

SETTING = "FACETWISE_CLINIC_TIME_ZONE"
LOCALTIME, ETC_TIMEZONE = Path("/etc/localtime"), Path("/etc/timezone")


def time_zone() -> str:
    """The name of the zone, such as `America/Chicago`. Raises `DocumentError` for a setting that names none."""
    if given := os.environ.get(SETTING):
        if not _is_zone(given):
            remedy = "Give a name such as America/Chicago or Europe/Berlin"
            raise DocumentError([Problem(SETTING, f'There is no time zone "{given}"', remedy)])
        return given
    return next((name for name in _of_the_machine() if _is_zone(name)), "UTC")


def _of_the_machine() -> list[str]:
    """What the machine may call its own zone, the surest first."""
    found = [os.environ.get("TZ", "").removeprefix(":")]
    _, _, linked = str(LOCALTIME.resolve()).partition("zoneinfo/")
    found.append(linked)
    if ETC_TIMEZONE.is_file():
        found.append(ETC_TIMEZONE.read_text(encoding="utf-8", errors="replace").strip())
    return found


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (ValueError, OSError, KeyError):  # no name, a path, a folder, or unknown
        return False
