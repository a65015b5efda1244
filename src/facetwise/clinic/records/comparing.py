"""Two versions of a record compared: every fact that differs, by place, in words."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from facetwise.clinic.patients.models import Patient
from facetwise.clinic.records.labels import label_of, said
from facetwise.documents import DocumentError
from facetwise.records import Record, read_record, write_json
from facetwise.reports.proposals import words

NOT_DOCUMENTED = "not documented"


class Difference(NamedTuple):
    """A fact that two versions tell otherwise: where it stands, what it is called, and what each of them says."""

    where: str
    what: str
    before: str
    after: str


def differences(before: Record, after: Record) -> list[Difference]:
    """Every fact that differs, in the order of the record."""
    old, new = dict(_facts(_tree(before))), dict(_facts(_tree(after)))
    places = list(dict.fromkeys([*old, *new]))
    return [
        Difference(*place, old.get(place, NOT_DOCUMENTED), new.get(place, NOT_DOCUMENTED))
        for place in places
        if old.get(place) != new.get(place)
    ]


def changed_since(patient: Patient, version: int, path: str) -> list[str]:
    """What was changed at a place of the record since a version: who saves what was opened then undoes it."""
    place = ", ".join(words(part) for part in path.split(".")).capitalize()
    seen, now = (patient.revisions.filter(version=one).first() for one in (version, patient.version))
    if seen is None or now is None:
        return []
    try:
        found = differences(read_record(seen.record.encode()), read_record(now.record.encode()))
    except DocumentError:
        return []
    return [f"{one.where}. {one.what} {one.before} → {one.after}" for one in found if one.where.startswith(place)]


def _tree(record: Record) -> dict[str, Any]:
    tree: dict[str, Any] = msgspec.json.decode(write_json(record))
    return tree


def _facts(tree: dict[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    """Every fact, with where it stands and what it is called."""
    for section, part in tree.items():
        if section != "format":
            yield from _facts_of(part, section, words(section).capitalize())


def _facts_of(value: Any, path: str, where: str) -> Iterator[tuple[tuple[str, str], str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            below = isinstance(one, dict) or (isinstance(one, list) and any(isinstance(part, dict) for part in one))
            if below:
                yield from _facts_of(one, f"{path}.{key}", f"{where}, {words(key)}")
            else:
                yield (where, label_of(f"{path}.{key}")), _shown(one)
    elif isinstance(value, list) and value:
        for number, one in enumerate(value):
            yield from _facts_of(one, path, f"{where}: {_called(one, number)}")
    else:
        yield (where, ""), _shown(value)


def _called(part: dict[str, Any], number: int) -> str:
    """What tells a part of a list from the others; procedures are told apart by their ids."""
    if "id" in part and "kind" in part:
        return f"{words(str(part['kind']))} ({part['id']})"
    if "minutes" in part:
        return f"after {part['minutes']} minutes {part.get('side', '')}".strip()
    return str(number + 1)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return said(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
