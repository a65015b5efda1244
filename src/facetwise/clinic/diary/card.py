"""Pain diaries on the page of a patient: each block's, with its chart, how it was judged, its entries and links."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from msgspec.structs import replace

from facetwise.clinic.diary.measured import counts, minutes_after
from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.diary.protocol import relief_drawn
from facetwise.clinic.links.models import PatientLink, Purpose
from facetwise.clinic.links.shown import LinkShown, links_shown
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.patients.plain_ids import is_plain
from facetwise.diary import Reason, Response, diary_svg, in_words
from facetwise.diary.scoring import JUDGED_AT
from facetwise.pathway import NextStep
from facetwise.records import DiaryEntry as Line
from facetwise.records import Kind, Procedure, Record
from facetwise.reports.diary_page import diary_page
from facetwise.rules.situation import label_of

DIARY_KINDS = (Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION)
"""After which a diary is kept."""


class EntryShown(NamedTuple):
    """An entry in the table: `marks` say late, typed in, corrected; a `corrected` one does not count any more."""

    clock: datetime.datetime | None
    after: str
    side: str
    score: str
    notes: str
    marks: str
    corrected: bool = False


class Sending(NamedTuple):
    """The form for a link to a diary, with what was typed into it and what is wrong with that."""

    procedure: str
    given_at: str = ""
    language: str = "en"
    wrong: str = ""


class DiaryShown(NamedTuple):
    """One block's diary: the judgement in a line, a drawing for each side, what explains both, entries, and links.

    `ours` is one that can be typed in here; another came with the record. `apart` is one whose sides are two answers,
    `sends` one for which a link can still be of use, `waits` one whose scores nobody can judge without the pain before.
    """

    procedure: Procedure
    headline: str
    drawings: tuple[tuple[str, str], ...]
    in_words: str
    sections: tuple[Any, ...]
    entries: tuple[EntryShown, ...]
    links: tuple[LinkShown, ...]
    ours: bool
    sends: bool
    apart: bool = False
    waits: bool = False


def diary_card(patient: Patient, answer: NextStep, sending: Sending | None = None) -> dict[str, Any]:
    """What `clinic/diaries.html` shows, the last block first. `answer` says how each block worked.

    `sending` is what the form for a link shows; without it the form is folded, and is of the last block.
    """
    by = Prefetch("entries", DiaryEntry.objects.select_related("by", "replaced_by__by").order_by("at", "id"))
    sent = patient.links.filter(purpose__in=[Purpose.DIARY, Purpose.PAPER])
    links = list(sent.select_related("by", "reminded_by").prefetch_related(by))
    responses = {one.procedure: one.response for one in answer.responses}
    blocks = [one for one in _with_diaries(patient.documented) if is_plain(one.id)]
    today = timezone.localdate()
    reliefs = sorted({JUDGED_AT, relief_drawn(patient.clinic)})
    diaries = [
        _diary(place, one, responses.get(label_of(one)), [link for link in links if link.procedure == one.id], reliefs)
        for place, one in enumerate(blocks, 1)
    ]
    sent_for = [one.procedure for one in diaries if one.ours]  # others came with the record, whole
    chosen = next((one for one in sent_for if sending is None or one.id == sending.procedure), None)
    return {
        "blocks": blocks,
        "sent_for": sent_for,
        "diaries": diaries,
        "today": any(one.date == today for one in blocks),
        "sending": sending,
        "given_at": sending.given_at if sending is not None and sending.given_at else _given_at(chosen, today),
        "sends_mail": settings.CLINIC_SENDS_MAIL,
    }


def _given_at(block: Procedure | None, today: datetime.date) -> str:
    """A moment to begin with: now; of a day before nobody knows it."""
    return f"{timezone.localtime():%Y-%m-%dT%H:%M}" if block is not None and block.date == today else ""


def _with_diaries(record: Record) -> list[Procedure]:
    return sorted((one for one in record.procedures or () if one.kind in DIARY_KINDS), key=_day, reverse=True)


def _day(one: Procedure) -> tuple[datetime.date, int]:
    return one.date, one.sequence or 0


def _diary(
    place: int, block: Procedure, response: Response | None, links: list[PatientLink], reliefs: list[int]
) -> DiaryShown:
    every = [one for link in links for one in link.entries.all() if not (one.replaces_id and one.says_nothing)]
    entries = sorted(every, key=lambda one: (one.at, one.side, one.pk))
    shown = tuple(_entry(one, links[0].given_at) for one in entries) or tuple(_of_record(block))
    sent = links_shown(one for one in links if one.purpose == Purpose.DIARY)
    ours = bool(entries) or block.diary is None
    recent = block.date >= timezone.localdate() - datetime.timedelta(days=1)
    sends = ours and recent and not any(one.usable for one in sent)
    if response is None or not (shown or response.judged):
        waits = bool(entries) and block.pain_before is None
        return DiaryShown(block, "", (), "", (), shown, sent, ours, sends, waits=waits)
    page = diary_page(block, response)
    return DiaryShown(
        procedure=block,
        headline=page.headline,
        drawings=tuple(_drawings(place, block, response, reliefs)),
        in_words=in_words(block, response),
        sections=tuple(one for one in page.sections if one.title != "Pain over time"),
        entries=shown,
        links=sent,
        ours=ours,
        sends=sends,
        apart=any(why.code is Reason.SIDES_DIFFER for why in response.reasons),
    )


def _drawings(place: int, block: Procedure, response: Response, reliefs: list[int]) -> Iterator[tuple[str, str]]:
    """The diary drawn, each side by itself where both were rated, with the side."""
    if block.diary is None:
        return
    for number, (side, one) in enumerate((response.by_side or {"": response}).items(), 1):
        entries = tuple(entry for entry in block.diary.entries if not side or entry.side in (side, None))
        mine = replace(block, diary=replace(block.diary, entries=entries))
        yield side, diary_svg(mine, one, name=f"diary-{place}-{number}", reliefs=reliefs)


def _entry(one: DiaryEntry, given_at: datetime.datetime | None) -> EntryShown:
    given_at = given_at or one.at  # which every diary has
    marks = ["late"] if one.late else []
    if one.by is not None:
        marks.append(f"typed in by {_who_and_when(one)}")
    after = getattr(one, "replaced_by", None)
    if after is not None:
        marks.append(f"{'taken back' if after.says_nothing else 'corrected'} by {_who_and_when(after)}")
    if not counts(given_at, one.at):
        marks.append("not in the day after the anaesthetic, does not count")
    score, notes = _said(one)
    return EntryShown(
        one.at, _after(minutes_after(given_at, one.at)), one.side, score, notes, "; ".join(marks), after is not None
    )


def _who_and_when(one: DiaryEntry) -> str:
    called = one.by.called if one.by is not None else "the patient"
    return f"{called}, {date_format(timezone.localtime(one.received_at), 'j M Y, H:i')}"


def _of_record(block: Procedure) -> Iterable[EntryShown]:
    """The entries of a diary that came with the record."""
    for one in sorted(block.diary.entries if block.diary else (), key=lambda entry: entry.minutes):
        score, notes = _said(one)
        if one.low is not None and one.high is not None:
            score = f"{one.low:g} to {one.high:g}"
        yield EntryShown(None, _after(one.minutes), one.side or "", score, notes, "came with the record")


def _said(one: DiaryEntry | Line) -> tuple[str, str]:
    """The score in words, and what else was said."""
    score = "not documented" if one.score is None else f"{one.score:g}"
    doing = "" if one.provoked is None else "what usually hurts" if one.provoked else "resting"
    notes = [doing, "took medicine" if one.rescue_analgesic else ""]
    return "asleep" if one.asleep else score, ", ".join(filter(None, notes))


def _after(minutes: int) -> str:
    return f"{'−' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
