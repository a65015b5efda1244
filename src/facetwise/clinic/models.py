"""Where Django looks for models: all of them, from their features."""

from facetwise.clinic.diary.models import DiaryEntry, DiaryLink
from facetwise.clinic.letters.models import SentLetter
from facetwise.clinic.patient_links.models import FailedTry
from facetwise.clinic.patients.models import Answer, Need, Patient, Revision
from facetwise.clinic.people.models import Clinic, Invitation, Membership, Role, User
from facetwise.clinic.policies.models import LocalPolicy
from facetwise.clinic.trail.models import AccessEvent
from facetwise.clinic.worklist.models import SavedView

__all__ = [
    "AccessEvent",
    "Answer",
    "Clinic",
    "DiaryEntry",
    "DiaryLink",
    "FailedTry",
    "Invitation",
    "LocalPolicy",
    "Membership",
    "Need",
    "Patient",
    "Revision",
    "Role",
    "SavedView",
    "SentLetter",
    "User",
]
