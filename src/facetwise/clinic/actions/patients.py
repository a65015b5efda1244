"""Writing to patients: a new one, a change of a record, a refresh of where everybody stands."""

import datetime
from collections.abc import Callable

from django.db import transaction
from django.db.models import OuterRef, Subquery

from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.links.models import Purpose
from facetwise.clinic.links.needs import LinkState, needs_of_links
from facetwise.clinic.patients.models import Need, Patient, Revision
from facetwise.clinic.patients.standing import standing
from facetwise.clinic.people.models import Clinic, User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.records import Record, write_json


class Conflict(Exception):
    """Somebody else has changed the record since it was shown."""

    def __init__(self, patient: Patient) -> None:
        super().__init__(f"{patient} is at version {patient.version} now")
        self.patient = patient


@transaction.atomic
def add_patient(
    clinic: Clinic, by: User | None, number: str, name: str, record: Record, today: datetime.date
) -> Patient:
    """A new patient. Raises `DocumentError` for a number that is taken."""
    number, name = number.strip(), " ".join(name.split())
    if not number or not name:
        raise DocumentError([Problem("number" if not number else "name", "It is empty", "Write it")])
    if Patient.objects.filter(clinic=clinic, number=number).exists():
        raise DocumentError([Problem("number", "A patient of this clinic has it already", "Give another number")])
    text = write_json(record).decode()
    patient = Patient.objects.create(
        clinic=clinic, number=number, name=name, birth_year=record.patient.birth_year, record=text
    )
    Revision.objects.create(patient=patient, version=1, record=text, by=by, why="Added")
    _stand(patient, today)
    note(_named(by), "patient added", f"patient {patient.pk}", clinic)
    return patient


@transaction.atomic
def change_record(
    patient: Patient,
    by: User | None,
    version: int | None,
    change: Callable[[Record], Record],
    why: str,
    today: datetime.date,
) -> Patient:
    """The record changed, as a new revision. `version` is the one that the person saw, None for a change to any.

    Raises `Conflict` where it is not the last one any more, and `DocumentError` for a change that cannot be.
    """
    current = Patient.objects.select_for_update().get(pk=patient.pk)
    if version not in (None, current.version):
        raise Conflict(current)
    text = write_json(change(current.documented)).decode()
    if text == current.record:
        return current
    current.record, current.version = text, current.version + 1
    current.birth_year = current.documented.patient.birth_year
    current.save(update_fields=["record", "version", "birth_year"])
    Revision.objects.create(patient=current, version=current.version, record=text, by=by, why=why)
    _stand(current, today)
    note(_named(by), "record changed", f"patient {current.pk} version {current.version}", current.clinic)
    return current


def refresh(clinic: Clinic, today: datetime.date, most: int | None = None) -> int:
    """Work out anew where patients stand whose standing is not of today; at most so many. Returns how many."""
    stale = Patient.objects.filter(clinic=clinic).exclude(stood_on=today).select_related("clinic").order_by("pk")
    count = 0
    for patient in stale[:most]:
        with transaction.atomic():
            _stand(patient, today)
        count += 1
    return count


@transaction.atomic
def stand_anew(patient: Patient, today: datetime.date) -> None:
    """Work out anew where a patient stands, after something beside the record has changed."""
    _stand(Patient.objects.select_for_update().get(pk=patient.pk), today)


def _stand(patient: Patient, today: datetime.date) -> None:
    """Write down where the patient stands today, by the record and by the links that were sent."""
    record = patient.documented
    found = standing(record, today, patient.clinic.follow_up_after_days)
    patient.stood_on, patient.step, patient.step_title = today, found.answer.step.id, found.answer.step.title
    patient.save(update_fields=["stood_on", "step", "step_title"])
    patient.needs.all().delete()
    needs = (*found.needs, *needs_of_links(_links_of(patient), record))
    Need.objects.bulk_create(Need(patient=patient, **one._asdict()) for one in needs)


def _links_of(patient: Patient) -> list[LinkState]:
    """The links that were not taken back, with the last entry for the procedure of each."""
    same = DiaryEntry.objects.filter(link__patient=OuterRef("patient"), link__procedure=OuterRef("procedure"))
    last = Subquery(same.order_by("-at").values("at")[:1])
    rows = patient.links.filter(revoked_at=None).annotate(last_at=last).values_list(*LinkState._fields)
    return [LinkState(Purpose(purpose), *rest) for purpose, *rest in rows]


def _named(by: User | None) -> str:
    return by.username if by is not None else "facetwise"
