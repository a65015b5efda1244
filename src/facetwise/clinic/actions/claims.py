"""Adding the procedures of claims to records."""

import datetime
import secrets
from collections.abc import Callable

from msgspec.structs import replace

from facetwise.audit.mapping.claimed_procedures import Claimed
from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.claims.reading import OfPatient, lacking
from facetwise.clinic.people.models import User
from facetwise.records import Record, read_record, write_json


def add_claimed(patients: tuple[OfPatient, ...], by: User, today: datetime.date) -> int:
    """Add to each record what it lacks; how many procedures that was.

    What the record has by now is not added again. Raises `DocumentError` for what cannot be, and then nothing is
    added. Each patient is written by itself, so that nobody waits for all of them; where the server stops between two,
    the same claims again add the rest.
    """
    wanted = [one for one in patients if one.new]
    for one in wanted:
        _adding(one.new)(one.patient.documented)  # what cannot be shows before anything is written
    added = 0
    for one in wanted:
        count = len(one.patient.documented.procedures or ())
        changed = change_record(one.patient, by, None, _adding(one.new), "Procedures of claims added", today)
        added += len(changed.documented.procedures or ()) - count
    return added


def _adding(claimed: tuple[Claimed, ...]) -> Callable[[Record], Record]:
    def change(record: Record) -> Record:
        new = [replace(one.procedure, id=f"procedure-{secrets.token_hex(4)}") for one in lacking(record, claimed)]
        return (
            read_record(write_json(replace(record, procedures=(*(record.procedures or ()), *new)))) if new else record
        )

    return change
