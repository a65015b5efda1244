"""A FHIR R4 Bundle of one patient into a record, and a list of everything that did not come with it."""

import re
from typing import Any, TypeGuard

import msgspec

from facetwise.documents import DocumentError, Problem, read_json_value
from facetwise.fhir.bundle import Bundle
from facetwise.fhir.condition_claims import Conditions
from facetwise.fhir.conditions import read_conditions
from facetwise.fhir.draft import Draft
from facetwise.fhir.medications import read_medications
from facetwise.fhir.observations import read_observations
from facetwise.fhir.patient import read_patient
from facetwise.fhir.procedures import read_procedures
from facetwise.fhir.questionnaires import read_questionnaires
from facetwise.fhir.values import Findings, Unmapped
from facetwise.records import Record


class BundleImport(msgspec.Struct, frozen=True):
    """A record read from a Bundle, and what of the Bundle is not in it."""

    record: Record
    unmapped: tuple[Unmapped, ...]


def is_bundle(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a decoded JSON value says that it is a FHIR Bundle."""
    return isinstance(value, dict) and value.get("resourceType") == "Bundle"


def read_bundle(data: bytes | dict[str, Any]) -> BundleImport:
    """The record of the one patient in a Bundle, from its JSON text or its decoded value.

    Raises `DocumentError` with every problem found, each named by its place in the Bundle, such as
    `entry[12] Procedure/abc performedDateTime`.
    """
    value = read_json_value(data) if isinstance(data, bytes) else data
    findings = Findings()
    try:
        record = _read(value, findings)
    except RecursionError:
        remedy = "A Bundle is a few levels deep: check how it was made"
        raise DocumentError([Problem("", "The Bundle is nested too deeply", remedy)]) from None
    return BundleImport(record, tuple(sorted(dict.fromkeys(findings.unmapped), key=_entry)))


def _read(value: object, findings: Findings) -> Record:
    bundle = Bundle(value, findings)
    _refuse_if_wrong(findings)
    draft, conditions = Draft(findings), Conditions(findings)
    read_patient(bundle, draft)
    read_procedures(bundle, draft)
    read_medications(bundle, draft, conditions)
    read_conditions(bundle, draft, conditions)
    read_observations(bundle, draft)
    for procedure in draft.procedures:
        procedure.gather()
    read_questionnaires(bundle, draft, conditions)
    conditions.settle(draft)
    bundle.list_unread()
    _refuse_if_wrong(findings)
    return draft.record()


def _entry(unmapped: Unmapped) -> int:
    """The number of the entry, to list what is left out in the order of the Bundle."""
    number = re.match(r"entry\[(\d+)\]", unmapped.where)
    return int(number.group(1)) if number else -1


def _refuse_if_wrong(findings: Findings) -> None:
    if findings.problems:
        raise DocumentError(dict.fromkeys(findings.problems))
