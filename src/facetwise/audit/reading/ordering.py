"""Whether a table is in order, and putting it in order on disk, with as little memory as DuckDB is allowed."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.events import Column
from facetwise.audit.reading.checking_columns import ColumnReading, is_text, whole_numbers
from facetwise.audit.reading.checking_rows import Checking, rows_equal_above, whole_values
from facetwise.audit.reading.damage import readable
from facetwise.audit.reading.table_files import BATCH, NUMBER, PLACE, SITES, TableFiles
from facetwise.audit.reading.whole_patients import whole_patients
from facetwise.audit.reading.working_database import WorkingDatabase, Workspace, parquet, working_database

Progress = Callable[[int], None]

PATIENTS = "patients.parquet"
"""The numbers that stand for patients who are named by texts: `number` and `patient`, in the order of the texts."""


class Order(msgspec.Struct, frozen=True):
    """How a table stands: `patients` is None where it is not sorted.

    `texts` says that patients are named by texts that are not all whole numbers. `suspects` are rows that may be
    duplicates of another.
    """

    sorted: bool
    texts: bool
    rows: int
    patients: int | None
    suspects: int


def examine(files: TableFiles, keys: Sequence[Column], today: datetime.date) -> Order:
    """Read the key columns once. Raises `DocumentError` where days of different time zones are mixed."""
    return _Examination(files, keys, today).order()


class _Examination:
    """One look at the keys of a table, from its first row to its last."""

    def __init__(self, files: TableFiles, keys: Sequence[Column], today: datetime.date) -> None:
        self.files = files
        self.keys = keys
        self.order_by = [key.name for key in keys[:3] if key.name in files.columns]
        self.named = is_text(files.columns["patient"]) and NUMBER not in files.columns
        self.sure = not self.named and all(not is_text(files.columns[name]) for name in self.order_by)
        self.checking = Checking(files, today, patients_are_numbers=True)
        self.rows = self.patients = self.suspects = 0
        self.sorted, self.texts = True, False
        self.last: NDArray[np.int64] | None = None

    def order(self) -> Order:
        for table in whole_patients(self._in_order(), BATCH):
            self.suspects += _suspects(table, [key.name for key in self.keys])
        rows = self.files.rows if self.files.rows is not None else self.rows
        sorted_ = self.sorted and not self.texts
        return Order(sorted_, self.texts, rows, self.patients if sorted_ else None, self.suspects)

    def _in_order(self) -> Iterator[pa.Table]:
        names = [key.name for key in self.keys if key.name in self.files.columns]
        names += [SITES] if SITES in self.files.columns else []
        for batch in self.files.batches(names):
            self.rows += len(batch) + len(self.files.set_aside())
            if self.named:
                self.texts = self.texts or whole_numbers(batch["patient"]).null_count > batch["patient"].null_count
            table = self.checking.accepted(batch, self.keys)
            self.sorted = self.sorted and not self.texts and self._follows(table)
            if self.sorted:
                yield table
            elif self.sure and self.files.rows is not None:
                return  # nothing more can be learnt

    def _follows(self, table: pa.Table) -> bool:
        """Whether the rows are in order among themselves and after those before."""
        if not len(table):
            return True
        values = np.stack([whole_values(table[name]) for name in self.order_by])
        if self.last is not None:
            values = np.concatenate([self.last[:, None], values], axis=1)
        else:
            self.patients += 1
        self.last = values[:, -1]
        before = np.zeros(values.shape[1] - 1, bool)
        tied = np.ones(values.shape[1] - 1, bool)
        for one in values:
            before |= tied & (one[1:] < one[:-1])
            tied &= one[1:] == one[:-1]
        self.patients += int(np.count_nonzero(values[0, 1:] != values[0, :-1]))
        return not before.any()


def _suspects(table: pa.Table, names: Sequence[str]) -> int:
    """How many rows share all their keys with another one of the patient."""
    tied = rows_equal_above(table, names[:3])
    if not tied.any():
        return 0
    tied[:-1] |= tied[1:]
    shown = [name for name in table.column_names if not name.startswith("_")]
    return int(pl.DataFrame(pl.from_arrow(table.select(shown).filter(pa.array(tied)))).is_duplicated().sum())


def put_in_order(
    files: TableFiles,
    order_by: Sequence[Column],
    workspace: Workspace,
    today: datetime.date,
    *,
    named_in: Path | None = None,
    names_patients: bool = False,
    progress: Progress | None = None,
) -> TableFiles:
    """The table sorted by patient and the other keys, nulls first, as a file of the workspace.

    Patients named by texts get the numbers of `named_in`, which is written first where `names_patients`.
    """
    target = workspace.folder / f"{files.name}-in-order.parquet"
    keys = [f"_key_{number}" for number in range(len(order_by))]
    with working_database(workspace) as database:
        if names_patients and named_in is not None:
            _write_names(database, files, named_in)
        database.register("unsorted", *_keyed(files, order_by, today, named_in is None, progress))
        number, join = keys[0], ""
        if named_in is not None:
            number, join = "named.number", f"LEFT JOIN {parquet(named_in)} AS named ON named.patient = {keys[0]}"
        added = f", {number} AS {NUMBER}" if is_text(files.columns["patient"]) else ""
        order = ", ".join(f"{key} NULLS FIRST" for key in [number, *keys[1:]])
        query = f"SELECT unsorted.* EXCLUDE ({', '.join(keys)}){added} FROM unsorted {join} ORDER BY {order}, {PLACE}"
        database.write(query, target)
    return TableFiles(files.name, [target], files.origin)


def _keyed(
    files: TableFiles, order_by: Sequence[Column], today: datetime.date, numbers: bool, progress: Progress | None
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The rows as they are, with the values to sort by beside them."""
    reading = ColumnReading(files.first, today, patients_are_numbers=numbers)
    names = list(files.columns)

    def batches() -> Iterator[pa.RecordBatch]:
        done = 0
        for batch in files.batches(names):
            for number, key in enumerate(order_by):
                values = reading.read(key, batch[key.name]).values if key.name in names else pa.nulls(len(batch))
                values = values.cast(types[number]) if values.type != types[number] else values
                batch = batch.append_column(f"_key_{number}", values)
            yield from readable(files.first, partial(batch.cast, schema)).to_batches()
            done += len(batch)
            if progress is not None:
                progress(done)

    types = [pa.int64() if numbers else pa.string(), pa.date32(), pa.int32()][: len(order_by)]
    fields = [*files.columns.items(), (PLACE, pa.int64()), *((f"_key_{n}", type_) for n, type_ in enumerate(types))]
    schema = pa.schema(fields)
    return schema, batches()


def _write_names(database: WorkingDatabase, files: TableFiles, target: Path) -> None:
    """Number the distinct texts that name patients, in their order."""

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in files.batches(["patient"]):
            yield from pa.table({"patient": pc.unique(batch["patient"].cast(pa.string()))}).to_batches()

    database.register("texts", pa.schema([("patient", pa.string())]), batches())
    numbered = "SELECT row_number() OVER (ORDER BY patient) - 1 AS number, patient"
    distinct = "SELECT DISTINCT patient FROM texts WHERE patient IS NOT NULL"
    database.write(f"{numbered} FROM ({distinct}) ORDER BY number", target)
