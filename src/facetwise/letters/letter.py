"""What a letter is made of: statements tied to facts, gaps, and what policies say. The JSON output is these types."""

import datetime
from typing import Literal

import msgspec

from facetwise.pathway import DISCLAIMER, PolicyVersion
from facetwise.records import Request
from facetwise.rules import Assessment

PLACEHOLDER = "[to fill in: "


def to_fill_in(what: str) -> str:
    """What stands where the record has nothing: never prose."""
    return f"{PLACEHOLDER}{what}]"


class Fact(msgspec.Struct, frozen=True):
    """One documented fact: its place in the record or the request, the day it is dated, and what stands there."""

    path: str
    date: datetime.date | None
    value_in_words: str
    source: Literal["record", "request"] = "record"


class Statement(msgspec.Struct, frozen=True):
    """One sentence and the facts it rests on. Raises `ValueError` without any."""

    text: str
    facts: tuple[Fact, ...]

    def __post_init__(self) -> None:
        if not self.facts:
            raise ValueError(f'no fact stands behind "{self.text}"')


class Passage(msgspec.Struct, frozen=True):
    """Statements under a heading."""

    title: str
    statements: tuple[Statement, ...]


class Detail(msgspec.Struct, frozen=True):
    """A line of a form: documented with its facts, or a place to fill in, which has none."""

    label: str
    text: str
    facts: tuple[Fact, ...] = ()


class Need(msgspec.Struct, frozen=True):
    """A criterion that waits for a gap to be filled. `criterion` is empty where the policy cannot even be chosen."""

    policy: str
    title: str
    criterion: str
    says: str
    advisory: bool = False


class Gap(msgspec.Struct, frozen=True):
    """Something nobody documented: the question, where the answer goes, and which criteria wait for it."""

    question: str
    path: str
    about: str
    needed_for: tuple[Need, ...]


class Chance(msgspec.Struct, frozen=True):
    """How likely something is: in words, in percent with an interval, of 100 people; or why there is no figure.

    `by` says by which blocks it is counted.
    """

    about: str
    words: str = ""
    percent: float | None = None
    low: float | None = None
    high: float | None = None
    per_100: int | None = None
    says: str = ""
    certainty: str = ""
    assumptions: tuple[str, ...] = ()
    no_figure_because: str = ""
    by: str = ""


class BilledLine(msgspec.Struct, frozen=True):
    """One line of the bill: a code in our own words."""

    code: str
    units: int
    modifiers: tuple[str, ...]
    wording: str


class Letter(msgspec.Struct, frozen=True):
    """A letter of medical necessity.

    `procedures` has one passage for each procedure so far, `also_know` what speaks against the request or calls for
    care. `assessments` are the policies' own answers, side by side and never merged; one that cannot tell which of
    its rules apply (`asked` is None) holds the findings that all of those share.
    """

    title: str
    patient: str
    as_of: datetime.date
    addressee: tuple[Detail, ...]
    request: Request
    details: tuple[Detail, ...]
    passages: tuple[Passage, ...]
    procedures: tuple[Passage, ...]
    also_know: Passage
    chances: tuple[Chance, ...]
    billing: tuple[BilledLine, ...]
    assessments: tuple[Assessment, ...]
    gaps: tuple[Gap, ...]
    enclosures: tuple[Detail, ...]
    signature: tuple[Detail, ...]
    policies: tuple[PolicyVersion, ...]
    software: str
    disclaimer: str = DISCLAIMER
    format: Literal["facetwise-letter/1"] = "facetwise-letter/1"

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every sentence of the letter, in reading order."""
        return tuple(
            one for passage in (*self.passages, *self.procedures, self.also_know) for one in passage.statements
        )
