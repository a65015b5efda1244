"""Where Django looks for models: all of them, from their features."""

from facetwise.clinic.aid.models import AidAnswers
from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.links.models import PatientLink
from facetwise.clinic.patients.models import Answer, Need, Patient, Revision
from facetwise.clinic.people.models import Clinic, Membership, Role, User
from facetwise.clinic.trail.models import AccessEvent

__all__ = [
    "AccessEvent",
    "AidAnswers",
    "Answer",
    "Clinic",
    "DiaryEntry",
    "Membership",
    "Need",
    "Patient",
    "PatientLink",
    "Revision",
    "Role",
    "User",
]
