"""Typed reading of one JSON object of a bundle: what was read, what is mistyped, and what nobody looked at."""

import datetime
import math
import re
from collections.abc import Iterator
from typing import Any

from facetwise.documents import Problem
from facetwise.fhir.values import Coding, Concept, Findings, Moment, Quantity

_ADMINISTRATIVE = frozenset(
    [
        "resourceType",
        "id",
        "meta",
        "implicitRules",
        "language",
        "text",
        "contained",
        "encounter",
        "recorder",
        "asserter",
        "performer",
        "author",
        "source",
        "informationSource",
        "requester",
        "category",
        "issued",
        "recordedDate",
        "basedOn",
        "instantiatesCanonical",
        "instantiatesUri",
        "location",
        "questionnaire",
        "reasonReference",
        "type",
        "statusReason",
    ]
)
"""Elements that say who, where and for whom, which no clinical question asks for."""

_DATE = re.compile(r"(?P<year>\d{4})(?P<rest>-\d{2}(?P<day>-\d{2})?)?(?P<time>T[0-9:.]+(?:Z|[+-]\d{2}:\d{2})?)?")


class Element:
    """One JSON object. Reading a member notes a wrong type as a problem and remembers that it was looked at."""

    def __init__(self, value: dict[str, Any], where: str, path: str, findings: Findings) -> None:
        self.value = value
        self.where = where
        self.path = path
        self.findings = findings
        self._read: set[str] = set()
        self._parts: dict[str, Element] = {}

    def place(self, name: str = "") -> str:
        """Where a member of this object stands in the bundle."""
        path = ".".join(part for part in (self.path, name) if part)
        return f"{self.where} {path}".strip()

    def leave(self, what: str, why: str) -> None:
        """List this, or a part of it, as not carried over."""
        self.findings.leave(self.where, what, why)

    def refuse(self, name: str, what: str, remedy: str) -> None:
        """Note a problem that makes the bundle unusable."""
        self.findings.problems.append(Problem(self.place(name), what, remedy))

    def has(self, name: str) -> bool:
        return self.value.get(name) is not None

    def skip(self, *names: str) -> None:
        """Count members as read."""
        self._read.update(names)

    def child(self, name: str) -> "Element | None":
        """A member that is an object."""
        value = self._member(name, dict, "an object")
        return None if value is None else self._part(value, name)

    def children(self, name: str) -> "list[Element]":
        """The objects of a member that is a list."""
        found = []
        for index, item in enumerate(self._member(name, list, "a list") or ()):
            if isinstance(item, dict):
                found.append(self._part(item, f"{name}[{index}]"))
            else:
                self.refuse(f"{name}[{index}]", f"Found {_named(item)}", "Give an object")
        return found

    def text(self, name: str) -> str | None:
        value: str | None = self._member(name, str, "text")
        if value is not None and not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            self.refuse(name, "Found text that is not Unicode", "Export it again as UTF-8")
            return None
        return value

    def number(self, name: str) -> float | None:
        """A finite number, whole or not."""
        value = self._member(name, (int, float), "a number")
        if value is None:
            return None
        try:
            finite = math.isfinite(value)
        except OverflowError:
            finite = False
        if not finite:
            self.refuse(name, "Found a number that is too large", "Correct it")
            return None
        number: float = value
        return number

    def flag(self, name: str) -> bool | None:
        value: bool | None = self._member(name, bool, "true or false")
        return value

    def moment(self, name: str) -> Moment | None:
        """A date or dateTime; one without a day is listed, for the record needs days."""
        text = self.text(name)
        if text is None:
            return None
        match = _DATE.fullmatch(text)
        try:
            if match and match.group("day"):
                time = datetime.datetime.fromisoformat(text) if match.group("time") else None
                return Moment(datetime.date.fromisoformat(text[:10]), time)
            if match and not match.group("time"):
                self.leave(f"{self._named(name)} without a day", "only a year or a month is given, a day is needed")
                return None
        except ValueError:
            pass
        self.refuse(name, "Found text that is no date", "Write YYYY-MM-DD or YYYY-MM-DDThh:mm:ss+zz:zz")
        return None

    def concept(self, name: str) -> Concept:
        """A CodeableConcept."""
        element = self.child(name)
        return _concept(element) if element else Concept()

    def concepts(self, name: str) -> list[Concept]:
        return [_concept(element) for element in self.children(name)]

    def coding(self, name: str) -> Coding | None:
        element = self.child(name)
        return _coding(element) if element else None

    def quantity(self, name: str) -> Quantity | None:
        """A quantity; one with a comparator such as `<` is a bound, no value, and is listed."""
        element = self.child(name)
        if element is None:
            return None
        value, unit, code = element.number("value"), element.text("unit"), element.text("code")
        element.skip("system")
        if value is not None and element.text("comparator"):
            self.leave(self._named(name), "it is a bound, not a value")
            return None
        return None if value is None else Quantity(value, (unit or code or "").strip().lower())

    def references(self, name: str) -> list[str]:
        """The addresses a member refers to, be it one Reference or a list of them."""
        several = isinstance(self.value.get(name), list)
        elements = self.children(name) if several else [part for part in (self.child(name),) if part]
        addresses = []
        for element in elements:
            element.skip("display", "type", "identifier")
            addresses.append(element.text("reference"))
        return [address for address in addresses if address]

    def notes(self, name: str = "note") -> str | None:
        """The texts of annotations, one a line. Who wrote them and when is not carried."""
        texts = []
        for note in self.children(name):
            note.skip("authorReference", "authorString", "time")
            texts.append(note.text("text"))
        return "\n".join(text for text in texts if text) or None

    def unread(self) -> Iterator[str]:
        """The paths of members that nobody looked at, administrative ones left aside."""
        for name in self.value:
            if name not in self._read and not (self.path == "" and name in _ADMINISTRATIVE):
                yield self._named(name)
        for part in self._parts.values():
            yield from part.unread()

    def _named(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _part(self, value: dict[str, Any], step: str) -> "Element":
        """The same object for every reading of a step, so that what was looked at stays known."""
        if step not in self._parts:
            self._parts[step] = Element(value, self.where, self._named(step), self.findings)
        return self._parts[step]

    def _member(self, name: str, accepted: type | tuple[type, ...], wanted: str) -> Any:
        self._read.add(name)
        value = self.value.get(name)
        if value is None:
            return None
        if isinstance(value, accepted) and (accepted is bool or not isinstance(value, bool)):
            return value
        self.refuse(name, f"Found {_named(value)}", f"Give {wanted}")
        return None


def _concept(element: Element) -> Concept:
    codings = tuple(_coding(part) for part in element.children("coding"))
    return Concept(codings, (element.text("text") or "").strip())


def _coding(element: Element) -> Coding:
    element.skip("version", "userSelected")
    return Coding(*((element.text(name) or "").strip() for name in ("system", "code", "display")))


def _named(value: object) -> str:
    """The type of a value in words; the value itself may say who the patient is."""
    words = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return words.get(type(value), "nothing that JSON knows")
