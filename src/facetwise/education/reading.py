"""The YAML of `texts/` read strictly: both languages, figures that exist, claims that somebody read in a source."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.documents.typing import Path
from facetwise.education.written import Aid, Passages, Sources, Texts, Understand, Wording
from facetwise.evidence import Source, UnknownFigure, figure

T = TypeVar("T")

SLOT = re.compile(r"\{([^{}]*)\}")
YOURS = ("your.relief", "your.day", "your.earliest")
"""What a text may take from the patient's record."""
FILLED_BY_CODE = ("pain", "among", "would", "value", "low", "high", "threshold", "day", "month", "year")
"""What a text may leave to the code around it."""
HUNDRED = "100"
"""The one number that a text may hold: a share is told of 100 people."""

_NO_SHARE = "A chance is told with its uncertainty. Name a figure in percent with value, low and high"
_LANGUAGES = ("en", "es")


@cache
def texts() -> Texts:
    """What comes with Facetwise. Raises `DocumentError` where its files were damaged."""
    sources = read_texts(_own("sources.yaml"), "sources.yaml", Sources, {}).sources
    return Texts(
        understand=read_texts(_own("understand.yaml"), "understand.yaml", Understand, sources),
        passages=read_texts(_own("plans.yaml"), "plans.yaml", Passages, sources),
        aid=read_texts(_own("decision_aid.yaml"), "decision_aid.yaml", Aid, sources),
        wording=read_texts(_own("wording.yaml"), "wording.yaml", Wording, sources),
        sources=sources,
    )


def read_texts(text: str, file: str, type_: type[T], sources: dict[str, Source]) -> T:
    """One file of texts as `type_`. Raises `DocumentError` with every problem and its line."""
    yaml = read_yaml(text, file)
    written = yaml.typed(type_)
    if type_ is not Sources and (problems := list(_problems(yaml, sources))):
        raise DocumentError(sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0)))
    return written


def _own(name: str) -> str:
    return files(__package__).joinpath("texts", name).read_text(encoding="utf-8")


def _problems(yaml: YamlDocument, sources: dict[str, Source]) -> Iterator[Problem]:
    for path, value in _within(yaml.value, ()):
        if isinstance(value, dict) and "en" in value and isinstance(value["en"], str):
            yield from _text_problems(yaml, path, value)
        if path[-1:] == ("rests_on",):
            yield from _claim_problems(yaml, path, value, sources)
        if path[-1:] == ("figures",):
            for region, id in value.items():
                if not _is_share(id):
                    yield yaml.problem((*path, region), f'"{id}" is no figure for a picture of people', _NO_SHARE)
        if isinstance(value, list):
            yield from _repeated_ids(yaml, path, value)


def _within(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Everything in a document with its path, itself first."""
    yield path, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield from _within(part, (*path, step))


def _text_problems(yaml: YamlDocument, path: Path, value: dict[str, Any]) -> Iterator[Problem]:
    slots = {language: SLOT.findall(value[language]) for language in _LANGUAGES}
    for language in _LANGUAGES:
        for slot in slots[language]:
            if slot not in (*YOURS, *FILLED_BY_CODE) and not _is_told(slot):
                what = f'The text asks for "{slot}", which is no figure of evidence/ that was read in a source'
                yield yaml.problem((*path, language), what, f"Name one, or {', '.join(YOURS)}")
        if re.search(r"\d", SLOT.sub("", value[language]).replace(HUNDRED, "")):
            what = "A number is written into the text"
            yield yaml.problem((*path, language), what, "Put it into evidence/cited/ and write {its_id}")
    if sorted(slots["en"]) != sorted(slots["es"]):
        yield yaml.problem((*path, "es"), "The two languages ask for different figures", "Use the same in both")


def _claim_problems(
    yaml: YamlDocument, path: Path, value: list[dict[str, str]], sources: dict[str, Source]
) -> Iterator[Problem]:
    if not value:
        yield yaml.problem(path, "A claim rests on nothing", "Name a source or a figure, or write it as advice")
    for number, one in enumerate(value):
        id = one.get("source") or one.get("figure", "")
        field = "source" if "source" in one else "figure"
        if field == "source" and id not in sources:
            what = f'There is no source "{id}" in sources.yaml'
            yield yaml.problem((*path, number, field), what, did_you_mean(id, sorted(sources)))
        elif field == "source" and not sources[id].certainty.verified:
            yield yaml.problem(
                (*path, number, field), f'Nobody has read "{id}"', "Tell patients what somebody has read"
            )
        elif field == "figure" and not _is_told(id):
            what = f'"{id}" is no figure of evidence/ that was read in a source'
            yield yaml.problem((*path, number, field), what, "Name one with `facetwise explain`")


def _repeated_ids(yaml: YamlDocument, path: Path, value: list[Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, one in enumerate(value):
        if isinstance(one, dict) and (id := one.get("id")):
            if id in seen:
                yield yaml.problem((*path, number, "id"), f'The id "{id}" is used twice', "Give each its own")
            seen.add(id)


def _is_told(id: str) -> bool:
    """Whether patients may be told a figure: it exists, and somebody read it in a source."""
    try:
        return figure(id).certainty.verified
    except UnknownFigure:
        return False


def _is_share(id: str) -> bool:
    if not _is_told(id):
        return False
    found = figure(id)
    return found.unit == "percent" and None not in (found.value, found.low, found.high)
