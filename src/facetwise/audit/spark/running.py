"""A run on Spark: from event tables to the same folder of findings that a run on one machine writes."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from facetwise.audit.decidable import VISITS as VISITS_THERE
from facetwise.audit.events import COLUMNS, VISITS
from facetwise.audit.findings import FINDING, Manifest, PolicyCounts
from facetwise.audit.kernel.source import STATUSES
from facetwise.audit.reading.checking_columns import is_text
from facetwise.audit.reading.documented_facts import DOCUMENTATION, documented_fields
from facetwise.audit.reading.rejects import SCHEMA, rejecting
from facetwise.audit.reading.site_texts import MASKS
from facetwise.audit.reading.table_files import SITES, TableFiles, require_columns, table_at, table_named
from facetwise.audit.run_folder import finish, new_manifest, partial_folder
from facetwise.audit.spark.asking import TOLD, Question, Told, answered, buckets_for
from facetwise.audit.spark.buckets import packed_files
from facetwise.documents import DocumentError, Problem
from facetwise.rules import Policy

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

REJECTED = "rejected.parquet"


def audit_by_spark(
    spark: "SparkSession",
    folder: Path,
    policies: Sequence[Policy],
    out: Path,
    *,
    values: bool = False,
    in_force: Sequence[str] = (),
    today: datetime.date | None = None,
    name: str = "",
    format_: str = "events",
    files: Sequence[Path] = (),
    rejected_before: Path | None = None,
    unmapped: Path | None = None,
) -> Manifest:
    """Ask policies of the event tables in a folder, which every executor must see, and write the findings to `out`.

    `name`, `format_` and `files` are for the manifest: what the tables were made of, where they were mapped.
    `rejected_before` has the rows that the mapping rejected, `unmapped` counts what it had no place for. Raises
    `DocumentError`; what was written then stays in the partial folder.
    """
    tables = _tables(folder)
    partial = partial_folder(out, resume=False)
    given = [path for table in tables.values() for path in table.paths]
    manifest, begun = new_manifest(name or str(folder), format_, files or given, "spark", policies, in_force)
    question = _question(tables, policies, today or datetime.date.today(), values=values, in_force=in_force)
    manifest.columns = question.columns_read()
    manifest.available = tuple(sorted({*question.columns, *([VISITS_THERE] if "visits" in tables else [])}))
    measures, buckets = question.measures(), buckets_for(spark, _rows(tables["events"]))
    packed = packed_files(spark, tables, question.packing(buckets))
    everything = _kept(answered(packed, question, buckets))
    _tell(everything, manifest, partial / REJECTED, rejected_before)
    for policy in policies:
        _write(everything, policy.id, measures[policy.id], partial)
    everything.unpersist()
    finish(manifest, begun, partial, out, _rows(tables["events"]) - manifest.rejected, (unmapped,))
    return manifest


def _tables(folder: Path) -> dict[str, TableFiles]:
    """The tables of the folder, all of them Parquet. Raises `DocumentError` for others."""
    events = table_at(folder, "events")
    others = (table_named(folder, name) if folder.is_dir() else None for name in ("visits", "documentation"))
    tables = {table.name: table for table in (events, *others) if table is not None}
    for name, table in tables.items():
        if table.first.suffix != ".parquet":
            remedy = "Write it as Parquet, or use another engine"
            raise DocumentError([Problem("", "Spark reads tables as Parquet only", remedy, str(table.first))])
        require_columns(table, [column for column in _COLUMNS[name] if column.required])
    return tables


_COLUMNS = {"events": tuple(COLUMNS.values()), "visits": tuple(VISITS), "documentation": tuple(DOCUMENTATION)}


def _question(
    tables: Mapping[str, TableFiles],
    policies: Sequence[Policy],
    today: datetime.date,
    *,
    values: bool,
    in_force: Sequence[str],
) -> Question:
    """What to ask the buckets of these tables."""
    columns = {name for name in tables["events"].columns if name in COLUMNS}
    if SITES in tables["events"].columns:
        columns |= set(MASKS)
    if "documentation" in tables:
        columns |= set(documented_fields(tables["documentation"]))
    texts = any(is_text(table.columns["patient"]) for table in tables.values())
    return Question(tuple(policies), tuple(sorted(columns)), texts, today, values, tuple(in_force))


def _rows(events: TableFiles) -> int:
    assert events.rows is not None, "Parquet tells how many rows it has"
    return events.rows


def _kept(frame: "DataFrame") -> "DataFrame":
    """The answers on the executors' disks, so that no bucket is asked twice."""
    from pyspark.storagelevel import StorageLevel

    return frame.persist(StorageLevel.DISK_ONLY)


def _tell(everything: "DataFrame", manifest: Manifest, path: Path, rejected_before: Path | None) -> None:
    """Fill the manifest with what the buckets counted, and keep the rows that they rejected."""
    with rejecting(path) as rejects:
        if rejected_before is not None:
            rejects.add_earlier(rejected_before)
        for (text,) in everything.where(f"{TOLD} IS NOT NULL").select(TOLD).toLocalIterator():
            told = msgspec.json.decode(text, type=Told)
            if told.problem:
                raise DocumentError([Problem("", *told.problem, manifest.source)])
            manifest.events += told.events
            manifest.rejected += told.rejected
            if told.row:
                row = pa.Table.from_pylist([told.row], SCHEMA)
                rejects.add(told.row["table"], row.drop_columns(["table"]))
    counted: Any = everything.where(f"{TOLD} IS NULL").groupBy("policy", "verdict").count().collect()
    for one in manifest.policies:
        told_of = {row["verdict"]: row["count"] for row in counted if row["policy"] == one.id}
        verdicts = {verdict: told_of[verdict] for verdict in STATUSES if verdict in told_of}
        findings = sum(verdicts.values())
        manifest.counts[one.id] = PolicyCounts(findings, manifest.events - findings, verdicts)


def _write(everything: "DataFrame", policy: str, measures: Sequence[str], partial: Path) -> None:
    """The findings of one policy, a folder a year, with its own measures only."""
    from pyspark.sql import functions as f

    found = everything.where((f.col("policy") == policy) & f.col(TOLD).isNull()).withColumn("year", f.year("date"))
    columns = [*FINDING, *measures]
    found.select(*columns, "year").write.mode("append").partitionBy("year").parquet(str(partial / f"policy={policy}"))
