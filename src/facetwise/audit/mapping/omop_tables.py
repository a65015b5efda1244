"""The tables of an OMOP CDM 5.4, in a DuckDB database or as files of a folder, as views with the columns that are read.

A column or a table that is not there is read as nothing; only `procedure_occurrence` has to be there.
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from facetwise.audit.reading.table_files import SUFFIXES, TableFiles
from facetwise.audit.reading.working_database import WorkingDatabase, quoted
from facetwise.documents import DocumentError, Problem

NUMBER, TEXT, REAL = "BIGINT", "VARCHAR", "DOUBLE"
REQUIRED = {"procedure_occurrence": ("procedure_occurrence_id", "person_id", "procedure_date")}
TABLES: Mapping[str, Mapping[str, str]] = {
    "procedure_occurrence": {
        "procedure_occurrence_id": NUMBER,
        "person_id": TEXT,
        "procedure_concept_id": NUMBER,
        "procedure_date": TEXT,
        "quantity": NUMBER,
        "provider_id": TEXT,
        "visit_occurrence_id": NUMBER,
        "procedure_source_value": TEXT,
        "procedure_source_concept_id": NUMBER,
        "modifier_source_value": TEXT,
    },
    "measurement": {
        "measurement_id": NUMBER,
        "person_id": TEXT,
        "measurement_concept_id": NUMBER,
        "measurement_date": TEXT,
        "value_as_number": REAL,
        "value_source_value": TEXT,
        "visit_occurrence_id": NUMBER,
        "measurement_source_value": TEXT,
        "measurement_event_id": NUMBER,
        "meas_event_field_concept_id": NUMBER,
    },
    "observation": {
        "observation_id": NUMBER,
        "person_id": TEXT,
        "observation_concept_id": NUMBER,
        "observation_date": TEXT,
        "value_as_number": REAL,
        "value_as_string": TEXT,
        "value_source_value": TEXT,
        "visit_occurrence_id": NUMBER,
        "observation_source_value": TEXT,
        "observation_event_id": NUMBER,
        "obs_event_field_concept_id": NUMBER,
    },
    "condition_occurrence": {
        "person_id": TEXT,
        "condition_concept_id": NUMBER,
        "condition_start_date": TEXT,
        "condition_end_date": TEXT,
        "condition_source_value": TEXT,
        "condition_source_concept_id": NUMBER,
    },
    "visit_occurrence": {
        "person_id": TEXT,
        "visit_occurrence_id": NUMBER,
        "visit_concept_id": NUMBER,
        "care_site_id": TEXT,
        "visit_source_value": TEXT,
    },
    "person": {"person_id": TEXT, "year_of_birth": NUMBER, "gender_concept_id": NUMBER},
    "concept": {"concept_id": NUMBER, "vocabulary_id": TEXT, "concept_code": TEXT},
}
"""The columns that are read, and the types they are read as. Identifiers of people and days may be anything."""


class OmopFiles:
    """Where the tables are: `places` by name, as DuckDB reads them."""

    def __init__(self, database: WorkingDatabase, path: Path) -> None:
        self.database = database
        self.path = path
        self.files: list[Path] = []
        self.places = dict(self._of_database() if path.is_file() else self._of_folder())

    def create_views(self) -> tuple[Problem, ...]:
        """One view a table. Gives a remark for every table that is not there. Raises `DocumentError`."""
        if "procedure_occurrence" not in self.places:
            what, remedy = "There is no table procedure_occurrence", "Give the folder or the DuckDB file of an OMOP CDM"
            raise DocumentError([Problem("", what, remedy, str(self.path))])
        for name in TABLES:
            self.database.execute(f"CREATE OR REPLACE VIEW {name} AS {self._view(name)}")
        return tuple(
            Problem(name, "This table is not there", "What it would tell stays not documented", str(self.path))
            for name in TABLES
            if name not in self.places
        )

    def divided(self, folder: Path, most_rows: int) -> Iterator[int]:
        """The people in parts of about so many rows: after each number the views hold the rows of one part."""
        counted = [name for name in ("procedure_occurrence", "measurement", "observation") if name in self.places]
        rows = sum(self.database.rows(f"SELECT count(*) FROM {name}")[0][0] for name in counted)
        parts = rows // max(most_rows, 1) + 1
        if parts == 1:
            yield 0
            return
        divided = [name for name in TABLES if name in self.places and "person_id" in self._columns(name)]
        try:
            for name in divided:
                (folder / name).mkdir(parents=True, exist_ok=True)
                query = f"SELECT *, CAST(hash(person_id) % {parts} AS INTEGER) AS part FROM {name}"
                self.database.execute(
                    f"COPY ({query}) TO {quoted(folder / name)} (FORMAT parquet, PARTITION_BY (part), OVERWRITE)"
                )
            for part in range(parts):
                for name in divided:
                    self.database.execute(f"CREATE OR REPLACE VIEW {name} AS {_part(folder / name, name, part)}")
                yield part
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _view(self, name: str) -> str:
        there = self._columns(name) if name in self.places else {}
        missing = [column for column in REQUIRED.get(name, ()) if column not in there]
        if missing:
            remedy = f"The table has {', '.join(there)}"
            raise DocumentError(
                Problem(f"{name}.{column}", "This column is missing", remedy, str(self.path)) for column in missing
            )
        columns = [
            f'TRY_CAST("{there[column]}" AS {type_}) AS {column}'
            if column in there
            else f"CAST(NULL AS {type_}) AS {column}"
            for column, type_ in TABLES[name].items()
        ]
        source = f"FROM {self.places[name]}" if name in self.places else "WHERE FALSE"
        return f"SELECT {', '.join(columns)} {source}"

    def _columns(self, name: str) -> dict[str, str]:
        """The columns of a table as they are written, by their names in lower case."""
        described = self.database.rows(f"DESCRIBE SELECT * FROM {self.places[name]}")
        return {str(row[0]).lower(): str(row[0]) for row in described}

    def _of_database(self) -> Iterator[tuple[str, str]]:
        self.files.append(self.path)
        self.database.execute(f"ATTACH {quoted(self.path)} AS cdm (READ_ONLY)")
        found = self.database.rows("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'cdm'")
        found += self.database.rows(
            "SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'cdm' AND NOT internal"
        )
        for name in TABLES:
            places = [f'cdm."{schema}"."{table}"' for schema, table in found if table.lower() == name]
            if len(places) > 1:
                what, remedy = f"There are several tables {name}", "Keep one of them: one schema a database"
                raise DocumentError([Problem(name, what, remedy, str(self.path))])
            yield from ((name, place) for place in places)

    def _of_folder(self) -> Iterator[tuple[str, str]]:
        if not self.path.is_dir():
            what, remedy = "There is no such file or folder", "Check the path"
            raise DocumentError([Problem("", what, remedy, str(self.path))])
        for name in TABLES:
            entries = [entry for entry in sorted(self.path.iterdir()) if entry.stem.lower() == name]
            parts = [part for entry in entries for part in (_parts(entry) if entry.is_dir() else [entry])]
            parts = [part for part in parts if part.suffix in SUFFIXES]
            if parts:
                self.files += TableFiles(name, parts).paths  # says what is wrong with a file
                listed = ", ".join(quoted(part) for part in parts)
                reader = "read_parquet([{}], union_by_name = true)"
                if parts[0].suffix == ".csv":
                    reader = "read_csv([{}], header = true, all_varchar = true, union_by_name = true)"
                yield name, reader.format(listed)


def _part(folder: Path, name: str, part: int) -> str:
    """The rows of one part of a divided table; there may be none."""
    names = ", ".join(TABLES[name])
    if (folder / f"part={part}").is_dir():
        return f"SELECT {names} FROM read_parquet({quoted(folder / f'part={part}' / '*.parquet')})"
    nothing = ", ".join(f"CAST(NULL AS {type_}) AS {column}" for column, type_ in TABLES[name].items())
    return f"SELECT {nothing} WHERE FALSE"


def _parts(folder: Path) -> list[Path]:
    return sorted(part for part in folder.iterdir() if part.is_file())
