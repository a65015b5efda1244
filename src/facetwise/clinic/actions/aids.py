"""Decision aids: sending one to a patient, and keeping what is answered."""

import msgspec
from django.db import transaction
from django.utils import timezone

from facetwise.clinic.actions.links import make_link
from facetwise.clinic.aid.models import AidAnswers
from facetwise.clinic.links.models import PatientLink, Purpose
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.education import Answers, summary_for_clinician
from facetwise.rules.facts import red_flags_in

LONGEST_QUESTION = 1000
"""Characters of what a patient writes in own words."""


def send_aid(patient: Patient, by: User, language: str) -> tuple[PatientLink, str]:
    """A new link to the decision aid, and its token.

    Raises `DocumentError` where a serious cause is documented, which comes before any choice, and as `make_link` does.
    """
    if red_flags_in(patient.documented.conditions):
        what = "A serious cause is documented, which comes before any choice"
        raise DocumentError([Problem("conditions", what, "Exclude it first; nothing was sent")])
    return make_link(patient, by, Purpose.DECISION_AID, language)


@transaction.atomic
def keep_answers(link: PatientLink, answers: Answers) -> AidAnswers:
    """Keep answers as the next version; the same again add none.

    Raises `DocumentError` for what the aid has not, and a question that is too long.
    """
    summary_for_clinician(answers)  # which knows what can be answered
    if (length := len(answers.own_question)) > LONGEST_QUESTION:
        remedy = f"At most {LONGEST_QUESTION}"
        raise DocumentError([Problem("own_question", f"It has {length} characters", remedy)])
    current = PatientLink.objects.select_for_update(no_key=True).get(
        pk=link.pk
    )  # two who send at once get a version each
    text = msgspec.json.encode(answers, order="deterministic").decode()
    last = current.answers.first()
    if last is not None and last.answers == text:
        return last
    kept = AidAnswers.objects.create(link=current, version=last.version + 1 if last else 1, answers=text)
    PatientLink.objects.filter(pk=link.pk).update(heard_at=timezone.now())
    note(f"link {link.pk}", "decision aid answered", f"patient {link.patient_id}", link.patient.clinic)
    return kept
