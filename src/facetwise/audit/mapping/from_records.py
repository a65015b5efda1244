"""Records into event tables: each procedure a row, with the facts that rules see when they are asked about it.

So the engines can be held against the evaluator of one patient. What a table cannot hold is lost, and said to be:
a number that is known only within bounds; a fact of an earlier procedure that later days see differently; and the
follow-up visits of procedures that a day's order does not tell apart. All of them become *not documented*.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from msgspec.structs import replace

from facetwise.audit.events import COLUMNS, DERIVED_OF_PRIOR, FACTS, VISITS
from facetwise.audit.reading.checking_columns import ARROW
from facetwise.audit.reading.side_files import kept_whole
from facetwise.audit.reading.site_texts import MASKS
from facetwise.diary import score_block
from facetwise.records import PRIOR_FIELDS, FollowUp, Interval, Planned, Procedure, Record, Request, as_it_stood
from facetwise.rules.expressions import Value
from facetwise.rules.facts import request_facts
from facetwise.rules.response import follow_up_facts, procedure_facts

ORIGIN = "origin"
"""A column of its own: which procedure of the record a row is, by its id or its place."""

EVENT_SCHEMA = pa.schema([*((name, ARROW[column.shape]) for name, column in COLUMNS.items()), (ORIGIN, pa.string())])
VISIT_SCHEMA = pa.schema([(column.name, ARROW[column.shape]) for column in VISITS])

_OF_PRIOR = [name for name in PRIOR_FIELDS if name not in DERIVED_OF_PRIOR]
_OF_VISITS = "follow_ups"

PORTION = 1 << 14
"""Events that are in memory before they are written."""


class Loss(NamedTuple):
    """A fact that a table cannot hold: the number of the procedure in the record, and the fact's name.

    `of_request` says whether the procedure itself loses it when it is asked about, or what later ones see of it.
    """

    procedure: int
    fact: str
    of_request: bool


class RecordRows(NamedTuple):
    """The rows of one record, and what they could not hold."""

    events: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    lost: list[Loss]


def events_of_records(records: Iterable[Record]) -> tuple[pa.Table, pa.Table]:
    """The procedures of these records as events, and their visits. Patients are numbered from 0 in this order."""
    rows = [rows_of_record(record, number) for number, record in enumerate(records)]
    events = [event for one in rows for event in one.events]
    visits = [visit for one in rows for visit in one.visits]
    return pa.Table.from_pylist(events, EVENT_SCHEMA), pa.Table.from_pylist(visits, VISIT_SCHEMA)


def rows_of_record(record: Record, patient: int | str) -> RecordRows:
    """The procedures of one record as events, sorted by day and order, with their visits."""
    drawing = _Drawing(record, patient)
    order = sorted(range(len(drawing.procedures)), key=drawing.place)
    return RecordRows([drawing.event(number) for number in order], drawing.visits(order), drawing.lost)


def write_rows(records: Iterable[RecordRows], folder: Path) -> None:
    """The rows as event tables of a folder, a portion at a time; patients are named by texts."""
    schemas = {"events": _named_by_texts(EVENT_SCHEMA), "visits": _named_by_texts(VISIT_SCHEMA)}
    with ExitStack() as stack:
        writers = {}
        for name, schema in schemas.items():
            partial = stack.enter_context(kept_whole(folder / f"{name}.parquet"))
            writers[name] = stack.enter_context(pq.ParquetWriter(partial, schema))
        held: Mapping[str, list[dict[str, Any]]] = {name: [] for name in schemas}
        for rows in records:
            held["events"].extend(rows.events)
            held["visits"].extend(rows.visits)
            if len(held["events"]) >= PORTION:
                _flush(held, writers, schemas)
        _flush(held, writers, schemas)


def _flush(held: Mapping[str, list[dict[str, Any]]], writers: Mapping[str, Any], schemas: Mapping[str, Any]) -> None:
    for name, rows in held.items():
        writers[name].write_table(pa.Table.from_pylist(rows, schemas[name]))
        rows.clear()


def _named_by_texts(schema: pa.Schema) -> pa.Schema:
    return schema.set(schema.get_field_index("patient"), pa.field("patient", pa.string()))


class _Drawing:
    """Draws the rows of one record."""

    def __init__(self, record: Record, patient: int | str) -> None:
        self.patient = patient
        self.procedures = record.procedures or ()
        self.record = replace(record, procedures=None if record.procedures is None else ())
        self.sequences = _sequences(self.procedures)
        self.days = sorted({procedure.date for procedure in self.procedures})
        self.on_day = Counter(procedure.date for procedure in self.procedures)
        self.keys = Counter(zip((one.date for one in self.procedures), self.sequences, strict=True))
        self.lost: list[Loss] = []

    def place(self, number: int) -> tuple[datetime.date, int]:
        """Day and order, those without an order first."""
        sequence = self.sequences[number]
        return self.procedures[number].date, -1 if sequence is None else sequence

    def event(self, number: int) -> dict[str, Any]:
        procedure = self.procedures[number]
        facts = {**self._as_asked(number), **self._as_seen_later(number)}
        sites = procedure.sites
        masks = (None, None, None) if sites is None else (sites.left, sites.right, sites.unsided)
        return {
            "patient": self.patient,
            "date": procedure.date,
            "sequence": self.sequences[number],
            "kind": str(procedure.kind),
            **dict(zip(MASKS, masks, strict=True)),
            "history_known": True,
            **facts,
            ORIGIN: procedure.id if procedure.id is not None else f"procedures[{number}]",
        }

    def _as_asked(self, number: int) -> dict[str, Any]:
        """The facts of the procedure as a request of its own day."""
        procedure = self.procedures[number]
        request = Request(**{name: getattr(procedure, name) for name in Planned.__struct_fields__})
        drawn = request_facts(as_it_stood(self.record, procedure.date), request)
        return {name: self._held(number, name, [drawn[name]], True) for name in FACTS if name in drawn}

    def _as_seen_later(self, number: int) -> dict[str, Any]:
        """What later requests, and others of its day, see of the procedure: where they all see the same."""
        procedure = self.procedures[number]
        response = score_block(procedure)
        seen = [
            procedure_facts(_known_by(procedure, day), response, day) for day in self._days_that_see(procedure)
        ] or [procedure_facts(_known_by(procedure, procedure.date), response, procedure.date)]
        return {name: self._held(number, name, [facts[name] for facts in seen], False) for name in _OF_PRIOR}

    def _days_that_see(self, procedure: Procedure) -> list[datetime.date]:
        """The days of requests that look at a procedure; visits apart, they all see the same."""
        alone = self.on_day[procedure.date] == 1
        days = [day for day in self.days if day > procedure.date or (day == procedure.date and not alone)]
        return days if procedure.follow_ups else days[:1]

    def _held(self, number: int, name: str, values: Sequence[Value], of_request: bool) -> Any:
        """The one value that all agree on, as a cell; None, and a loss, for any other."""
        value = values[0]
        if isinstance(value, Interval) or any(other != value for other in values):
            self.lost.append(Loss(number, name, of_request))
            return None
        if value is None or isinstance(value, bool):
            return value
        return str(value) if isinstance(value, str) else float(value)

    def visits(self, order: Sequence[int]) -> list[dict[str, Any]]:
        """The follow-ups that tell something, of procedures that day and order tell apart."""
        rows = []
        for number in order:
            procedure, sequence = self.procedures[number], self.sequences[number]
            told = [(visit, facts) for visit in procedure.follow_ups or () if (facts := _told(procedure, visit))]
            if told and self.keys[procedure.date, sequence] > 1:
                self.lost.append(Loss(number, _OF_VISITS, False))
                continue
            keys = {"patient": self.patient, "procedure_date": procedure.date, "procedure_sequence": sequence}
            rows += [{**keys, "date": visit.date, **facts} for visit, facts in told]
        return rows


def _sequences(procedures: Sequence[Procedure]) -> list[int | None]:
    """The order within the day; numbers below zero, which a table cannot hold, are counted up from zero."""
    given = [procedure.sequence for procedure in procedures]
    least = min((sequence for sequence in given if sequence is not None), default=0)
    return [None if sequence is None else sequence - min(least, 0) for sequence in given]


def _known_by(procedure: Procedure, day: datetime.date) -> Procedure:
    if not procedure.follow_ups:
        return procedure
    return replace(procedure, follow_ups=tuple(visit for visit in procedure.follow_ups if visit.date <= day))


def _told(procedure: Procedure, visit: FollowUp) -> Mapping[str, Value]:
    """Relief and function of one visit, the relief from its score where it is not stated."""
    facts = follow_up_facts(replace(procedure, follow_ups=(visit,)), visit.date)
    found = {
        "relief_percent": facts["best_follow_up_relief_percent"],
        "function_improved_percent": facts["function_improved_percent"],
    }
    return found if any(value is not None for value in found.values()) else {}
