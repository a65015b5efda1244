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


class Filter(NamedTuple):
    """What was asked for, as it was written; empty where everything is wanted."""

    by: str = ""
    what: str = ""
    patient: str = ""
    since: str = ""
    until: str = ""


def filter_of(given: Any) -> Filter:
    """What an address or a form asks for."""
    return Filter(*(given.get(name, "").strip() for name in Filter._fields))


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
    of_rows = {one.pk: key for one in events if (key := _key(one.about)) is not None}
    known = dict(Patient.objects.filter(clinic=clinic, pk__in=set(of_rows.values())).values_list("pk", "number"))
    return {row: known[key] for row, key in of_rows.items() if key in known}


def _about(clinic: Clinic, number: str) -> Q:
    patient = Patient.objects.filter(clinic=clinic, number=number).first()
    if patient is None:
        return Q(pk__in=[])
    return Q(about=f"{_PATIENT}{patient.pk}") | Q(about__startswith=f"{_PATIENT}{patient.pk} ")


def _key(about: str) -> int | None:
    first = about.removeprefix(_PATIENT).partition(" ")[0] if about.startswith(_PATIENT) else ""
    return int(first) if first.isdecimal() else None


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
