"""Where events come from: event tables, OMOP, FHIR or claims, all handed out as batches of whole patients."""

import datetime
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from facetwise.audit.decidable import VISITS
from facetwise.audit.mapping.from_claims import map_claims
from facetwise.audit.mapping.from_fhir import map_fhir
from facetwise.audit.mapping.from_omop import map_omop
from facetwise.audit.mapping.mapped import Mapped, Said
from facetwise.audit.reading.event_tables import Batch, EventTables, open_tables
from facetwise.audit.reading.ordering import Progress
from facetwise.audit.reading.rejects import FILE, Reason, rejecting
from facetwise.audit.reading.working_database import Workspace
from facetwise.documents import DocumentError, Problem
from facetwise.records import Kind

From = Literal["events", "omop", "fhir", "claims"]

LEAST_MEMORY_MB = 256
"""Reading alone takes this much. Sorting takes about 640 MB, however much less is allowed."""


class Source(msgspec.Struct):
    """Events of a population, ready to be read.

    `rows_in` are the rows of the table of events. `rows` of them are accepted and `rejected` are not, both known when
    the batches have been read to the end, as is `reasons`: how many rows of which table were rejected, and why.
    `rejects` is the file of those rows, None while there are none. `unmapped` counts what a mapping had no place
    for, `counts` what became of the rows that it read. `files` is the input; `remarks` are for the reader: columns
    that are not read, a table without rows.
    """

    name: str
    format: From
    files: tuple[Path, ...]
    columns: frozenset[str]
    rows_in: int
    rows: int
    patients: int | None
    rejected: int
    rejects: Path | None
    tables: EventTables
    workspace: Workspace
    unmapped: Path | None = None
    earlier_rejects: Path | None = None
    counts: Mapping[str, int] = msgspec.field(default_factory=dict)
    remarks: tuple[Problem, ...] = ()
    reasons: Counter[tuple[str, Reason]] = msgspec.field(default_factory=Counter)

    @property
    def available(self) -> frozenset[str]:
        """What there are columns for, follow-up visits among it."""
        return self.columns | ({VISITS} if self.tables.visits is not None else set())

    def batches(
        self,
        rows_per_batch: int,
        columns: Collection[str] | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Batch]:
        """Events of whole patients, sorted and valid, about so many at a time, with their visits.

        `columns` narrows the facts that are read and checked to those that a policy asks about. `progress` is told
        how many rows are done. Raises `DocumentError` where a file turns out to be damaged or the disk is full.
        """
        with rejecting(self.workspace.folder / FILE) as rejects:
            if self.earlier_rejects is not None:
                rejects.add_earlier(self.earlier_rejects)
            yield from self.tables.batches(rows_per_batch, rejects, columns, progress)
            self.reasons = rejects.counts
            self.rejected = rejects.of_table("events")
            self.rows = self.rows_in - self.rejected
        self.rejects = rejects.path if rejects.counts else None


def open_source(
    path: Path,
    *,
    from_: From,
    workspace: Path,
    memory_mb: int,
    today: datetime.date | None = None,
    injections_are: Kind | None = None,
    history_known: bool = False,
    cores: int = 0,
    progress: Progress | None = None,
) -> Source:
    """The events at `path`, whatever they are kept as; what has to be sorted or mapped first goes to `workspace`.

    No event may be later than the day after `today`. Of claims and OMOP somebody may say what an injection code means
    and that all earlier procedures are there. `cores` read a FHIR export, 0 for all. Raises `DocumentError` with what
    is wrong and a remedy.
    """
    where, today = room(workspace, memory_mb, cores), today or datetime.date.today()
    said = Said(injections_are, history_known)
    mapped = map_source(path, where, from_=from_, today=today, said=said, progress=progress)
    folder, beside = (mapped.folder, mapped.beside) if mapped else (path, ())
    tables = open_tables(folder, where, today=today, beside=beside, progress=progress)
    return Source(
        name=str(path),
        format=from_,
        files=mapped.files if mapped else tables.files,
        columns=tables.columns,
        rows_in=tables.order.rows,
        rows=tables.order.rows,
        patients=tables.order.patients,
        rejected=0,
        rejects=None,
        tables=tables,
        workspace=where,
        unmapped=mapped.unmapped if mapped else None,
        earlier_rejects=mapped.rejected if mapped else None,
        counts=mapped.counts if mapped else {},
        remarks=(*(mapped.remarks if mapped else ()), *tables.remarks),
    )


def map_source(
    path: Path,
    workspace: Workspace,
    *,
    from_: From,
    today: datetime.date,
    said: Said,
    progress: Progress | None = None,
) -> Mapped | None:
    """Event tables in the workspace of whatever is not one already; None for what is. Raises `DocumentError`."""
    match from_:
        case "claims":
            return map_claims(path, workspace, today, said, progress)
        case "omop":
            return map_omop(path, workspace, said, progress)
        case "fhir":
            return map_fhir(path, workspace, progress)
    return None


def room(workspace: Path, memory_mb: int, cores: int = 0) -> Workspace:
    """The workspace, and the memory and cores for it, 0 for all. Raises `DocumentError` for too little memory."""
    if memory_mb < LEAST_MEMORY_MB:
        remedy = f"Allow at least {LEAST_MEMORY_MB} MB"
        raise DocumentError([Problem("memory_mb", f"{memory_mb} MB of memory are too little", remedy)])
    return Workspace(workspace, memory_mb, cores or os.cpu_count() or 1)
