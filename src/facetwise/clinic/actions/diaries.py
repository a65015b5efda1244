"""Diaries: sending a link, opening it, taking entries from it into the record, and taking it back."""

import datetime
import hashlib
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from msgspec.structs import replace

from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.diary.models import DiaryEntry, DiaryLink
from facetwise.clinic.diary.wire import SentEntry
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.records import Diary, Procedure, Record
from facetwise.records import DiaryEntry as Line

VALID_FOR = datetime.timedelta(days=3)
MOST_FAILURES = 5
CLOCKS_AGREE = datetime.timedelta(minutes=2)
LATE_AFTER = datetime.timedelta(minutes=15)
LONGEST = datetime.timedelta(hours=24)


class Taken(NamedTuple):
    """What became of entries, by key: those kept, and those refused with the reason."""

    kept: tuple[str, ...]
    refused: dict[str, str]


@transaction.atomic
def send_link(
    patient: Patient, by: User, procedure: str, given_at: datetime.datetime, language: str
) -> tuple[DiaryLink, str]:
    """A new link to the diary of a procedure, and its token; links sent before for it open nothing any more.

    Raises `DocumentError` for a procedure that is not in the record, and a moment that is not on its day.
    """
    done = procedure_named(patient.documented, procedure)
    if timezone.localtime(given_at).date() != done.date or given_at > timezone.now():
        what = f"The anaesthetic of a procedure of {done.date} was not given then"
        raise DocumentError([Problem("given_at", what, "Give the time of that day, not later than now")])
    if patient.birth_year is None:
        what, remedy = "The birth year is not documented", "Document it: the patient opens the diary with it"
        raise DocumentError([Problem("patient.birth_year", what, remedy)])
    now = timezone.now()
    patient.diary_links.filter(procedure=procedure, revoked_at=None).update(revoked_at=now)
    token = secrets.token_urlsafe(24)
    link = DiaryLink.objects.create(
        patient=patient,
        procedure=procedure,
        language=language,
        given_at=given_at,
        digest=digest_of(token),
        by=by,
        expires_at=now + VALID_FOR,
    )
    note(by.username, "diary link made", f"patient {patient.pk} link {link.pk}", patient.clinic)
    return link, token


@transaction.atomic
def revoke_link(link: DiaryLink, by: User) -> None:
    """Take a link back: it opens nothing any more. What came through it stays."""
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        note(by.username, "diary link revoked", f"patient {link.patient_id} link {link.pk}", link.patient.clinic)


@transaction.atomic
def open_link(token: str, birth_year: str) -> DiaryLink | None:
    """The link that a token and the patient's birth year open; None for any that they do not.

    Failures are counted, and a link that was tried too often is shut.
    """
    link = usable_link(token, locked=True)  # tries at once are counted one after the other
    if link is None:
        return None
    if birth_year.strip() != str(link.patient.birth_year):
        link.failures += 1
        link.save(update_fields=["failures"])
        note(f"diary link {link.pk}", "diary not opened", f"patient {link.patient_id}", link.patient.clinic)
        return None
    if link.opened_at is None:
        link.opened_at = timezone.now()
        link.save(update_fields=["opened_at"])
    note(f"diary link {link.pk}", "diary opened", f"patient {link.patient_id}", link.patient.clinic)
    return link


def usable_link(token: str, locked: bool = False) -> DiaryLink | None:
    """The link of a token, as long as it is neither expired nor revoked nor shut; `locked` until all is written."""
    links = DiaryLink.objects.select_for_update(of=("self",)) if locked else DiaryLink.objects
    link = links.select_related("patient__clinic").filter(digest=digest_of(token)).first()
    return link if link is not None and is_usable(link) else None


def is_usable(link: DiaryLink) -> bool:
    """Whether a link still opens its diary."""
    return link.revoked_at is None and link.expires_at > timezone.now() and link.failures < MOST_FAILURES


@transaction.atomic
def take_entries(
    link: DiaryLink, entries: Sequence[SentEntry], device_now: datetime.datetime, by: User | None = None
) -> Taken:
    """Keep entries, each once, put their times right where the phone's clock is wrong, and write the diary anew."""
    now = timezone.now()
    wrong = now - device_now
    correction = wrong if abs(wrong) > CLOCKS_AGREE else datetime.timedelta()
    kept, refused = [], {}
    for entry in entries:
        at = entry.at + correction
        if not datetime.timedelta() <= at - link.given_at <= LONGEST or at > now + CLOCKS_AGREE:
            refused[str(entry.key)] = "Its time is not in the day after the procedure"
            continue
        DiaryEntry.objects.get_or_create(
            link=link,
            key=entry.key,
            defaults={
                "device_at": entry.at, "at": at, "received_at": now, "side": entry.side, "score": entry.score,
                "minutes": int((at - link.given_at).total_seconds() // 60), "provoked": entry.provoked,
                "asleep": entry.asleep, "rescue_analgesic": entry.rescue_analgesic, "by": by,
                "late": by is None and now - at > LATE_AFTER,
            },
        )  # fmt: skip
        kept.append(str(entry.key))
    DiaryLink.objects.filter(pk=link.pk).update(heard_at=now)
    if kept:
        _write_diary(link, by)
    return Taken(tuple(kept), refused)


def _write_diary(link: DiaryLink, by: User | None) -> None:
    """The record's diary of the procedure: every entry of every link that was sent for it."""
    patient = Patient.objects.select_related("clinic").get(pk=link.patient_id)
    found = DiaryEntry.objects.filter(link__patient=patient, link__procedure=link.procedure)
    lines = tuple(
        Line(
            minutes=one.minutes,
            score=one.score,
            side=one.side or None,  # type: ignore[arg-type]
            provoked=one.provoked,
            asleep=one.asleep or None,
            rescue_analgesic=one.rescue_analgesic or None,
        )
        for one in found.order_by("minutes", "side", "id")
    )

    def change(record: Record) -> Record:
        procedures = tuple(
            replace(one, diary=Diary(entries=lines)) if one.id == link.procedure else one
            for one in record.procedures or ()
        )
        return replace(record, procedures=procedures)

    change_record(patient, by, None, change, "Diary entries arrived", timezone.localdate())


def procedure_named(record: Record, id_: str) -> Procedure:
    """The procedure with this id. Raises `DocumentError` for none."""
    for one in record.procedures or ():
        if one.id == id_:
            return one
    raise DocumentError([Problem("procedure", "There is no such procedure in the record", "Choose one that is there")])


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
