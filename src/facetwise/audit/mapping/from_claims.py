"""Professional claims as events: the lines of a day gathered into procedures, and what they cannot tell left open.

Claims know nothing of relief and name no levels, so most of what rules ask of earlier procedures stays *not
documented*; `share_decidable` says what is left. What a code leaves open is chosen in `vocabulary/codes.yaml`.
"""

import datetime
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.decidable import Decidable, share_decidable
from facetwise.audit.events import COLUMNS, Column, Shape
from facetwise.audit.mapping.claim_sql import EVENTS, LEFT_OUT, LINE, PLACES_LEFT_OUT, diagnoses_query
from facetwise.audit.mapping.code_tables import diagnosis_table, place_table, procedure_table
from facetwise.audit.mapping.mapped import UNMAPPED, Mapped, Said, Unmapped
from facetwise.audit.mapping.meaning_of_codes import (
    diagnosis_facts,
    kinds_of_code,
    require_injection_kind,
)
from facetwise.audit.reading.checking_rows import Checking, faults_in
from facetwise.audit.reading.ordering import Progress
from facetwise.audit.reading.rejects import Reason, rejecting
from facetwise.audit.reading.site_texts import MASKS
from facetwise.audit.reading.table_files import PLACE, SITES, TableFiles, require_columns, table_at, words_of
from facetwise.audit.reading.working_database import Workspace, parquet, working_database

LINES = (
    Column("beneficiary", Shape.IDENTIFIER, "A pseudonym: a number or a text", required=True),
    Column("date", Shape.DAY, "The day of the service", required=True),
    Column("code", Shape.LABEL, "The procedure code, CPT or HCPCS; also called `cpt`", required=True),
    Column("modifiers", Shape.LABEL, "Modifiers, with anything but letters and digits between them"),
    Column("units", Shape.COUNT, "Units; a line with none was taken back, and is rejected"),
    Column("diagnosis", Shape.LABEL, "ICD-10-CM codes with spaces or commas between them; also called `icd10`"),
    Column("place", Shape.LABEL, "CMS's number of the place of service"),
    Column("contractor", Shape.LABEL, "The Medicare contractor; kept beside the events"),
    Column("claim", Shape.LABEL, "The claim; kept beside the events"),
    Column("clinician", Shape.LABEL, COLUMNS["clinician"].meaning),
    Column("facility", Shape.LABEL, COLUMNS["facility"].meaning),
    Column("kind", Shape.WORD, "What was done, where the extract knows it", values=COLUMNS["kind"].values),
    Column(SITES, Shape.LABEL, "The joints as clinicians write them, where the extract names them"),
)
"""The columns of an extract, one row for each line of a claim."""

CLAIMS_COLUMNS = frozenset(
    ["patient", "date", "kind", "purpose", "guidance", "sedation", "place", "pain_region", *diagnosis_facts()]
)
"""What claims may tell of an event, most of it only at times: that a condition is there, never that it is not."""

BESIDE = ("billed_family", "billed_levels_at_least", "contractor", "claims")
"""Columns that no rule reads: the family of codes, the least number of levels, who paid, the first and last claim."""

_OTHER_NAMES = {"cpt": "code", "icd10": "diagnosis"}
_CHECKED = tuple(column for column in LINES if column.name != SITES)

_NOTHING = Said()


def map_claims(
    path: Path,
    workspace: Workspace,
    today: datetime.date,
    said: Said = _NOTHING,
    progress: Progress | None = None,
) -> Mapped:
    """An extract, a file or a folder with `claims`, as an event table in the workspace.

    Raises `DocumentError`.
    """
    kind = require_injection_kind(said.injections_are)
    files = table_at(path, "claims", _OTHER_NAMES)
    remarks = require_columns(files, LINES)
    folder = workspace.folder / "claims"
    with working_database(workspace) as database:
        with rejecting(folder / "rejected-lines.parquet") as rejects:
            lines = _Lines(files, Checking(files, today, rejects), progress)
            database.register("accepted", lines.schema, lines.accepted())
            kept = database.write("SELECT * FROM accepted", folder / "lines.parquet")
        for name, table in (("codes", procedure_table(kind)), ("places", place_table())):
            database.connection.register(name, table)
        database.execute(f"CREATE VIEW line AS {LINE.format(lines=parquet(kept))}")
        codes = [code for (code,) in database.rows(diagnoses_query())]
        database.connection.register("diagnoses", diagnosis_table(codes))
        database.write(EVENTS.format(history="TRUE" if said.history_known else "NULL"), folder / "events.parquet")
        left_out = Unmapped()
        for what, why, count in [*database.rows(LEFT_OUT), *database.rows(PLACES_LEFT_OUT)]:
            left_out.add("claims", what, why, count)
    return Mapped(
        folder=folder,
        files=tuple(files.paths),
        unmapped=left_out.write(folder / UNMAPPED),
        rejected=rejects.path if rejects.counts else None,
        counts={"lines": lines.read, "lines rejected": rejects.of_table(files.name)},
        remarks=remarks,
        beside=BESIDE,
    )


class _Lines:
    """The lines of an extract, checked, with their sites as masks and texts in the place of words."""

    def __init__(self, files: TableFiles, checking: Checking, progress: Progress | None) -> None:
        self.files = files
        self.checking = checking
        self.progress = progress
        self.read = 0
        named = pa.int64() if pa.types.is_integer(files.columns["beneficiary"]) else pa.string()
        types = {Shape.IDENTIFIER: named, Shape.DAY: pa.date32(), Shape.COUNT: pa.int32()}
        fields = [(column.name, types.get(column.shape, pa.string())) for column in _CHECKED]
        self.schema = pa.schema([*fields, *((mask, pa.int32()) for mask in MASKS), (PLACE, pa.int64())])

    def accepted(self) -> Iterator[pa.RecordBatch]:
        """The lines that are sound, those taken back and those that contradict themselves left out."""
        known = [column for column in LINES if column.name in self.files.columns]
        for batch in self.files.batches([column.name for column in known], words_of(known)):
            table = self.checking.accepted(batch, _CHECKED)
            self.read += len(batch) + self.checking.reject_set_aside()
            table = table.select([name for name in table.column_names if name in self.schema.names])
            for name in self.schema.names:
                if name not in table.column_names:
                    table = table.append_column(name, pa.nulls(len(table), self.schema.field(name).type))
            table = table.select(self.schema.names).cast(self.schema)
            taken_back = pc.fill_null(pc.less_equal(table["units"], 0), False).to_numpy()
            faults = [
                *faults_in("units", Reason.NUMBER_OUT_OF_RANGE, taken_back),
                *faults_in("kind", Reason.CONTRADICTS_ITS_CODE, _contradictory(table)),
            ]
            yield from self.checking.without(table, table, faults).to_batches()
            if self.progress is not None:
                self.progress(self.read)
        self.read += self.checking.reject_set_aside()


def _contradictory(table: pa.Table) -> NDArray[np.bool_]:
    """Lines that name a kind which their code cannot mean."""
    given = pc.is_valid(table["kind"])
    wrong = np.zeros(len(table), bool)
    if pc.any(given).as_py():
        pairs = table.select(["code", "kind"]).to_pylist()
        wrong[:] = [
            bool(one["kind"]) and one["kind"] not in (kinds_of_code(one["code"]) or {one["kind"]}) for one in pairs
        ]
    return wrong


__all__ = ["BESIDE", "CLAIMS_COLUMNS", "LINES", "Decidable", "map_claims", "share_decidable"]
