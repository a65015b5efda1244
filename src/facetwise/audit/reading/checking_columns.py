"""A column as it comes into a column as the engines read it, and which of its values cannot be accepted, and why.

Every check looks at the whole column first, so that a sound one costs little.
"""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.events import Column, Shape
from facetwise.audit.reading.days import Zones, days_of_texts
from facetwise.audit.reading.rejects import Reason
from facetwise.audit.reading.vocabulary import Within, bounds, numbers_within
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
    Shape.WORD: pa.dictionary(pa.int8(), pa.string()),
    Shape.LABEL: pa.dictionary(pa.int32(), pa.string()),
}
"""How each shape is stored once it is checked; the dictionary of words is the column's words, in their order."""

_LARGEST_COUNT = np.iinfo(np.int32).max
_MISSING = {"patient": Reason.NO_PATIENT, "beneficiary": Reason.NO_PATIENT, "kind": Reason.NO_KIND}


def _number_of(day: datetime.date) -> int:
    """A day as Arrow counts them."""
    return int(np.datetime64(day, "D").astype(np.int64))


class Fault(NamedTuple):
    """Rows of a column that cannot be accepted. `details` is one text for all of them, or one for each row."""

    reason: Reason
    rows: Mask
    details: str | NDArray[Any] = ""


class Checked(NamedTuple):
    """A column as the engines read it, and its faults."""

    values: pa.ChunkedArray
    faults: Sequence[Fault] = ()


class ColumnReading:
    """Reads the columns of one table, batch by batch. One reading sees the whole table, so that zones cannot be mixed.

    Whole numbers stand for patients where `patients_are_numbers`, even if a text holds them.
    """

    def __init__(self, file: Path, today: datetime.date, *, patients_are_numbers: bool = False) -> None:
        self.file = file
        self.patients_are_numbers = patients_are_numbers
        self.days_allowed = Within(_number_of(bounds().first_day.value), _number_of(today) + 1)
        self.zones = Zones(file)

    def read(self, column: Column, values: pa.ChunkedArray) -> Checked:
        """One column. Raises `DocumentError` where all of it is of another kind than it should be."""
        missing = []
        if column.required and values.null_count:
            reason = _MISSING.get(column.name, Reason.NO_DATE if column.shape is Shape.DAY else Reason.NO_VALUE)
            missing = [Fault(reason, nulls_in(values))]
        if pa.types.is_null(values.type):
            return Checked(pa.chunked_array([pa.nulls(len(values), ARROW[column.shape])]), missing)
        found = self._shaped(column, values)
        return Checked(found.values, [*missing, *found.faults])

    def _shaped(self, column: Column, values: pa.ChunkedArray) -> Checked:
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
            case Shape.LABEL:
                return self._labels(column, values)
        return self._words(column, values)

    def _identifiers(self, column: Column, values: pa.ChunkedArray) -> Checked:
        """Whole numbers stay so; texts stay texts, for whoever puts numbers in their place."""
        if is_text(values.type):
            numbered = self.patients_are_numbers
            return Checked(whole_numbers(values) if numbered else values.cast(pa.string()))
        if not pa.types.is_integer(values.type):
            raise self._wrong_type(column, values.type, "whole numbers or texts")
        return Checked(values.cast(pa.int64()))

    def _days(self, column: Column, values: pa.ChunkedArray) -> Checked:
        days, faults = self._day_of(column, values)
        outside = _outside(days.cast(pa.int32()), self.days_allowed)
        return Checked(days, [*faults, *([Fault(Reason.DATE_OUT_OF_RANGE, outside)] if outside is not None else [])])

    def _numbers(self, column: Column, values: pa.ChunkedArray, within: Within, reason: Reason) -> Checked:
        whole = column.shape is not Shape.NUMBER
        faults: Sequence[Fault] = ()
        if is_text(values.type):
            values, faults = _parsed(values, lambda text: text.cast(pl.Float64, strict=False), Reason.NOT_A_NUMBER)
        elif pa.types.is_boolean(values.type) or not _is_numeric(values.type):
            raise self._wrong_type(column, values.type, "numbers")
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
            raise self._wrong_type(column, values.type, "true and false")
        found, faults = _parsed(values, _truths, Reason.NOT_YES_OR_NO)
        return Checked(found, faults)

    def _labels(self, column: Column, values: pa.ChunkedArray) -> Checked:
        """Any texts, or numbers in their place."""
        if values.type == ARROW[column.shape]:
            return Checked(values)
        if not is_text(values.type) and not pa.types.is_integer(values.type):
            raise self._wrong_type(column, values.type, "texts")
        return Checked(pc.dictionary_encode(values.cast(pa.string())))

    def _words(self, column: Column, values: pa.ChunkedArray) -> Checked:
        if not is_text(values.type):
            raise self._wrong_type(column, values.type, "words")
        words = pa.array(column.values)
        codes = [_codes(chunk, words) for chunk in values.chunks]
        found = pa.chunked_array([pa.DictionaryArray.from_arrays(one, words) for one in codes], ARROW[column.shape])
        if found.null_count == values.null_count:
            return Checked(found)
        reason = Reason.UNKNOWN_KIND if column.name == "kind" else Reason.UNKNOWN_WORD
        return Checked(found, [Fault(reason, nulls_in(found) & ~nulls_in(values))])

    def _wrong_type(self, column: Column, type_: pa.DataType, wanted: str) -> DocumentError:
        """A column that cannot be read at all."""
        remedy = f"Write {wanted} there, or leave the column out"
        return DocumentError([Problem(column.name, f"The column holds {type_}", remedy, str(self.file))])

    def _day_of(self, column: Column, values: pa.ChunkedArray) -> Checked:
        """The day of each value, as it is written or as it was in its own zone."""
        if pa.types.is_date(values.type):
            return Checked(values.cast(pa.date32()))
        if not pa.types.is_timestamp(values.type) and not is_text(values.type):
            raise self._wrong_type(column, values.type, "days as YYYY-MM-DD")
        self.zones.see(column.name, values)
        if pa.types.is_timestamp(values.type):
            return Checked(pc.floor_temporal(values, unit="day").cast(pa.date32()))
        days, faults = _parsed(values, days_of_texts, Reason.NOT_A_DATE)
        return Checked(days, faults)


def _truths(texts: pl.Series) -> pl.Series:
    return texts.replace_strict(["true", "false"], [True, False], default=None, return_dtype=pl.Boolean)


def _parsed(
    values: pa.ChunkedArray, parse: Callable[[pl.Series], pl.Series], reason: Reason
) -> tuple[pa.ChunkedArray, list[Fault]]:
    """Texts through a parser that gives null for what it cannot read."""
    texts = pl.Series(pl.from_arrow(values.cast(pa.string())))
    found = pa.chunked_array([parse(texts).to_arrow()])
    unread = nulls_in(found) & ~nulls_in(values)
    return found, [Fault(reason, unread)] if unread.any() else []


def _outside(values: pa.ChunkedArray, within: Within, *, whole: bool = False) -> Mask | None:
    """Which numbers lie outside the bounds, are not finite or, where `whole`, have a fraction; None for none."""
    floating = pa.types.is_floating(values.type)
    ends = pc.min_max(values).as_py()
    finite = not floating or pc.all(pc.is_finite(values)).as_py() is not False
    fits = ends["min"] is None or (ends["min"] >= within.low and ends["max"] <= within.high)
    if fits and finite and not (whole and floating):
        return None
    numbers = values.to_numpy().astype(np.float64, copy=False)
    with np.errstate(invalid="ignore"):
        sound = np.isfinite(numbers) & (numbers >= within.low) & (numbers <= within.high)
        sound &= (numbers == np.floor(numbers)) if whole else True
    outside: Mask = ~nulls_in(values) & ~sound
    return outside if outside.any() else None


def _codes(chunk: pa.Array, words: pa.Array) -> pa.Array:
    """The place of each word in the list; null for what is not in it."""
    if not pa.types.is_dictionary(chunk.type):
        return pc.index_in(chunk.cast(pa.string()), value_set=words).cast(pa.int8())
    places = pc.index_in(chunk.dictionary.cast(pa.string()), value_set=words).cast(pa.int8())
    indices = chunk.indices
    if places.null_count or indices.offset or not len(places):
        return places.take(indices)
    validity, data = indices.buffers()  # where nothing stands any number may be written: it is clipped, and not read
    numbers = np.frombuffer(data, indices.type.to_pandas_dtype(), len(indices))
    taken = np.take(places.to_numpy(), numbers, mode="clip")
    return pa.Array.from_buffers(pa.int8(), len(taken), [validity, pa.py_buffer(taken)])


def whole_numbers(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts that are whole numbers as such; null for any other."""
    values = pl.Series(pl.from_arrow(texts.cast(pa.string())))
    plain = values.str.contains(r"^(0|-?[1-9]\d{0,17})$")
    return pa.chunked_array([values.set(~plain.fill_null(True), None).cast(pl.Int64).to_arrow()])


def is_text(type_: pa.DataType) -> bool:
    """Whether a column holds texts, be they in a dictionary."""
    if pa.types.is_dictionary(type_):
        return is_text(type_.value_type)
    return any(one(type_) for one in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view))


def _is_numeric(type_: pa.DataType) -> bool:
    return any(one(type_) for one in (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal))


def nulls_in(values: pa.ChunkedArray | pa.Array) -> Mask:
    """Where nothing stands."""
    found: Mask = values.is_null().to_numpy(zero_copy_only=False)
    return found
