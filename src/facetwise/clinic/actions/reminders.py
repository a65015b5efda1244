"""Reminding a patient of a link. The token is not known any more, so a reminder gives the link a new one."""

from collections.abc import Callable
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from facetwise.clinic.actions.links import digest_of, is_usable, new_token
from facetwise.clinic.links.models import PatientLink
from facetwise.clinic.links.texts import reminder_of
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem

LONGEST_EMAIL = 254
"""Characters, as RFC 5321 allows them and a link keeps them."""


def remind(link: PatientLink, by: User, email: str, address_of: Callable[[str], str]) -> str:
    """Give a link a new token; the old one opens nothing, and a phone where the link is open stays so.

    Returns the address. Where an e-mail address is given, the reminder is sent there first, with no lock held, and
    only then is anything written, if the link is still usable. Raises `DocumentError` for a link that opens nothing
    any more, an address that is none, and mail that cannot be sent: then the link is as it was.
    """
    email = email.strip()
    if not is_usable(link):
        raise DocumentError([Problem("link", "It opens nothing any more", "Make a new link")])
    token = new_token()
    address = address_of(token)
    if email:
        _send(link, email, address)
    _write(link, by, email, token)
    return address


@transaction.atomic
def _write(link: PatientLink, by: User, email: str, token: str) -> None:
    now = PatientLink.objects.select_for_update().get(pk=link.pk)
    if not is_usable(now):
        what = "It was taken back, or its time was over, meanwhile; the reminder opens nothing"
        raise DocumentError([Problem("link", what, "Make a new link")])
    now.digest, now.email, now.reminded_at, now.reminded_by = digest_of(token), email or now.email, timezone.now(), by
    now.save(update_fields=["digest", "email", "reminded_at", "reminded_by"])
    how = "by mail" if email else "by hand"
    note(by.username, f"reminded {how}", f"patient {link.patient_id} link {link.pk}", link.patient.clinic)


def _send(link: PatientLink, email: str, address: str) -> None:
    """Send the reminder. What a mail server answers may hold the address, so nothing of it is told or logged."""
    if not settings.CLINIC_SENDS_MAIL:
        remedy = "Leave the address empty and send the text yourself, or set FACETWISE_CLINIC_MAIL"
        raise DocumentError([Problem("email", "This clinic has no mail server", remedy)])
    try:
        if len(email) > LONGEST_EMAIL:
            raise ValidationError("too long")
        validate_email(email)
    except ValidationError:
        what, remedy = "That is no e-mail address", "Write it as name@example.org"
        raise DocumentError([Problem("email", what, remedy)]) from None
    said = reminder_of(link, address)
    try:
        send_mail(said.subject, said.text, None, [email])
    except SMTPRecipientsRefused:
        what, remedy = "The mail server does not take this address; nothing was sent", "Check it with the patient"
        raise DocumentError([Problem("email", what, remedy)]) from None
    except (SMTPException, OSError):
        what = "The mail server did not take the message; nothing was sent, and the link of before still works"
        remedy = "Leave the address empty and send the text yourself; tell whoever runs the server to check its mail"
        raise DocumentError([Problem("email", what, remedy)]) from None
