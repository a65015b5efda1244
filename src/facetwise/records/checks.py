"""What no type can see: dates in an impossible order, relief without a baseline, blocks where there is no nerve."""

import datetime
from collections.abc import Iterator

from facetwise.documents import Problem
from facetwise.records.patient import Record
from facetwise.records.procedures import DiaryEntry, PainScore, Planned, Procedure, Request
from facetwise.records.words import Kind
from facetwise.spine import levels_in, refusal

_BY_NERVE = (Kind.MEDIAL_BRANCH_BLOCK, Kind.RADIOFREQUENCY_ABLATION)


def record_problems(record: Record) -> list[Problem]:
    """Everything in a well-typed record that cannot be true, in document order."""
    return [
        *_before_birth(record),
        *_care(record),
        *_pain_scores(record),
        *_repeated_ids(record),
        *(
            problem
            for index, procedure in enumerate(record.procedures or ())
            for problem in _procedure(procedure, f"procedures[{index}]")
        ),
    ]


def request_problems(request: Request) -> list[Problem]:
    """Everything in a well-typed request that cannot be done."""
    others = enumerate(request.same_session or ())
    return [
        *_sites(request, ""),
        *(problem for index, other in others for problem in _same_day(request, other, f"same_session[{index}]")),
    ]


def _before_birth(record: Record) -> Iterator[Problem]:
    born = record.patient.birth_year
    if born is None:
        return
    dated: list[tuple[str, datetime.date | None]] = [("complaint.onset", record.complaint.onset)]
    dated += [(f"procedures[{n}].date", procedure.date) for n, procedure in enumerate(record.procedures or ())]
    for where, day in dated:
        if day is not None and day.year < born:
            yield Problem(where, f"{day} is before the patient's birth in {born}", "Correct one of the two")


def _care(record: Record) -> Iterator[Problem]:
    for index, care in enumerate(record.conservative_care or ()):
        if care.start and care.end and care.end < care.start:
            what = f"The course ends on {care.end}, before it starts on {care.start}"
            yield Problem(f"conservative_care[{index}].end", what, "Correct one of the two dates")


def _pain_scores(record: Record) -> Iterator[Problem]:
    for index, pain in enumerate(record.complaint.pain or ()):
        yield from _range(pain, f"complaint.pain[{index}]")


def _repeated_ids(record: Record) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, procedure in enumerate(record.procedures or ()):
        if procedure.id in seen:
            yield Problem(f"procedures[{index}].id", f'The id "{procedure.id}" is used twice', "Give each its own id")
        if procedure.id is not None:
            seen.add(procedure.id)


def _procedure(procedure: Procedure, where: str) -> Iterator[Problem]:
    yield from _sites(procedure, where)
    if procedure.pain_before is not None:
        yield from _range(procedure.pain_before, f"{where}.pain_before")
        yield from _scored_before(procedure.pain_before, procedure, f"{where}.pain_before")
    if procedure.diary is not None:
        yield from _baseline(procedure, where)
        for index, entry in enumerate(procedure.diary.entries):
            yield from _range(entry, f"{where}.diary.entries[{index}]")
    for index, follow_up in enumerate(procedure.follow_ups or ()):
        if follow_up.date < procedure.date:
            what = f"The follow-up on {follow_up.date} is before the procedure on {procedure.date}"
            yield Problem(f"{where}.follow_ups[{index}].date", what, "Correct one of the two dates")


def _scored_before(before: PainScore, procedure: Procedure, where: str) -> Iterator[Problem]:
    if before.date is not None and before.date > procedure.date:
        what = f"The score from before is dated {before.date}, after the procedure on {procedure.date}"
        yield Problem(f"{where}.date", what, "Correct one of the two dates")


def _baseline(procedure: Procedure, where: str) -> Iterator[Problem]:
    scored = procedure.diary is not None and any(
        entry.score is not None or entry.low is not None for entry in procedure.diary.entries
    )
    before = procedure.pain_before
    if scored and (before is None or (before.score is None and before.low is None)):
        what = "The diary has pain scores, and there is no score from before the block to compare them with"
        yield Problem(f"{where}.pain_before", what, "Give pain_before, or state the relief in percent instead")


def _range(score: PainScore | DiaryEntry, where: str) -> Iterator[Problem]:
    if (score.low is None) != (score.high is None):
        yield Problem(where, "A range needs both low and high", "Give both, or one score")
    elif score.low is not None and score.high is not None and score.low > score.high:
        yield Problem(where, f"The range runs from {score.low:g} down to {score.high:g}", "Give the lower one first")
    if score.score is not None and score.low is not None:
        yield Problem(where, "Both a score and a range are given", "Keep the one that was written down")


def _sites(planned: Planned, where: str) -> Iterator[Problem]:
    if planned.sites is None or planned.kind not in _BY_NERVE:
        return
    for level in levels_in(planned.sites.levels):
        if reason := refusal(level):
            place = f"{where}.sites" if where else "sites"
            yield Problem(place, f"A {planned.kind.replace('_', ' ')} cannot aim at {level}", reason)


def _same_day(request: Request, other: Planned, where: str) -> Iterator[Problem]:
    yield from _sites(other, where)
    if other.date != request.date:
        what = f"{other.date} is not the day of the request, {request.date}"
        yield Problem(f"{where}.date", what, "A session is one day: give the same date or leave the procedure out")
