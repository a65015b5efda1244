"""A chunk of patients as Arrow tables: events, follow-up visits, and the hidden truth apart from them."""

import datetime
from functools import cache
from typing import TypeVar

import msgspec
import numpy as np
import pyarrow as pa

from facetwise.audit.events import COLUMNS, VISITS, Column, Shape
from facetwise.audit.reading.checking_columns import ARROW
from facetwise.audit.synthesis.assumptions import Who
from facetwise.audit.synthesis.chances import strata
from facetwise.audit.synthesis.course import procedures
from facetwise.audit.synthesis.facts import Told, days_of, facts
from facetwise.audit.synthesis.patients import SOURCES, Patients, patients
from facetwise.audit.synthesis.reading import assumptions
from facetwise.audit.synthesis.responses import Relief, Visits, relief, visits
from facetwise.audit.synthesis.steps import NONE, Procedures
from facetwise.audit.synthesis.streams import Array, Stream, Topic

Columns = TypeVar("Columns", bound=msgspec.Struct)

ROWS_OF_A_PATIENT = 1 << 16
"""An id is the patient's number times this, and a number within the patient, who never has as many rows."""

TRUTH = pa.schema(
    [
        ("patient", pa.int64()),
        ("region", pa.dictionary(pa.int8(), pa.string())),
        ("positive_from_percent", pa.int32()),
        ("source", pa.dictionary(pa.int8(), pa.string())),
        ("left_levels", pa.int32()),
        ("right_levels", pa.int32()),
    ]
)
"""What nobody in the simulation knows: what hurts, and at which joints, 0 where at none."""


class Sites(msgspec.Struct):
    """The levels that are documented of each procedure, as masks; `known` is false where none are."""

    left: Array
    right: Array
    unsided: Array
    known: Array


class Chunk(msgspec.Struct):
    """A chunk of patients: what was done, what is documented of it, and what is true."""

    patients: Patients
    procedures: Procedures
    relief: Relief
    visits: Visits
    facts: dict[str, Told]
    sites: Sites
    today: datetime.date

    @property
    def numbers(self) -> Array:
        """The patient's number of each procedure."""
        numbers: Array = self.patients.number[self.procedures.patient]
        return numbers

    @property
    def ids(self) -> Array:
        """A number for each procedure: the patient's number, and its place among the patient's procedures."""
        first = np.searchsorted(self.procedures.patient, self.procedures.patient)
        ids: Array = self.numbers * ROWS_OF_A_PATIENT + np.arange(len(first)) - first + 1
        return ids

    @property
    def sequence(self) -> tuple[Array, Array]:
        """The place of each procedure within its day, and whether it is documented, as it always is of days with twins.

        A day is numbered whole or not at all, so that the table is in order as it stands.
        """
        place, ordered = self.procedures.place, self.patients.ordered[self.procedures.patient]
        day = np.cumsum(place <= 1) - 1
        twins = np.bincount(day, weights=self.procedures.twin) > 0
        return place, (place > 0) & (ordered | twins[day])


def make(seed: int, number: int, today: datetime.date) -> Chunk:
    """Chunk `number`, counted from 0. It depends on nothing but these three."""
    streams = {topic: Stream(seed, number, topic) for topic in Topic}
    size = assumptions().chunk.patients
    people = patients(number * size + 1, size, streams[Topic.PATIENTS], Stream(seed, 0, Topic.CLINICIANS))
    done = procedures(people, streams[Topic.COURSE])
    response = relief(people, done, streams[Topic.RESPONSES])
    return Chunk(
        patients=people,
        procedures=done,
        relief=response,
        visits=visits(people, done, streams[Topic.RESPONSES]),
        facts=facts(people, done, response, today, streams[Topic.FACTS]),
        sites=_sites(people, done, streams[Topic.FACTS]),
        today=today,
    )


def first_patients(chunk: Chunk, count: int) -> Chunk:
    """The first so many patients of a chunk."""
    rows = int(np.searchsorted(chunk.procedures.patient, count))
    return Chunk(
        patients=_first(chunk.patients, count),
        procedures=_first(chunk.procedures, rows),
        relief=_first(chunk.relief, rows),
        visits=_first(chunk.visits, int(np.searchsorted(chunk.visits.procedure, rows))),
        facts={name: _first(told, rows) for name, told in chunk.facts.items()},
        sites=_first(chunk.sites, rows),
        today=chunk.today,
    )


def _first(columns: Columns, count: int) -> Columns:
    """The first so many entries of every column."""
    return type(columns)(**{name: getattr(columns, name)[:count] for name in columns.__struct_fields__})


def _sites(people: Patients, done: Procedures, random: Stream) -> Sites:
    """What is documented of the sites: nothing, levels without their side, or all."""
    who: Who = assumptions().who
    count = len(done)
    known = ((done.left | done.right) > 0) & random.happens(count, who.sites_documented)
    sided = known & random.happens(count, who.side_documented)
    return Sites(
        left=np.where(sided, done.left, 0),
        right=np.where(sided, done.right, 0),
        unsided=np.where(known & ~sided, done.left | done.right, 0),
        known=known,
    )


def events_table(chunk: Chunk) -> pa.Table:
    """The events, with every column of `events.py`."""
    clinician = chunk.patients.clinician[chunk.procedures.patient]
    keys = {
        "patient": Told(chunk.numbers, _all(chunk)),
        "date": Told(days_of(chunk.today, chunk.procedures.day), _all(chunk)),
        "sequence": Told(*chunk.sequence),
        "kind": Told(chunk.procedures.kind, _all(chunk)),
        "left_levels": Told(chunk.sites.left, chunk.sites.known),
        "right_levels": Told(chunk.sites.right, chunk.sites.known),
        "unsided_levels": Told(chunk.sites.unsided, chunk.sites.known),
        "clinician": Told(clinician, _all(chunk)),
        "facility": Told(clinician % assumptions().who.facilities, _all(chunk)),
        "history_known": Told(_all(chunk), chunk.patients.history_known[chunk.procedures.patient]),
    }
    told = keys | responses_of(chunk.relief) | chunk.facts
    columns = {name: _array(column, told[name]) for name, column in COLUMNS.items()}
    return pa.table(columns)


def responses_of(relief: Relief) -> dict[str, Told]:
    """The facts that are a procedure's response."""
    numbers = {
        "relief_percent": relief.percent,
        "relief_percent_by_scores": relief.by_scores,
        "relief_percent_stated": relief.stated,
    }
    answers = {"relief_lasted_as_agent": relief.lasted, "same_scale": relief.same_scale}
    return {name: Told(values, ~np.isnan(values)) for name, values in numbers.items()} | {
        name: Told(values == 1, values != NONE) for name, values in answers.items()
    }


def visits_table(chunk: Chunk) -> pa.Table:
    """The follow-up visits."""
    of, days = chunk.visits.procedure, days_of(chunk.today, chunk.procedures.day)
    place, ordered = chunk.sequence
    everywhere = np.ones(len(of), bool)
    told = {
        "patient": Told(chunk.numbers[of], everywhere),
        "procedure_date": Told(days[of], everywhere),
        "procedure_sequence": Told(place[of], ordered[of]),
        "date": Told(days_of(chunk.today, chunk.visits.day), everywhere),
        "relief_percent": Told(chunk.visits.relief, ~np.isnan(chunk.visits.relief)),
        "function_improved_percent": Told(chunk.visits.function, ~np.isnan(chunk.visits.function)),
    }
    return pa.table({column.name: _array(column, told[column.name]) for column in VISITS})


def truth_table(chunk: Chunk) -> pa.Table:
    """The hidden truth, one row for each patient."""
    people = chunk.patients
    regions = [one.region.value for one in strata()]
    columns = [
        pa.array(people.number),
        pa.array(regions).take(pa.array(people.stratum)).dictionary_encode().cast(TRUTH.field("region").type),
        pa.array(people.each("threshold").astype(np.int32)),
        pa.DictionaryArray.from_arrays(pa.array(people.source), pa.array(SOURCES)),
        pa.array(people.hurts_left.astype(np.int32)),
        pa.array(people.hurts_right.astype(np.int32)),
    ]
    return pa.Table.from_arrays(columns, schema=TRUTH)


def _all(chunk: Chunk) -> Array:
    return np.ones(len(chunk.procedures), bool)


def _array(column: Column, told: Told) -> pa.Array:
    """A column; what is not known is null."""
    mask = None if told.known.all() else ~told.known
    if column.shape is Shape.WORD:
        indices = pa.array(np.where(told.known, told.values, 0).astype(np.int8), mask=mask)
        return pa.DictionaryArray.from_arrays(indices, pa.array(column.values))
    if column.shape is Shape.LABEL:
        return pa.DictionaryArray.from_arrays(pa.array(told.values, pa.int32()), labels(column.name))
    type_ = ARROW[column.shape]
    if column.shape is Shape.DAY:
        return pa.array(told.values, type=type_, mask=mask)
    return pa.array(told.values.astype(type_.to_pandas_dtype(), copy=False), type=type_, mask=mask)


@cache
def labels(name: str) -> pa.Array:
    """Pseudonyms of clinicians or facilities, such as `clinician 17`."""
    count = {"clinician": assumptions().who.clinicians, "facility": assumptions().who.facilities}[name]
    return pa.array([f"{name} {number}" for number in range(1, count + 1)])
