"""Where Django looks for models: all of them, from their features."""

from facetwise.clinic.diary.models import DiaryEntry, DiaryLink
from facetwise.clinic.patient_links.models import FailedTry
from facetwise.clinic.patients.models import Answer, Need, Patient, Revision
from facetwise.clinic.people.models import Clinic, Membership, Role, User
from facetwise.clinic.trail.models import AccessEvent

__all__ = [
    "AccessEvent",
    "Answer",
    "Clinic",
    "DiaryEntry",
    "DiaryLink",
    "FailedTry",
    "Membership",
    "Need",
    "Patient",
    "Revision",
    "Role",
    "User",
]
