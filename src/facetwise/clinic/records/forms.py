"""Forms of the parts of a record: one part, a list of parts as rows, and conditions with the days of their finding."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import msgspec.inspect as types
from django import forms

from facetwise.clinic.procedures.spine import SitesField
from facetwise.clinic.records.fields import Choices, as_initial, as_json, field_of, sites_as_text, sites_of
from facetwise.clinic.records.labels import label_of
from facetwise.documents import Problem
from facetwise.records import Condition
from facetwise.records.procedures import Part

MOST_ROWS = 200
NOTHING = "not documented"
BLANK_ROWS = 1


class Asked(NamedTuple):
    """What every form of a record's page has to know: today, the patient's birth year, and the choices of places."""

    today: datetime.date
    born: int | None
    choices: Mapping[str, Choices]


class PartForm(forms.Form):
    """A part of the record. A field left empty is not documented; what the form does not show stays as it is."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any,
        *,
        part: type[Part],
        path: str,
        names: tuple[str, ...],
        asked: Asked,
        written: Mapping[str, Any] | None,
        prefix: str,
        text_sites: bool = False,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.members = {one.encode_name: one for one in types.type_info(part).fields if one.encode_name in names}  # type: ignore[attr-defined]
        self.path, self.born, self.written = path, asked.born, written
        self.title = label_of(path)
        for name in names:
            member = self.members[name]
            field = field_of(member, f"{path}.{name}", asked.today, asked.choices)
            if isinstance(field, SitesField) and text_sites:
                field = sites_as_text(str(field.label))
            self.fields[name] = field
            value = (written or {}).get(name, _default(member))
            self.initial[name] = sites_of(value) if isinstance(field, SitesField) else as_initial(value)

    def clean(self) -> dict[str, Any]:
        """Nothing is dated before birth, and what the part cannot be without is given where anything is."""
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):
            if isinstance(value, datetime.date) and self.born is not None and value.year < self.born:
                self.add_error(name, f"{value} is before the patient's birth in {self.born}. Correct one of the two.")
        if self.says_something():
            for name, member in self.members.items():
                if member.required and cleaned.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, f"This is needed for the rest to be understood: {self.fields[name].label}.")
        return cleaned

    @property
    def has(self) -> str:
        """How much of the part is documented, in words."""
        count = sum(1 for one in self.fields if self.written and self.written.get(one) is not None)
        return f"{count} of {len(self.fields)} documented"

    def says_something(self) -> bool:
        """Whether any field is filled in but those that have a value by themselves."""
        return any(name for name in self.given() if _default(self.members[name]) is None)

    def given(self) -> dict[str, Any]:
        """What the fields were given, as the record's JSON writes it."""
        values = {name: as_json(self.fields[name], value) for name, value in self.cleaned_data.items()}
        written = self.written or {}
        values |= {name: written[name] for name in values if name in written and name not in self.changed_data}
        return {name: value for name, value in values.items() if value is not None}

    def json(self) -> dict[str, Any]:
        """The part as the record's JSON writes it, with what the form does not show."""
        if not self.says_something() and not self._unshown():
            return {}
        return {**self._unshown(), **self.given()}

    def add_problem(self, problem: Problem) -> None:
        """Tell a problem of the record at its field, or above all of them."""
        name = problem.where.rpartition(".")[2]
        self.add_error(name if name in self.fields else None, f"{problem.what}. {problem.remedy}")

    def _unshown(self) -> dict[str, Any]:
        return {name: value for name, value in (self.written or {}).items() if name not in self.fields}


class Rows:
    """A list of parts, one form a row, with an empty one at the end. A row that is emptied leaves the list."""

    def __init__(
        self, data: Any, *, part: type[Part], path: str, names: tuple[str, ...], asked: Asked,
        written: list[dict[str, Any]] | None, prefix: str,
    ) -> None:  # fmt: skip
        self.prefix, self.written, self.data, self.none_written = prefix, written or [], data, written == []
        count = len(self.written) + BLANK_ROWS
        if data is not None:
            given = data.get(self.count_name, "")
            count = min(max(int(given) if given.isdecimal() else 0, count), MOST_ROWS)
        self.rows = [
            PartForm(
                data, part=part, path=path, names=names, asked=asked, prefix=f"{prefix}-{number}",
                written=self.written[number] if number < len(self.written) else None,
            )
            for number in range(count)
        ]  # fmt: skip
        self.none_said = data.get(self.none_name) == "on" if data is not None else self.none_written
        self.problems: list[str] = []

    @property
    def count_name(self) -> str:
        """The hidden field that says how many rows were shown."""
        return f"{self.prefix}-rows"

    @property
    def none_name(self) -> str:
        """The box that says that there was none of it."""
        return f"{self.prefix}-none"

    @property
    def has(self) -> str:
        """How many parts are documented, in words."""
        return f"{len(self.written)} documented" if self.written else "none" if self.none_written else NOTHING

    def is_valid(self) -> bool:
        """Whether every row is, and the list does not say of itself that it is empty."""
        valid = all_valid(self.rows)
        if valid and self.none_said and self.json():
            self.problems.append("It is said that there was none, and there is one. Take one of the two out.")
            return False
        return valid

    def json(self) -> list[dict[str, Any]] | None:
        """The list as the record's JSON writes it; None where it is not documented."""
        found = [part for one in self.rows if (part := one.json())]
        return found or ([] if self.none_said else None)

    def add_problem(self, problem: Problem) -> None:
        """Tell a problem of the record above the rows."""
        self.problems.append(f"{problem.what}. {problem.remedy}")


class ConditionsForm:
    """Some of the conditions: of each whether it is there, since when that is known, and what else was written."""

    def __init__(
        self, data: Any, *, part: type[Part], path: str, names: tuple[str, ...], asked: Asked,
        written: dict[str, Any] | None, prefix: str, with_sites: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.written, self.names, self.today = written or {}, names, asked.today
        self.rows = [
            PartForm(
                data, part=Condition, path=f"{path}.{name}", asked=asked, prefix=f"{prefix}-{name}",
                names=("present", "on", *(["sites"] if name in with_sites else []), "note"),
                written=self.written.get(name), text_sites=True,
            )
            for name in names
        ]  # fmt: skip
        self.problems: list[str] = []

    @property
    def has(self) -> str:
        """Which conditions are there and how many are not, in words: nothing is taken as absent that is not known."""
        said = {row.title: (row.written or {}).get("present") for row in self.rows}
        there = [title for title, present in said.items() if present]
        counts = [
            (list(said.values()).count(False), "considered and absent"),
            (list(said.values()).count(None), NOTHING),
        ]
        told = [f"{', '.join(there)}: present"] if there else []
        return "; ".join([*told, *(f"{count} {words}" for count, words in counts if count)])

    def is_valid(self) -> bool:
        """Whether every condition is."""
        return all_valid(self.rows)

    def json(self) -> dict[str, Any]:
        """All conditions, as the record's JSON writes them; one that is newly said without a day is of today."""
        others = {name: value for name, value in self.written.items() if name not in self.names}
        return others | dict(self._said())

    def add_problem(self, problem: Problem) -> None:
        """Tell a problem of the record above the conditions."""
        self.problems.append(f"{problem.what}. {problem.remedy}")

    def _said(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, row in zip(self.names, self.rows, strict=True):
            if not row.given():
                continue  # set back to "not documented", with whatever it said
            new = {} if name in self.written else {"on": self.today.isoformat()}
            yield name, new | row.json()


def all_valid(forms_: Iterable[forms.BaseForm]) -> bool:
    """Whether every form is, each asked so that each tells what is wrong."""
    found = [one.is_valid() for one in forms_]
    return all(found)


def _default(member: types.Field) -> Any:
    """The value that a member has by itself."""
    return None if member.default in (None, msgspec.NODEFAULT) else member.default
