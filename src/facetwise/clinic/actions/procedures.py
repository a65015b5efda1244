"""Recording procedures, and what is learnt of them later."""

import datetime
import secrets
from collections.abc import Callable

from django.utils.formats import date_format
from msgspec.structs import replace

from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.records import Procedure, Record, read_record
from facetwise.records.reading import write_json


def record_procedure(
    patient: Patient, by: User, version: int, made: Callable[[str], Procedure], today: datetime.date
) -> Patient:
    """Add a procedure to a record, under a new id. Raises `Conflict`, and `DocumentError` for what cannot be."""
    procedure = made(f"procedure-{secrets.token_hex(4)}")

    def change(record: Record) -> Record:
        changed = replace(record, procedures=(*(record.procedures or ()), procedure))
        return read_record(write_json(changed))  # what cannot be is found where every record is checked

    what = str(procedure.kind).replace("_", " ")
    return change_record(patient, by, version, change, f"Recorded a {what} of {date_format(procedure.date)}", today)
