"""A summary for the patient, in plain words: the next step, what was done, and what to expect; English or Spanish."""

import datetime
from collections.abc import Iterator

from facetwise.education import Block as Told
from facetwise.education import (
    Bullets,
    Drawing,
    IconArray,
    Language,
    Paragraph,
    Reference,
    Section,
    SideBySide,
    education_page,
    icon_array,
    plan_of_record,
)
from facetwise.education.filling import day
from facetwise.letters import page as laid
from facetwise.letters.page import Page, Part, References, Text
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.patient_words import kind_in_words, patient_word, where_in_words
from facetwise.records import Record, as_it_stood


def patient_summary(record: Record, language: Language, as_of: datetime.date, parties: Parties = NOBODY) -> Page:
    """What the patient takes home of the record as it stood on `as_of`."""
    stood = as_it_stood(record, as_of)
    page = education_page(language, plan_of_record(stood, as_of))
    parts = [
        *(_section(page.plan, f"{page.plan_label}: {page.plan.title}", page.shades) if page.plan else ()),
        Part(patient_word("done", language), (_done(stood, language),)),
        *(part for section in page.sections for part in _section(section, section.title, page.shades)),
        Part(page.questions.title, (laid.Bullets(tuple((Text(one.text),) for one in page.questions.items)),)),
        Part(page.references_title, (References(tuple(_reference(one) for one in page.references), False),)),
    ]
    return Page(
        title=patient_word("title", language),
        about=", ".join(_about(language, as_of, parties)),
        lead=(),
        parts=tuple(parts),
        footer=(page.footer,),
        letterhead=parties.letterhead,
        language=language.value,
    )


def _about(language: Language, as_of: datetime.date, parties: Parties) -> Iterator[str]:
    if parties.patient:
        yield parties.patient
    if parties.patient and parties.number:
        yield f"{patient_word('number', language)} {parties.number}"
    yield day(as_of, language)


def _done(record: Record, language: Language) -> laid.Block:
    """Every procedure by its day."""
    if not record.procedures:
        return Text(patient_word("nothing", language))
    rows = tuple(
        (
            (Text(day(one.date, language)),),
            (Text(kind_in_words(one, language)),),
            (Text(where_in_words(one.sites, language)),),
        )
        for one in sorted(record.procedures, key=lambda one: (one.date, one.sequence or 0))
    )
    columns = tuple(patient_word(name, language) for name in ("day", "what", "where"))
    return laid.Table(columns, (3, 4, 5), rows)


def _section(section: Section, title: str, shades: str) -> Iterator[Part]:
    yield Part(title, tuple(block for told in section.blocks for block in _blocks(told, shades)))


def _blocks(told: Told, shades: str) -> Iterator[laid.Block]:
    """A block of a page for patients as blocks of a letter."""
    match told:
        case Paragraph():
            yield _said(told)
        case Bullets(items=items):
            yield laid.Bullets(tuple((_said(one),) for one in items))
        case SideBySide(caption=caption, columns=columns, rows=rows):
            yield Text(caption, "quiet")
            cells = tuple(((Text(heading),), *((_said(one),) for one in cells)) for heading, cells in rows)
            yield laid.Table(("", *columns), (3, *(4 for _ in columns)), cells)
        case IconArray():
            yield Text(told.title)
            yield laid.Picture(icon_array(told), f"{told.says} {told.range}", shades, small=True)
            said = " ".join(part for part in (told.says, told.range, told.note) if part)
            yield Text(said, references=told.references)
        case Drawing(svg=svg, description=description):
            yield laid.Picture(svg, description, description)


def _said(one: Paragraph) -> Text:
    return Text(one.text, references=one.references)


def _reference(one: Reference) -> str:
    return f"{one.title} ({one.checked})"
