"""A chunk as FHIR R4 bulk export: NDJSON by type of resource, as `facetwise.fhir` writes and reads them. Slow."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from facetwise.audit.synthesis.parts import Content
from facetwise.audit.synthesis.records_of import records
from facetwise.audit.synthesis.tables import Chunk, events_table
from facetwise.fhir import write_bundle
from facetwise.records import Record

TYPES = ("Patient", "Condition", "Procedure", "Observation", "MedicationAdministration", "QuestionnaireResponse")
"""Every type that there is a file of, be it empty."""


PORTION = 1 << 9
"""Patients whose resources are in memory at a time."""


def bulk_fhir(chunk: Chunk) -> Iterator[dict[str, Content]]:
    """The resources of every patient, one a line, by type."""
    count, events = len(chunk.patients), events_table(chunk)
    for first in range(0, count, PORTION):
        lines: defaultdict[str, list[bytes]] = defaultdict(list)
        for record in records(chunk, events, range(first, min(first + PORTION, count))):
            for resource in resources(record):
                lines[resource["resourceType"]].append(msgspec.json.encode(resource) + b"\n")
        yield {name: b"".join(lines[name]) for name in TYPES}


def resources(record: Record) -> Iterator[dict[str, Any]]:
    """The resources of a patient, each with an id of its own, referring to each other by type and id."""
    entries = write_bundle(record)["entry"]
    named = {}
    for entry in entries:
        resource = entry["resource"]
        resource.setdefault("id", entry["fullUrl"].rpartition(":")[2])
        named[entry["fullUrl"]] = f"{resource['resourceType']}/{resource['id']}"
    for entry in entries:
        yield _referring(entry["resource"], named)


def _referring(value: Any, named: dict[str, str]) -> Any:
    """The same value, its references to addresses of a Bundle replaced."""
    if isinstance(value, dict):
        return {
            name: named.get(part, part) if name == "reference" else _referring(part, named)
            for name, part in value.items()
        }
    return [_referring(part, named) for part in value] if isinstance(value, list) else value
