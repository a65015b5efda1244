"""Recording procedures, and what is learnt of them later."""

import datetime
import secrets
from collections.abc import Callable

from django.db import transaction
from django.utils.formats import date_format
from msgspec.structs import replace

from facetwise.clinic.actions.diaries import procedure_named
from facetwise.clinic.actions.links import revoke_link
from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.documents import DocumentError, Problem
from facetwise.records import Procedure, Record, read_record
from facetwise.records.reading import write_json
from facetwise.spine import SiteSet


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


@transaction.atomic
def judge_sides_apart(patient: Patient, by: User, version: int, id_: str, today: datetime.date) -> Patient:
    """Make two procedures of one whose sides were treated together, so that each is judged by its own scores.

    Both keep the whole diary, of which each takes its side; links to it are taken back. Raises `Conflict`, and
    `DocumentError` for a procedure that is not there or treated one side.
    """

    def change(record: Record) -> Record:
        done = procedure_named(record, id_)
        if done.sites is None or not (done.sites.left and done.sites.right):
            raise DocumentError([Problem("procedure", "It treated one side", "Nothing has to be told apart")])
        left = replace(done, sites=SiteSet(left=done.sites.left))
        right = replace(done, id=f"{id_}-right", sites=SiteSet(right=done.sites.right))
        procedures = [part for one in record.procedures or () for part in ((left, right) if one is done else (one,))]
        return read_record(write_json(replace(record, procedures=tuple(procedures))))

    for link in patient.links.filter(procedure=id_, revoked_at=None).select_related("patient__clinic"):
        revoke_link(link, by)
    return change_record(patient, by, version, change, "Judged the sides of a procedure apart", today)
