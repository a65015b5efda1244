"""Leaves of one document: their text parsed in its names, every problem collected with its place."""

from collections.abc import Mapping
from typing import NamedTuple

from facetwise.documents import Problem, YamlDocument
from facetwise.documents.typing import Path
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field
from facetwise.rules.documents import ConventionDocument
from facetwise.rules.expressions import Always, Expression
from facetwise.rules.grammar import LeafError, Scope, parse_leaf


class Place(NamedTuple):
    """Where a leaf stands, for an error: the document path and the criterion or measure."""

    path: Path
    owner: str

    def at(self, *steps: str | int) -> "Place":
        """A place inside this one."""
        return Place((*self.path, *steps), self.owner)


class Leaves:
    """Parses the leaves of one document. `facts` grows with every measure; `problems` with every fault."""

    def __init__(self, yaml: YamlDocument, conventions: Mapping[str, ConventionDocument]) -> None:
        self.yaml = yaml
        self.problems: list[Problem] = []
        self.facts: dict[str, Field] = dict(REQUEST_FIELDS)
        self.constants = self._constants(conventions)

    def leaf(self, text: str, place: Place) -> Expression:
        """An expression over facts of the request."""
        return self._parsed(text, place, Scope(self.facts, None, self.constants))

    def row_leaf(self, text: str, place: Place) -> Expression:
        """An expression over one procedure, inside a measure."""
        return self._parsed(text, place, Scope(self.facts, PRIOR_FIELDS, self.constants))

    def optional(self, text: str | None, place: Place) -> Expression | None:
        """The same for a leaf that may be absent."""
        return None if text is None else self.leaf(text, place)

    def add(self, path: Path, what: str, remedy: str, offset: int = 0) -> None:
        """A problem at a place of the document."""
        self.problems.append(self.yaml.problem(path, what, remedy, offset))

    def _parsed(self, text: str, place: Place, scope: Scope) -> Expression:
        try:
            return parse_leaf(text, scope)
        except LeafError as error:
            self.add(place.path, f"{place.owner}: {error.what}", error.remedy, error.offset)
            return Always(False)

    def _constants(self, conventions: Mapping[str, ConventionDocument]) -> dict[str, bool | float | str]:
        constants = {}
        for name, convention in conventions.items():
            if name in REQUEST_FIELDS or name in PRIOR_FIELDS:
                self.add(("conventions", name), f'"{name}" is already a field', "Give the convention another name")
            elif convention.value is not None:
                constants[name] = _typed(convention.value)
        return constants


def _typed(text: str) -> bool | float | str:
    """A convention's value: yes or no, a number, else a word."""
    if text in ("true", "false"):
        return text == "true"
    try:
        return float(text)
    except ValueError:
        return text
