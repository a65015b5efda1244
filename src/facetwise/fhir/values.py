"""What an import reports, and the FHIR data types it reads: codes, terms, moments and quantities."""

import datetime
from typing import NamedTuple

import msgspec

from facetwise.documents import Problem

NO_PLACE = "the record has no place for it"


class Unmapped(msgspec.Struct, frozen=True):
    """Something of a bundle that is not in the record: where it stands, what it is, why it was not carried over."""

    where: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}: {self.why}"


class Findings:
    """What one import has to report: problems refuse the bundle, unmapped parts are only listed."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.unmapped: list[Unmapped] = []

    def leave(self, where: str, what: str, why: str) -> None:
        """List a part that is not carried over."""
        self.unmapped.append(Unmapped(where, what, why))


class Coding(NamedTuple):
    """A code with its system and its display; empty where not given."""

    system: str
    code: str
    display: str


class Concept(NamedTuple):
    """A coded or written term; neither codes nor text when the element is absent."""

    codings: tuple[Coding, ...] = ()
    text: str = ""

    @property
    def texts(self) -> list[str]:
        """The text and every display, each once."""
        return list(dict.fromkeys(part for part in (self.text, *(coding.display for coding in self.codings)) if part))

    @property
    def words(self) -> str:
        """All of it in lower case, to search for words."""
        return "; ".join(self.texts).lower()

    def code_in(self, system: str) -> str | None:
        """The code in this system."""
        return next((coding.code for coding in self.codings if coding.system == system and coding.code), None)

    def __str__(self) -> str:
        """Code and name as a listing shows them, short."""
        codes = " ".join(dict.fromkeys(coding.code for coding in self.codings if coding.code))
        text = " ".join(" ".join([codes, *self.texts[:1]]).split())
        return (text if len(text) <= 80 else text[:79] + "…") or "no code and no text"


class Moment(NamedTuple):
    """A day, and the time on it where that was given."""

    day: datetime.date
    time: datetime.datetime | None = None

    def minutes_to(self, later: "Moment") -> float | None:
        """Minutes from this time to `later`; None when either has only a day. Zones count when both have one."""
        if self.time is None or later.time is None:
            return None
        if (self.time.tzinfo is None) == (later.time.tzinfo is None):
            return (later.time - self.time).total_seconds() / 60
        return (later.time.replace(tzinfo=None) - self.time.replace(tzinfo=None)).total_seconds() / 60


class Quantity(NamedTuple):
    """A number with its unit in lower case; the unit is empty where not given."""

    value: float
    unit: str
