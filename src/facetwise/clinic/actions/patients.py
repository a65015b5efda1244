"""Writing to patients: a new one, a change of a record, a refresh of where everybody stands."""

import datetime
import logging
from collections.abc import Callable
from textwrap import shorten

from django.db import DatabaseError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.links.models import Purpose
from facetwise.clinic.links.needs import LinkState, needs_of_links
from facetwise.clinic.patients.models import LONGEST_SAID, Need, Patient, Revision, Verdict
from facetwise.clinic.patients.plain_ids import with_plain_ids
from facetwise.clinic.patients.standing import UNREADABLE, Needed, Standing, answered_by, standing_of, unreadable
from facetwise.clinic.people.models import Clinic, User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.records import Record, write_json

_log = logging.getLogger("facetwise.clinic.patients")


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
    if Patient.objects.filter(clinic=clinic, number__iexact=number).exists():
        raise DocumentError([Problem("number", "A patient of this clinic has it already", "Give another number")])
    record, _ = with_plain_ids(record)
    text = write_json(record).decode()
    patient = Patient.objects.create(clinic=clinic, number=number, name=name, birth_year=record.patient.birth_year)
    Revision.objects.create(patient=patient, version=1, record=text, by=by, why="Added")
    stand(patient, today)
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
    current = held(patient.pk)
    if version not in (None, current.version):
        raise Conflict(current)
    before = current.record
    changed, renamed = with_plain_ids(change(current.documented))
    text = write_json(changed).decode()
    if text == before:
        return current
    for old, new in renamed.items():  # a record of before ids were looked at
        current.links.filter(procedure=old).update(procedure=new)
    current.version += 1
    current.birth_year = changed.patient.birth_year
    current.save(update_fields=["version", "birth_year"])
    Revision.objects.create(patient=current, version=current.version, record=text, by=by, why=why)
    stand(current, today)
    note(_named(by), "record changed", f"patient {current.pk} version {current.version}", current.clinic)
    return current


def refresh(clinic: Clinic, today: datetime.date, most: int | None = None) -> int:
    """Work out anew where patients stand whose standing is not of today; at most so many. Returns how many."""
    count = 0
    for pk in stale(clinic, today).order_by("pk").values_list("pk", flat=True)[:most]:
        _refresh_one(pk, today)
        count += 1
    return count


def _refresh_one(pk: int, today: datetime.date) -> None:
    """One patient, held, so that neither the record nor a policy changes in between.

    What nobody foresaw in one record must not keep all others from being worked out: it is told, and stands apart.
    """
    try:
        with transaction.atomic():
            stand(held(pk), today)
    except DatabaseError:
        raise
    except Exception:
        _log.exception("Where patient %s stands could not be worked out", pk)
        with transaction.atomic():
            _write_standing(held(pk), today, *UNREADABLE, None, (unreadable(today),))


def stale(clinic: Clinic, today: datetime.date) -> QuerySet[Patient]:
    """The patients of whom nobody has worked out where they stand today."""
    return Patient.objects.filter(Q(stood_on__lt=today) | Q(stood_on=None), clinic=clinic)


def held(pk: int) -> Patient:
    """The patient, held until the transaction ends.

    Whoever holds several things takes them in one order, so that nobody waits for somebody who waits in turn: the
    clinic, patients by their keys, what hangs on them, and last of all the trail, which is one for everybody.
    """
    waiting = Patient.objects.select_for_update(of=("self",), no_key=True)
    return waiting.select_related("clinic").get(pk=pk)


def stand_all_anew(clinic: Clinic) -> None:
    """Have it worked out anew where everybody of the clinic stands, by whoever looks next."""
    patients = Patient.objects.filter(clinic=clinic)
    list(patients.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))  # in the order of `held`
    patients.update(stood_on=None)


def stand(patient: Patient, today: datetime.date) -> Standing | None:
    """Write down where a patient who is `held` stands today: by the record, what was answered, and links sent.

    Returns it; None for a record that cannot be read.
    """
    try:
        record = patient.documented
    except DocumentError:
        _write_standing(patient, today, *UNREADABLE, None, (unreadable(today),))
        return None
    found = standing_of(patient, today)
    step = found.answer.step
    answer = patient.answers.filter(step=step.id).first()
    needs = found.needs
    if answer is not None and answer.version == patient.version:
        needs = answered_by(Verdict(answer.verdict), needs)
    needs = (*needs, *needs_of_links(_links_of(patient), record, patient.clinic))
    _write_standing(patient, today, step.id, step.title, answer.until if answer is not None else None, needs)
    return found


def _write_standing(
    patient: Patient,
    today: datetime.date,
    step: str,
    title: str,
    put_off_until: datetime.date | None,
    needs: tuple[Needed, ...],
) -> None:
    patient.stood_on, patient.step, patient.step_title, patient.put_off_until = today, step, title, put_off_until
    patient.save(update_fields=["stood_on", "step", "step_title", "put_off_until"])
    patient.needs.all().delete()
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
