"""Which rows of the trail are asked for: by whom, of what kind, about which patient, on which days."""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import Clinic
from facetwise.clinic.trail.models import AccessEvent

_PATIENT = "patient "
"""How a row begins to name the patient that it is about, by the number of the row in the database."""

_PATIENTS = "patients "
"""How a row begins to name several, with commas between; `chain.note_patients` writes them."""

LONGEST = 200
"""Characters of each thing that is asked for."""


class Filter(NamedTuple):
    """What was asked for, as it was written; empty where everything is wanted."""

    by: str = ""
    what: str = ""
    patient: str = ""
    since: str = ""
    until: str = ""


def filter_of(given: Any) -> Filter:
    """What a form or a session asks for."""
    return Filter(*(str(given.get(name, "")).strip()[:LONGEST] for name in Filter._fields))


def rows(clinic: Clinic, wanted: Filter) -> QuerySet[AccessEvent]:
    """The rows of a clinic, the latest first. Raises `ValueError` for a day that is none."""
    found = AccessEvent.objects.filter(clinic=clinic).order_by("-id")
    if wanted.by:
        found = found.filter(by__iexact=wanted.by)
    if wanted.what:
        found = found.filter(what=wanted.what)
    if wanted.patient:
        found = found.filter(_about(clinic, wanted.patient))
    if wanted.since:
        found = found.filter(at__gte=_start_of(datetime.date.fromisoformat(wanted.since)))
    if wanted.until:
        found = found.filter(at__lt=_start_of(datetime.date.fromisoformat(wanted.until) + datetime.timedelta(days=1)))
    return found


def numbers_of(clinic: Clinic, events: Iterable[AccessEvent]) -> dict[int, str]:
    """The clinic's own numbers of the patients that these rows are about, by the row's number."""
    of_rows = {one.pk: keys for one in events if (keys := _keys(one.about))}
    wanted = {key for keys in of_rows.values() for key in keys}
    known = dict(Patient.objects.filter(clinic=clinic, pk__in=wanted).values_list("pk", "number"))
    told = {row: ", ".join(known[key] for key in keys if key in known) for row, keys in of_rows.items()}
    return {row: numbers for row, numbers in told.items() if numbers}


def about_patient(patient: Patient) -> Q:
    """The rows that name a patient, alone or among others."""
    key = patient.pk
    alone = Q(about=f"{_PATIENT}{key}") | Q(about__startswith=f"{_PATIENT}{key} ")
    first = Q(about=f"{_PATIENTS}{key}") | Q(about__startswith=f"{_PATIENTS}{key},")
    further = Q(about__endswith=f",{key}") | Q(about__contains=f",{key},")
    return alone | first | (Q(about__startswith=_PATIENTS) & further)


def _about(clinic: Clinic, number: str) -> Q:
    patient = Patient.objects.filter(clinic=clinic, number=number).first()
    if patient is None:
        return Q(pk__in=[])
    return about_patient(patient)


def _keys(about: str) -> list[int]:
    """The patients that a row names."""
    if about.startswith(_PATIENTS):
        told = about.removeprefix(_PATIENTS).split(",")
    else:
        told = [about.removeprefix(_PATIENT).partition(" ")[0]] if about.startswith(_PATIENT) else []
    return [int(one) for one in told if one.isdecimal()]


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
