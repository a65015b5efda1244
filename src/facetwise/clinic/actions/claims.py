"""Adding the procedures of claims to records."""

import datetime

from django.db import transaction

from facetwise.audit.mapping.claimed_procedures import Claimed
from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.claims.reading import OfPatient, with_claimed
from facetwise.clinic.people.models import User
from facetwise.records import Record


@transaction.atomic
def add_claimed(patients: tuple[OfPatient, ...], by: User, today: datetime.date) -> int:
    """Add to each record what it lacks, all or nothing; how many procedures that was.

    What the record has by now is not added again. Raises `DocumentError` for what cannot be.
    """
    added = 0
    for one in patients:
        if one.new:
            count = len(one.patient.documented.procedures or ())

            def change(record: Record, new: tuple[Claimed, ...] = one.new) -> Record:
                return with_claimed(record, new)

            changed = change_record(one.patient, by, None, change, "Procedures of claims added", today)
            added += len(changed.documented.procedures or ()) - count
    return added
