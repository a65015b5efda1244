"""An OMOP CDM 5.4 as events: procedures by their codes, what was observed of them, and conditions of their days.

What rows say is declared in `vocabulary/omop.yaml` and `vocabulary/codes.yaml`; the rest is counted by code.
"""

import shutil
from pathlib import Path

import pyarrow as pa

from facetwise.audit.events import FACTS
from facetwise.audit.mapping import omop_sql as sql
from facetwise.audit.mapping.claim_sql import LEFT_OUT, PROCEDURE
from facetwise.audit.mapping.code_tables import diagnosis_table, place_table, procedure_table
from facetwise.audit.mapping.mapped import UNMAPPED, Mapped, Said, Unmapped
from facetwise.audit.mapping.meaning_of_codes import (
    facts_of_diagnosis,
    region_of_diagnosis,
    require_injection_kind,
)
from facetwise.audit.mapping.omop_tables import OmopFiles
from facetwise.audit.reading.documented_facts import PATIENT_FACTS
from facetwise.audit.reading.ordering import Progress
from facetwise.audit.reading.table_files import SITES
from facetwise.audit.reading.vocabulary import OmopDocument, omop_vocabulary
from facetwise.audit.reading.working_database import WorkingDatabase, Workspace, quoted, working_database
from facetwise.fhir.codes import SNOMED_CONDITIONS
from facetwise.records import Kind

OF_PROCEDURES = frozenset([*(name for name in FACTS if name not in PATIENT_FACTS), "sequence", SITES])
"""What may be observed of one procedure; everything else belongs to the patient on a day."""

_ROWS_A_MEGABYTE = 1 << 12
"""Procedures, measurements and observations that are mapped at a time, for each megabyte that DuckDB may take."""

BESIDE = ("billed_family", "billed_levels_at_least", "procedure_occurrences")
"""Columns of the events that no rule reads."""

_NOTHING = Said()


def map_omop(
    path: Path,
    workspace: Workspace,
    said: Said = _NOTHING,
    progress: Progress | None = None,
) -> Mapped:
    """A DuckDB database, or a folder of Parquet or CSV files, as event tables in the workspace.

    Raises `DocumentError`.
    """
    kind = require_injection_kind(said.injections_are)
    words, folder = omop_vocabulary(), workspace.folder / "omop"
    unmapped, read, mapped = Unmapped(), 0, 0
    for name in ("events", "visits", "documentation"):
        shutil.rmtree(folder / name, ignore_errors=True)  # what an earlier run left
    with working_database(workspace, path) as database:
        tables = OmopFiles(database, path)
        remarks = tables.create_views()
        mapping = _Mapping(database, words, folder, said)
        mapping.register(kind)
        for part in tables.divided(folder / "parts", workspace.of_database_mb * _ROWS_A_MEGABYTE):
            rows = mapping.map_part(part, unmapped)
            read, mapped = read + rows[0], mapped + rows[1]
            if progress is not None:
                progress(read)
    return Mapped(
        folder=folder,
        files=tuple(tables.files),
        unmapped=unmapped.write(folder / UNMAPPED),
        rejected=None,
        counts={"procedure occurrences": read, "procedure occurrences left out": read - mapped},
        remarks=remarks,
        beside=BESIDE,
    )


class _Mapping:
    """Maps a database, one part of its people after the other."""

    def __init__(self, database: WorkingDatabase, words: OmopDocument, folder: Path, said: Said) -> None:
        self.database = database
        self.words = words
        self.folder = folder
        self.history = "TRUE" if said.history_known else "NULL"
        self.fields: list[str] = []

    def register(self, kind: Kind) -> None:
        """The vocabulary as tables, and what there is of it in the whole database."""
        words, database = self.words, self.database
        places = words.places.concepts
        codes = [
            {"vocabulary": vocabulary, "code": code, "field": field}
            for field, observed in words.observed.items()
            for vocabulary, listed in observed.codes.items()
            for code in listed
        ]
        tables = {
            "codes": procedure_table(kind),
            "places": place_table(),
            "declared_places": pa.table(
                {"concept_id": [int(number) for number in places], "place": [str(place) for place in places.values()]}
            ),
            "own_kinds": pa.table(
                {"name": [f"{words.own.prefix}{kind}" for kind in Kind], "kind": [str(kind) for kind in Kind]}
            ),
            "observed_codes": pa.Table.from_pylist(codes),
        }
        for name, table in tables.items():
            database.connection.register(name, table)
        vocabulary = quoted(words.places.vocabulary)
        database.execute(f"CREATE TEMP TABLE place_concepts AS {sql.PLACES.format(vocabulary=vocabulary)}")
        self._see_fields()
        self._see_diagnoses()

    def _see_fields(self) -> None:
        query = sql.observed(self.words.procedure_field.value, self.words.own.prefix)
        self.database.execute(f"CREATE TEMP VIEW observed AS {query}")
        known = sql.listed({*OF_PROCEDURES, *PATIENT_FACTS, *self.words.visits})
        found = self.database.rows(f"SELECT DISTINCT field FROM observed WHERE field IN ({known}) ORDER BY 1")
        self.fields = [field for (field,) in found]

    def _see_diagnoses(self) -> None:
        query = sql.CONDITION.format(snomed=sql.listed(SNOMED_CONDITIONS))
        self.database.execute(f"CREATE TEMP VIEW condition AS {query}")
        found = self.database.rows("SELECT DISTINCT code FROM condition WHERE code IS NOT NULL ORDER BY 1")
        useful = [code for (code,) in found if facts_of_diagnosis(code) or region_of_diagnosis(code)]
        self.database.connection.register("diagnoses", diagnosis_table(useful))

    def map_part(self, part: int, unmapped: Unmapped) -> tuple[int, int]:
        """Write the events of one part, with visits and documentation; how many procedures were read and used."""
        database, told = self.database, [name for name in self.fields if name in OF_PROCEDURES]
        of_one = sql.listed([*OF_PROCEDURES, *self.words.visits])
        for name, query in {
            "line": sql.LINE,
            "procedure": PROCEDURE,
            "of_procedure": sql.OF_PROCEDURE.format(fields=of_one),
            "told": sql.told_query(told),
        }.items():
            database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
        for name, query in self._outputs(told).items():
            database.write(f"{query} ORDER BY patient, date", self.folder / name / f"part-{part:05}.parquet")
        self._count(unmapped)
        used = "count(*) FILTER (use IN ('procedure', 'sedation'))"
        ((read, mapped),) = database.rows(f"SELECT count(*), {used} FROM line")
        return read, mapped

    def _outputs(self, told: list[str]) -> dict[str, str]:
        """The tables that there is something for."""
        visited = {field: column for field, column in self.words.visits.items() if field in self.fields}
        documented = [field for field in self.fields if field in PATIENT_FACTS]
        outputs = {"events": sql.events_query(told, self.history, self.words.male.value)}
        if visited:
            outputs["visits"] = sql.visits_query(visited, "sequence" in told)
        if documented:
            facts = "SELECT person_id AS patient, date, field, text AS value FROM observed"
            outputs["documentation"] = f"{facts} WHERE field IN ({sql.listed(documented)})"
        return outputs

    def _count(self, unmapped: Unmapped) -> None:
        """What no event table has a place for, by code."""
        for table, why, query in (
            ("procedure_occurrence", "", LEFT_OUT),
            ("", "Facetwise does not use this", sql.UNUSED.format(fields=sql.listed(self.fields))),
            ("", "it does not say which procedure it is about", sql.OF_NO_PROCEDURE),
            ("events", "two values of one procedure", sql.CONTRADICTORY.format(visits=sql.listed(self.words.visits))),
            ("condition_occurrence", "Facetwise does not use this", sql.UNUSED_CONDITIONS),
        ):
            for first, second, count in self.database.rows(query):
                if why:
                    unmapped.add(table or first, second, why, count)
                else:
                    unmapped.add(table, first, second, count)
