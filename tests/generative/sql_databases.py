"""Databases that can run here: a statement and its tables in, the rows of the result out."""

import csv
import io
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import strategies as st
from private_postgres import USER, Postgres
from sql_strategy import populations

from facetwise.audit.sql.dialects import Dialect, policy_sql_for
from facetwise.audit.sql.engine import tables_for
from facetwise.audit.sql.statement import policy_sql
from facetwise.rules import Policy

Rows = list[dict[str, str | None]]
"""The result: every value as text, and None where there is none."""

Answer = Callable[[str, dict[str, pa.Table]], Rows]
"""Run a statement over the tables `events` and `visits`."""

_TYPES = {
    "int64": "BIGINT",
    "int32": "INTEGER",
    "date32[day]": "DATE",
    "double": "DOUBLE PRECISION",
    "bool": "BOOLEAN",
    "string": "TEXT",
}


def agrees_with_duckdb(answer: Answer, dialect: Dialect, policy: Policy, data: st.DataObject) -> None:
    """Compare a database's answers with those of DuckDB, on drawn populations."""
    tables = tables_for(policy, *data.draw(populations(policy, 6)))
    found = answer(policy_sql_for(policy, dialect), tables)
    assert comparable(policy, found) == comparable(policy, in_duckdb(policy_sql(policy), tables))


def in_duckdb(statement: str, tables: dict[str, pa.Table]) -> Rows:
    """What DuckDB answers."""
    with duckdb.connect() as database:
        for name, table in tables.items():
            database.register(name, table)
        return as_text(database.sql(statement).to_arrow_table().to_pylist())


def as_text(rows: Iterable[dict[str, Any]]) -> Rows:
    """Rows with every value as text."""
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]


def comparable(policy: Policy, rows: Rows) -> list[tuple[str, ...]]:
    """Rows without their place among the patient's: databases sort words and nulls in ways of their own."""
    names = ("patient", "date", "sequence", "kind", "asked", *policy.criteria())
    return sorted(tuple(str(row[name]) for name in names) for row in rows)


def in_sqlite(statement: str, tables: Mapping[str, pa.Table]) -> Rows:
    """What SQLite answers."""
    with sqlite3.connect(":memory:") as database:
        for name, table in tables.items():
            database.execute(_creation(name, table))
            marks = ", ".join("?" * table.num_columns)
            database.executemany(f"INSERT INTO {name} VALUES ({marks})", _values(table))
        database.row_factory = sqlite3.Row
        found = [dict(row) for row in database.execute(statement)]
    database.close()
    return as_text(found)


def in_postgres(server: Postgres, statement: str, tables: Mapping[str, pa.Table]) -> Rows:
    """What PostgreSQL answers; the tables are gone afterwards."""
    script = ["\\set ON_ERROR_STOP on", "\\pset null '<null>'"]
    for name, table in tables.items():
        script += [
            _creation(f"TEMPORARY {name}", table),
            f"COPY {name} FROM STDIN (FORMAT csv);",
            _csv(table) + "\\.",
        ]
    script += ["\\pset format csv", statement.rstrip() + ";"]
    connection = ("-X", "-q", "-h", str(server.folder), "-U", USER, "-d", "postgres")
    output = server.run("psql", *connection, text="\n".join(script))
    return [
        {name: None if value == "<null>" else value for name, value in row.items()}
        for row in csv.DictReader(io.StringIO(output))
    ]


def _creation(name: str, table: pa.Table) -> str:
    kind = "TEMPORARY TABLE" if name.startswith("TEMPORARY ") else "TABLE"
    columns = ", ".join(f"{field.name} {_TYPES[str(field.type)]}" for field in table.schema)
    return f"CREATE {kind} {name.removeprefix('TEMPORARY ')} ({columns});"


def _values(table: pa.Table) -> list[tuple[Any, ...]]:
    return [
        tuple(value.isoformat() if hasattr(value, "isoformat") else value for value in row.values())
        for row in table.to_pylist()
    ]


def _csv(table: pa.Table) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(_values(table))
    return text.getvalue()
