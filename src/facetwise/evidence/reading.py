"""One evidence file into typed figures, with every problem and its line."""

import math
import re
from collections.abc import Iterator, Mapping

from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.evidence.figures import EvidenceDocument, Figure, WrittenDocument, WrittenFigure
from facetwise.evidence.sources import Source

SENTENCE_LIKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def read_document(text: str, file: str, taken: Mapping[str, str]) -> EvidenceDocument:
    """The evidence in `text`. `taken` maps figure ids to the topics that hold them already.

    Raises `DocumentError` with every problem: what is not YAML first, then what has the wrong type, then what
    cannot be true.
    """
    yaml = read_yaml(text, file)
    written = yaml.typed(WrittenDocument)
    if problems := sorted(_problems(yaml, written, taken), key=_place):
        raise DocumentError(problems)
    figures = {id: _named(id, figure, written) for id, figure in written.figures.items()}
    return EvidenceDocument(id=written.id, title=written.title, sources=written.sources, figures=figures)


def _named(id: str, figure: WrittenFigure, document: WrittenDocument) -> Figure:
    fields = {name: getattr(figure, name) for name in WrittenFigure.__struct_fields__}
    return Figure(id=id, topic=document.id, source=document.sources[figure.cites.source], **fields)


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line or 0, problem.column or 0


def _problems(yaml: YamlDocument, document: WrittenDocument, taken: Mapping[str, str]) -> Iterator[Problem]:
    for id, figure in document.figures.items():
        if not SENTENCE_LIKE.fullmatch(id):
            remedy = "Write it in lower case with underscores, such as lumbar_prevalence_percent"
            yield yaml.problem(("figures", id), f'"{id}" is not an id', remedy)
        if taken.get(id, document.id) != document.id:
            what = f'The figure "{id}" is also in {taken[id]}.yaml'
            yield yaml.problem(("figures", id), what, "Give every figure an id of its own")
        if figure.cites.source not in document.sources:
            what = f'"{figure.cites.source}" is not one of this file\'s sources'
            remedy = did_you_mean(figure.cites.source, list(document.sources))
            yield yaml.problem(("figures", id, "cites", "source"), what, remedy)
        for field, what, remedy in _number_problems(figure):
            yield yaml.problem(("figures", id, field), what, remedy)


def _number_problems(figure: WrittenFigure) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the numbers of a figure: field, finding, remedy."""
    numbers = {name: getattr(figure, name) for name in ("value", "low", "high")}
    given = {name: number for name, number in numbers.items() if number is not None}
    if endless := [name for name, number in given.items() if not math.isfinite(number)]:
        for name in endless:
            yield name, f"{name} is not a finite number", "Leave out what was not printed"
    elif not given:
        yield "value", "There is neither a value nor a low or high", "Give the number that the source prints"
    else:
        yield from _interval_problems(figure)


def _interval_problems(figure: WrittenFigure) -> Iterator[tuple[str, str, str]]:
    value, low, high = figure.value, figure.low, figure.high
    if low is None and high is None:
        if figure.interval:
            yield "interval", "An interval is named and not given", "Give low, high or both"
        return
    if not figure.interval:
        yield (
            "low" if low is not None else "high",
            "The interval is not named",
            "Write interval: 95% CI, range, ...",
        )
    if low is not None and high is not None and low > high:
        yield "low", f"low {low:g} is above high {high:g}", "Swap them, or look at the source again"
    elif value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        ends = "-".join("" if end is None else f"{end:g}" for end in (low, high))
        yield "value", f"value {value:g} lies outside its interval {ends}", "Look at the source again"


def require_sources_agree(documents: Mapping[str, EvidenceDocument]) -> None:
    """Raises `DocumentError` where two topics describe one source key differently."""
    first: dict[str, tuple[str, Source]] = {}
    problems = []
    for topic, document in documents.items():
        for key, source in document.sources.items():
            other, described = first.setdefault(key, (topic, source))
            if described != source:
                what = f'The source "{key}" is described differently in {other}.yaml'
                problems.append(Problem(f"sources.{key}", what, "Make the two the same", f"{topic}.yaml"))
    if problems:
        raise DocumentError(problems)
