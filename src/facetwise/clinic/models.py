"""Where Django looks for models: all of them, from their features."""

from facetwise.clinic.aid.models import AidAnswers
from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.letters.models import SentLetter
from facetwise.clinic.links.models import FailedTry, PatientLink
from facetwise.clinic.patients.models import Answer, Need, Patient, Revision
from facetwise.clinic.people.models import Clinic, Invitation, Membership, Role, User
from facetwise.clinic.policies.models import LocalPolicy
from facetwise.clinic.requested.models import RequestFact
from facetwise.clinic.trail.models import AccessEvent
from facetwise.clinic.worklist.models import SavedView

__all__ = [
    "AccessEvent",
    "AidAnswers",
    "Answer",
    "Clinic",
    "DiaryEntry",
    "FailedTry",
    "Invitation",
    "LocalPolicy",
    "Membership",
    "Need",
    "Patient",
    "PatientLink",
    "RequestFact",
    "Revision",
    "Role",
    "SavedView",
    "SentLetter",
    "User",
]
