"""The record as it stood on a date: whatever was written down later is not there yet."""

import datetime
from collections.abc import Iterable
from typing import TypeVar

from msgspec.structs import asdict, replace

from facetwise.records.patient import Conditions, ConservativeCare, Record
from facetwise.records.procedures import Procedure
from facetwise.records.words import CareOutcome

T = TypeVar("T")


def as_it_stood(record: Record, as_of: datetime.date) -> Record:
    """`record` without what is dated after `as_of`. Undated facts are taken to have been known all along."""
    complaint = record.complaint
    return replace(
        record,
        complaint=replace(
            complaint,
            onset=complaint.onset if complaint.onset is None or complaint.onset <= as_of else None,
            pain=_known(complaint.pain, as_of, "date"),
            function=_known(complaint.function, as_of, "date"),
        ),
        conservative_care=_known_care(record.conservative_care, as_of),
        examinations=_known(record.examinations, as_of, "date"),
        imaging=_known(record.imaging, as_of, "date"),
        conditions=_known_conditions(record.conditions, as_of),
        procedures=_known_procedures(record.procedures, as_of),
    )


def _known(parts: Iterable[T] | None, as_of: datetime.date, dated_by: str) -> tuple[T, ...] | None:
    """The parts known by then; None, not empty, when all of them came later: nobody had said there were none."""
    if parts is None:
        return None
    parts = tuple(parts)
    kept = tuple(part for part in parts if (day := getattr(part, dated_by)) is None or day <= as_of)
    return kept if kept or not parts else None


def _known_care(care: tuple[ConservativeCare, ...] | None, as_of: datetime.date) -> tuple[ConservativeCare, ...] | None:
    begun = _known(care, as_of, "start")
    return None if begun is None else tuple(_course_so_far(course, as_of) for course in begun)


def _course_so_far(course: ConservativeCare, as_of: datetime.date) -> ConservativeCare:
    """A course that ended later was still running on the day, and nobody knew its outcome."""
    if course.end is None or course.end <= as_of:
        return course
    return replace(course, end=None, outcome=CareOutcome.ONGOING if course.start is not None else None)


def _known_conditions(conditions: Conditions, as_of: datetime.date) -> Conditions:
    later = {
        name: None
        for name, condition in asdict(conditions).items()
        if condition is not None and condition.on is not None and condition.on > as_of
    }
    return replace(conditions, **later) if later else conditions


def _known_procedures(procedures: tuple[Procedure, ...] | None, as_of: datetime.date) -> tuple[Procedure, ...] | None:
    """Procedures up to and including the day, each with the follow-ups of that time.

    A list whose procedures all came later means that the history was known and empty before the first of them.
    """
    if procedures is None:
        return None
    return tuple(
        replace(procedure, follow_ups=_known(procedure.follow_ups, as_of, "date"))
        if procedure.follow_ups
        else procedure
        for procedure in procedures
        if procedure.date <= as_of
    )
