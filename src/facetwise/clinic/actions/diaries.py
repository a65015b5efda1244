"""Diaries: sending a link to one, and taking entries into the record."""

import datetime
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from msgspec.structs import replace

from facetwise.clinic.actions.links import make_link
from facetwise.clinic.actions.patients import change_record, held
from facetwise.clinic.diary.measured import counts, diary_of, entries_of, minutes_after
from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.diary.sides import may_have_side
from facetwise.clinic.diary.wire import SentEntry
from facetwise.clinic.links.models import PatientLink, Purpose
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.records import Diary, Procedure, Record
from facetwise.records import DiaryEntry as Line

CLOCKS_AGREE = datetime.timedelta(minutes=2)
LATE_AFTER = datetime.timedelta(minutes=15)
CORRECTED_WITHIN = datetime.timedelta(minutes=10)
"""For how long after an entry a patient may take it back: a slip of the finger, not another memory of the pain."""

MOST_ENTRIES = 1000
"""Of one procedure's diary, with what was corrected: far more than anybody says in a day."""

_NONE = datetime.timedelta()


class Taken(NamedTuple):
    """What became of entries, by key: those kept, and those refused with the reason."""

    kept: tuple[str, ...]
    refused: dict[str, str]


@transaction.atomic
def send_diary(
    patient: Patient, by: User, procedure: str, given_at: datetime.datetime, language: str
) -> tuple[PatientLink, str]:
    """A new link to the diary of a procedure, and its token; links sent before for it open nothing any more.

    Entries that are there already count from its `given_at` on.

    Raises `DocumentError` for a procedure that is not in the record, a moment that is not on its day, and as
    `make_link` does.
    """
    patient = held(patient.pk)  # so that the procedure is not withdrawn meanwhile
    require_given_at(patient, procedure, given_at)
    made = make_link(patient, by, Purpose.DIARY, language, procedure, given_at)
    if entries_of(patient, procedure).exists():
        _write_diary(patient, procedure, by, "Time of the anaesthetic given with a new link")
    return made


def require_given_at(patient: Patient, procedure: str, given_at: datetime.datetime) -> None:
    """Raises `DocumentError` for a procedure that is not in the record or came with a diary, and another day's moment.

    A diary that came with a record from elsewhere is not ours to write anew.
    """
    done = procedure_named(patient.documented, procedure)
    if done.diary is not None and not entries_of(patient, procedure).exists():
        what = "Its diary came with the record"
        raise DocumentError([Problem("procedure", what, "Correct it where it came from, and add the record again")])
    if timezone.localtime(given_at).date() != done.date or given_at > timezone.now():
        what = f"The anaesthetic of a procedure of {date_format(done.date)} was not given then"
        raise DocumentError([Problem("given_at", what, "Give the time of that day, not later than now")])


@transaction.atomic
def take_entries(
    link: PatientLink,
    entries: Sequence[SentEntry],
    device_now: datetime.datetime,
    by: User | None = None,
    replaces: Mapping[UUID, int] | None = None,
) -> Taken:
    """Keep entries, each once, put their times right where the phone's clock is wrong, and write the diary anew.

    `by` is who types in a paper diary; `replaces` says by its key which entry another corrects. What a phone corrects
    it names itself; such an entry has the moment and the side of the one that it replaces. One that arrived by an
    earlier link for the same procedure is confirmed again.
    """
    patient = held(link.patient_id)  # before the link, as everybody does; who sends the same at once waits
    treated = procedure_named(patient.documented, link.procedure)
    arrived = set(entries_of(patient, link.procedure).values_list("key", flat=True))
    known = len(arrived)
    now, given_at = timezone.now(), cast(datetime.datetime, link.given_at)  # every diary has one
    wrong = now - device_now
    correction = wrong if abs(wrong) > CLOCKS_AGREE else datetime.timedelta()
    kept, refused = [], {}
    for entry in entries:
        if entry.key in arrived:
            kept.append(str(entry.key))
            continue
        was = _corrected(patient, link.procedure, entry, (replaces or {}).get(entry.key))
        said_at = _put_right(entry.at, correction)
        full = "" if len(arrived) < MOST_ENTRIES else "The diary is full"
        if why := full or _refusal(entry, said_at, was, given_at, now) or _contradiction(entry, treated):
            refused[str(entry.key)] = why
            continue
        at, side = (was.at, was.side) if was is not None and entry.replaces else (said_at, entry.side)
        DiaryEntry.objects.create(
            link=link, key=entry.key, device_at=entry.at, at=at, received_at=now, side=side, score=entry.score,
            minutes=max(0, minutes_after(given_at, at)), provoked=entry.provoked, asleep=entry.asleep,
            rescue_analgesic=entry.rescue_analgesic, by=by, late=by is None and now - said_at > LATE_AFTER,
            replaces=was,
        )  # fmt: skip
        arrived.add(entry.key)
        kept.append(str(entry.key))
    if by is None:
        PatientLink.objects.filter(pk=link.pk).update(heard_at=now)
    if kept:
        _write_diary(patient, link.procedure, by, "Diary entries arrived" if by is None else "Paper diary typed in")
    if by is None and len(arrived) > known:
        about = f"patient {patient.pk} link {link.pk}: {len(arrived) - known} entries"
        note(f"link {link.pk}", "diary entries arrived", about, patient.clinic)
    return Taken(tuple(kept), refused)


def _put_right(at: datetime.datetime, correction: datetime.timedelta) -> datetime.datetime:
    """The moment by the right clock; the end of the calendar, which is refused, for one that there is not."""
    try:
        return at.astimezone(datetime.UTC) + correction
    except OverflowError:
        return datetime.datetime.max.replace(tzinfo=datetime.UTC)


def _corrected(patient: Patient, procedure: str, entry: SentEntry, typed: int | None) -> DiaryEntry | None:
    """What an entry takes the place of: of a phone's, an entry of the same diary that came from a phone."""
    if entry.replaces is not None:
        return entries_of(patient, procedure).filter(key=entry.replaces, by=None).first()
    return DiaryEntry.objects.get(pk=typed) if typed is not None else None


def _refusal(
    entry: SentEntry,
    said_at: datetime.datetime,
    was: DiaryEntry | None,
    given_at: datetime.datetime,
    now: datetime.datetime,
) -> str:
    """Why an entry cannot be kept because of when it was said; empty where it can."""
    if said_at > now + CLOCKS_AGREE or (entry.replaces is None and not counts(given_at, said_at)):
        return "Its time is not in the day after the procedure"
    if entry.replaces is None:
        return ""
    if was is None:
        return "What it corrects is not there"
    if DiaryEntry.objects.filter(replaces=was).exists():
        return "What it corrects is corrected already"
    in_time = _NONE - CLOCKS_AGREE <= said_at - was.at <= CORRECTED_WITHIN + CLOCKS_AGREE
    return "" if in_time else "It is too long ago to be corrected from the phone"


def _contradiction(entry: SentEntry, treated: Procedure) -> str:
    """Why an entry cannot be true; empty where it can."""
    if entry.asleep and entry.score is not None:
        return "It has a score and says asleep"
    side = "" if entry.replaces else entry.side  # a correction has the side of what it corrects
    return "" if may_have_side(treated, side) else f"The {entry.side} side was not treated"


def _write_diary(patient: Patient, procedure: str, by: User | None, why: str) -> None:
    """The record's diary of the procedure, written anew."""

    def change(record: Record) -> Record:
        procedures = tuple(
            diary_written(patient, one) if one.id == procedure else one for one in record.procedures or ()
        )
        return replace(record, procedures=procedures) if procedures else record

    change_record(patient, by, None, change, why, timezone.localdate())


def diary_written(patient: Patient, procedure: Procedure) -> Procedure:
    """A procedure with its diary: every entry of every link for it that no other replaces.

    One for which no entry ever came stays as it is: its diary, if it has one, came with the record. Each entry is so
    many minutes after the anaesthetic as the last link says; what would come before it does not count. Scores wait with
    their links, and in no record, until somebody documents the pain before, without which they say nothing.
    """
    if procedure.id is None or not (ever := entries_of(patient, procedure.id)).exists():
        return procedure
    last = diary_of(patient, procedure.id)
    given_at = cast(datetime.datetime, last.given_at if last else None)  # a diary that has entries has a link
    lines = tuple(
        Line(
            minutes=minutes_after(given_at, one.at),
            score=one.score,
            side=one.side or None,  # type: ignore[arg-type]
            provoked=one.provoked,
            asleep=one.asleep or None,
            rescue_analgesic=one.rescue_analgesic or None,
        )
        for one in ever.filter(replaced_by=None).order_by("at", "side", "id")
        if not one.says_nothing and counts(given_at, one.at)
    )
    measured = procedure.pain_before is not None or all(one.score is None for one in lines)
    return replace(procedure, diary=Diary(entries=lines) if lines and measured else None)


class NoSuchProcedure(DocumentError):
    """A procedure is not in the record, or not any more."""


def procedure_named(record: Record, id_: str) -> Procedure:
    """The procedure with this id. Raises `NoSuchProcedure`."""
    for one in record.procedures or ():
        if one.id == id_:
            return one
    raise NoSuchProcedure(
        [Problem("procedure", "There is no such procedure in the record", "Choose one that is there")]
    )
