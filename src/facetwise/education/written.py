"""The texts for patients as their YAML holds them: every text in both languages, every claim with what it rests on."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from facetwise.evidence import Certainty, Source
from facetwise.spine import Region

Words = Annotated[str, msgspec.Meta(min_length=1)]


class Language(StrEnum):
    """The languages that every text is written in."""

    ENGLISH = "en"
    SPANISH = "es"


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No field of the YAML is ignored."""


class Bilingual(_Written, frozen=True):
    """Words that claim nothing: a heading, a label, a question."""

    en: Words
    es: Words

    def in_(self, language: Language) -> str:
        """The words in one language."""
        return self.en if language is Language.ENGLISH else self.es


class RestsOn(_Written, frozen=True):
    """What a claim rests on: a source of `sources.yaml` with the place in it, or a figure of `evidence/`."""

    source: str = ""
    figure: str = ""
    where: str = ""
    certainty: Certainty | None = None

    def __post_init__(self) -> None:
        if bool(self.source) == bool(self.figure):
            raise ValueError("A claim rests on a source or on a figure. Name exactly one of the two")


class Claim(Bilingual, frozen=True):
    """A text that says something about the body or a procedure.

    `{figure_id}` is filled with the figure's numbers, `{your.relief}` with what the patient's record says; a claim with
    such a slot is left out where the record does not say it.
    """

    rests_on: tuple[RestsOn, ...]


class Row(_Written, frozen=True):
    """A row of a table: what is compared, and one claim a column."""

    heading: Bilingual
    cells: tuple[Claim, ...]


class Comparison(_Written, frozen=True):
    """Things side by side."""

    caption: Bilingual
    columns: tuple[Bilingual, ...]
    rows: tuple[Row, ...]


class Chance(_Written, frozen=True):
    """A share told of 100 people: `Of 100 people {among}, about so many {would}`, by region of the spine.

    `{pain}` in a text is filled with the pain of the region. `without` is said for a region that has no figure.
    """

    id: Words
    title: Bilingual
    among: Bilingual
    would: Bilingual
    figures: dict[Region, str]
    without: Bilingual


class Block(_Written, frozen=True):
    """One part of a section, of exactly one kind."""

    text: Claim | None = None
    advice: Bilingual | None = None
    list: tuple[Claim, ...] | None = None
    compare: Comparison | None = None
    chance: Chance | None = None
    drawing: Literal["facet_joint"] | None = None
    your_chance: Literal["source"] | None = None

    def __post_init__(self) -> None:
        kinds = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        if len(kinds) != 1:
            names = ", ".join(self.__struct_fields__)
            raise ValueError(f"A block has one kind, not {len(kinds)}. Write exactly one of {names}")


class Section(_Written, frozen=True):
    """A part of the page under one heading."""

    id: Words
    title: Bilingual
    blocks: tuple[Block, ...]


class Question(Bilingual, frozen=True):
    """Something to ask or to answer, with an id that answers name."""

    id: Words


class Understand(_Written, frozen=True):
    """The page that explains both procedures."""

    title: Bilingual
    lead: tuple[Bilingual, ...]
    sections: tuple[Section, ...]
    questions_title: Bilingual
    questions: tuple[Question, ...]


class Passage(_Written, frozen=True):
    """What is told to a patient who is at one of these steps of the pathway. `questions` come before the others."""

    id: Words
    steps: tuple[Words, ...]
    title: Bilingual
    blocks: tuple[Block, ...]
    questions: tuple[Question, ...] = ()


class Passages(_Written, frozen=True):
    """A passage for every step of the pathway."""

    passages: tuple[Passage, ...]


OptionId = Literal["injection", "block", "neither"]


class Option(_Written, frozen=True):
    """One way to go on, with what speaks for it and against it, at equal length."""

    id: OptionId
    title: Bilingual
    is_: Claim = msgspec.field(name="is")
    for_: tuple[Claim, ...] = msgspec.field(name="for")
    against: tuple[Claim, ...]


class Value(Question, frozen=True):
    """Something that may matter to the patient, and the options it speaks for."""

    speaks_for: tuple[OptionId, ...]


class Aid(_Written, frozen=True):
    """The decision aid: what is decided, the options, what matters, what is open."""

    title: Bilingual
    lead: tuple[Bilingual, ...]
    options_title: Bilingual
    options: tuple[Option, ...]
    sections: tuple[Section, ...]
    values_title: Bilingual
    values_lead: Bilingual
    values: tuple[Value, ...]
    ready_title: Bilingual
    ready: tuple[Question, ...]
    questions_title: Bilingual
    questions: tuple[Question, ...]
    leaning_title: Bilingual
    leanings: tuple[Question, ...]
    about_title: Bilingual
    about: tuple[Block, ...]


class Sources(_Written, frozen=True):
    """What the texts cite besides the figures of `evidence/`."""

    sources: dict[str, Source]


class Months(_Written, frozen=True):
    """The months by name."""

    en: tuple[Words, ...]
    es: tuple[Words, ...]


class Wording(_Written, frozen=True):
    """Words between the texts, by the name that code gives them."""

    wording: dict[str, Bilingual]
    pain: dict[Region, Bilingual]
    dates: Bilingual
    months: Months


class Texts(msgspec.Struct, frozen=True):
    """Everything that is written for patients."""

    understand: Understand
    passages: Passages
    aid: Aid
    wording: Wording
    sources: dict[str, Source]
