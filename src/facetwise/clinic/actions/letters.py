"""Keeping what was sent."""

from django.db import transaction

from facetwise.clinic.letters.checking import SENT, sealed
from facetwise.clinic.letters.documents import Document
from facetwise.clinic.letters.models import SentBy, SentLetter, digest_of
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem


@transaction.atomic
def send_letter(patient: Patient, by: User, document: Document, to: str, how: SentBy) -> SentLetter:
    """Keep a document as it was sent, to whom and how. The trail holds its seal.

    Raises `DocumentError` for one that was sent to nobody.
    """
    to = " ".join(to.split())
    if not to:
        raise DocumentError([Problem("to", "It is empty", "Write to whom it was sent")])
    data = document.pdf.data
    letter = SentLetter.objects.create(
        patient=patient,
        kind=document.kind,
        title=document.page.title,
        language=document.page.language,
        version=patient.version,
        as_of=document.as_of,
        open_places=document.page.open_places,
        page=document.html,
        page_digest=document.digest,
        pdf=data,
        digest=digest_of(data),
        to=to,
        how=how,
        by=by,
    )
    note(by.username, SENT, sealed(letter), patient.clinic)
    return letter
