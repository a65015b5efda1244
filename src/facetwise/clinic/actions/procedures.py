"""Recording procedures, correcting them, and taking out what was never done."""

import datetime
import secrets
from collections.abc import Callable

from django.db import transaction
from msgspec.structs import replace

from facetwise.clinic.actions.diaries import diary_written, procedure_named
from facetwise.clinic.actions.links import revoke_link
from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.actions.records import require_days_of_diaries, revoke_diaries_without_procedure
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.documents import DocumentError, Problem
from facetwise.records import Procedure, Record, read_record
from facetwise.records.reading import write_json
from facetwise.spine import SiteSet

LONGEST_REASON = 200


def record_procedure(
    patient: Patient, by: User, version: int, made: Callable[[str], Procedure], today: datetime.date
) -> Patient:
    """Add a procedure to a record, under a new id. Raises `Conflict`, and `DocumentError` for what cannot be."""
    procedure = made(f"procedure-{secrets.token_hex(4)}")

    def change(record: Record) -> Record:
        changed = replace(record, procedures=(*(record.procedures or ()), procedure))
        return read_record(write_json(changed))  # what cannot be is found where every record is checked

    return change_record(patient, by, version, change, f"Recorded a {in_words(procedure)}", today)


@transaction.atomic
def change_procedure(
    patient: Patient,
    by: User,
    version: int,
    place: int,
    corrected: Callable[[Procedure], Procedure],
    today: datetime.date,
) -> Patient:
    """Correct the procedure at a place of the record's list; links to a diary of another day are taken back.

    Raises `Conflict`, and `DocumentError` for what cannot be, and for another day than that of a diary that was kept.
    """

    def change(record: Record) -> Record:
        procedures = list(record.procedures or ())
        procedures[place] = diary_written(patient, corrected(procedures[place]))
        changed = read_record(write_json(replace(record, procedures=tuple(procedures))))
        require_days_of_diaries(patient, changed)
        return changed

    was = (patient.documented.procedures or ())[place]
    changed = change_record(patient, by, version, change, f"Corrected the {in_words(was)}", today)
    revoke_diaries_without_procedure(changed, by)
    return changed


@transaction.atomic
def withdraw_procedure(
    patient: Patient, by: User, version: int, place: int, reason: str, today: datetime.date
) -> Patient:
    """Take a procedure out of the record. Links to its diary are taken back; what the patient entered stays.

    When it was the only one, nothing is documented of earlier procedures any more: that there were none is for
    somebody to say. Raises `Conflict`, and `DocumentError` without a reason.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        what = "There is no reason" if not reason else "The reason is too long"
        remedy = f"Write why it leaves the record, in at most {LONGEST_REASON} letters"
        raise DocumentError([Problem("reason", what, remedy)])

    def change(record: Record) -> Record:
        kept = [one for number, one in enumerate(record.procedures or ()) if number != place]
        return replace(record, procedures=tuple(kept) or None)

    was = (patient.documented.procedures or ())[place]
    changed = change_record(patient, by, version, change, f"Withdrew the {in_words(was)}: {reason}", today)
    revoke_diaries_without_procedure(changed, by)
    return changed


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


def in_words(procedure: Procedure) -> str:
    """A procedure by its kind and day."""
    return f"{str(procedure.kind).replace('_', ' ')} of {procedure.date}"
