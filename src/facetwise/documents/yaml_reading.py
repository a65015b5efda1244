"""YAML documents, read strictly: every scalar stays a string, a repeated key is an error, places are kept."""

from typing import Any, NamedTuple, TypeVar

import yaml

from facetwise.documents.problems import DocumentError, Problem
from facetwise.documents.typing import Decoder, Path, find_problems, path_text

T = TypeVar("T")

# The C parser where PyYAML has it. BaseLoader resolves nothing: `no`, `010` and `12:30` stay as written.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

DEEPEST = 50
"""Levels of nesting. A policy has about ten; the C parser crashes the process somewhere above 20,000."""


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
        import msgspec

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
    try:
        _require_shallow(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        what = f"Not YAML: {error.problem or error.context}"
        raise DocumentError([Problem("", what, "Check the indentation and quotes", file, *place)]) from None
    except (yaml.YAMLError, RecursionError) as error:
        what = "Not YAML: " + str(error).partition("\n")[0]
        raise DocumentError([Problem("", what, "Save it as UTF-8 text, a few levels deep", file)]) from None
    if node is None:
        raise DocumentError([Problem("", "The document is empty", "Write at least an id", file, 1, 1)])
    reading = _Reading(file)
    value = reading.visit(node, ())
    if reading.problems:
        raise DocumentError(reading.problems)
    return YamlDocument(file, value, reading.places)


def _require_shallow(text: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
            remedy = f"Write at most {DEEPEST} levels"
            raise DocumentError([Problem("", "The document is nested too deeply", remedy, file, *place)])


class _Reading:
    """One walk over the nodes of a document."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def visit(self, node: yaml.Node, path: Path) -> Any:
        if id(node) in self.seen:  # an alias: convenient for a writer, and a way to make 1 kB mean 1 GB
            self._add(node, path, "Anchors and aliases are not read", "Write the value out")
            return None
        self.seen.add(id(node))
        self.places[path] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.visit(item, (*path, index)) for index, item in enumerate(node.value)]
        return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                self._add(key_node, path, "A key must be a word", "Write `name: value`")
            elif key in members:
                self._add(key_node, (*path, key), f'The key "{key}" is given twice', "Keep one of the two")
            else:
                members[key] = self.visit(value_node, (*path, key))
        return members

    def _add(self, node: yaml.Node, path: Path, what: str, remedy: str) -> None:
        self.problems.append(Problem(path_text(path), what, remedy, self.file, *_place(node)))


def _place(node: yaml.Node) -> Place:
    mark = node.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
