"""What a clinician makes of the next step that was shown."""

import datetime

from django.db import transaction

from facetwise.clinic.patients.models import Answer, Patient, Verdict
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem


@transaction.atomic
def answer_recommendation(
    patient: Patient,
    by: User,
    verdict: Verdict,
    reason: str,
    until: datetime.date | None,
    today: datetime.date,
) -> Answer:
    """Accept, decline or defer the step where the patient stands.

    Raises `DocumentError` for declining or deferring without a reason, and deferring without a day to come.
    """
    reason = " ".join(reason.split())
    if verdict is not Verdict.ACCEPTED and not reason:
        raise DocumentError([Problem("reason", "There is no reason", "Write why; whoever comes next will ask")])
    if verdict is Verdict.DEFERRED and (until is None or until <= today):
        raise DocumentError([Problem("until", "There is no day to come", "Give the day on which to ask again")])
    answer = Answer.objects.create(
        patient=patient,
        step=patient.step,
        step_title=patient.step_title,
        version=patient.version,
        verdict=verdict,
        reason=reason,
        until=until if verdict is Verdict.DEFERRED else None,
        by=by,
    )
    patient.put_off_until = answer.until
    patient.save(update_fields=["put_off_until"])
    note(by.username, f"recommendation {verdict}", f"patient {patient.pk} version {patient.version}", patient.clinic)
    return answer
