"""Questions whose answers a record lacks, as fields of a form, and answers put into the record where they belong."""

import datetime
import enum
from typing import Any, NamedTuple

import msgspec

from facetwise.clinic.days import day_of
from facetwise.clinic.records.labels import label_of
from facetwise.documents import DocumentError, Problem
from facetwise.fhir.paths import path_steps, type_at
from facetwise.records import Condition, Record, read_record, write_json
from facetwise.rules import Missing


class Question(NamedTuple):
    """A question with the place of its answer and how it is answered: choices of value and label, or a day or text.

    Of `many` choices several may be made.
    """

    path: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    input_type: str = ""
    many: bool = False


YES_NO = (("true", "Yes"), ("false", "No"))
PRESENCE = (("true", "Present"), ("false", "Considered and absent"))


def question_of(missing: Missing) -> Question | None:
    """The question as a field; None where the answer is more than one value, or not of the record."""
    steps = path_steps(missing.path)
    if steps is None or any(not isinstance(step, str) for step in steps):
        return None
    type_ = type_at(steps)
    if type_ is Condition:  # a question may ask what was excluded, so neither answer is a bare yes or no
        return Question(missing.path, missing.question, PRESENCE)
    if type_ is bool:
        return Question(missing.path, label_of(missing.path), YES_NO)
    if isinstance(type_, type) and issubclass(type_, enum.Enum):
        choices = tuple((str(word.value), str(word.value).replace("_", " ")) for word in type_)
        return Question(missing.path, missing.question, choices)
    if type_ is datetime.date:
        return Question(missing.path, missing.question, input_type="date")
    if type_ is str:
        return Question(missing.path, f"{missing.question} If so, write it", input_type="text")
    return None


def answered(record: Record, path: str, text: str, today: datetime.date) -> Record:
    """The record with an answer at its place, where nothing stood.

    Raises `DocumentError` for a place that is no question, for one that has an answer, and for a value that it
    cannot have.
    """
    question = question_of(Missing("", "", path))
    if question is None:
        raise DocumentError([Problem(path, "This cannot be answered here", "Change the record itself")])
    if not text.strip():
        raise DocumentError([Problem(path, "There is no answer", "Choose one, or leave it not documented")])
    tree: dict[str, Any] = msgspec.json.decode(write_json(record))
    *parents, last = path.split(".")
    place = tree
    for step in parents:
        place = place.setdefault(step, {})
    if last in place:
        raise DocumentError([Problem(path, "It has an answer already", "Change the record itself")])
    place[last] = _value(path, text.strip(), today)
    if question.input_type == "date":
        _require_day(path, text.strip(), record.patient.birth_year, today)
    return read_record(tree)


def _value(path: str, text: str, today: datetime.date) -> Any:
    """The value as the record writes it; a condition is assessed on the day of the answer."""
    steps = path_steps(path)
    type_ = type_at(steps) if steps is not None else None
    if type_ not in (bool, Condition):
        return text
    if text not in ("true", "false"):
        raise DocumentError([Problem(path, f'Found "{text}"', "Answer yes or no")])
    said = text == "true"
    return {"present": said, "on": today.isoformat()} if type_ is Condition else said


def _require_day(path: str, text: str, born: int | None, today: datetime.date) -> None:
    """Raise `DocumentError` for what is no day, or one that has not come or lies before birth."""
    day = day_of(text, path) or today
    if day > today:
        raise DocumentError([Problem(path, f"{day} has not come yet", "Correct it, or leave it not documented")])
    if born is not None and day.year < born:
        raise DocumentError([Problem(path, f"{day} is before the patient's birth in {born}", "Correct one of the two")])
