"""Typing in a diary that was kept on paper, and correcting what was typed."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from facetwise.clinic.actions.diaries import require_given_at, take_entries
from facetwise.clinic.actions.links import digest_of, new_token
from facetwise.clinic.actions.patients import held
from facetwise.clinic.diary.measured import LONGEST, counts, diary_of, entries_of, minutes_after
from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.diary.wire import SentEntry
from facetwise.clinic.links.models import PatientLink, Purpose
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem


class Typed(NamedTuple):
    """What stands on paper for one moment and side, whatever was typed there before: `corrects` names that entry.

    `place` is where it was typed, for whoever has to be told of it.
    """

    place: str
    minutes: int
    side: str = ""
    score: int | None = None
    provoked: bool | None = None
    asleep: bool = False
    rescue_analgesic: bool = False
    corrects: int | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether the place was left empty, or was emptied."""
        return self.score is None and not self.asleep and not self.rescue_analgesic

    @property
    def content(self) -> tuple[int | None, bool | None, bool, bool]:
        """What was said, apart from when and where."""
        return self.score, self.provoked, self.asleep, self.rescue_analgesic


@transaction.atomic
def type_in(
    patient: Patient, by: User, procedure: str, given_at: datetime.datetime | None, typed: Sequence[Typed]
) -> int:
    """Keep what a paper diary says, each entry once; what was typed before and differs is corrected by a new entry.

    `given_at` is needed where no link says it. Returns how many entries were added. Raises `DocumentError`, and keeps
    nothing, for moments that cannot be and for entries that somebody else corrected meanwhile.
    """
    typed = [one for one in typed if not one.says_nothing or one.corrects is not None]
    if not typed:
        return 0
    patient = held(patient.pk)  # two who type wait for each other, and for who withdraws the procedure
    link = diary_of(patient, procedure) or _without_link(patient, by, procedure, given_at)
    require_given_at(patient, procedure, link.given_at or timezone.now())
    now = timezone.now()
    _require_possible(typed, link.given_at or now, now)
    current = typed_entries(patient, procedure)
    changes = {uuid4(): one for one in typed if _changes(one, current)}
    if changes:
        entries = [_sent(key, one, link.given_at or now) for key, one in changes.items()]
        corrected = {key: one.corrects for key, one in changes.items() if one.corrects is not None}
        take_entries(link, entries, now, by, corrected)
        about = f"patient {patient.pk} link {link.pk}: {len(changes)} entries"
        note(by.username, "paper diary typed in", about, patient.clinic)
    return len(changes)


def typed_entries(patient: Patient, procedure: str) -> dict[tuple[int, str], DiaryEntry]:
    """What is typed in now, by its moment and side; what was taken back is left out."""
    link = diary_of(patient, procedure)
    if link is None or link.given_at is None:
        return {}
    found = entries_of(patient, procedure).filter(replaced_by=None, by__isnull=False).order_by("at", "side", "id")
    return {
        (minutes_after(link.given_at, one.at), one.side): one
        for one in found
        if not one.says_nothing and counts(link.given_at, one.at)
    }


def _without_link(patient: Patient, by: User, procedure: str, given_at: datetime.datetime | None) -> PatientLink:
    """Something for the entries to hang on. Nobody knows its token, and it has expired already."""
    if given_at is None:
        remedy = "Give the time: every entry is so long after it"
        raise DocumentError([Problem("given_at", "When the anaesthetic was given is not documented", remedy)])
    return PatientLink.objects.create(
        patient=patient,
        purpose=Purpose.PAPER,
        procedure=procedure,
        given_at=given_at,
        digest=digest_of(new_token()),
        by=by,
        expires_at=timezone.now(),
    )


def _require_possible(typed: Sequence[Typed], given_at: datetime.datetime, now: datetime.datetime) -> None:
    problems, seen = [], set()
    for one in typed:
        if given_at + datetime.timedelta(minutes=one.minutes) > now:
            problems.append(Problem(one.place, "That time has yet to come", "Type in what is on the paper"))
        elif not 0 <= one.minutes <= LONGEST.total_seconds() / 60:
            problems.append(Problem(one.place, "It is not in the day after the procedure", "Check the time"))
        elif (one.minutes, one.side) in seen:
            problems.append(Problem(one.place, "That time is typed twice", "Leave one of them"))
        seen.add((one.minutes, one.side))
    if problems:
        raise DocumentError(dict.fromkeys(problems))


def _changes(one: Typed, current: dict[tuple[int, str], DiaryEntry]) -> bool:
    """Whether an entry is to be added. Raises `DocumentError` where it would correct something that nobody showed."""
    there = current.get((one.minutes, one.side))
    if there is None and one.says_nothing:
        return False
    if there is not None and (there.score, there.provoked, there.asleep, there.rescue_analgesic) == one.content:
        return False
    if (there.pk if there is not None else None) != one.corrects:
        what = "Somebody else changed what is typed for this time meanwhile"
        raise DocumentError([Problem(one.place, what, "Open the paper diary anew to see it; then correct it")])
    return True


def _sent(key: UUID, one: Typed, given_at: datetime.datetime) -> SentEntry:
    return SentEntry(
        key=key,
        at=given_at + datetime.timedelta(minutes=one.minutes),
        score=one.score,
        side=one.side,  # type: ignore[arg-type]
        provoked=one.provoked,
        asleep=one.asleep,
        rescue_analgesic=one.rescue_analgesic,
    )
