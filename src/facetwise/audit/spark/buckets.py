"""Event tables as hash buckets of whole patients: everything of a patient is in one bucket, whatever table it is in.

What travels between executors are few large rows: the rows that one piece of a table has for one bucket, in the format
of Arrow streams. Spark never takes the columns apart.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from facetwise.audit.events import KEYS
from facetwise.audit.reading.checking_columns import is_text
from facetwise.audit.reading.damage import readable
from facetwise.audit.reading.table_files import TableFiles
from facetwise.documents import DocumentError, Problem

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS_PER_BUCKET = 250_000
"""Events in a bucket at most, on the average: what one task has in memory."""

OTHER_COLUMNS = "other_columns"
"""A hash of what is not sent along. Rows that differ in it are no duplicates of each other."""

PACKED = "bucket int, table string, rows binary"
"""What travels. Where a piece could not be read, `table` is `PROBLEM` and `rows` says what and what to do."""

PROBLEM = "problem"
_TOLD_APART = ("clinician", "facility")
"""Keys that only tell rows apart."""

_ORDER = {"events": ("patient", "date", "sequence"), "visits": ("patient",), "documentation": ("patient",)}


class Packing(msgspec.Struct, frozen=True):
    """How tables are cut: into how many buckets, which facts of events go along, whether patients are texts."""

    buckets: int
    columns: tuple[str, ...]
    patients_are_texts: bool

    def packed(self, name: str, piece: pa.Table) -> Iterator[pa.RecordBatch]:
        """The rows of a piece of a table, bucket by bucket."""
        piece = self._narrowed(piece) if name == "events" else piece
        patients = self._patients(piece["patient"])
        piece = piece.set_column(piece.column_names.index("patient"), "patient", patients)
        bucket = (pl.Series(pl.from_arrow(patients)).hash(seed=0) % self.buckets).to_numpy()
        order = np.argsort(bucket, kind="stable")
        piece = piece.take(order).combine_chunks()
        starts = np.searchsorted(bucket[order], np.arange(self.buckets + 1))
        for number in np.flatnonzero(np.diff(starts)):
            rows = piece.slice(starts[number], starts[number + 1] - starts[number])
            yield _row(int(number), name, _stream(rows))

    def _patients(self, patients: pa.ChunkedArray) -> pa.ChunkedArray:
        if self.patients_are_texts:
            return patients.cast(pa.string())
        return patients.cast(pa.int64()) if pa.types.is_integer(patients.type) else patients

    def _narrowed(self, events: pa.Table) -> pa.Table:
        """The keys of events, the facts asked for, and a hash of everything else."""
        wanted = {*(key.name for key in KEYS if key.name not in _TOLD_APART), "sites", *self.columns}
        others = [name for name in events.column_names if name not in wanted]
        kept = events.select([name for name in events.column_names if name in wanted])
        if not others:
            return kept
        hashed = pl.DataFrame(pl.from_arrow(events.select(others))).hash_rows(seed=0)
        return kept.append_column(OTHER_COLUMNS, hashed.to_arrow().cast(pa.uint64()))


def packed_files(spark: "SparkSession", tables: Mapping[str, TableFiles], packing: Packing) -> "DataFrame":
    """The row groups of the files of tables, each read by the executor that cuts it."""
    groups = [(name, path, group) for name, table in tables.items() for path in table.paths for group in _groups(path)]
    types = {name: table.columns for name, table in tables.items()}

    def pack(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                name, path, group = row["table"], Path(row["path"]), row["row_group"]
                yield from _told(lambda: packing.packed(name, _row_group(path, group, types[name])))  # noqa: B023

    numbered = [(number, name, str(path), group) for number, (name, path, group) in enumerate(groups)]
    listed = spark.createDataFrame(numbered, "number int, table string, path string, row_group int")
    return listed.repartitionById(max(len(groups), 1), "number").mapInArrow(pack, PACKED)


def packed_frames(frames: Mapping[str, "DataFrame"], packing: Packing) -> "DataFrame":
    """The same of data frames, wherever they come from."""

    def packer(name: str) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
        def pack(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in batches:
                if len(batch):
                    yield from _told(lambda: packing.packed(name, pa.Table.from_batches([batch])))  # noqa: B023

        return pack

    first, *others = (frame.mapInArrow(packer(name), PACKED) for name, frame in frames.items())
    for other in others:
        first = first.union(other)
    return first


def tables_of(bucket: Iterable[pa.RecordBatch]) -> dict[str, pa.Table]:
    """The tables of one bucket, put together and in order; none for a bucket without rows.

    Raises `DocumentError` where a piece could not be read.
    """
    pieces: dict[str, list[pa.Table]] = {}
    for batch in bucket:
        for name, rows in zip(batch["table"].to_pylist(), batch["rows"], strict=True):
            if name == PROBLEM:
                raise DocumentError([Problem("", *msgspec.json.decode(rows.as_py(), type=tuple[str, str]))])
            pieces.setdefault(name, []).append(pa.ipc.open_stream(rows.as_buffer()).read_all())
    return {name: _sorted(name, pa.concat_tables(its, promote_options="permissive")) for name, its in pieces.items()}


def _groups(path: Path) -> range:
    """The row groups of a Parquet file."""
    return range(readable(path, lambda: pq.ParquetFile(path)).num_row_groups)


def _row_group(path: Path, group: int, types: Mapping[str, pa.DataType]) -> pa.Table:
    """One row group with the columns of its table, as the table holds them where files disagree."""
    with readable(path, lambda: pq.ParquetFile(path)) as file:
        read = readable(path, lambda: file.read_row_group(group))
    columns = {
        name: read[name].cast(type_) if name in read.column_names else pa.nulls(len(read), type_)
        for name, type_ in types.items()
    }
    return pa.table(columns)


def _told(rows: Callable[[], Iterator[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
    """Rows, or what is wrong with them as a row: Spark would tell it with a traceback, on every executor."""
    try:
        yield from rows()
    except DocumentError as error:
        problem = error.problems[0]
        yield _row(0, PROBLEM, msgspec.json.encode((str(problem.what), str(problem.remedy))))


def _row(bucket: int, name: str, rows: object) -> pa.RecordBatch:
    columns = [pa.array([bucket], pa.int32()), pa.array([name]), pa.array([rows], pa.binary())]
    return pa.RecordBatch.from_arrays(columns, names=["bucket", "table", "rows"])


def _stream(rows: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
        stream.write_table(rows)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _sorted(name: str, rows: pa.Table) -> pa.Table:
    """The rows by patient and day. Days that are texts are put in order when they are read."""
    keys = [key for key in _ORDER[name] if key in rows.column_names]
    if any(is_text(rows[key].type) or pa.types.is_nested(rows[key].type) for key in keys):
        return rows
    order = pl.DataFrame(pl.from_arrow(rows.select(keys))).select(pl.arg_sort_by(keys, nulls_last=False)).to_series()
    return rows.take(order.to_arrow())
