"""The SQL engine: a policy's statement, run by DuckDB over Arrow tables."""

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.events import COLUMNS, VISITS, Column, Shape
from facetwise.audit.kernel.source import NOT_ASKED, NOTHING, STATUSES, UNDECIDED
from facetwise.audit.reading.checking_columns import ARROW
from facetwise.audit.sql.events import READ, event_order
from facetwise.audit.sql.names import needs_of
from facetwise.audit.sql.statement import CANNOT_BE_TOLD, policy_sql
from facetwise.rules import Policy

Statuses = tuple[NDArray[np.int8], NDArray[np.int8]]
"""Which request each event is, and the status of every criterion, in the numbers that kernels write."""

_TYPES = ARROW | {Shape.WORD: pa.string()}


def statuses_by_sql(policy: Policy, events: pa.Table, visits: pa.Table | None = None) -> Statuses:
    """What a policy's statement says of each event, in the order of the table, which holds whole patients."""
    given = tables_for(policy, events, visits)
    rows = pa.array(np.arange(len(events)))
    order = f"SELECT row FROM events ORDER BY patient, {event_order(needs_of(policy))}"
    with duckdb.connect() as database:
        database.register("events", given["events"].append_column("row", rows))
        database.register("visits", given["visits"])
        found = database.sql(policy_sql(policy)).to_arrow_table()
        places = database.sql(order).to_arrow_table()["row"].to_numpy()
    asked, statuses = statuses_in(found, policy)
    back = np.argsort(places)
    return asked[back], statuses[back]


def tables_for(policy: Policy, events: pa.Table, visits: pa.Table | None = None) -> dict[str, pa.Table]:
    """The tables `events` and `visits` with all columns that a policy's statement reads, and no others."""
    read = [COLUMNS[name] for name in (*READ, *needs_of(policy).columns())]
    none = pa.table({"patient": pa.array([], pa.int64())})
    return {"events": _complete(events, read), "visits": _complete(none if visits is None else visits, VISITS)}


def statuses_in(found: pa.Table, policy: Policy) -> Statuses:
    """The words of a statement's result as numbers, row by row."""
    requests = [rules.id for rules in policy.requests]
    asked = _numbers(found["asked"], [*requests, CANNOT_BE_TOLD], NOTHING)
    asked[asked == len(requests)] = UNDECIDED
    criteria = [_numbers(found[name], STATUSES, NOT_ASKED) for name in policy.criteria()]
    return asked, np.column_stack(criteria) if criteria else np.empty((len(found), 0), np.int8)


def _complete(table: pa.Table, columns: Sequence[Column]) -> pa.Table:
    return pa.table({column.name: _values(table, column) for column in columns})


def _values(table: pa.Table, column: Column) -> pa.ChunkedArray:
    """A column, or nulls where the table has none. A number that is NaN is not documented, as in the kernels."""
    if column.name not in table.column_names:
        return pa.chunked_array([pa.nulls(len(table), _TYPES[column.shape])])
    values = table[column.name]
    if column.shape is Shape.NUMBER:
        values = values.cast(pa.float64())
        return pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)
    return values


def _numbers(words: pa.ChunkedArray, known: Sequence[str], otherwise: int) -> NDArray[np.int8]:
    found = pc.index_in(words, value_set=pa.array(known, pa.string()))
    numbers: NDArray[np.int8] = pc.fill_null(found, otherwise).to_numpy().astype(np.int8)
    return numbers
