"""An upload of claims, checked as a whole, and beside each patient's record: what would be added, what is there."""

import datetime
from typing import NamedTuple

from facetwise.audit.mapping.claimed_procedures import Claimed, claimed_procedures, is_there, lines_left_out
from facetwise.audit.mapping.meaning_of_codes import require_injection_kind
from facetwise.clinic.patients.models import Patient, UnreadableRecord
from facetwise.clinic.people.models import Clinic
from facetwise.coding.claim_lines import ClaimLine, read_claims_of_patients
from facetwise.documents import DocumentError, Problem
from facetwise.records import Kind, Record

MOST_BYTES = 2 << 20
MOST_PATIENTS = 500
"""Of one upload: they are written in one request, one after the other."""


class OfPatient(NamedTuple):
    """What claims tell of a patient: procedures that the record lacks, and those that it has."""

    patient: Patient
    new: tuple[Claimed, ...]
    known: tuple[Claimed, ...]


class Read(NamedTuple):
    """An upload that can be used: by patient, and the codes that make no procedure with their lines counted."""

    patients: tuple[OfPatient, ...]
    left_out: dict[str, int]


def read_upload(data: bytes, injections_are: str, clinic: Clinic, today: datetime.date) -> Read:
    """Read claims and hold them against the records. Raises `DocumentError` with every problem, by row."""
    if len(data) > MOST_BYTES:
        raise DocumentError([Problem("", "The file is too large", f"Send at most {MOST_BYTES >> 20} MB at once")])
    kind = require_injection_kind(Kind(injections_are) if injections_are in list(Kind) else None)
    lines = read_claims_of_patients(data, "")
    patients = {one.number: one for one in Patient.objects.filter(clinic=clinic).select_related("clinic")}
    if problems := [*_of_days(lines, today), *_of_numbers(lines, patients)]:
        raise DocumentError(sorted(problems, key=lambda one: one.line or 0))
    by_patient: dict[str, list[Claimed]] = {}
    for claimed in claimed_procedures(lines, kind):
        by_patient.setdefault(claimed.beneficiary, []).append(claimed)
    if len(by_patient) > MOST_PATIENTS:
        what, remedy = f"It is of {len(by_patient)} patients", f"Send those of at most {MOST_PATIENTS} at once"
        raise DocumentError([Problem("", what, remedy)])
    compared, problems = [], []
    for number, procedures in by_patient.items():
        try:
            compared.append(_compared(patients[number], procedures))
        except UnreadableRecord:
            what, remedy = (
                f'The record of "{number}" cannot be read',
                "Take these rows out; the patient's page says why",
            )
            problems.append(Problem("beneficiary", what, remedy))
    if problems:
        raise DocumentError(problems)
    return Read(tuple(compared), lines_left_out(lines))


def lacking(record: Record, claimed: list[Claimed] | tuple[Claimed, ...]) -> tuple[Claimed, ...]:
    """Those procedures that a record does not have."""
    there = list(record.procedures or ())
    return tuple(one for one in claimed if not is_there(one, there))


def _compared(patient: Patient, claimed: list[Claimed]) -> OfPatient:
    new = lacking(patient.documented, claimed)
    return OfPatient(patient, new, tuple(one for one in claimed if one not in new))


def _of_days(lines: tuple[ClaimLine, ...], today: datetime.date) -> list[Problem]:
    return [
        Problem("date", f"{line.date} has not come yet", "Send what was done", "", line.line, 1)
        for line in lines
        if line.date > today
    ]


def _of_numbers(lines: tuple[ClaimLine, ...], patients: dict[str, Patient]) -> list[Problem]:
    """One for each number that nobody here has, at its first row."""
    first: dict[str, int] = {}
    for line in lines:
        if line.beneficiary not in patients:
            first.setdefault(line.beneficiary, line.line)
    what, remedy = "No patient of this clinic has the number {}", "Add the patient first, or take these rows out"
    return [
        Problem("beneficiary", what.format(f'"{number[:40]}"'), remedy, "", line, 1) for number, line in first.items()
    ]
