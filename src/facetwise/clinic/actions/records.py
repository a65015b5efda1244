"""Writing to a record by hand: a section of it, and an older version restored."""

import datetime
from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from facetwise.clinic.actions.diaries import diary_written
from facetwise.clinic.actions.links import revoke_link
from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.documents import DocumentError, Problem
from facetwise.records import Record, read_record, write_json


def write_section(
    patient: Patient, by: User, version: int, path: str, value: Any, title: str, today: datetime.date
) -> Patient:
    """Put a part of the record in its place; None takes it out.

    Raises `Conflict`, and `DocumentError` for what cannot be.
    """

    def change(record: Record) -> Record:
        tree: dict[str, Any] = msgspec.json.decode(write_json(record))
        *parents, last = path.split(".")
        place = tree
        for step in parents:
            place = place.setdefault(step, {})
        if value is None or value == {}:  # a part without a fact is no part
            place.pop(last, None)
        else:
            place[last] = value
        return read_record(tree)

    return change_record(patient, by, version, change, f"Wrote: {title}", today)


@transaction.atomic
def restore_version(patient: Patient, by: User, version: int, older: int, today: datetime.date) -> Patient:
    """Make an older version the record again, as a new one. Diaries that patients kept are not undone.

    Raises `Conflict`, and `DocumentError` for an older version that cannot be read any more, or that has a procedure
    on another day than that on which its diary was kept.
    """
    text = patient.revisions.get(version=older).record

    def change(record: Record) -> Record:
        restored = read_record(text.encode())
        require_days_of_diaries(patient, restored)
        kept = tuple(diary_written(patient, one) for one in restored.procedures or ())
        return replace(restored, procedures=kept) if kept else restored

    changed = change_record(patient, by, version, change, f"Restored version {older}", today)
    revoke_diaries_without_procedure(changed, by)
    return changed


def require_days_of_diaries(patient: Patient, record: Record) -> None:
    """Raises `DocumentError` where a procedure moves away from the day on which its patient kept a diary."""
    kept = DiaryEntry.objects.filter(link__patient=patient).values_list("link__procedure", "link__given_at").distinct()
    dates = {one.id: one.date for one in record.procedures or ()}
    for procedure, given_at in kept:
        if given_at is not None and procedure in dates and dates[procedure] != _day_of(given_at):
            what = f"The patient kept a diary of this procedure from {_day_of(given_at)} on"
            remedy = "Leave its day, or withdraw the procedure and record it anew"
            raise DocumentError([Problem("procedures[].date", what, remedy)])


def revoke_diaries_without_procedure(patient: Patient, by: User) -> None:
    """Take back the links to diaries of procedures that are not in the record any more, or not on their day.

    What patients entered stays.
    """
    days: Mapping[str | None, datetime.date] = {one.id: one.date for one in patient.documented.procedures or ()}
    for link in patient.links.exclude(procedure="").filter(revoked_at=None):
        if link.given_at is not None and days.get(link.procedure) != _day_of(link.given_at):
            revoke_link(link, by)


def _day_of(moment: datetime.datetime) -> datetime.date:
    return timezone.localtime(moment).date()
