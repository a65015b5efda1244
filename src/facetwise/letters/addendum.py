"""The addendum to a procedure note: all that was recorded of one procedure, and what was not, to be filled in."""

import datetime
from collections.abc import Iterator

from msgspec.structs import replace

from facetwise import __version__
from facetwise.letters.details import procedure_details
from facetwise.letters.diary_report import has_diary, judgement, response_blocks
from facetwise.letters.letter import to_fill_in
from facetwise.letters.page import INFORMS, Block, Form, Page, Part, Text
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.places import Done, Stood
from facetwise.letters.procedures import follow_up_statements
from facetwise.letters.wording import capital, counted, quoted
from facetwise.records import Kind, Record


def procedure_addendum(record: Record, procedure: str, as_of: datetime.date, parties: Parties = NOBODY) -> Page:
    """What the record held on `as_of` of the procedure with this name.

    Raises `DocumentError` for a procedure that is not in the record.
    """
    done = Stood(record, as_of).done(procedure)
    form = Form(tuple((one.label, one.text) for one in procedure_details(done.placed)))
    parts = (
        Part("Patient", (Form(tuple((one.label, one.text) for one in parties.patient_details())),)),
        Part("What was done", (form,)),
        Part("Response", tuple(_response(done))),
        Part("Afterwards", tuple(Text(one.text) for one in follow_up_statements(done))),
        Part("Note", tuple(_note(done))),
        Part("Signature", (Form(tuple((one.label, one.text) for one in parties.signature())),)),
    )
    page = Page(
        title=f"Procedure note addendum: {done.title}",
        about=parties.about(record.patient.id, as_of),
        lead=(),
        parts=tuple(part for part in parts if part.blocks),
        footer=(INFORMS, f"facetwise {__version__}"),
        letterhead=parties.letterhead,
    )
    return replace(page, lead=tuple(_still_open(page.open_places)))


def _still_open(places: int) -> Iterator[Text]:
    if places:
        verb = "is" if places == 1 else "are"
        yield Text(f"{counted(places, 'place', 'places')} {verb} not documented and marked to fill in.", "warning")


def _response(done: Done) -> Iterator[Block]:
    """What the diary and the patient say; an ablation has no diary, it is judged at follow-ups."""
    if has_diary(done):
        yield from () if done.response.judged else judgement(done)
        yield from response_blocks(done)
    elif done.placed.part.kind is not Kind.RADIOFREQUENCY_ABLATION:
        yield Text(to_fill_in("How much of the treated pain went away, hour by hour?"))
    elif not done.follow_ups:
        yield Text(to_fill_in("How much relief was there at each follow-up, and when?"))


def _note(done: Done) -> Iterator[Block]:
    if (note := done.placed.part.note) and note.strip():
        yield Text(capital(quoted(note)))
