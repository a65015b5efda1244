"""What a clinician makes of the next step that was shown."""

import datetime
from typing import NamedTuple

from django.db import transaction

from facetwise.clinic.actions.patients import Conflict, held, stand
from facetwise.clinic.patients.models import Answer, Patient, Verdict
from facetwise.clinic.patients.standing import Standing
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem


class Shown(NamedTuple):
    """What somebody saw who answers: the version of the record, and the step."""

    version: int
    step: str


@transaction.atomic
def answer_recommendation(
    patient: Patient,
    by: User,
    shown: Shown,
    verdict: Verdict,
    reason: str,
    until: datetime.date | None,
    today: datetime.date,
) -> Answer:
    """Accept, decline or defer the step that was shown, and have the worklist follow.

    Raises `Conflict` where the record was changed meanwhile, and `DocumentError` where the patient stands at another
    step by now, for declining or deferring without a reason, and deferring without a day to come.
    """
    reason = " ".join(reason.split())
    if verdict is not Verdict.ACCEPTED and not reason:
        raise DocumentError([Problem("reason", "There is no reason", "Write why; whoever comes next will ask")])
    if verdict is Verdict.DEFERRED and (until is None or until <= today):
        raise DocumentError([Problem("until", "There is no day to come", "Give the day on which to ask again")])
    current = held(patient.pk)
    require_shown(current, shown, today)
    answer = Answer.objects.create(
        patient=current,
        step=current.step,
        step_title=current.step_title,
        version=current.version,
        verdict=verdict,
        reason=reason,
        until=until if verdict is Verdict.DEFERRED else None,
        by=by,
    )
    stand(current, today)
    note(by.username, f"recommendation {verdict}", f"patient {current.pk} version {current.version}", current.clinic)
    return answer


def require_shown(current: Patient, shown: Shown, today: datetime.date) -> Standing | None:
    """Where a patient who is `held` stands. Raises `Conflict` or `DocumentError` where somebody saw something else."""
    if shown.version != current.version:
        raise Conflict(current)
    found = stand(current, today)
    if shown.step != current.step:
        what = f"The next step is another one by now: {current.step_title}"
        raise DocumentError([Problem("step", what, "Look at it, then answer that one; nothing was written")])
    return found
