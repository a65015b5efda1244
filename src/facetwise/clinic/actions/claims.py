"""Adding the procedures of claims to records."""

import datetime

from facetwise.audit.mapping.claimed_procedures import Claimed
from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.claims.reading import OfPatient, with_claimed
from facetwise.clinic.people.models import User
from facetwise.records import Record


def add_claimed(patients: tuple[OfPatient, ...], by: User, today: datetime.date) -> int:
    """Add to each record what it lacks; how many procedures that was.

    What the record has by now is not added again. Raises `DocumentError` for what cannot be, and then nothing is
    added. Each patient is written by itself, so that nobody waits for all of them; where the server stops between two,
    the same claims again add the rest.
    """
    wanted = [one for one in patients if one.new]
    for one in wanted:
        with_claimed(one.patient.documented, one.new)  # what cannot be shows before anything is written
    added = 0
    for one in wanted:
        count = len(one.patient.documented.procedures or ())

        def change(record: Record, new: tuple[Claimed, ...] = one.new) -> Record:
            return with_claimed(record, new)

        changed = change_record(one.patient, by, None, change, "Procedures of claims added", today)
        added += len(changed.documented.procedures or ()) - count
    return added
