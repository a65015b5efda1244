"""Counting tries of patients' links that opened nothing.

They are counted in the database, because several processes answer and each has a memory of its own; a row for each
try, because rows cannot overwrite each other as a counter in a shared cache can.
"""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from facetwise.clinic.links.models import FailedTry

MOST_TRIES = 30
"""From one address. A clinic's own network is one address for everybody in it."""

COUNTED_FOR = datetime.timedelta(minutes=15)


@transaction.atomic
def count_failure(address: str) -> None:
    """Count a try that opened nothing, and forget those that count no more."""
    now = timezone.now()
    FailedTry.objects.filter(at__lt=now - COUNTED_FOR).delete()
    FailedTry.objects.create(address=_digest(address), at=now)


def tried_too_often(address: str) -> bool:
    """Whether so many tries from an address failed that no more are looked at for now."""
    since = timezone.now() - COUNTED_FOR
    return FailedTry.objects.filter(address=_digest(address), at__gte=since).count() >= MOST_TRIES


def _digest(address: str) -> str:
    return salted_hmac("facetwise.patient_links", address, algorithm="sha256").hexdigest()
