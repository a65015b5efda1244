"""Working the dashboard out: a clinic's records as events, through the engines and the report of an audit.

Needs the libraries for populations, and never runs inside a request. The policies' rules are run by DuckDB and by
Python itself: compiling them would take minutes, and a clinic has thousands of procedures, not millions.
"""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.utils import timezone
from msgspec.structs import replace

from facetwise.audit.engines import Engine
from facetwise.audit.mapping.from_records import RecordRows, rows_of_record, write_rows
from facetwise.audit.report import population_summary, suppressed
from facetwise.audit.report.journey_sections import journey_sections
from facetwise.audit.report.page import Block, Section
from facetwise.audit.report.policy_sections import policy_section
from facetwise.audit.report.summary import Summary
from facetwise.audit.report.whole_page import policies_table, reading_section
from facetwise.audit.running import ROWS_PER_BATCH, Settings, audit
from facetwise.audit.sources import LEAST_MEMORY_MB, open_source
from facetwise.clinic.oversight.stored import LEAST, Dashboard, folder_of, write
from facetwise.clinic.patients.models import Patient, UnreadableRecord
from facetwise.clinic.people.models import Clinic
from facetwise.records import Coverage, Record
from facetwise.rules import Policy, policies_for
from facetwise.rules.choosing import REFERENCE_PAYER

MOST_PAYERS = 3
"""Whose policies are asked, those of most patients first: a page of all would be read by nobody."""

_WORKING = ".working-"


def work_out(clinic: Clinic) -> Dashboard:
    """Work out the clinic's dashboard as of today and keep it. Raises `DocumentError`, and then the last one stays."""
    today, folder = timezone.localdate(), folder_of(clinic)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear(folder)
    with tempfile.TemporaryDirectory(prefix=_WORKING, dir=folder) as name:
        counted = _Counted()
        write_rows(counted.rows(clinic), Path(name, "events"))
        dashboard = Dashboard(today, timezone.now(), None, None)
        if counted.treated >= LEAST:
            policies = [policy for payer in counted.asked() for policy in _policies(payer, today)]
            summary = _summary(policies, Path(name))
            dashboard = Dashboard(
                today, timezone.now(), counted.treated, summary.events, counted.because(policies),
                tuple(_sections(summary)),
            )  # fmt: skip
    write(clinic, dashboard)
    return dashboard


def _clear(folder: Path) -> None:
    """Remove what runs left here that were killed; what is younger than a day may be another run's, under way."""
    for left in folder.glob(f"{_WORKING}*"):
        if time.time() - left.stat().st_mtime > 24 * 60 * 60:
            shutil.rmtree(left, ignore_errors=True)


class _Counted:
    """The records of a clinic as rows, and what is counted on the way."""

    def __init__(self) -> None:
        self.treated = self.unreadable = 0
        self.payers: Counter[str] = Counter()

    def rows(self, clinic: Clinic) -> Iterator[RecordRows]:
        """The rows of one patient after the other, who are named by their number in the database."""
        for patient in Patient.objects.filter(clinic=clinic).order_by("pk").iterator(chunk_size=200):
            try:
                record: Record = patient.documented
            except UnreadableRecord:
                self.unreadable += 1
                continue
            if record.procedures:
                self.treated += 1
                if record.coverage is not None and record.coverage.payer is not None:
                    self.payers[record.coverage.payer] += 1
                yield rows_of_record(record, str(patient.pk))

    def asked(self) -> tuple[str, ...]:
        """The payers of most patients; of too few people none is told, and the reference stands in."""
        return tuple(payer for payer, count in self.payers.most_common(MOST_PAYERS) if count >= LEAST) or (
            REFERENCE_PAYER,
        )

    def because(self, policies: list[Policy]) -> str:
        """Why it is these policies."""
        if any(count >= LEAST for count in self.payers.values()):
            issuers = "; ".join(dict.fromkeys(one.document.issuer for one in policies))
            told = f"Asked are the policies in force today of whoever pays for most patients: {issuers}."
        else:
            told = "Who pays is documented for too few patients. Medicare's policies are asked as a reference."
        return f"{told} Records that this version cannot read are left out." if self.unreadable else told


def _policies(payer: str, today: Any) -> list[Policy]:
    return [one for one in policies_for(Coverage(payer=payer), today).policies if one.kind == "payer"]


def _summary(policies: list[Policy], folder: Path) -> Summary:
    source = open_source(folder / "events", from_="events", workspace=folder, memory_mb=2 * LEAST_MEMORY_MB, cores=1)
    findings = folder / "findings"
    manifest = audit(source, policies, findings, Settings(Engine.DUCKDB, cores=1))
    batches = source.batches(ROWS_PER_BATCH, manifest.columns)
    counted = population_summary(findings, batches, policies, columns=source.columns, cores=1, compiled=False)
    return suppressed(counted, LEAST)


def _sections(summary: Summary) -> Iterator[dict[str, Any]]:
    """The way to ablation first, then what policies say: each folded, and without groups that no record names."""
    policies = [replace(one, groups=()) for one in summary.policies]
    found = [
        *journey_sections(summary.journeys),
        Section("What policies say", (policies_table(summary),), anchor="policies"),
        *(policy_section(one, summary.source_format, open_=False) for one in policies),
        reading_section(summary),
    ]
    for one in found:
        yield {**_told(one), "sections": [_told(part) for part in one.sections]}


def _told(section: Section) -> dict[str, Any]:
    blocks = [_block(one) for one in section.blocks]
    return {"title": section.title, "anchor": section.anchor, "open": section.open, "blocks": blocks}


def _block(block: Block) -> dict[str, Any]:
    """A block as plain values, with what kind it is."""
    return {**msgspec.to_builtins(block), "kind": type(block).__name__}
