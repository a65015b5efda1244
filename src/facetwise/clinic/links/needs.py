"""What a patient needs because of links: a call, where a diary is not kept; a new link, where one was asked for."""

import datetime
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils import timezone

from facetwise.clinic.diary.times import ends_at
from facetwise.clinic.links.models import Purpose
from facetwise.clinic.patients.models import NeedKind
from facetwise.clinic.patients.standing import Needed
from facetwise.clinic.people.models import Clinic
from facetwise.diary import Reason, score_block
from facetwise.records import Record

SILENT_FOR = datetime.timedelta(hours=1)
"""Without an entry, after which somebody calls: the clinic's way of working, no clinical figure."""

_ENTRIES_ARE_MISSING = frozenset({Reason.NO_DIARY, Reason.NO_ENTRY_IN_WINDOW})


class LinkState(NamedTuple):
    """A link that was not taken back: what it is for, and when something last happened with it.

    `last_at` is the moment of the last entry in the diary of its procedure.
    """

    purpose: Purpose
    procedure: str
    given_at: datetime.datetime | None
    made_at: datetime.datetime
    expires_at: datetime.datetime
    asked_at: datetime.datetime | None
    last_at: datetime.datetime | None


def needs_of_links(links: Iterable[LinkState], record: Record, clinic: Clinic | None = None) -> Iterator[Needed]:
    """What is needed because of these links, each from its moment on; for what has yet to happen, too.

    A function of what it is given: the hour at which somebody looks decides which of them are shown.
    """
    for link in links:
        if link.asked_at is not None:
            says = f"The link to the {link.purpose.label.lower()} has expired, and the patient wants another"
            yield Needed(NeedKind.LINK_ASKED, timezone.localdate(link.asked_at), says)
        elif link.purpose is Purpose.DIARY and link.given_at is not None:
            yield from _of_diary(link, link.given_at, record, clinic)


def _of_diary(link: LinkState, given_at: datetime.datetime, record: Record, clinic: Clinic | None) -> Iterator[Needed]:
    """While it runs, an hour after the last entry; when it has ended without entries, as long as the link works."""
    end = ends_at(given_at, clinic)
    last = max(one for one in (given_at, link.made_at, link.last_at) if one is not None)
    silent = last + SILENT_FOR
    if silent < end:
        says = f"The diary runs now; nothing since {timezone.localtime(last):%H:%M}"
        yield _due(says, silent, end)
    if end < link.expires_at and _lacks_entries(record, link.procedure):
        yield _due("The diary has ended without the entries that would tell how the block worked", end, link.expires_at)


def _due(says: str, start: datetime.datetime, end: datetime.datetime) -> Needed:
    return Needed(NeedKind.DIARY_DUE, timezone.localdate(start), says, start, end)


def _lacks_entries(record: Record, procedure: str) -> bool:
    """Whether the procedure cannot be judged for want of entries; not where more of them would change nothing."""
    responses = [score_block(one) for one in record.procedures or () if one.id == procedure]
    return any(not one.judged and {why.code for why in one.reasons} & _ENTRIES_ARE_MISSING for one in responses)
