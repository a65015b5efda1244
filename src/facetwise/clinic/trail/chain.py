"""Adding to the audit trail, and checking that nothing was taken out of it or changed."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.utils import timezone

from facetwise.clinic.people.models import Clinic
from facetwise.clinic.trail.models import AccessEvent

START = "0" * 64
_LOCK = 7_351_077
"""A number of our own: PostgreSQL lets one transaction at a time add to the trail that holds it."""
_ROOM = 90
"""Characters for the keys of patients in one row."""


def note(by: str, what: str, about: str = "", clinic: Clinic | None = None) -> AccessEvent:
    """Add that somebody did something. It is in the same transaction as what was done, or in one of its own."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        before = AccessEvent.objects.order_by("-id").values_list("digest", flat=True).first() or START
        event = AccessEvent(at=timezone.now(), clinic=clinic, by=by, what=what, about=about, before=before)
        event.digest = digest_of(event)
        event.save(force_insert=True)
    return event


def note_patients(by: str, what: str, keys: Iterable[int], clinic: Clinic) -> None:
    """Add that somebody saw these patients together: in as many rows as their keys need, so that none is left out."""
    rows = [""]
    for key in map(str, keys):
        if len(rows[-1]) + len(key) > _ROOM:
            rows.append("")
        rows[-1] += f",{key}" if rows[-1] else key
    with transaction.atomic():
        for row in rows:
            note(by, what, f"patients {row}" if row else "no patients", clinic)


def digest_of(event: AccessEvent) -> str:
    """The digest of a row: SHA-256 of everything in it and of the digest before."""
    at = event.at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    told = [event.before, at, event.clinic_id, event.by, event.what, event.about]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def faults() -> Iterator[str]:
    """What is wrong with the chain, row by row; nothing for one that is whole.

    That the last rows were removed shows only against a digest that was written down elsewhere: `last_digest`.
    """
    before = START
    for event in AccessEvent.objects.order_by("id").iterator(chunk_size=2000):
        if event.before != before:
            yield f"Before row {event.pk} something was removed, or put in"
        if digest_of(event) != event.digest:
            yield f"Row {event.pk} was changed"
        before = event.digest


def last_digest() -> str:
    """The digest of the last row: to be written down where nobody of the clinic can change it."""
    return AccessEvent.objects.order_by("-id").values_list("digest", flat=True).first() or START
