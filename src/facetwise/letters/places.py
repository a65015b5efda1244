"""The record as it stood, each part with its place in the record as it was written."""

import datetime
from collections.abc import Iterable
from typing import Generic, Literal, NamedTuple, TypeVar

import msgspec

from facetwise.diary import Response
from facetwise.documents import DocumentError, Problem
from facetwise.letters.letter import Fact
from facetwise.letters.wording import in_words, procedure_words
from facetwise.records import (
    Complaint,
    Conditions,
    ConservativeCare,
    Coverage,
    Examination,
    FollowUp,
    FunctionScore,
    Goals,
    Imaging,
    PainScore,
    Patient,
    Planned,
    Procedure,
    Record,
    Request,
)
from facetwise.rules import History
from facetwise.rules.situation import label_of

T = TypeVar("T", bound=msgspec.Struct)


class Placed(NamedTuple, Generic[T]):
    """A part of the record, its place, and the day on which it is dated."""

    part: T
    path: str
    day: datetime.date | None = None
    source: Literal["record", "request"] = "record"

    def fact(self, field: str, day: datetime.date | None = None) -> Fact:
        """What stands in a field, dated `day` or as the part is. A day is dated itself, except in the request.

        Raises `ValueError` where nothing stands.
        """
        value = getattr(self.part, field)
        if isinstance(value, datetime.date) and self.source == "record":
            day = value
        path = f"{self.path}.{field}" if self.path else field
        return Fact(path, day or self.day, in_words(value), self.source)

    def facts(self, *fields: str) -> tuple[Fact, ...]:
        """The same of every field that is documented."""
        return tuple(self.fact(field) for field in fields if getattr(self.part, field) is not None)


class Done(NamedTuple):
    """A procedure that was done, with its place and its response."""

    placed: Placed[Procedure]
    response: Response
    follow_ups: tuple[Placed[FollowUp], ...]

    @property
    def name(self) -> str:
        """Its id, or its place in the record where it has none."""
        return self.placed.part.id or self.placed.path

    @property
    def title(self) -> str:
        """What was done, and when."""
        return f"{procedure_words(self.placed.part)} of {self.placed.part.date}"


class Stood:
    """A record as it stood on `as_of`; whatever is dated later is not there, and the other places stay as written."""

    def __init__(self, written: Record, as_of: datetime.date) -> None:
        history = History(written, as_of)
        self.as_of = as_of
        self.record = record = history.record
        self.whole: Placed[Record] = Placed(record, "")
        self.patient: Placed[Patient] = Placed(record.patient, "patient")
        self.coverage: Placed[Coverage] = Placed(record.coverage, "coverage")
        self.complaint: Placed[Complaint] = Placed(record.complaint, "complaint")
        self.conditions: Placed[Conditions] = Placed(record.conditions, "conditions")
        self.goals: Placed[Goals] = Placed(record.goals, "goals")
        before, now = written.complaint, record.complaint
        self.pain: list[Placed[PainScore]] = _placed(before.pain, now.pain, "complaint.pain", "date", as_of)
        self.function: list[Placed[FunctionScore]] = _placed(
            before.function, now.function, "complaint.function", "date", as_of
        )
        self.care: list[Placed[ConservativeCare]] = _placed(
            written.conservative_care, record.conservative_care, "conservative_care", "start", as_of
        )
        self.examinations: list[Placed[Examination]] = _placed(
            written.examinations, record.examinations, "examinations", "date", as_of
        )
        self.imaging: list[Placed[Imaging]] = _placed(written.imaging, record.imaging, "imaging", "date", as_of)
        self.procedures = _done(written, history)

    def done(self, name: str) -> Done:
        """The procedure with this id, or at this place where it has none. Raises `DocumentError` for none."""
        for one in self.procedures:
            if one.name == name:
                return one
        known = ", ".join(f"{one.name} ({one.placed.part.date})" for one in self.procedures)
        what = f'There is no procedure "{name}" in the record by {self.as_of}'
        raise DocumentError([Problem("procedure", what, f"Known are: {known or 'none'}")])

    def place_of(self, label: str) -> str | None:
        """The place of the procedure that findings call `label`; None where two are called so."""
        places = [done.placed.path for done in self.procedures if label_of(done.placed.part) == label]
        return places[0] if len(places) == 1 else None


def _placed(
    written: Iterable[T] | None, stood: Iterable[T] | None, path: str, dated_by: str, as_of: datetime.date
) -> list[Placed[T]]:
    """The parts that were known by then, in the order of the record, each under its index as written."""
    known = [
        index for index, part in enumerate(written or ()) if (day := getattr(part, dated_by)) is None or day <= as_of
    ]
    return [
        Placed(part, f"{path}[{index}]", getattr(part, dated_by))
        for index, part in zip(known, stood or (), strict=True)
    ]


def _done(written: Record, history: History) -> list[Done]:
    """Every procedure that was done by then, by day."""
    placed = _placed(written.procedures, history.record.procedures, "procedures", "date", history.as_of)
    as_written = [one for one in written.procedures or () if one.date <= history.as_of]
    done = [
        Done(one, response, tuple(_placed(whole.follow_ups, one.part.follow_ups, f"{one.path}.follow_ups", "date",
                                          history.as_of)))
        for one, response, whole in zip(placed, history.responses, as_written, strict=True)
    ]  # fmt: skip
    return sorted(done, key=lambda one: (one.placed.part.date, one.placed.part.sequence or 0))


def of_request(request: Request) -> Placed[Request]:
    """The request as a place of facts. What it says is not dated: it is being asked now."""
    return Placed(request, "request", None, "request")


def same_session(request: Request) -> list[Placed[Planned]]:
    """The other procedures planned in the request's session."""
    others = enumerate(request.same_session or ())
    return [Placed(other, f"request.same_session[{index}]", None, "request") for index, other in others]
