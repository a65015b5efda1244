"""Rows of a table that are accepted, and those that are not, with their reasons."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.events import Column
from facetwise.audit.reading.checking_columns import Checked, ColumnReading, Fault, Mask, nulls_in
from facetwise.audit.reading.rejects import Reason, Rejects, as_json
from facetwise.audit.reading.site_texts import SiteTexts
from facetwise.audit.reading.table_files import NUMBER, PLACE, SITES, TableFiles

_NOTHING: Mapping[str, pa.ChunkedArray] = {}

TEXT_OF_PATIENT = "_patient"
"""The patient as the table names them, where numbers have been put in the place of texts."""


class Checking:
    """Checks the rows of one table, batch by batch. What is rejected goes to `rejects`, where that is given."""

    def __init__(
        self,
        files: TableFiles,
        today: datetime.date,
        rejects: Rejects | None = None,
        *,
        patients_are_numbers: bool = False,
    ) -> None:
        self.files = files
        self.rejects = rejects
        self.columns = ColumnReading(files.first, today, patients_are_numbers=patients_are_numbers)
        self.sites = SiteTexts()

    def accepted(
        self, batch: pa.Table, wanted: Sequence[Column], beside: Mapping[str, pa.ChunkedArray] = _NOTHING
    ) -> pa.Table:
        """The rows that are sound in these columns, with their place; the columns that the table lacks are left out.

        `beside` are columns that go along unchecked.
        """
        columns: dict[str, pa.Array | pa.ChunkedArray] = {}
        faults: list[tuple[str, Fault]] = []
        for column in wanted:
            if column.name in batch.column_names:
                checked = self._column(column, batch)
                columns[column.name] = checked.values
                faults += [(column.name, fault) for fault in checked.faults]
        if SITES in batch.column_names:
            masks = self.sites.masks(batch[SITES])
            columns |= masks.columns
            faults += [(SITES, fault) for fault in masks.faults]
        columns |= {PLACE: batch[PLACE], **beside}
        if NUMBER in batch.column_names:
            columns[TEXT_OF_PATIENT] = batch["patient"]
        return self.without(pa.table(columns), batch, faults)

    def _column(self, column: Column, batch: pa.Table) -> Checked:
        if column.name != "patient" or NUMBER not in batch.column_names:
            return self.columns.read(column, batch[column.name])
        texts, numbers = batch["patient"], batch[NUMBER]
        unnamed, unmatched = nulls_in(texts), nulls_in(numbers)
        faults = [Fault(Reason.NO_PATIENT, unnamed), Fault(Reason.NO_SUCH_PROCEDURE, unmatched)]
        return Checked(numbers, [fault for fault in faults if fault.rows.any()])

    def without(self, table: pa.Table, originals: pa.Table, faults: Sequence[tuple[str, Fault]]) -> pa.Table:
        """The table without its faulty rows; the first fault of each row is told, with the row as it was."""
        if not faults:
            return table
        first = np.full(len(table), -1, np.int16)
        for number, (_, fault) in enumerate(faults):
            first[fault.rows & (first < 0)] = number
        bad = first >= 0
        if self.rejects is not None and bad.any():
            self._reject(self.rejects, originals.filter(pa.array(bad)), np.flatnonzero(bad), first[bad], faults)
        return table.filter(pa.array(~bad))

    def _reject(
        self,
        rejects: Rejects,
        rows: pa.Table,
        numbers: NDArray[Any],
        which: NDArray[Any],
        faults: Sequence[tuple[str, Fault]],
    ) -> None:
        details = np.full(len(rows), "", object)
        for number, (_, fault) in enumerate(faults):
            mine = which == number
            details[mine] = fault.details if isinstance(fault.details, str) else fault.details[numbers[mine]]
        told = {
            **self.files.places(rows[PLACE].to_numpy()),
            "reason": pa.array([str(fault.reason) for _, fault in faults]).take(pa.array(which)),
            "column": pa.array([name for name, _ in faults]).take(pa.array(which)),
            "detail": pa.array(details, pa.string()),
            "original": as_json(_as_it_was(rows)),
        }
        rejects.add(self.files.name, pa.table(told))

    def reject_set_aside(self) -> int:
        """Reject the rows of CSV files that had too few or too many cells since this was last asked; how many."""
        rows = self.files.set_aside()
        if not rows or self.rejects is None:
            return len(rows)
        told = {
            **self.files.places(np.array([place for place, _ in rows], np.int64)),
            "original": as_json(pa.table({"text": [text for _, text in rows]})),
        }
        constant = {"reason": str(Reason.WRONG_NUMBER_OF_CELLS), "column": "", "detail": ""}
        told |= {name: pa.repeat(value, len(rows)) for name, value in constant.items()}
        self.rejects.add(self.files.name, pa.table(told))
        return len(rows)


def _as_it_was(rows: pa.Table) -> pa.Table:
    """The rows without what was added to them, the patient as the table names them."""
    if TEXT_OF_PATIENT in rows.column_names:
        rows = rows.set_column(rows.column_names.index("patient"), "patient", rows[TEXT_OF_PATIENT])
    return rows.select([name for name in rows.column_names if not name.startswith("_")])


def faults_in(column: str, reason: Reason, rows: Mask) -> list[tuple[str, Fault]]:
    """The fault of these rows, if there are any."""
    return [(column, Fault(reason, rows))] if rows.any() else []


def rows_equal_above(table: pa.Table, names: Sequence[str]) -> NDArray[np.bool_]:
    """For each row whether it has the same values as the row above in these columns, null being a value."""
    same = np.ones(len(table), bool)
    same[:1] = False
    for name in names:
        if name in table.column_names:
            values = whole_values(table[name])
            same[1:] &= values[1:] == values[:-1]
    return same


def whole_values(values: pa.ChunkedArray) -> NDArray[np.int64]:
    """Days and whole numbers as numbers, -1 where nothing stands."""
    if pa.types.is_date(values.type):
        values = values.cast(pa.int32())
    found: NDArray[np.int64] = pc.fill_null(values, -1).to_numpy().astype(np.int64, copy=False)
    return found
