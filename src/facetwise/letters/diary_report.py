"""The report of one block's diary: the judgement with its reasons, the chart, and every entry."""

import datetime
from collections.abc import Iterator

from facetwise import __version__
from facetwise.diary import (
    default_protocol,
    diary_svg,
    entry_rows,
    expected_duration,
    in_words,
    lasted_rows,
)
from facetwise.documents import DocumentError, Problem
from facetwise.letters.details import procedure_details
from facetwise.letters.page import INFORMS, Block, Bullets, Form, Page, Part, Picture, Table, Text
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.places import Done, Stood
from facetwise.letters.responses import UNJUDGED, response_statements
from facetwise.letters.wording import words
from facetwise.records import Record

_OF_THE_BLOCK = ("Procedure", "Purpose", "Joints", "Date", "Injected", "Sedation", "Pain just before")


def diary_report(record: Record, procedure: str, as_of: datetime.date, parties: Parties = NOBODY) -> Page:
    """What came of the block with this name, as the record stood on `as_of`.

    Raises `DocumentError` for a procedure that is not in the record, and for one after which nothing was written down.
    """
    stood = Stood(record, as_of)
    done = stood.done(procedure)
    if not has_diary(done):
        what = f"After the {done.title} no diary was kept, and no relief was stated"
        raise DocumentError([Problem(f"{done.placed.path}.diary", what, "Document one of them")])
    return Page(
        title=f"Pain diary report: {done.title}",
        about=parties.about(record.patient.id, as_of),
        lead=judgement(done),
        parts=diary_parts(done, "diary"),
        footer=(INFORMS, f"facetwise {__version__}"),
        letterhead=parties.letterhead,
    )


def named_or_last(record: Record, name: str | None, as_of: datetime.date, *, with_diary: bool = False) -> str:
    """The name, or that of the last procedure by `as_of`, on demand the last with a diary.

    Raises `DocumentError` where there is none.
    """
    if name is not None:
        return name
    done = [one for one in Stood(record, as_of).procedures if has_diary(one) or not with_diary]
    if not done:
        what = f"No procedure by {as_of} is in the record{' that has a diary' if with_diary else ''}"
        raise DocumentError([Problem("procedures", what, "Record it with what was written down")])
    return done[-1].name


def has_diary(done: Done) -> bool:
    """Whether anything says how the procedure worked in the hours after it."""
    return done.placed.part.diary is not None or done.placed.part.stated_relief is not None


def judgement(done: Done) -> tuple[Text, ...]:
    """The judgement in a sentence. A diary that cannot be judged is said to be that, and not negative."""
    if not done.response.judged:
        return (Text("The response cannot be judged. That is not a negative block.", "warning"),)
    first = next(response_statements(done), None)
    return (Text(first.text),) if first is not None else ()


def diary_parts(done: Done, name: str) -> tuple[Part, ...]:
    """The report's parts. `name` starts the ids inside the chart, and must differ between charts in one document."""
    block = tuple((one.label, one.text) for one in procedure_details(done.placed) if one.label in _OF_THE_BLOCK)
    parts = (
        Part("The block", (Form(block),)),
        Part("How it worked", tuple(block for block in response_blocks(done) if block not in judgement(done))),
        Part("Pain over time", tuple(_chart(done, name))),
        Part("How long the relief lasted", tuple(_lasted(done))),
        Part("Every entry", tuple(_entries(done))),
    )
    return tuple(part for part in parts if part.blocks)


def response_blocks(done: Done) -> Iterator[Block]:
    """What the diary and the patient say of the relief, then why it cannot be judged and what to bear in mind."""
    told = [one.text for one in response_statements(done) if not one.text.startswith(UNJUDGED)]
    yield from (Text(text) for text in told)
    notes = (*(one.says for one in done.response.reasons), *done.response.caveats)
    if notes := tuple(dict.fromkeys(note for note in notes if note not in told)):
        yield Bullets(tuple((Text(note),) for note in notes))


def _chart(done: Done, name: str) -> Iterator[Block]:
    block, response = done.placed.part, done.response
    if block.diary is not None and block.diary.entries:
        says = in_words(block, response)
        yield Picture(diary_svg(block, response, name=name), says, " ".join(_what_is_drawn(done)))


def _what_is_drawn(done: Done) -> Iterator[str]:
    protocol = default_protocol()
    yield "Points are pain scores, hollow ones are left out."
    if done.placed.part.pain_before is not None:
        yield "The solid line is the pain before the block, the dashed one the score at which relief is held against"
        yield "the anaesthetic."
    start, end = f"{protocol.window_start_minutes:g} minutes", f"{protocol.hours:g} hours"
    yield f"Shaded is the time in which relief counts, from {start} to {end} after the block."
    agent = done.placed.part.anaesthetic
    if (expected := expected_duration(agent)) is not None and agent is not None:
        doubt = "" if expected.ceiling_certainty.verified else " (upper bound unverified)"
        span = f"{expected.floor_hours:g} to {expected.ceiling_hours:g} hours{doubt}"
        yield f"{words(agent).capitalize()} is expected to act for {span}."


def _lasted(done: Done) -> Iterator[Block]:
    if rows := lasted_rows(done.response):
        yield Table(
            ("Relief of", "Lasted"), (1, 2), tuple(((Text(relief),), (Text(lasted),)) for relief, lasted in rows)
        )


def _entries(done: Done) -> Iterator[Block]:
    if rows := entry_rows(done.placed.part):
        told = tuple(((Text(row.clock),), (Text(row.pain),), (Text(row.notes),)) for row in rows)
        yield Table(("Hours after the block", "Pain, 0 to 10", "Notes"), (2, 2, 4), told)
