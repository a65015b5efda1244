"""A chunk as tables of the OMOP common data model, version 5.4, with nothing of the events lost that has a place there.

Source values say what is meant and concepts are 0, since no vocabulary comes with Facetwise. `vocabulary/omop.yaml`
says how such rows are read.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from facetwise.audit.reading.vocabulary import omop_vocabulary
from facetwise.audit.synthesis.chances import strata
from facetwise.audit.synthesis.claims import place_numbers
from facetwise.audit.synthesis.facts import days_of
from facetwise.audit.synthesis.observed import Observed, counted, observed_numbers, observed_words
from facetwise.audit.synthesis.parts import Content
from facetwise.audit.synthesis.reading import assumptions
from facetwise.audit.synthesis.steps import KINDS
from facetwise.audit.synthesis.streams import Array
from facetwise.audit.synthesis.tables import ROWS_OF_A_PATIENT, Chunk
from facetwise.fhir.codes import ICD_CONDITIONS


def omop(chunk: Chunk) -> Iterator[dict[str, Content]]:
    """The tables of a chunk, by name."""
    visits = _visit_ids(chunk)
    yield {
        "person": _persons(chunk),
        "visit_occurrence": _visits(chunk, visits),
        "procedure_occurrence": _procedures(chunk, visits),
        "condition_occurrence": _conditions(chunk),
    }
    yield {"measurement": _observations(chunk, observed_numbers(chunk), "measurement", "meas")}
    yield {"observation": _observations(chunk, observed_words(chunk), "observation", "obs")}


def _persons(chunk: Chunk) -> pa.Table:
    who, told = chunk.patients, assumptions().omop
    born = days_of(chunk.today, who.born_days).astype("datetime64[Y]").astype(np.int32) + _FIRST_YEAR
    return _table(
        person_id=who.number,
        gender_concept_id=np.where(who.male, omop_vocabulary().male.value, told.female).astype(np.int32),
        year_of_birth=born.astype(np.int32),
        race_concept_id=_nothing(who.number),
        ethnicity_concept_id=_nothing(who.number),
        person_source_value=pa.array(who.number).cast(pa.string()),
        gender_source_value=pa.array(["F", "M"]).take(pa.array(who.male.astype(np.int8))),
    )


_FIRST_YEAR = int(str(np.datetime64(0, "Y")))


def _visit_ids(chunk: Chunk) -> Array:
    """The id of the visit at which each procedure was done: one for every day of a patient."""
    days = np.cumsum(chunk.procedures.place <= 1)
    ids: Array = chunk.numbers * ROWS_OF_A_PATIENT + counted(chunk.procedures.patient, days)
    return ids


def _visits(chunk: Chunk, ids: Array) -> pa.Table:
    first = np.flatnonzero(chunk.procedures.place <= 1)
    days = days_of(chunk.today, chunk.procedures.day[first])
    clinician = _clinician(chunk, first)
    return _table(
        visit_occurrence_id=ids[first],
        person_id=chunk.numbers[first],
        visit_concept_id=np.full(len(first), assumptions().omop.outpatient, np.int32),
        visit_start_date=days,
        visit_end_date=days,
        visit_type_concept_id=_recorded(first),
        provider_id=clinician,
        care_site_id=(clinician - 1) % assumptions().who.facilities + 1,
        visit_source_value=place_numbers().take(pa.array(chunk.facts["place"].values[first])),
    )


def _clinician(chunk: Chunk, rows: Array) -> Array:
    numbers: Array = chunk.patients.clinician[chunk.procedures.patient[rows]].astype(np.int64) + 1
    return numbers


def _procedures(chunk: Chunk, visits: Array) -> pa.Table:
    """Kinds that one code stands for by that code, facet procedures and the rest by their own words."""
    told, rows = assumptions().claims.codes, np.arange(len(chunk.procedures))
    days = days_of(chunk.today, chunk.procedures.day)
    codes = pa.array([told.get(kind, f"{omop_vocabulary().own.prefix}{kind}") for kind in KINDS])
    return _table(
        procedure_occurrence_id=chunk.ids,
        person_id=chunk.numbers,
        procedure_concept_id=_nothing(rows),
        procedure_date=days,
        procedure_end_date=days,
        procedure_type_concept_id=_recorded(rows),
        modifier_concept_id=_nothing(rows),
        quantity=np.ones(len(rows), np.int32),
        provider_id=_clinician(chunk, rows),
        visit_occurrence_id=visits,
        procedure_source_value=codes.take(pa.array(chunk.procedures.kind)),
        procedure_source_concept_id=_nothing(rows),
    )


def _conditions(chunk: Chunk) -> pa.Table:
    """The complaint from the first procedure on, and every condition from the day on which it is documented."""
    firsts = np.unique(chunk.procedures.patient, return_index=True)[1]
    codes = np.array([assumptions().claims.diagnoses[one.region] for one in strata()])
    rows, found = [firsts], [codes[chunk.patients.stratum[chunk.procedures.patient[firsts]]]]
    for name, code in _codes().items():
        if name in chunk.facts:
            there = np.flatnonzero(chunk.facts[name].known & chunk.facts[name].values)
            first = np.unique(chunk.procedures.patient[there], return_index=True)[1]
            rows.append(there[first])
            found.append(np.full(len(first), code))
    unsorted, names = np.concatenate(rows), np.concatenate(found)
    order = np.lexsort((names, chunk.procedures.patient[unsorted]))
    row, of = unsorted[order], chunk.procedures.patient[unsorted[order]]
    return _table(
        condition_occurrence_id=chunk.numbers[row] * ROWS_OF_A_PATIENT + counted(of, np.arange(len(of))),
        person_id=chunk.numbers[row],
        condition_concept_id=_nothing(row),
        condition_start_date=days_of(chunk.today, chunk.procedures.day[row]),
        condition_type_concept_id=_recorded(row),
        condition_source_value=pa.array(names[order].tolist(), pa.string()),
        condition_source_concept_id=_nothing(row),
    )


def _codes() -> dict[str, str]:
    """The first code of the table for each condition."""
    return {name: code for code, name in reversed(ICD_CONDITIONS.items())}


def _observations(chunk: Chunk, rows: Observed, table: str, short: str) -> pa.Table:
    order = np.lexsort((rows.field, rows.day, rows.person))
    person = rows.person[order]
    about = rows.procedure[order]
    ids = np.where(about >= 0, chunk.ids[about], 0)
    field = np.full(len(order), omop_vocabulary().procedure_field.value, np.int32)
    columns = {
        f"{table}_id": chunk.patients.number[person] * ROWS_OF_A_PATIENT + counted(person, np.arange(len(person))),
        "person_id": chunk.patients.number[person],
        f"{table}_concept_id": _nothing(order),
        f"{table}_date": days_of(chunk.today, rows.day[order]),
        f"{table}_type_concept_id": _recorded(order),
        rows.column: rows.values.take(pa.array(order)),
        f"{table}_source_value": pa.array(rows.names).take(pa.array(rows.field[order])),
        f"{table}_event_id": pa.array(ids, mask=about < 0),
        f"{short}_event_field_concept_id": pa.array(field, mask=about < 0),
    }
    return _table(**columns)


def _nothing(rows: Array) -> Array:
    """The concept that stands for none."""
    return np.zeros(len(rows), np.int32)


def _recorded(rows: Array) -> Array:
    return np.full(len(rows), assumptions().omop.record_type, np.int32)


def _table(**columns: Array | pa.Array) -> pa.Table:
    arrays = [column if isinstance(column, pa.Array) else pa.array(column) for column in columns.values()]
    return pa.table(arrays, names=list(columns))
