"""Links for patients: making one, opening it, taking it back, and asking for a new one where it has expired."""

import datetime
import hashlib
import secrets

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from facetwise.clinic.actions.patients import held, stand
from facetwise.clinic.links.models import LANGUAGES, PatientLink, Purpose
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem, did_you_mean

VALID_FOR = {Purpose.DIARY: datetime.timedelta(days=3), Purpose.DECISION_AID: datetime.timedelta(days=14)}
MOST_FAILURES = 5


@transaction.atomic
def make_link(
    patient: Patient,
    by: User,
    purpose: Purpose,
    language: str,
    procedure: str = "",
    given_at: datetime.datetime | None = None,
) -> tuple[PatientLink, str]:
    """A new link and its token; links made before for the same open nothing any more.

    Raises `DocumentError` for a language that there is not, and a patient whose birth year is not documented.
    """
    if language not in dict(LANGUAGES):
        what, remedy = f'There is no "{language}"', did_you_mean(language, [one for one, _ in LANGUAGES])
        raise DocumentError([Problem("language", what, remedy)])
    if patient.birth_year is None:
        what, remedy = "The birth year is not documented", "Document it: the patient opens the link with it"
        raise DocumentError([Problem("patient.birth_year", what, remedy)])
    now, current = timezone.now(), held(patient.pk)
    patient.links.filter(purpose=purpose, procedure=procedure, revoked_at=None).update(revoked_at=now)
    token = new_token()
    link = PatientLink.objects.create(
        patient=patient,
        purpose=purpose,
        procedure=procedure,
        language=language,
        given_at=given_at,
        digest=digest_of(token),
        by=by,
        expires_at=now + VALID_FOR[purpose],
    )
    stand(current, timezone.localdate())
    note(by.username, f"{purpose.label.lower()} link made", f"patient {patient.pk} link {link.pk}", patient.clinic)
    return link, token


@transaction.atomic
def revoke_link(link: PatientLink, by: User) -> None:
    """Take a link back: it opens nothing any more. What came through it stays."""
    current = held(link.patient_id)
    if PatientLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
        stand(current, timezone.localdate())
        note(by.username, "link revoked", f"patient {link.patient_id} link {link.pk}", link.patient.clinic)


@transaction.atomic
def open_link(token: str, birth_year: str) -> PatientLink | None:
    """The link that a token and the patient's birth year open; None for any that they do not.

    Failures are counted, and a link that was tried too often is shut.
    """
    link = usable_link(token, locked=True)
    if link is None or not _proved(link, birth_year):
        return None
    now = timezone.now()
    PatientLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)
    see_link(link)
    note(f"link {link.pk}", f"{link.get_purpose_display().lower()} opened", _about(link), link.patient.clinic)
    return link


def see_link(link: PatientLink) -> None:
    """Write down that the patient looks at what the link opens."""
    PatientLink.objects.filter(pk=link.pk).update(seen_at=timezone.now())


@transaction.atomic
def ask_for_link(token: str, birth_year: str) -> bool:
    """The patient asks for a new link in the place of one that has expired; once, later ones change nothing.

    False where the birth year is wrong, which counts as a failure, and where the link has not just expired.
    """
    found = expired_link(token)
    if found is None:
        return False
    current = held(found.patient_id)  # first the patient, then the link
    link = expired_link(token, locked=True)
    if link is None or not _proved(link, birth_year):
        return False
    if PatientLink.objects.filter(pk=link.pk, asked_at=None).update(asked_at=timezone.now()):
        stand(current, timezone.localdate())
        note(f"link {link.pk}", "new link asked for", _about(link), link.patient.clinic)
    return True


def usable_link(token: str, locked: bool = False) -> PatientLink | None:
    """The link of a token, as long as it is neither expired nor revoked nor shut.

    One that is `locked` is held until all is written, so that tries at once are counted one after the other.
    """
    link = _link_of(token, locked)
    return link if link is not None and is_usable(link) else None


def expired_link(token: str, locked: bool = False) -> PatientLink | None:
    """The link of a token that opens nothing only because its time is over."""
    link = _link_of(token, locked)
    return link if link is not None and _is_whole(link) and link.expires_at <= timezone.now() else None


def is_usable(link: PatientLink) -> bool:
    """Whether a link still opens something."""
    return _is_whole(link) and link.expires_at > timezone.now()


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _link_of(token: str, locked: bool) -> PatientLink | None:
    links = PatientLink.objects.select_for_update(of=("self",), no_key=True) if locked else PatientLink.objects
    return links.select_related("patient__clinic").filter(digest=digest_of(token)).first()


def _is_whole(link: PatientLink) -> bool:
    return link.revoked_at is None and link.failures < MOST_FAILURES


def _proved(link: PatientLink, birth_year: str) -> bool:
    """Whether the birth year is the patient's; one that is not is counted."""
    year = link.patient.birth_year
    if year is not None and birth_year.strip() == str(year):  # nobody proves a year that is not documented
        return True
    PatientLink.objects.filter(pk=link.pk).update(failures=F("failures") + 1)
    note(f"link {link.pk}", f"{link.get_purpose_display().lower()} not opened", _about(link), link.patient.clinic)
    return False


def _about(link: PatientLink) -> str:
    return f"patient {link.patient_id}"
