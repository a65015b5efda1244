"""The entries of a diary, each so long after the anaesthetic as is known of that moment now.

The last link that was made for a procedure says when it was given: a link with the right time puts every entry right.
"""

import datetime

from django.db.models import QuerySet

from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.links.models import PatientLink
from facetwise.clinic.patients.models import Patient

LONGEST = datetime.timedelta(hours=24)
"""After the anaesthetic, for which a diary is kept at most."""


def diary_of(patient: Patient, procedure: str) -> PatientLink | None:
    """What the diary of a procedure hangs on: the last link that was sent for it, or a paper diary of before."""
    return patient.links.filter(procedure=procedure).exclude(procedure="").order_by("-id").first()


def entries_of(patient: Patient, procedure: str) -> QuerySet[DiaryEntry]:
    """Every entry for a procedure, whichever link it came by."""
    return DiaryEntry.objects.filter(link__patient=patient, link__procedure=procedure)


def minutes_after(given_at: datetime.datetime, at: datetime.datetime) -> int:
    """Whole minutes from the anaesthetic to a moment; negative before it."""
    return (at - given_at) // datetime.timedelta(minutes=1)


def counts(given_at: datetime.datetime, at: datetime.datetime) -> bool:
    """Whether a moment is in the day after the anaesthetic."""
    return datetime.timedelta() <= at - given_at <= LONGEST
