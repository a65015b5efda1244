"""The dashboard as it was last worked out, in the clinic's folder: what the page shows, whole or not there at all."""

import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from facetwise.clinic.people.models import Clinic

LEAST = 11
"""Counts under it are suppressed, as in the report of an audit, and a clinic with fewer patients is shown nothing."""

_FILE, _ASKED, _PROBLEM = "dashboard.json", "asked", "problem.txt"


class Dashboard(msgspec.Struct, frozen=True):
    """Sections of the audit's page, made of blocks, each a mapping with its `kind`.

    `patients` are those with a procedure, None where there are too few to say how many; then nothing else is shown.
    `policies` are those that were asked, with the reason in `because`.
    """

    as_of: datetime.date
    worked_out_at: datetime.datetime
    patients: int | None
    procedures: int | None
    because: str = ""
    sections: tuple[dict[str, Any], ...] = ()


def folder_of(clinic: Clinic) -> Path:
    """The clinic's own folder for its dashboard."""
    return Path(settings.HOME) / "dashboard" / str(clinic.pk)


def read(clinic: Clinic) -> Dashboard | None:
    """The last one; None where there is none, or one of another version."""
    try:
        return msgspec.json.decode((folder_of(clinic) / _FILE).read_bytes(), type=Dashboard)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def write(clinic: Clinic, dashboard: Dashboard) -> None:
    """Keep a new one in place of the last, and forget what stood in the way of it."""
    _replace(clinic, _FILE, msgspec.json.encode(dashboard))
    (folder_of(clinic) / _PROBLEM).unlink(missing_ok=True)


def problem(clinic: Clinic) -> str:
    """Why the last attempt brought nothing; empty where it did."""
    try:
        return (folder_of(clinic) / _PROBLEM).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def write_problem(clinic: Clinic, told: str) -> None:
    """Keep why a dashboard could not be worked out, for the page to say."""
    _replace(clinic, _PROBLEM, told.encode())


def ask(clinic: Clinic) -> None:
    """Ask for a new one soon."""
    folder_of(clinic).mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder_of(clinic) / _ASKED).touch()


def is_asked(clinic: Clinic) -> bool:
    """Whether somebody waits for a new one."""
    return (folder_of(clinic) / _ASKED).exists()


def take_up(clinic: Clinic) -> None:
    """Nobody waits any more: it is being worked out."""
    (folder_of(clinic) / _ASKED).unlink(missing_ok=True)


def _replace(clinic: Clinic, name: str, content: bytes) -> None:
    folder = folder_of(clinic)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / f".{name}.partial"
    partial.write_bytes(content)
    partial.replace(folder / name)
