"""A chunk as records, one for each patient: what is documented by the last procedure. Slow: one patient at a time."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from facetwise.audit.events import FACTS
from facetwise.audit.synthesis.facts import days_of
from facetwise.audit.synthesis.reading import assumptions
from facetwise.audit.synthesis.recorded_procedures import Told, recorded_procedure, word_in
from facetwise.audit.synthesis.tables import Chunk
from facetwise.records import (
    CareKind,
    CareOutcome,
    Complaint,
    Condition,
    Conditions,
    ConservativeCare,
    Contractor,
    Coverage,
    Examination,
    FollowUp,
    Goal,
    Goals,
    Imaging,
    Modality,
    Movement,
    PainScore,
    Patient,
    Pattern,
    Procedure,
    Record,
    Severity,
)
from facetwise.spine import Region, SiteSet

_EXAMINATION = {
    name: name
    for name in (
        "paraspinal_tenderness",
        "pain_on_extension_rotation",
        "neurological_deficit",
        "sacroiliac_tests_positive",
    )
}
_IMAGING = {
    "facet_degeneration": "facet_degeneration_on_imaging",
    "facet_inflammation": "facet_inflammation_on_imaging",
    "facet_cyst_compressing_nerve": "cyst_compresses_nerve",
    "vertebral_endplate_changes": "endplate_changes_on_imaging",
}
_CARE = {
    CareKind.OTHER: "conservative_care_weeks",
    CareKind.PHYSICAL_THERAPY: "active_care_weeks",
    CareKind.MEDICATION: "medication_weeks",
}
_CONDITIONS = {name: name for name in Conditions.__struct_fields__ if name in FACTS} | {
    "facet_cyst": "radiculopathy_from_facet_cyst"
}
"""Parts of a record, and the columns that they come from."""


def records(chunk: Chunk, events: pa.Table, patients: range) -> Iterator[Record]:
    """The record of each of these patients of a chunk, by their places in it; `events` is the table of all."""
    ends = np.searchsorted(chunk.procedures.patient, [patients.start, patients.stop]).tolist()
    writing = _Writing(chunk, events.slice(ends[0], ends[1] - ends[0]), range(*ends))
    counts = np.bincount(chunk.procedures.patient[slice(*ends)], minlength=patients.stop).tolist()
    row = ends[0]
    for patient in patients:
        yield writing.record(patient, range(row, row + counts[patient]))
        row += counts[patient]


class _Writing:
    """The columns of some procedures as lists, from which records are put together."""

    def __init__(self, chunk: Chunk, events: pa.Table, rows: range) -> None:
        self.chunk, self.first = chunk, rows.start
        self.columns: dict[str, list[Any]] = {name: events[name].to_pylist() for name in events.column_names}
        self.onset = days_of(chunk.today, chunk.patients.pain_began)
        self.visits = self._visits(rows)

    def _visits(self, rows: range) -> dict[int, list[FollowUp]]:
        """The visits of each procedure; one at which nothing was written down is none."""
        visits, found = self.chunk.visits, dict[int, list[FollowUp]]()
        part = slice(*np.searchsorted(visits.procedure, [rows.start, rows.stop]).tolist())
        columns = (visits.procedure, days_of(self.chunk.today, visits.day), visits.relief, visits.function)
        for procedure, day, relief, function in zip(*(column[part].tolist() for column in columns), strict=True):
            visit = FollowUp(date=day, relief_percent=_known(relief), function_improved_percent=_known(function))
            if visit.relief_percent is not None or visit.function_improved_percent is not None:
                found.setdefault(procedure, []).append(visit)
        return found

    def record(self, patient: int, rows: range) -> Record:
        who = self.chunk.patients
        told: Told = self._told(rows[-1]) if rows else dict.fromkeys(self.columns)
        contractor = list(Contractor)[int(who.contractor[patient])]
        return Record(
            patient=Patient(
                id=str(who.number[patient]),
                birth_year=None if told["age_years"] is None else told["date"].year - int(told["age_years"]),
                sex="male" if who.male[patient] else "female",
            ),
            coverage=Coverage(payer="medicare", contractor=contractor),
            complaint=self._complaint(patient, rows, told),
            conservative_care=self._care(rows, told),
            examinations=tuple(
                Examination(date=day, **_whole(found)) for day, found in self._by_day(rows, _EXAMINATION).items()
            ),
            imaging=tuple(
                Imaging(date=day, modality=Modality.MRI, **found) for day, found in self._by_day(rows, _IMAGING).items()
            ),
            conditions=Conditions(
                **{
                    name: Condition(present=present, on=day)
                    for day, found in self._by_day(rows, _CONDITIONS).items()
                    for name, present in found.items()
                }
            ),
            goals=Goals(wanted=word_in(Goal, told["goal"]), ablation_intended=told["ablation_intended"]),
            procedures=tuple(self._procedure(row) for row in rows),
        )

    def _complaint(self, patient: int, rows: range, told: Told) -> Complaint:
        patterns = {True: Pattern.PREDOMINANTLY_AXIAL, False: Pattern.PREDOMINANTLY_RADICULAR}
        movements = {True: (Movement.EXTENSION,), False: (Movement.SITTING,)}
        scores = self._by_day(rows, {"score": "pain_score"}, every=True)
        return Complaint(
            region=word_in(Region, told["pain_region"]),
            sites=self._suspected(patient) if told["joints_suspected"] else None,
            onset=self.onset[patient].item() if told["pain_months"] is not None else None,
            pattern=patterns.get(told["pain_axial"]),
            severity=word_in(Severity, told["pain_severity"]),
            limits_function=told["function_limited"],
            aggravated_by=movements.get(told["worse_on_loading"]),
            pain=tuple(PainScore(date=day, **score) for day, score in scores.items()) or None,
        )

    def _suspected(self, patient: int) -> SiteSet:
        return SiteSet(int(self.chunk.patients.left[patient]), int(self.chunk.patients.right[patient]))

    def _by_day(self, rows: range, columns: Mapping[str, str], *, every: bool = False) -> dict[datetime.date, Told]:
        """What is documented in these columns, by the first day on which each is, or by every day."""
        found: dict[datetime.date, Told] = {}
        for name, column in columns.items():
            values = self.columns[column]
            known = [row for row in rows if values[row - self.first] is not None]
            for row in known if every else known[:1]:
                found.setdefault(self.columns["date"][row - self.first], {})[name] = values[row - self.first]
        return dict(sorted(found.items()))

    def _told(self, row: int) -> Told:
        return {name: column[row - self.first] for name, column in self.columns.items()}

    def _procedure(self, row: int) -> Procedure:
        before, after = (float(column[row]) for column in (self.chunk.relief.before, self.chunk.relief.after))
        return recorded_procedure(self._told(row), before, after, self.visits.get(row, ()))

    def _care(self, rows: range, told: Told) -> tuple[ConservativeCare, ...] | None:
        """Courses that ended some days before the first procedure, for as many weeks as are documented."""
        if told["conservative_care_failed"] is None:
            return None
        outcome = CareOutcome.FAILED if told["conservative_care_failed"] else CareOutcome.HELPED
        end = self.columns["date"][rows[0] - self.first] - datetime.timedelta(days=assumptions().records.care_gap_days)
        weeks = {kind: told[name] for kind, name in _CARE.items() if told[name] is not None}
        return tuple(
            ConservativeCare(kind=kind, start=end - datetime.timedelta(weeks=count), end=end, outcome=outcome)
            for kind, count in weeks.items()
        ) or (ConservativeCare(kind=CareKind.OTHER, outcome=outcome),)


def _whole(found: Told) -> Told:
    """The same with tests counted as whole numbers."""
    return {name: int(value) if isinstance(value, float) else value for name, value in found.items()}


def _known(number: float) -> float | None:
    return None if np.isnan(number) else number
