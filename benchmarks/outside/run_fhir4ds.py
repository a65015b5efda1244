"""fhir4ds-v2: `run_fhir4ds.py EXPORT ANSWERS`. SQL-on-FHIR views make the columns, and SQL on them the answers.

Its loader reads the export, not its `FileSystemSource`, which is twice as fast: that one writes the elements that a
resource lacks into it as nulls, and `value.ofType(integer)` then finds no integer.
"""

import json
import sys
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from sql_answers import HERE, answer_criteria, read_sql

fhir4ds = import_module("fhir4ds")


def main() -> None:
    """Answer every request of an export, and write the answers and the seconds."""
    export, out = Path(sys.argv[1]), Path(sys.argv[2])
    connection = fhir4ds.create_connection()
    begun = time.perf_counter()
    loader = fhir4ds.FHIRDataLoader(connection)
    for path in sorted(export.glob("*.ndjson")):
        loader.load_ndjson(str(path))
    for view in sorted((HERE / "views").glob("*.json")):
        query = fhir4ds.generate_view_sql(view.read_text())
        connection.execute(f"CREATE TABLE {view.stem}_view AS {query}")
    connection.execute(read_sql("columns_of_views"))
    connection.execute(read_sql("sites"))
    drawn = time.perf_counter()
    answers = answer_criteria(connection, read_sql("criteria"))
    ended = time.perf_counter()
    seconds = {"total": ended - begun, "answers": ended - drawn}
    told = {"version": f"fhir4ds-v2 {version('fhir4ds-v2')}", "seconds": seconds, "answers": answers}
    out.write_text(json.dumps(told))


if __name__ == "__main__":
    main()
