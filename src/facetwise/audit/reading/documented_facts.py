"""What was documented of a patient on a day: each later procedure without a value of its own gets the latest one."""

from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.events import FACTS, Column, Shape
from facetwise.audit.reading.checking_columns import Fault, is_text, nulls_in
from facetwise.audit.reading.checking_rows import Checking
from facetwise.audit.reading.rejects import Reason
from facetwise.audit.reading.table_files import TableFiles
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS

PATIENT_FACTS = tuple(
    name
    for name in FACTS
    if name in REQUEST_FIELDS and name not in PRIOR_FIELDS and not REQUEST_FIELDS[name].path.startswith("request.")
)
"""Facts that belong to the patient and not to one procedure, and so may be documented on any day."""

DOCUMENTATION = (
    Column("patient", Shape.IDENTIFIER, "The patient", required=True),
    Column("date", Shape.DAY, "The day on which it was documented", required=True),
    Column("field", Shape.WORD, "Which fact, by the name of its column in the event table", required=True,
           values=tuple(FACTS)),
    Column("value", Shape.LABEL, "Its value as text: true or false, a number, or a word of the list",
           required=True),
)  # fmt: skip
"""The table of documented facts, one row for each fact and day."""

_DAYS = 1 << 20


def documented_fields(files: TableFiles) -> tuple[str, ...]:
    """Which facts the table speaks of, in the order of the event table."""
    seen: set[str] = set()
    for batch in files.batches(["field"]):
        if is_text(batch["field"].type):
            seen.update(pc.unique(batch["field"].cast(pa.string())).to_pylist())
    return tuple(name for name in PATIENT_FACTS if name in seen)


def accepted_facts(checking: Checking, batch: pa.Table) -> pa.Table:
    """The rows that name a fact of the patient and give it a value that it can have."""
    table = checking.accepted(batch, DOCUMENTATION)
    fields, faults = table["field"].cast(pa.string()), []
    others = nulls_in(pc.index_in(fields, value_set=pa.array(PATIENT_FACTS)))
    if others.any():
        faults.append(("field", Fault(Reason.NOT_A_FACT_OF_THE_PATIENT, others, _OF_PROCEDURES)))
    for name in pc.unique(fields).to_pylist():
        if name in PATIENT_FACTS:
            mine = np.flatnonzero(pc.equal(fields, name).to_numpy())
            found = checking.columns.read(FACTS[name], table["value"].take(pa.array(mine)))
            faults += [("value", _spread(fault, mine, len(table))) for fault in found.faults]
    return checking.without(table, table, faults)


_OF_PROCEDURES = "it belongs to one procedure: give it in the event table"


def _spread(fault: Fault, rows: NDArray[Any], count: int) -> Fault:
    everywhere = np.zeros(count, bool)
    everywhere[rows[fault.rows]] = True
    return Fault(fault.reason, everywhere, fault.details)


def without_contradictions(checking: Checking, facts: pa.Table) -> pa.Table:
    """The facts of whole patients without those that have two values on one day."""
    if len(facts) == 0:
        return facts
    frame = pl.DataFrame(pl.from_arrow(facts.select(["patient", "date", "field", "value"])))
    values = pl.col("value").n_unique().over("patient", "date", "field")
    several = frame.select(values > 1).to_series().to_numpy()
    return checking.without(facts, facts, [("value", Fault(Reason.TWO_VALUES_OF_ONE_DAY, several))])


def filled(events: pa.Table, facts: pa.Table, names: list[str], checking: Checking) -> pa.Table:
    """The events with these facts as of their days. A column that the events lack is added."""
    patients = np.unique(events["patient"].to_numpy())
    moments = _moments(events, patients)
    fields = facts["field"].cast(pa.string())
    for name in names:
        mine = facts.filter(pc.equal(fields, name))
        order = np.argsort(_moments(mine, patients), kind="stable")
        mine = mine.take(pa.array(order))
        values = checking.columns.read(FACTS[name], mine["value"]).values
        at = np.searchsorted(_moments(mine, patients), moments, side="right") - 1
        known = at >= 0
        known[known] = mine["patient"].to_numpy()[at[known]] == events["patient"].to_numpy()[known]
        documented = values.take(pa.array(at, mask=~known)) if len(mine) else pa.nulls(len(events), values.type)
        events = _with(events, name, documented)
    return events


def _moments(table: pa.Table, patients: NDArray[Any]) -> NDArray[Any]:
    """Patient and day as one whole number that sorts by both; patients are counted among those of the batch."""
    days = table["date"].cast(pa.int32()).to_numpy().astype(np.int64)
    moments: NDArray[Any] = np.searchsorted(patients, table["patient"].to_numpy()) * _DAYS + days
    return moments


def _with(events: pa.Table, name: str, documented: pa.ChunkedArray | pa.Array) -> pa.Table:
    if name not in events.column_names:
        return events.append_column(name, documented)
    place = events.column_names.index(name)
    return events.set_column(place, name, _coalesced(events[name], documented))


def _coalesced(own: pa.ChunkedArray, other: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """The first of two values that is there. Words are compared as numbers: both columns have one list of words."""
    if not pa.types.is_dictionary(own.type):
        return pc.coalesce(own, other)
    words = own.type
    both = [_indices(own), _indices(pa.chunked_array([other]) if isinstance(other, pa.Array) else other)]
    values = own.chunk(0).dictionary if own.num_chunks else other.chunk(0).dictionary
    return pa.chunked_array([pa.DictionaryArray.from_arrays(pc.coalesce(*both), values)], words)


def _indices(values: pa.ChunkedArray) -> pa.Array:
    parts = [chunk.indices for chunk in values.chunks]
    return pa.concat_arrays(parts) if parts else pa.array([], pa.int8())
