"""Event tables as hash buckets of whole patients: everything of a patient is in one bucket, its rows in order.

The tables travel as one data frame, each in a column of its own, so that a bucket's rows are never apart.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from facetwise.audit.events import FACTS, KEYS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ROWS_PER_BUCKET = 250_000
"""Events in a bucket: what one task has in memory."""

TABLES = ("events", "visits", "documentation")
OTHER_COLUMNS = "other_columns"
"""A hash of what is not sent along. Rows that differ in it are no duplicates of each other."""

_PATIENT = "_patient"
_TABLE = "_table"
_KEY_COLUMNS = ("patient", "date", "sequence")


def bucketed(tables: Mapping[str, "DataFrame"], columns: Collection[str], buckets: int) -> "DataFrame":
    """The tables of `TABLES` together, in so many buckets, with the facts of events narrowed to `columns`.

    Events and visits are sorted by patient and day within a bucket; what cannot be sorted so is put in order when the
    bucket is read.
    """
    from pyspark.sql import functions as f

    given = {name: tables[name] for name in TABLES if name in tables}
    given["events"] = _narrowed(given["events"], columns)
    same = len({frame.schema["patient"].dataType for frame in given.values() if "patient" in frame.columns}) == 1
    marked = []
    for number, (name, frame) in enumerate(given.items()):
        patient = f.col("patient") if same else f.col("patient").cast("string")
        order = [f.col(key).alias(f"_{place}") for place, key in enumerate(_order_of(name, frame.columns))]
        row = frame.withColumn("patient", patient).select(f.struct("*").alias(name), patient.alias(_PATIENT), *order)
        marked.append(row.withColumn(_TABLE, f.lit(number)))
    together = marked[0]
    for other in marked[1:]:
        together = together.unionByName(other, allowMissingColumns=True)
    order_by = [name for name in (_TABLE, _PATIENT, "_1", "_2") if name in together.columns]
    return together.repartition(buckets, _PATIENT).sortWithinPartitions(*order_by).select(*given)


def _order_of(name: str, columns: Collection[str]) -> list[str]:
    """The columns by which a table is in order, under names that all tables share."""
    keys = _KEY_COLUMNS if name == "events" else ("patient",)
    return [key for key in keys if key in columns]


def _narrowed(events: "DataFrame", columns: Collection[str]) -> "DataFrame":
    """The keys of events, the facts asked for, and a hash of everything else."""
    from pyspark.sql import functions as f

    wanted = {*(key.name for key in KEYS), "sites", *columns}
    kept = [name for name in events.columns if name in wanted]
    others = [name for name in events.columns if name not in wanted]
    return events.select(*kept, *([f.xxhash64(*others).alias(OTHER_COLUMNS)] if others else []))


def tables_of(bucket: Iterable[pa.RecordBatch]) -> dict[str, pa.Table]:
    """The tables of one bucket, apart again; none for a bucket without rows."""
    pieces = list(bucket)
    if not any(len(piece) for piece in pieces):
        return {}
    together = pa.Table.from_batches(pieces)
    found = {}
    for name in together.column_names:
        rows = [chunk.drop_null() for chunk in together[name].chunks]
        found[name] = pa.Table.from_batches([pa.RecordBatch.from_struct_array(one) for one in rows])
    return found


assert OTHER_COLUMNS not in FACTS
