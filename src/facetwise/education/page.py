"""What a page for patients is made of. Renderers, here and elsewhere, only lay these out."""

from typing import Literal

import msgspec

from facetwise.education.written import Language, OptionId
from facetwise.spine import Region


class Paragraph(msgspec.Struct, frozen=True):
    """Sentences, and the numbers of the references that they rest on. An `advice` rests on none."""

    text: str
    references: tuple[int, ...] = ()
    tone: Literal["claim", "advice", "lead"] = "claim"


class Bullets(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Paragraph, ...]


class SideBySide(msgspec.Struct, frozen=True):
    """A table with a heading for each row and a cell for each column."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Paragraph, ...]], ...]


class IconArray(msgspec.Struct, frozen=True):
    """Of 100 people about `value`, between `low` and `high`; `says` and `range` are the picture in words.

    `id` is unique on its page. `icon_array_svg` draws it.
    """

    id: str
    title: str
    says: str
    range: str
    note: str
    value: int
    low: int
    high: int
    region: Region
    references: tuple[int, ...]


class Drawing(msgspec.Struct, frozen=True):
    """A drawing as SVG with its own title and description; `description` is also what a text page prints."""

    title: str
    description: str
    svg: str


Block = Paragraph | Bullets | SideBySide | IconArray | Drawing


class Section(msgspec.Struct, frozen=True):
    """A part of the page under one heading."""

    id: str
    title: str
    blocks: tuple[Block, ...]


class Question(msgspec.Struct, frozen=True):
    """A question or statement that answers name by its id."""

    id: str
    text: str


class Reference(msgspec.Struct, frozen=True):
    """A source as a page lists it; `checked` says how it was read."""

    title: str
    link: str
    checked: str


class Questions(msgspec.Struct, frozen=True):
    """A heading and what to ask."""

    title: str
    items: tuple[Question, ...]


class EducationPage(msgspec.Struct, frozen=True):
    """Understand your procedure, in one language, for anybody or for one patient's plan.

    `plan` is the personal part, None for anybody, and `plan_label` what stands above it; `sections` are the same for
    all but for their pictures. `shades` says what the shades of the pictures mean.
    """

    language: Language
    about: str
    title: str
    lead: tuple[str, ...]
    plan: Section | None
    plan_label: str
    sections: tuple[Section, ...]
    questions: Questions
    shades: str
    references: tuple[Reference, ...]
    references_title: str
    footer: str


class Option(msgspec.Struct, frozen=True):
    """One way to go on."""

    id: OptionId
    title: str
    is_: Paragraph
    for_: tuple[Paragraph, ...]
    against: tuple[Paragraph, ...]


class Value(msgspec.Struct, frozen=True):
    """Something that may matter to the patient, and the options it speaks for."""

    id: str
    text: str
    speaks_for: tuple[OptionId, ...]


class DecisionAid(msgspec.Struct, frozen=True):
    """The decision aid in one language. `importance` and `yes_no` are what a form offers, as (id, label)."""

    language: Language
    about: str
    title: str
    lead: tuple[str, ...]
    options_title: str
    options: tuple[Option, ...]
    good: str
    bad: str
    sections: tuple[Section, ...]
    values_title: str
    values_lead: str
    values: tuple[Value, ...]
    importance: tuple[tuple[str, str], ...]
    ready: Questions
    yes_no: tuple[tuple[str, str], ...]
    questions: Questions
    my_question: str
    leaning: Questions
    about_aid: Section
    shades: str
    references: tuple[Reference, ...]
    references_title: str
    footer: str
