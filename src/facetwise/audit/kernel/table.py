"""Events in memory as kernels read them: arrays of small numbers, cut out of an Arrow table of whole patients."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.events import COLUMNS, FACTS, Shape
from facetwise.audit.kernel.runtime import calendar
from facetwise.audit.reading.checking_rows import TEXT_OF_PATIENT
from facetwise.audit.reading.visits_of_events import first_event_of_visits, visits_by_event

Array = NDArray[Any]

NOT_DOCUMENTED = -1
"""What stands for a missing word, sequence or set of sites."""


class Events(msgspec.Struct):
    """The events of whole patients, sorted by patient, day and sequence.

    `starts` has one entry more than there are patients: the events of patient n are rows starts[n] to starts[n + 1].
    Yes-or-no facts are 0 no, 1 not documented, 2 yes; words are their place in the catalogue's list; NaN is a missing
    number. `names` is each event's patient as the table names them. `visit_starts` cuts the visits of each event out
    of the visits, which are sorted by event and day.
    """

    patients: Array
    starts: Array
    history_known: Array
    date: Array
    sequence: Array
    kind: Array
    left: Array
    right: Array
    unsided: Array
    month: Array
    month_day: Array
    visit_starts: Array
    visit_day: Array
    visit_relief: Array
    visit_function: Array
    names: pa.ChunkedArray
    facts: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.date)


def events_in(table: pa.Table, visits: pa.Table | None = None) -> Events:
    """The events of an Arrow table that is sorted and valid, with the follow-up visits of the same patients."""
    patients = _integers(table, "patient", np.int64)
    date = _integers(table, "date", np.int32)
    first = np.flatnonzero(np.r_[True, patients[1:] != patients[:-1]]) if len(patients) else np.zeros(0, np.int64)
    month, month_day = np.empty(len(date), np.int32), np.empty(len(date), np.int8)
    calendar(date, month, month_day)
    left, right, unsided = (_integers(table, f"{side}_levels", np.int32) for side in ("left", "right", "unsided"))
    masks = [np.maximum(mask, 0) for mask in (left, right, unsided)]
    undocumented = (
        masks[0] | masks[1] | masks[2]
    ) == 0  # a procedure without any joint is one whose joints nobody wrote
    sides = [np.where(undocumented, NOT_DOCUMENTED, mask).astype(np.int32) for mask in masks]
    sequence = _integers(table, "sequence", np.int32)
    visit_starts, visit_day, relief, function = _visits(patients, date, sequence, visits)
    return Events(
        patients=patients[first],
        starts=np.r_[first, len(patients)].astype(np.int64),
        history_known=_truths(table, "history_known")[first] == 2,
        date=date,
        sequence=sequence,
        kind=_codes(table, "kind"),
        left=sides[0],
        right=sides[1],
        unsided=sides[2],
        month=month,
        month_day=month_day,
        visit_starts=visit_starts,
        visit_day=visit_day,
        visit_relief=relief,
        visit_function=function,
        names=table[TEXT_OF_PATIENT if TEXT_OF_PATIENT in table.column_names else "patient"],
        facts={name: _fact(table, name) for name in FACTS if name in table.column_names},
    )


def _fact(table: pa.Table, name: str) -> Array:
    shape = FACTS[name].shape
    if shape is Shape.NUMBER:
        return _number(table, name)
    return _truths(table, name) if shape is Shape.YES_NO else _codes(table, name)


def _integers(table: pa.Table, name: str, dtype: type) -> Array:
    if name not in table.column_names:
        return np.full(len(table), NOT_DOCUMENTED, dtype)
    column = table[name]
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    values: Array = pc.fill_null(column, NOT_DOCUMENTED).to_numpy().astype(dtype, copy=False)
    return values


def _truths(table: pa.Table, name: str) -> Array:
    """Yes-or-no facts as 0, 1 and 2, taken from Arrow's bits: three passes over small numbers."""
    if name not in table.column_names:
        return np.ones(len(table), np.int8)
    pieces = []
    for chunk in table[name].chunks:
        there = _there(chunk)
        said = _bits(chunk.buffers()[1], chunk) if pa.types.is_boolean(chunk.type) else np.zeros(len(chunk), np.int8)
        pieces.append(2 * said if there is None else 1 - there + 2 * (said & there))
    return np.concatenate(pieces) if pieces else np.ones(0, np.int8)


def _there(chunk: pa.Array) -> Array | None:
    """1 where a value stands and 0 where none does; None where one stands everywhere."""
    if chunk.null_count == 0:
        return None
    if chunk.null_count == len(chunk):
        return np.zeros(len(chunk), np.int8)
    return _bits(chunk.buffers()[0], chunk)


def _bits(buffer: pa.Buffer, chunk: pa.Array) -> Array:
    """The bits of an array as numbers 0 and 1."""
    first, offset = divmod(chunk.offset, 8)
    packed = np.frombuffer(buffer, np.uint8)[first : first + (offset + len(chunk) + 7) // 8]
    return np.unpackbits(packed, count=offset + len(chunk), bitorder="little")[offset:].view(np.int8)


def _codes(table: pa.Table, name: str) -> Array:
    """Words as their place in the list of the column's words."""
    words = pa.array(COLUMNS[name].values)
    pieces = [_codes_of(chunk, words) for chunk in table[name].chunks]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.int8)


def _codes_of(chunk: pa.Array, words: pa.Array) -> Array:
    """The same of one chunk; a checked one already holds these places."""
    if not pa.types.is_dictionary(chunk.type):
        chunk = pc.index_in(chunk, value_set=words)
    elif chunk.dictionary.equals(words):
        chunk = chunk.indices
    else:
        chunk = pc.index_in(chunk.dictionary, value_set=words).take(chunk.indices)
    values: Array = pc.fill_null(chunk, NOT_DOCUMENTED).to_numpy(zero_copy_only=False).astype(np.int8, copy=False)
    return values


def _visits(
    patients: Array, date: Array, sequence: Array, visits: pa.Table | None
) -> tuple[Array, Array, Array, Array]:
    """The visits in the order of their events, and where each event's begin."""
    if visits is None or len(visits) == 0:
        empty = np.zeros(1)
        return np.zeros(len(date) + 1, np.int64), np.zeros(1, np.int32), empty, empty
    who = _integers(visits, "patient", np.int64)
    if (who[1:] < who[:-1]).any():
        visits = visits.sort_by("patient")
        who = _integers(visits, "patient", np.int64)
    done = _integers(visits, "procedure_date", np.int32)
    rows = first_event_of_visits(patients, date, sequence, who, done, _integers(visits, "procedure_sequence", np.int32))
    told = (_number(visits, name) for name in ("relief_percent", "function_improved_percent"))
    return visits_by_event(date, sequence, patients, rows, _integers(visits, "date", np.int32), *told)


def _number(table: pa.Table, name: str) -> Array:
    """Numbers, NaN for what is missing."""
    if name not in table.column_names:
        return np.full(len(table), np.nan)
    pieces = []
    for chunk in table[name].chunks:
        there = _there(chunk)
        if there is not None and not there.any():
            pieces.append(np.full(len(chunk), np.nan))
            continue
        whole = chunk.cast(pa.float64())
        values = np.frombuffer(whole.buffers()[1], np.float64)[whole.offset : whole.offset + len(whole)]
        pieces.append(values if there is None else np.where(there, values, np.nan))
    return np.concatenate(pieces) if pieces else np.zeros(0)
