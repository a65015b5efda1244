"""The native kernel on Spark: patients in hash buckets, each bucket sorted and handed to the kernel as Arrow.

A bucket holds whole patients, and about as many events as a batch on one machine, so that an executor needs no more
memory than that. Nothing of a policy is written again: what runs in `mapInArrow` is the kernel, compiled once on each
executor and kept in its cache folder.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from facetwise.audit.engines import Engine, asking
from facetwise.audit.findings import findings_table
from facetwise.audit.kernel.table import events_in
from facetwise.rules import Policy

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS_PER_BUCKET = 500_000
"""Events in a bucket: what one task has in memory."""

VISITS = "_visits"
"""The column of an event that holds its follow-up visits while they travel together."""


def findings_by_spark(events: "DataFrame", policy: Policy, visits: "DataFrame | None" = None) -> "DataFrame":
    """What a policy says of every event, as a Spark data frame with the columns that findings have on disk.

    `events` and `visits` have the columns of `audit.events`. The events must be valid: `audit.sources` checks them.
    """
    names = [name for name in events.columns if name != VISITS]
    kernel = asking(Engine.NATIVE, policy, names).kernel
    bucketed = _bucketed(_with_visits(events, visits))
    return bucketed.mapInArrow(_Asking(policy, tuple(names)), _schema_of(findings_table(kernel.policy, [])))


class _Asking:
    """The function that Spark sends to its executors: from the events of a bucket to findings."""

    def __init__(self, policy: Policy, names: tuple[str, ...]) -> None:
        self.policy = policy
        self.names = names

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        pieces = list(batches)
        if not pieces:
            return
        table = pa.Table.from_batches(pieces)
        visits = _visits_of(table)
        events = table.select(list(self.names)).combine_chunks()
        asked = asking(Engine.NATIVE, self.policy, self.names)
        arrays = events_in(events, visits)
        answers = asked.ask(events, visits, arrays)
        yield from findings_table(self.policy, [(asked.kernel, arrays, answers)]).to_batches()


def _bucketed(events: "DataFrame") -> "DataFrame":
    """Whole patients together, in the order that kernels need."""
    count = events.count()
    buckets = max(events.sparkSession.sparkContext.defaultParallelism, -(-count // ROWS_PER_BUCKET))
    order = ["patient", "date", *(["sequence"] if "sequence" in events.columns else [])]
    return events.repartition(buckets, "patient").sortWithinPartitions(*order)


def _with_visits(events: "DataFrame", visits: "DataFrame | None") -> "DataFrame":
    """Every event with the list of its visits, so that they are never apart."""
    if visits is None:
        return events
    from pyspark.sql import functions as f

    kept = [name for name in ("relief_percent", "function_improved_percent") if name in visits.columns]
    told = f.struct(f.col("date").alias("day"), *(f.col(name) for name in kept))
    keys = ["patient", "procedure_date", "procedure_sequence"]
    gathered = visits.groupBy(*keys).agg(f.collect_list(told).alias(VISITS))
    gathered = gathered.withColumnsRenamed({"patient": "_patient"})
    same = (
        (events["patient"] == gathered["_patient"])
        & (events["date"] == gathered["procedure_date"])
        & events["sequence"].eqNullSafe(gathered["procedure_sequence"])
    )
    return events.join(gathered, same, "left").drop("_patient", "procedure_date", "procedure_sequence")


def _visits_of(table: pa.Table) -> pa.Table | None:
    """The visits of a bucket as a table of their own."""
    if VISITS not in table.column_names:
        return None
    rows = table.select(["patient", "date", "sequence", VISITS]).to_pylist()
    listed = [
        {
            "patient": row["patient"],
            "procedure_date": row["date"],
            "procedure_sequence": row["sequence"],
            "date": visit["day"],
            "relief_percent": visit.get("relief_percent"),
            "function_improved_percent": visit.get("function_improved_percent"),
        }
        for row in rows
        for visit in row[VISITS] or ()
    ]
    return pa.Table.from_pylist(listed, _VISITS_SCHEMA)


_VISITS_SCHEMA = pa.schema(
    [
        ("patient", pa.int64()),
        ("procedure_date", pa.date32()),
        ("procedure_sequence", pa.int32()),
        ("date", pa.date32()),
        ("relief_percent", pa.float64()),
        ("function_improved_percent", pa.float64()),
    ]
)


def _schema_of(table: pa.Table) -> str:
    """The columns of findings as Spark names types."""
    names = {"int64": "bigint", "int32": "int", "date32[day]": "date", "string": "string"}
    return ", ".join(f"{field.name} {names[str(field.type)]}" for field in table.schema)


def audit_by_spark(spark: "SparkSession", folder: Path, policies: Sequence[Policy], out: Path) -> None:
    """The findings of every policy on the event tables in a folder, as Parquet by policy and year."""
    from pyspark.sql import functions as f

    events = spark.read.parquet(str(folder / "events.parquet"))
    beside = folder / "visits.parquet"
    visits = spark.read.parquet(str(beside)) if beside.exists() else None
    for policy in policies:
        found = findings_by_spark(events, policy, visits).withColumn("year", f.year("date"))
        found.write.partitionBy("year").parquet(str(out / f"policy={policy.id}"))
