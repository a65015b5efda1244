"""Columns as they come into columns as the engines read them, and which rows cannot be accepted, and why.

Every check looks at a whole column first, so that sound tables cost little.
"""

import datetime
from collections.abc import Callable, Sequence
from math import inf
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.events import Column, Shape
from facetwise.audit.reading_vocabulary import Within, bounds, numbers_within
from facetwise.audit.rejects import Reason, Rejects, as_json
from facetwise.audit.table_files import PLACE, TableFiles
from facetwise.documents import DocumentError, Problem
from facetwise.spine import LEVELS

Mask = NDArray[np.bool_]

ARROW = {
    Shape.IDENTIFIER: pa.int64(),
    Shape.DAY: pa.date32(),
    Shape.COUNT: pa.int32(),
    Shape.LEVELS: pa.int32(),
    Shape.NUMBER: pa.float64(),
    Shape.YES_NO: pa.bool_(),
}
"""How each shape is stored once it is checked; words are dictionaries over the column's words, in their order."""

_LARGEST_COUNT = np.iinfo(np.int32).max
_EPOCH = datetime.date(1970, 1, 1)
_MISSING = {"patient": Reason.NO_PATIENT, "kind": Reason.NO_KIND}


class Fault(NamedTuple):
    """Rows of a column that cannot be accepted. `details` is one text for all of them, or one for each row."""

    reason: Reason
    rows: Mask
    details: str | NDArray[Any] = ""


class Checked(NamedTuple):
    """A column as the engines read it, and its faults."""

    values: pa.ChunkedArray
    faults: Sequence[Fault] = ()


class Checking:
    """Checks the rows of one table, batch by batch; what is rejected goes to `rejects`, where that is given."""

    def __init__(self, files: TableFiles, today: datetime.date, rejects: Rejects | None = None) -> None:
        self.files = files
        self.rejects = rejects
        self.last_day = (today - _EPOCH).days + 1
        self.days = DayReading(files)

    def accepted(self, batch: pa.Table, wanted: Sequence[Column]) -> pa.Table:
        """The rows that are sound in these columns, with their place; the columns that the table lacks are left out."""
        columns, faults = {}, []
        for column in wanted:
            if column.name in batch.column_names:
                checked = self.column(column, batch[column.name])
                columns[column.name] = checked.values
                faults += [(column.name, fault) for fault in checked.faults]
        table = pa.table(columns | {PLACE: batch[PLACE]})
        return self.without(table, batch, faults)

    def without(self, table: pa.Table, originals: pa.Table, faults: Sequence[tuple[str, Fault]]) -> pa.Table:
        """The table without its faulty rows; the first fault of each row is told, with the row as it was."""
        if not faults:
            return table
        first = np.full(len(table), -1, np.int16)
        for number, (_, fault) in enumerate(faults):
            first[fault.rows & (first < 0)] = number
        bad = first >= 0
        if self.rejects is not None:
            self._reject(originals.filter(pa.array(bad)), np.flatnonzero(bad), first[bad], faults)
        return table.filter(pa.array(~bad))

    def _reject(
        self, rows: pa.Table, numbers: NDArray[Any], which: NDArray[Any], faults: Sequence[tuple[str, Fault]]
    ) -> None:
        assert self.rejects is not None
        details = np.full(len(rows), "", object)
        for number, (_, fault) in enumerate(faults):
            mine = which == number
            details[mine] = fault.details if isinstance(fault.details, str) else fault.details[numbers[mine]]
        told = {
            **self.files.places(rows[PLACE].to_numpy()),
            "reason": pa.array([str(fault.reason) for _, fault in faults]).take(pa.array(which)),
            "column": pa.array([name for name, _ in faults]).take(pa.array(which)),
            "detail": pa.array(details, pa.string()),
            "original": as_json(rows.drop_columns([name for name in rows.column_names if name.startswith("_")])),
        }
        self.rejects.add(self.files.name, pa.table(told))

    def column(self, column: Column, values: pa.ChunkedArray) -> Checked:
        """One column. Raises `DocumentError` where all of it is of another kind than it should be."""
        missing = []
        if column.required and values.null_count:
            reason = _MISSING.get(column.name, Reason.NO_DATE if column.shape is Shape.DAY else Reason.NO_VALUE)
            missing = [Fault(reason, _nulls(values))]
        if pa.types.is_null(values.type):
            return Checked(pa.chunked_array([pa.nulls(len(values), _arrow(column))]), missing)
        found = self._read(column, values)
        return Checked(found.values, [*missing, *found.faults])

    def _read(self, column: Column, values: pa.ChunkedArray) -> Checked:
        match column.shape:
            case Shape.IDENTIFIER:
                return self._identifiers(column, values)
            case Shape.DAY:
                return self._days(column, values)
            case Shape.COUNT:
                return self._numbers(column, values, Within(0, _LARGEST_COUNT), Reason.NUMBER_OUT_OF_RANGE)
            case Shape.LEVELS:
                return self._numbers(column, values, Within(0, (1 << len(LEVELS)) - 1), Reason.MASK_OUT_OF_RANGE)
            case Shape.NUMBER:
                return self._numbers(column, values, numbers_within(column), Reason.NUMBER_OUT_OF_RANGE)
            case Shape.YES_NO:
                return self._yes_or_no(column, values)
        return self._words(column, values)

    def _identifiers(self, column: Column, values: pa.ChunkedArray) -> Checked:
        """Whole numbers stay so; texts stay texts, for whoever puts numbers in their place."""
        if is_text(values.type):
            return Checked(values.cast(pa.string()))
        if not pa.types.is_integer(values.type):
            raise self.wrong_type(column, values.type, "whole numbers or texts")
        return Checked(values.cast(pa.int64()))

    def _days(self, column: Column, values: pa.ChunkedArray) -> Checked:
        days, faults = self.days.read(column, values)
        first = (bounds().first_day.value - _EPOCH).days
        outside = _outside(days.cast(pa.int32()), Within(first, self.last_day))
        return Checked(days, [*faults, *([Fault(Reason.DATE_OUT_OF_RANGE, outside)] if outside is not None else [])])

    def _numbers(self, column: Column, values: pa.ChunkedArray, within: Within, reason: Reason) -> Checked:
        whole, faults = column.shape is not Shape.NUMBER, []
        if is_text(values.type):
            values, faults = _parsed(values, lambda text: text.cast(pl.Float64, strict=False), Reason.NOT_A_NUMBER)
        elif pa.types.is_boolean(values.type) or not _is_numeric(values.type):
            raise self.wrong_type(column, values.type, "numbers")
        if pa.types.is_decimal(values.type):
            values = values.cast(pa.float64())
        outside = _outside(values, within, whole=whole)
        if outside is not None:
            faults = [*faults, Fault(reason, outside)]
            values = pc.if_else(pa.array(~outside), values, None)
        return Checked(values.cast(ARROW[column.shape]), faults)

    def _yes_or_no(self, column: Column, values: pa.ChunkedArray) -> Checked:
        if pa.types.is_boolean(values.type):
            return Checked(values)
        if not is_text(values.type):
            raise self.wrong_type(column, values.type, "true and false")
        found, faults = _parsed(values, _truths, Reason.NOT_YES_OR_NO)
        return Checked(found, faults)

    def _words(self, column: Column, values: pa.ChunkedArray) -> Checked:
        if not is_text(values.type):
            raise self.wrong_type(column, values.type, "words")
        words = pa.array(column.values)
        codes = [_codes(chunk, words) for chunk in values.chunks]
        found = pa.chunked_array([pa.DictionaryArray.from_arrays(one, words) for one in codes], _arrow(column))
        if found.null_count == values.null_count:
            return Checked(found)
        reason = Reason.UNKNOWN_KIND if column.name == "kind" else Reason.UNKNOWN_WORD
        return Checked(found, [Fault(reason, _nulls(found) & ~_nulls(values))])

    def wrong_type(self, column: Column, type_: pa.DataType, wanted: str) -> DocumentError:
        """A column that cannot be read at all."""
        remedy = f"Write {wanted} there, or leave the column out"
        return DocumentError([Problem(column.name, f"The column holds {type_}", remedy, str(self.files.first))])


class DayReading:
    """Days out of dates, time stamps and texts. One reading sees a whole column, so that zones cannot be mixed."""

    def __init__(self, files: TableFiles) -> None:
        self.files = files
        self.seen: dict[str, set[str]] = {}

    def read(self, column: Column, values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, list[Fault]]:
        """The day of each value, as it is written or as it was in its own zone."""
        if pa.types.is_date(values.type):
            return values.cast(pa.date32()), []
        if pa.types.is_timestamp(values.type):
            if len(values) > values.null_count:
                self._see(column, "with a zone" if values.type.tz else "without a zone")
            return pc.floor_temporal(values, unit="day").cast(pa.date32()), []
        if not is_text(values.type):
            raise DocumentError([self._problem(column, f"The column holds {values.type}", "Write days: YYYY-MM-DD")])
        days, faults = _parsed(values, _days_of_texts, Reason.NOT_A_DATE)
        if pc.max(pc.utf8_length(values.cast(pa.string()))).as_py() != len("YYYY-MM-DD"):
            self._see_texts(column, pl.Series(pl.from_arrow(values.cast(pa.string()))))
        return days, faults

    def _see_texts(self, column: Column, texts: pl.Series) -> None:
        timed = texts.drop_nulls()
        timed = timed.filter(timed.str.contains(_MOMENT))
        zones = timed.str.extract(r"(Z|[+-]\d\d:?\d\d)$")
        if zones.null_count():
            self._see(column, "without a zone")
        if zones.drop_nulls().len():
            self._see(column, "with a zone")

    def _see(self, column: Column, zone: str) -> None:
        seen = self.seen.setdefault(column.name, set())
        seen.add(zone)
        if len(seen) > 1:
            remedy = "Write the day alone, YYYY-MM-DD, as it was where the patient was"
            raise DocumentError([self._problem(column, "Time stamps with and without a time zone are mixed", remedy)])

    def _problem(self, column: Column, what: str, remedy: str) -> Problem:
        return Problem(column.name, what, remedy, str(self.files.first))


_MOMENT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$"


def _days_of_texts(texts: pl.Series) -> pl.Series:
    whole = texts.str.contains(r"^\d{4}-\d\d-\d\d$") | texts.str.contains(_MOMENT)
    return texts.set(~whole.fill_null(True), None).str.slice(0, len("YYYY-MM-DD")).str.to_date("%Y-%m-%d", strict=False)


def _truths(texts: pl.Series) -> pl.Series:
    return texts.replace_strict(["true", "false"], [True, False], default=None, return_dtype=pl.Boolean)


def _parsed(
    values: pa.ChunkedArray, parse: Callable[[pl.Series], pl.Series], reason: Reason
) -> tuple[pa.ChunkedArray, list[Fault]]:
    """Texts through a parser that gives null for what it cannot read."""
    texts = pl.Series(pl.from_arrow(values.cast(pa.string())))
    found = pa.chunked_array([parse(texts).to_arrow()])
    unread = _nulls(found) & ~_nulls(values)
    return found, [Fault(reason, unread)] if unread.any() else []


def _outside(values: pa.ChunkedArray, within: Within, *, whole: bool = False) -> Mask | None:
    """Which numbers lie outside the bounds, are not finite or, where `whole`, have a fraction; None for none."""
    floating = pa.types.is_floating(values.type)
    ends = pc.min_max(values).as_py()
    finite = not floating or pc.all(pc.is_finite(values)).as_py() is not False
    fits = ends["min"] is None or (ends["min"] >= within.low and ends["max"] <= within.high)
    if fits and finite and not (whole and floating):
        return None
    known = _nulls(values) == False  # noqa: E712
    numbers = values.to_numpy().astype(np.float64, copy=False)
    with np.errstate(invalid="ignore"):
        sound = np.isfinite(numbers) & (numbers >= within.low) & (numbers <= within.high)
        sound &= (numbers == np.floor(numbers)) if whole else True
    outside: Mask = known & ~sound
    return outside if outside.any() else None


def _codes(chunk: pa.Array, words: pa.Array) -> pa.Array:
    """The place of each word in the list; null for what is not in it."""
    if pa.types.is_dictionary(chunk.type):
        places = pc.index_in(chunk.dictionary.cast(pa.string()), value_set=words).cast(pa.int8())
        return places.take(chunk.indices)
    return pc.index_in(chunk.cast(pa.string()), value_set=words).cast(pa.int8())


def _arrow(column: Column) -> pa.DataType:
    return ARROW.get(column.shape) or pa.dictionary(pa.int8(), pa.string())


def is_text(type_: pa.DataType) -> bool:
    """Whether a column holds texts, be they in a dictionary."""
    if pa.types.is_dictionary(type_):
        return is_text(type_.value_type)
    return pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_)


def _is_numeric(type_: pa.DataType) -> bool:
    return pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_)


def _nulls(values: pa.ChunkedArray) -> Mask:
    found: Mask = values.is_null().to_numpy()
    return found
