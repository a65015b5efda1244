"""An upload of claims, checked as a whole, and beside each patient's record: what would be added, what is there."""

import datetime
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from facetwise.audit.mapping.claimed_procedures import Claimed, claimed_procedures, is_there, lines_left_out
from facetwise.audit.mapping.meaning_of_codes import require_injection_kind
from facetwise.clinic.patients.models import Patient, UnreadableRecord
from facetwise.clinic.people.models import Clinic
from facetwise.coding.claim_dates import Dates
from facetwise.coding.claim_lines import ClaimFile, claims_of_patients
from facetwise.documents import DocumentError, Problem
from facetwise.pathway import next_step
from facetwise.records import Kind, Record, read_record, write_json

MOST_BYTES = 2 << 20
MOST_PATIENTS = 500
"""Of one upload: they are written in one request, one after the other."""


class OfPatient(NamedTuple):
    """What claims tell of a patient: procedures that the record lacks, those that it has, and the steps they lead to.

    `step` is the next step as the record is, `then` as it would be with what it lacks.
    """

    patient: Patient
    new: tuple[Claimed, ...]
    known: tuple[Claimed, ...]
    step: str
    then: str


class Read(NamedTuple):
    """An upload that can be used: by patient, and the codes that make no procedure with their lines counted.

    `strangers` are numbers that nobody here has, with their rows counted. `month_first` is the first date of a file
    that writes them so, as it was read.
    """

    patients: tuple[OfPatient, ...]
    left_out: dict[str, int]
    strangers: dict[str, int]
    month_first: datetime.date | None

    @property
    def skipped(self) -> int:
        """Rows of people who are not patients here."""
        return sum(self.strangers.values())


def read_upload(data: bytes, injections_are: str, clinic: Clinic, today: datetime.date) -> Read:
    """Read claims and hold them against the records. Raises `DocumentError` with every problem of every row.

    Numbers that nobody here has are problems beside others; alone they are told, and their rows may be skipped.
    """
    if len(data) > MOST_BYTES:
        raise DocumentError([Problem("", "The file is too large", f"Send at most {MOST_BYTES >> 20} MB at once")])
    kind = require_injection_kind(Kind(injections_are) if injections_are in list(Kind) else None)
    file = claims_of_patients(data, "")
    patients = {one.number: one for one in Patient.objects.filter(clinic=clinic).select_related("clinic")}
    if problems := [*file.problems, *_of_days(file, today)]:
        problems += _of_strangers(file, patients)
        raise DocumentError(sorted(problems, key=lambda one: (one.line or 0, one.column or 0)))
    lines = [line for line in file.lines if line.beneficiary in patients]
    by_patient: dict[str, list[Claimed]] = {}
    for claimed in claimed_procedures(lines, kind):
        by_patient.setdefault(claimed.beneficiary, []).append(claimed)
    if len(by_patient) > MOST_PATIENTS:
        what, remedy = f"It is of {len(by_patient)} patients", f"Send those of at most {MOST_PATIENTS} at once"
        raise DocumentError([Problem("", what, remedy)])
    compared, problems = [], []
    for number, theirs in by_patient.items():
        try:
            compared.append(_compared(patients[number], theirs, today))
        except UnreadableRecord:
            what = f'The record of "{number}" cannot be read'
            problems.append(Problem("beneficiary", what, "Take these rows out; the patient's page says why"))
    if problems:
        raise DocumentError(problems)
    strangers = Counter(line.beneficiary for line in file.lines if line.beneficiary not in patients)
    month_first = file.lines[0].date if file.dates is Dates.MONTH_FIRST else None
    return Read(tuple(compared), lines_left_out(lines), dict(strangers), month_first)


def with_claimed(record: Record, claimed: tuple[Claimed, ...]) -> Record:
    """The record with those procedures that it lacks. Raises `DocumentError` for what cannot be."""
    lacked = lacking(record, claimed)
    new = [replace(one.procedure, id=f"procedure-{secrets.token_hex(4)}") for one in lacked]
    return read_record(write_json(replace(record, procedures=(*(record.procedures or ()), *new)))) if new else record


def lacking(record: Record, claimed: list[Claimed] | tuple[Claimed, ...]) -> tuple[Claimed, ...]:
    """Those procedures that a record does not have."""
    there = list(record.procedures or ())
    return tuple(one for one in claimed if not is_there(one, there))


def _compared(patient: Patient, claimed: list[Claimed], today: datetime.date) -> OfPatient:
    record = patient.documented
    new = lacking(record, claimed)
    step = next_step(record, today, []).step.title
    then = next_step(with_claimed(record, new), today, []).step.title if new else step
    return OfPatient(patient, new, tuple(one for one in claimed if one not in new), step, then)


def _of_days(file: ClaimFile, today: datetime.date) -> Iterator[Problem]:
    """Days to come; where it is not sure which day is meant, that is told instead."""
    for row in file.rows:
        day = row.cells.get("date")
        if day is not None and day > today and file.dates is not Dates.UNDECIDED:
            yield Problem("date", f"{day} has not come yet", "Send what was done", "", row.line, file.column("date"))


def _of_strangers(file: ClaimFile, patients: dict[str, Patient]) -> Iterator[Problem]:
    """Rows of people who are not patients here."""
    for row in file.rows:
        number = row.cells.get("beneficiary")
        if number is not None and number not in patients:
            what = f'No patient of this clinic has the number "{number[:40]}"'
            remedy = "Add the patient first; or mend the other rows, and you can skip this one"
            yield Problem("beneficiary", what, remedy, "", row.line, file.column("beneficiary"))
