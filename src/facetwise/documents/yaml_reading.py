"""YAML documents, read strictly: every scalar stays a string, a repeated key is an error, places are kept.

The document is built from the parser's events, not by a YAML loader: nothing is resolved, so that `no`, `010` and
`12:30` stay as written, and nothing is followed, so that no alias can make a kilobyte mean a gigabyte.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import msgspec
import yaml

from facetwise.documents.problems import DocumentError, Problem
from facetwise.documents.typing import Decoder, Path, find_problems, path_text

T = TypeVar("T")

DEEPEST = 50
"""Levels. A policy has about ten; far more is a mistake or an attack."""

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C parser, where PyYAML was built with it


class Place(NamedTuple):
    """A position in a file, both counted from 1."""

    line: int
    column: int


class YamlDocument(NamedTuple):
    """A YAML file as plain dicts, lists and strings, with the place of every value."""

    file: str
    value: Any
    places: dict[Path, Place]

    def typed(self, type_: type[T], *, dec_hook: Decoder | None = None) -> T:
        """The document as a `type_`, its strings typed by that. Raises `DocumentError` with lines."""
        try:
            return msgspec.convert(self.value, type_, strict=False, dec_hook=dec_hook)
        except msgspec.ValidationError as refusal:
            found = find_problems(self.value, type_, strict=False, dec_hook=dec_hook)
            found = found or [((), Problem("", str(refusal), "Mend the document"))]
            raise DocumentError(self.problem(path, problem.what, problem.remedy) for path, problem in found) from None

    def problem(self, path: Path, what: str, remedy: str, offset: int = 0) -> Problem:
        """A problem at `path`, which may name something absent: the nearest place above it is given."""
        near = path
        while near and near not in self.places:
            near = near[:-1]
        place = self.places.get(near, Place(1, 1))
        return Problem(path_text(path), what, remedy, self.file, place.line, place.column + offset)


def read_yaml(text: str, file: str) -> YamlDocument:
    """The one YAML document in `text`. Raises `DocumentError` with line and column."""
    reading = _Reading(file, yaml.parse(text, Loader=_LOADER))
    try:
        value = reading.document()
    except yaml.MarkedYAMLError as error:
        what = f"Not YAML: {error.problem or error.context}"
        place = _place(error.problem_mark or error.context_mark)
        raise DocumentError([Problem("", what, "Check the indentation and quotes", file, *place)]) from None
    except yaml.YAMLError as error:
        what = "Not YAML: " + str(error).partition("\n")[0]
        raise DocumentError([Problem("", what, "Save it as UTF-8 text without control characters", file)]) from None
    if reading.problems:
        raise DocumentError(reading.problems)
    return YamlDocument(file, value, reading.places)


class _Reading:
    """One walk over the events of a document."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.file = file
        self.events = events
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []

    def document(self) -> Any:
        next(self.events)  # the stream starts
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            problem = Problem("", "The document is empty", "Write at least an id", self.file, 1, 1)
            raise DocumentError([problem])
        value = self._value(next(self.events), ())
        next(self.events)  # the document ends
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._add(after, (), "A second document starts here", "Put it into a file of its own")
        return value

    def _value(self, event: yaml.Event, path: Path) -> Any:
        self.places[path] = _place(event.start_mark)
        if len(path) > DEEPEST:
            what, remedy = "The document is nested too deeply", f"Write at most {DEEPEST} levels"
            raise DocumentError([Problem("", what, remedy, self.file, *_place(event.start_mark))])
        if isinstance(event, yaml.AliasEvent):
            self._add(event, path, "Anchors and aliases are not read", "Write the value out")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return event.value if isinstance(event, yaml.ScalarEvent) else None

    def _mapping(self, path: Path) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._add(event, path, "A key must be a word", "Write `name: value`")
                self._value(event, (*path, "?"))
                self._value(next(self.events), (*path, "?"))
                continue
            key = event.value
            if key in members:
                self._add(event, (*path, key), f'The key "{key}" is given twice', "Keep one of the two")
            members[key] = self._value(next(self.events), (*path, key))
        return members

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _add(self, event: yaml.Event, path: Path, what: str, remedy: str) -> None:
        self.problems.append(Problem(path_text(path), what, remedy, self.file, *_place(event.start_mark)))


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
