"""What is said of the procedure that the next step proposes."""

import datetime
import json
from collections.abc import Sequence

from django.db import transaction

from facetwise.clinic.actions.patients import held, stand
from facetwise.clinic.actions.recommendations import Shown, require_shown
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.clinic.requested.known import last_day
from facetwise.clinic.requested.models import RequestFact
from facetwise.clinic.requested.questions import REQUEST, request_value
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem


@transaction.atomic
def say_of_request(
    patient: Patient, by: User, shown: Shown, path: str, given: Sequence[str] | None, today: datetime.date
) -> RequestFact:
    """Keep an answer to a question of the request, or with None take back the one there is.

    Raises `Conflict` where the record was changed meanwhile, and `DocumentError` where the patient stands at another
    step by now, or that proposes no procedure, and for an answer that cannot be.
    """
    current = held(patient.pk)
    found = require_shown(current, shown, today)
    proposal = found.answer.proposal if found is not None else None
    if proposal is None:
        raise DocumentError([Problem(path, "The next step proposes no procedure", "Look at it again")])
    value = "" if given is None else json.dumps(request_value(proposal.request, path, given))
    name = path.removeprefix(REQUEST)
    fact = RequestFact.objects.create(
        patient=current,
        step=current.step,
        after=last_day(current.documented),
        name=name,
        value=value,
        by=by,
    )
    stand(current, today)
    what = "request answered" if value else "answer of a request taken back"
    note(by.username, what, f"patient {current.pk} {current.step} {name}", current.clinic)
    return fact
