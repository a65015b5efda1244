"""What to enclose: the documents in which the facts of the letter were written down."""

from collections.abc import Iterator

from facetwise.letters.letter import Detail, Fact
from facetwise.letters.places import Placed, Stood
from facetwise.letters.procedures import earlier
from facetwise.letters.wording import SCALES, capital, listed, words
from facetwise.records import Procedure, Request


def enclosures_of(stood: Stood, request: Request) -> tuple[Detail, ...]:
    """Each document once, with the facts it holds."""
    together: dict[str, dict[Fact, None]] = {}
    for text, facts in _documents(stood, request):
        if facts:
            together.setdefault(text, {}).update(dict.fromkeys(facts))
    return tuple(Detail("", text, tuple(facts)) for text, facts in together.items())


def _documents(stood: Stood, request: Request) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    for exam in stood.examinations:
        fields = (field for field in exam.part.__struct_fields__ if field != "date")
        yield f"Visit note{_of(exam.day)} with the examination", exam.facts(*fields)
    for measured in stood.function:
        form = SCALES[measured.part.scale].removeprefix("the ").removeprefix("a ")
        yield f"{capital(form)}{_of(measured.day)}", measured.facts("score")
    for course in stood.care:
        span = f", from {course.part.start}" if course.part.start else ""
        span += f"{'' if span else ','} to {course.part.end}" if course.part.end else ""
        yield f"Notes on {words(course.part.kind)}{span}", course.facts("kind", "start", "end", "outcome")
    for image in stood.imaging:
        yield f"{capital(words(image.part.modality))} report{_of(image.day)}", image.facts("modality")
    for done in earlier(stood, request):
        yield from _of_procedure(done.placed)
        if days := [visit.part.date for visit in done.follow_ups]:
            text = f"Follow-up notes of {listed(str(day) for day in days)}"
            yield text, tuple(visit.fact("date") for visit in done.follow_ups)


def _of_procedure(placed: Placed[Procedure]) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    kind = words(placed.part.kind)
    yield f"Report of the {kind}{_of(placed.day)}", placed.facts("kind", "date")
    if placed.part.diary is not None:
        yield f"Pain diary of the {kind}{_of(placed.day)}", placed.facts("diary")


def _of(day: object) -> str:
    return f" of {day}" if day else ""
