"""duckcdm: `run_duckcdm.py CDM ANSWERS`. It reads OMOP tables, and renders and translates the SQL that is asked."""

import json
import sys
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from sql_answers import answer_criteria, read_sql

duckdb, omop, sqlrender = (import_module(name) for name in ("duckdb", "duckcdm.omop", "duckcdm.sqlrender"))


def main() -> None:
    """Answer every request of an OMOP population, and write the answers and the seconds."""
    cdm, out = Path(sys.argv[1]), Path(sys.argv[2])
    connection = duckdb.connect()
    begun = time.perf_counter()
    omop.create_parquet_views(connection, str(cdm), schema="cdm", log=None, materialize=True)
    connection.execute(_translated("columns_of_omop"))
    connection.execute(_translated("sites"))
    drawn = time.perf_counter()
    answers = answer_criteria(connection, _translated("criteria"))
    ended = time.perf_counter()
    seconds = {"total": ended - begun, "answers": ended - drawn}
    told = {"version": f"duckcdm {version('duckcdm')}", "seconds": seconds, "answers": answers}
    out.write_text(json.dumps(told))


def _translated(name: str) -> str:
    """Statements as duckcdm's SqlRender hands them to DuckDB."""
    text: str = sqlrender.translate(sqlrender.render(read_sql(name), cdm="cdm"), "duckdb")
    return text


if __name__ == "__main__":
    main()
