"""What is documented in a chunk as rows: facts of procedures, and facts of patients whenever they are new."""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
import pyarrow as pa

from facetwise.audit.events import FACTS, Shape
from facetwise.audit.reading.documented_facts import PATIENT_FACTS
from facetwise.audit.reading.table_files import SITES
from facetwise.audit.reading.vocabulary import omop_vocabulary
from facetwise.audit.synthesis.facts import Told
from facetwise.audit.synthesis.streams import Array
from facetwise.audit.synthesis.tables import Chunk, responses_of
from facetwise.records import FACET_KINDS, Kind
from facetwise.spine import SiteSet

_TOLD_BY_PERSON = ("age_years",)


class Observed(msgspec.Struct):
    """Rows that say one thing each. `person` and `procedure` are places in the chunk, -1 where it is of no procedure.

    `field` is a place in `names`, the source values; `values` go into `column`.
    """

    person: Array
    procedure: Array
    day: Array
    field: Array
    names: list[str]
    values: pa.Array
    column: str


class _Rows(msgspec.Struct):
    """The rows of one field: which procedure, which day, whether they are of that procedure alone, the values."""

    name: str
    row: Array
    day: Array
    of_procedure: bool
    values: pa.Array


def observed_numbers(chunk: Chunk) -> Observed:
    """Numbers, those of follow-up visits included."""
    return _observed(chunk, [*_facts(chunk, numbers=True), *_visits(chunk)], "value_as_number")


def observed_words(chunk: Chunk) -> Observed:
    """Answers, words and sites."""
    return _observed(chunk, [*_facts(chunk, numbers=False), _sites(chunk)], "value_as_string")


def counted(patient: Array, numbers: Array) -> Array:
    """Rising numbers, counted anew from 1 for each patient."""
    first = np.flatnonzero(np.r_[True, patient[1:] != patient[:-1]])[: len(patient)]
    lengths = np.diff(np.r_[first, len(patient)])
    counting: Array = numbers - np.repeat(numbers[first], lengths) + 1
    return counting


def _observed(chunk: Chunk, rows: Sequence[_Rows], column: str) -> Observed:
    prefix, codes = omop_vocabulary().own.prefix, _codes()
    row = np.concatenate([one.row for one in rows])
    return Observed(
        person=chunk.procedures.patient[row],
        procedure=np.concatenate([one.row if one.of_procedure else np.full(len(one.row), -1) for one in rows]),
        day=np.concatenate([one.day for one in rows]),
        field=np.repeat(np.arange(len(rows)), [len(one.row) for one in rows]),
        names=[codes.get(one.name, f"{prefix}{one.name}") for one in rows],
        values=pa.concat_arrays([one.values for one in rows]),
        column=column,
    )


def _codes() -> dict[str, str]:
    """Facts that a code of another system stands for."""
    return {field: code for field, one in omop_vocabulary().observed.items() for code in next(iter(one.codes.values()))}


def _facts(chunk: Chunk, *, numbers: bool) -> Iterator[_Rows]:
    facet = chunk.procedures.of_kind(*FACET_KINDS, Kind.FACET_CYST_RUPTURE)
    for name, told in (responses_of(chunk.relief) | chunk.facts).items():
        if (FACTS[name].shape is Shape.NUMBER) is not numbers or name in _TOLD_BY_PERSON:
            continue
        of_patient = name in PATIENT_FACTS
        rows = _news(chunk, told) if of_patient else np.flatnonzero(told.known & facet)
        yield _Rows(name, rows, chunk.procedures.day[rows], not of_patient, _texts(name, told.values[rows]))


def _news(chunk: Chunk, told: Told) -> Array:
    """Where a fact of the patient is documented for the first time, or is another than before; one for each day."""
    rows = np.flatnonzero(told.known)
    patient, day = chunk.procedures.patient[rows], chunk.procedures.day[rows]
    rows = rows[np.r_[True, (patient[1:] != patient[:-1]) | (day[1:] != day[:-1])][: len(rows)]]
    patient, values = chunk.procedures.patient[rows], told.values[rows]
    new = np.r_[True, (patient[1:] != patient[:-1]) | (values[1:] != values[:-1])][: len(rows)]
    found: Array = rows[new]
    return found


def _texts(name: str, values: Array) -> pa.Array:
    match FACTS[name].shape:
        case Shape.NUMBER:
            return pa.array(values.astype(float))
        case Shape.WORD:
            return pa.array(FACTS[name].values).take(pa.array(values.astype(np.int8)))
    return pa.array(["false", "true"]).take(pa.array(values.astype(np.int8)))


def _sites(chunk: Chunk) -> _Rows:
    """Sites as clinicians write them."""
    rows = np.flatnonzero(chunk.sites.known)
    masks = np.stack([column[rows] for column in (chunk.sites.left, chunk.sites.right, chunk.sites.unsided)])
    different, place = np.unique(masks, axis=1, return_inverse=True)
    texts = pa.array([str(SiteSet(*one)) for one in different.T.tolist()], pa.string())
    return _Rows(SITES, rows, chunk.procedures.day[rows], True, texts.take(pa.array(place.ravel())))


def _visits(chunk: Chunk) -> Iterator[_Rows]:
    """Relief and function at follow-up visits, and the order of procedures that had any."""
    columns = {"relief_percent": chunk.visits.relief, "function_improved_percent": chunk.visits.function}
    for field, column in omop_vocabulary().visits.items():
        seen = np.flatnonzero(~np.isnan(columns[column]))
        values = pa.array(columns[column][seen])
        yield _Rows(field, chunk.visits.procedure[seen], chunk.visits.day[seen], True, values)
    place, known = chunk.sequence
    rows = np.flatnonzero(known)
    yield _Rows("sequence", rows, chunk.procedures.day[rows], True, pa.array(place[rows].astype(float)))
