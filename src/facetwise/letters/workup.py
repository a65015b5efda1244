"""Statements about what was tried and what was found: conservative care, examinations, images."""

from collections.abc import Iterator, Mapping

from facetwise.letters.letter import Statement
from facetwise.letters.places import Placed, Stood, T
from facetwise.letters.wording import capital, counted, listed, on_day, quoted, words
from facetwise.records import CareKind, CareOutcome, ConservativeCare, Examination, Imaging


def care_statements(stood: Stood) -> Iterator[Statement]:
    """Each course of conservative care with its dates and outcome, or why it was not possible."""
    if stood.record.conservative_care == ():
        yield Statement("No conservative care was given.", stood.whole.facts("conservative_care"))
    for course in stood.care:
        yield _course(course)


_OUTCOMES = {
    CareOutcome.FAILED: "failed",
    CareOutcome.NOT_TOLERATED: "was not tolerated",
    CareOutcome.ONGOING: "is ongoing",
    CareOutcome.HELPED: "helped",
}


def _course(placed: Placed[ConservativeCare]) -> Statement:
    course = placed.part
    kind = "Other conservative care" if course.kind is CareKind.OTHER else capital(words(course.kind))
    reason = course.not_possible_because
    if reason and reason.strip():
        return Statement(f"{kind} was not possible: {quoted(reason)}", placed.facts("kind", "not_possible_because"))
    outcome = _OUTCOMES[course.outcome] if course.outcome else "was given"
    ended = placed._replace(day=course.end or course.start)
    facts = ended.facts("kind", "start", "end", "outcome")
    return Statement(f"{kind}{_when(course)} {outcome}.", facts)


def _when(course: ConservativeCare) -> str:
    if course.start and course.end:
        weeks = (course.end - course.start).days // 7
        length = f" ({counted(weeks, 'week', 'weeks')})" if weeks else ""
        return f" from {course.start} to {course.end}{length}"
    return f" from {course.start}" if course.start else (f" until {course.end}" if course.end else "")


def examination_statements(stood: Stood) -> Iterator[Statement]:
    """One sentence for each examination."""
    if stood.record.examinations == ():
        yield Statement("No examination was done.", stood.whole.facts("examinations"))
    for exam in stood.examinations:
        if clauses := list(_found(exam.part)):
            facts = exam.facts(*(field for field in Examination.__struct_fields__ if field != "date"))
            yield Statement(f"On examination {on_day(exam.day)} {listed(clauses)}.", facts)


def _found(exam: Examination) -> Iterator[str]:
    if exam.paraspinal_tenderness is not None:
        yield f"there was {'' if exam.paraspinal_tenderness else 'no '}tenderness over the facet joints"
    if exam.pain_on_extension_rotation is not None:
        verb = "provoked" if exam.pain_on_extension_rotation else "did not provoke"
        yield f"extension with rotation {verb} the pain"
    if exam.neurological_deficit is not None:
        yield f"{'a' if exam.neurological_deficit else 'no'} neurological deficit was found"
    if exam.sacroiliac_tests_positive is not None:
        verb = "was" if exam.sacroiliac_tests_positive == 1 else "were"
        yield f"{exam.sacroiliac_tests_positive} of 6 sacroiliac provocation tests {verb} positive"


def imaging_statements(stood: Stood) -> Iterator[Statement]:
    """One sentence for each image: what it shows, then what it does not."""
    if stood.record.imaging == ():
        yield Statement("No imaging was done.", stood.whole.facts("imaging"))
    for image in stood.imaging:
        yield _image(image)


_SHOWN = {
    "facet_degeneration": "degenerated facet joints",
    "facet_inflammation": "inflamed facet joints",
    "facet_cyst_compressing_nerve": "facet cyst pressing on a nerve root",
    "vertebral_endplate_changes": "vertebral endplate (Modic) changes",
    "other_cause_of_pain": "other cause of the pain",
}
_ARTICLES = {"facet_cyst_compressing_nerve": "a ", "other_cause_of_pain": "an"}


def _image(image: Placed[Imaging]) -> Statement:
    shown = [_ARTICLES.get(name, "") + _SHOWN[name] for name in _answered(image, _SHOWN, True)]
    absent = [f"no {_SHOWN[name]}" for name in _answered(image, _SHOWN, False)]
    facts = image.facts("modality", *_SHOWN)
    when = f" of {image.day}" if image.day else ""
    if not shown and not absent:
        return Statement(f"{capital(words(image.part.modality))}{when or ' imaging'} was done.", facts)
    return Statement(f"{capital(words(image.part.modality))}{when} shows {listed([*shown, *absent])}.", facts)


def _answered(image: Placed[T], names: Mapping[str, str], answer: bool) -> list[str]:
    return [name for name in names if getattr(image.part, name) is answer]
