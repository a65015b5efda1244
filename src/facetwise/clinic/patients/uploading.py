"""A record from a file that somebody uploads: Facetwise JSON or a FHIR Bundle, of limited size, checked before use."""

from typing import Any

from facetwise.documents import DocumentError, Problem, read_json_value
from facetwise.fhir import read_bundle
from facetwise.records import Record, read_record

MOST_BYTES = 2 << 20


def record_of_upload(file: Any) -> Record:
    """The record of an uploaded file. Raises `DocumentError` for one that is too large or no record."""
    if file.size > MOST_BYTES:
        remedy = f"Send at most {MOST_BYTES >> 20} MB, of one patient"
        raise DocumentError([Problem("record", "The file is too large", remedy)])
    value = read_json_value(file.read())
    if isinstance(value, dict) and value.get("resourceType") == "Bundle":
        return read_bundle(value).record
    if not isinstance(value, dict):
        raise DocumentError([Problem("record", "The file is no record", "Give Facetwise JSON or a FHIR R4 Bundle")])
    return read_record(value)
