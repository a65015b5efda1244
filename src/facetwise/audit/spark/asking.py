"""What Spark sends to its executors: from the rows of a bucket to findings, rejected rows and counts.

A bucket is written to the executor's own disk and read like any population, so that its rows are checked, put in order
and asked by the same code as on one machine.
"""

import datetime
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from facetwise.audit.engines import Asking, Engine, asking
from facetwise.audit.events import COLUMNS
from facetwise.audit.findings import findings_table
from facetwise.audit.kernel.table import events_in
from facetwise.audit.reading.checking_columns import ARROW
from facetwise.audit.running import columns_read
from facetwise.audit.sources import LEAST_MEMORY_MB, open_source
from facetwise.audit.spark.buckets import ROWS_PER_BUCKET, Packing, packed_frames, tables_of
from facetwise.documents import DocumentError
from facetwise.rules import Policy

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TOLD = "told"
"""A column that is null for a finding, and else tells one of the things of `Told`, as JSON."""

_TYPES = {"int64": "bigint", "int32": "int", "date32[day]": "date", "string": "string", "double": "double"}
"""How Spark names the types that findings have."""


class Told(msgspec.Struct, omit_defaults=True):
    """What a bucket tells beside findings: events asked and rejected, a rejected row, or what stopped it."""

    events: int = 0
    rejected: int = 0
    row: dict[str, Any] = {}
    problem: tuple[str, str] | None = None


class Question(msgspec.Struct, frozen=True):
    """What every bucket is asked. `columns` are the facts that some bucket may have, for which kernels are made."""

    policies: tuple[Policy, ...]
    columns: tuple[str, ...]
    patients_are_texts: bool
    today: datetime.date
    values: bool = False
    in_force: tuple[str, ...] = ()

    def asked(self) -> list[Asking]:
        """The kernels, compiled once on each executor and kept in its cache folder."""
        return [
            asking(Engine.NATIVE, one, self.columns, values=self.values, in_force=one.id in self.in_force)
            for one in self.policies
        ]

    def columns_read(self) -> tuple[str, ...]:
        """The facts that are read, as on one machine."""
        return columns_read(self.asked(), self.columns)

    def packing(self, buckets: int) -> Packing:
        """How the tables are cut for this."""
        return Packing(buckets, self.columns_read(), self.patients_are_texts)

    def measures(self) -> dict[str, list[str]]:
        """The measures that are written of each policy."""
        return {one.kernel.policy.id: [name.removeprefix("m_") for name in one.kernel.values] for one in self.asked()}

    def schema(self) -> pa.Schema:
        """The columns of what comes back: findings of any of the policies, and what is told beside."""
        patient = pa.string() if self.patients_are_texts else pa.int64()
        fields = [pa.field("policy", pa.string()), *findings_table(self.policies[0], []).schema]
        fields = [pa.field("patient", patient) if field.name == "patient" else field for field in fields]
        measures = {name for names in self.measures().values() for name in names}
        return pa.schema([*fields, *((name, pa.float64()) for name in sorted(measures)), (TOLD, pa.string())])


def answered(packed: "DataFrame", question: Question, buckets: int) -> "DataFrame":
    """Everything that these buckets have to say, with the columns of `Question.schema`."""
    schema = ", ".join(f"`{field.name}` {_TYPES[str(field.type)]}" for field in question.schema())
    return packed.repartitionById(buckets, "bucket").mapInArrow(_asking_a_bucket(question), schema)


def findings_by_spark(
    frames: Mapping[str, "DataFrame"], policies: Sequence[Policy], *, today: datetime.date | None = None
) -> "DataFrame":
    """What policies say of every event of data frames, with the columns that findings have on disk and `policy`.

    `frames` has `events`, and may have `visits` and `documentation`, as `docs/reference/event-table.md` describes
    them. Rows that cannot be right are left out, as in any audit; `audit_by_spark` keeps and counts them.
    """
    from pyspark.sql.types import StringType

    columns = {name for name in frames["events"].columns if name in COLUMNS}
    if "documentation" in frames:
        columns |= {row[0] for row in frames["documentation"].select("field").distinct().collect()} & COLUMNS.keys()
    texts = any(isinstance(frame.schema["patient"].dataType, StringType) for frame in frames.values())
    question = Question(tuple(policies), tuple(sorted(columns)), texts, today or datetime.date.today())
    buckets = buckets_for(frames["events"].sparkSession, frames["events"].count())
    rows = answered(packed_frames(frames, question.packing(buckets)), question, buckets)
    return rows.where(f"{TOLD} IS NULL").drop(TOLD)


def buckets_for(spark: "SparkSession", events: int) -> int:
    """Enough buckets for every core to have a few, and none too large for a task."""
    cores: int = spark.sparkContext.defaultParallelism
    return max(_BUCKETS_OF_A_CORE * cores, -(-events // ROWS_PER_BUCKET))


_BUCKETS_OF_A_CORE = 2


def _asking_a_bucket(question: Question) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """The function for `mapInArrow`. Whatever is wrong with a bucket is told, not raised: it is patients' data."""

    def ask(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        schema = question.schema()
        try:
            for table in _answers(tables_of(batches), question):
                yield from _completed(table, schema).to_batches()
        except DocumentError as error:
            problem = error.problems[0]
            yield from _completed(_telling([Told(problem=(problem.what, problem.remedy))]), schema).to_batches()

    return ask


def _answers(tables: Mapping[str, pa.Table], question: Question) -> Iterator[pa.Table]:
    """Findings, then rejected rows, then the counts of one bucket."""
    if not tables:
        return
    asked, events_asked = question.asked(), 0
    with tempfile.TemporaryDirectory(prefix="facetwise-") as name:
        folder = Path(name)
        for table in tables:
            (folder / "bucket").mkdir(exist_ok=True)
            pq.write_table(tables[table], folder / "bucket" / f"{table}.parquet", compression="none")
        source = open_source(
            folder / "bucket", from_="events", workspace=folder, memory_mb=LEAST_MEMORY_MB, today=question.today
        )
        for events, visits in source.batches(ROWS_PER_BUCKET, question.columns_read()):
            whole = _with_columns(events, question.columns)
            arrays = events_in(whole, visits)
            events_asked += len(whole)
            for one in asked:
                found = findings_table(one.kernel.policy, [(one.kernel, arrays, one.ask(whole, visits, arrays))])
                yield found.append_column("policy", pa.array([one.kernel.policy.id] * len(found), pa.string()))
        if source.rejects is not None:
            yield _rejected(pq.read_table(source.rejects))
        yield _telling([Told(events=events_asked, rejected=source.rejected)])


def _with_columns(events: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The events with the facts that only other buckets know of, as not documented."""
    for name in columns:
        if name not in events.column_names:
            events = events.append_column(name, pa.nulls(len(events), ARROW[COLUMNS[name].shape]))
    return events


def _rejected(rows: pa.Table) -> pa.Table:
    """Rejected rows as told. Which row of which file it was is not known here; what stood in it is."""
    return _telling([Told(row={**row, "file": None, "row": None}) for row in rows.to_pylist()])


def _telling(told: Sequence[Told]) -> pa.Table:
    return pa.table({TOLD: pa.array([msgspec.json.encode(one).decode() for one in told], pa.string())})


def _completed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with every column of the schema, null where it has none."""
    columns = [
        table[field.name].cast(field.type)
        if field.name in table.column_names
        else pa.chunked_array([pa.nulls(len(table), field.type)])
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)
