"""Writing to patients: a new one, a change of a record, a refresh of where everybody stands."""

import datetime
from collections.abc import Callable
from textwrap import shorten

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.links.models import Purpose
from facetwise.clinic.links.needs import LinkState, needs_of_links
from facetwise.clinic.patients.models import LONGEST_SAID, Need, Patient, Revision
from facetwise.clinic.patients.plain_ids import with_plain_ids
from facetwise.clinic.patients.standing import standing_of
from facetwise.clinic.people.models import Clinic, User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.records import Record, read_record, write_json


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
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)  # its policies hold still until the patient stands
    number, name = number.strip(), " ".join(name.split())
    if not number or not name:
        empty = "number" if not number else "name"
        raise DocumentError([Problem(empty, f"The {empty} is empty", "Write it")])
    if Patient.objects.filter(clinic=clinic, number=number).exists():
        raise DocumentError([Problem("number", "A patient of this clinic has it already", "Give another number")])
    record, _ = with_plain_ids(record)
    text = write_json(record).decode()
    patient = Patient.objects.create(clinic=clinic, number=number, name=name, birth_year=record.patient.birth_year)
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
    before = current.record
    changed, renamed = with_plain_ids(change(read_record(before.encode())))
    text = write_json(changed).decode()
    if text == before:
        return current
    for old, new in renamed.items():  # a record of before ids were looked at
        current.links.filter(procedure=old).update(procedure=new)
    current.version += 1
    current.birth_year = changed.patient.birth_year
    current.save(update_fields=["version", "birth_year"])
    Revision.objects.create(patient=current, version=current.version, record=text, by=by, why=why)
    _stand(current, today)
    note(_named(by), "record changed", f"patient {current.pk} version {current.version}", current.clinic)
    return current


def refresh(clinic: Clinic, today: datetime.date, most: int | None = None) -> int:
    """Work out anew where patients stand whose standing is not of today; at most so many. Returns how many."""
    count = 0
    for pk in stale(clinic, today).order_by("pk").values_list("pk", flat=True)[:most]:
        with transaction.atomic():  # held, so that neither the record nor a policy changes in between
            _stand(Patient.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=pk), today)
        count += 1
    return count


def stale(clinic: Clinic, today: datetime.date) -> QuerySet[Patient]:
    """The patients of whom nobody has worked out where they stand today."""
    return Patient.objects.filter(Q(stood_on__lt=today) | Q(stood_on=None), clinic=clinic)


@transaction.atomic
def stand_anew(patient: Patient, today: datetime.date) -> None:
    """Work out anew where a patient stands, after something beside the record has changed."""
    _stand(Patient.objects.select_for_update().get(pk=patient.pk), today)


def _stand(patient: Patient, today: datetime.date) -> None:
    """Write down where the patient stands today, by the record and by the links that were sent."""
    record = patient.documented
    found = standing_of(patient, today)
    patient.stood_on, patient.step, patient.step_title = today, found.answer.step.id, found.answer.step.title
    answer = patient.answers.filter(step=patient.step).first()
    patient.put_off_until = answer.until if answer is not None else None
    patient.save(update_fields=["stood_on", "step", "step_title", "put_off_until"])
    patient.needs.all().delete()
    needs = (*found.needs, *needs_of_links(_links_of(patient), record, patient.clinic))
    short = [one._replace(says=shorten(one.says, LONGEST_SAID, placeholder="…")) for one in needs]
    Need.objects.bulk_create(Need(patient=patient, **one._asdict()) for one in short)


def _links_of(patient: Patient) -> list[LinkState]:
    """The links that were not taken back, with the last entry for the procedure of each."""
    same = DiaryEntry.objects.filter(link__patient=OuterRef("patient"), link__procedure=OuterRef("procedure"))
    last = Subquery(same.order_by("-at").values("at")[:1])
    rows = patient.links.filter(revoked_at=None).annotate(last_at=last).values_list(*LinkState._fields)
    return [LinkState(Purpose(purpose), *rest) for purpose, *rest in rows]


def _named(by: User | None) -> str:
    return by.username if by is not None else "facetwise"
