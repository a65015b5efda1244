"""The statements that turn OMOP tables into billed lines, facts and visits, for DuckDB."""

from collections.abc import Iterable

from facetwise.audit.mapping.claim_sql import DONE
from facetwise.audit.mapping.meaning_of_codes import diagnosis_facts
from facetwise.audit.reading.working_database import quoted

_CPT = (
    "nullif(regexp_extract(upper(trim(procedure_source_value)), '^(?:CPT4?[:|])?([0-9][0-9A-Z]{3}[0-9T])\\b', 1), '')"
)

LINE = f"""
SELECT p.person_id AS beneficiary, p.procedure_date AS date, CAST(p.procedure_occurrence_id AS VARCHAR) AS claim,
       p.procedure_occurrence_id AS id, p.visit_occurrence_id AS visit,
       coalesce(c.code, nullif(trim(p.procedure_source_value), ''), 'concept ' || p.procedure_concept_id) AS number,
       CASE WHEN own.kind IS NOT NULL THEN 'procedure' ELSE c.use END AS use,
       coalesce(own.kind, c.kind) AS done,
       c.family, c.position, c.guidance, coalesce(c.either, FALSE) AS either, c.why,
       CASE WHEN own.kind IS NOT NULL THEN 'own ' || p.procedure_occurrence_id END AS apart,
       list_contains(string_split_regex(upper(coalesce(p.modifier_source_value, '')), '[^A-Z0-9]+'), 'KX') AS kx,
       p.quantity AS units, coalesce(place.place, coded.place) AS place_word,
       p.provider_id AS clinician, v.care_site_id AS facility,
       CAST(NULL AS VARCHAR) AS contractor,
       CAST(NULL AS INTEGER) AS left_levels, CAST(NULL AS INTEGER) AS right_levels,
       CAST(NULL AS INTEGER) AS unsided_levels
FROM (SELECT *, {_CPT} AS cpt FROM procedure_occurrence) AS p
LEFT JOIN own_kinds AS own ON own.name = trim(p.procedure_source_value)
LEFT JOIN (SELECT concept_id, concept_code FROM concept WHERE vocabulary_id IN ('CPT4', 'HCPCS')) AS k
  ON k.concept_id = coalesce(nullif(p.procedure_source_concept_id, 0), p.procedure_concept_id)
LEFT JOIN codes AS c ON c.code = coalesce(p.cpt, upper(k.concept_code))
LEFT JOIN (SELECT visit_occurrence_id, any_value(visit_concept_id) AS visit_concept_id,
                  any_value(care_site_id) AS care_site_id, any_value(visit_source_value) AS source
           FROM visit_occurrence GROUP BY ALL) AS v ON v.visit_occurrence_id = p.visit_occurrence_id
LEFT JOIN place_concepts AS place ON place.concept_id = v.visit_concept_id
LEFT JOIN places AS coded ON coded.code = trim(v.source)
"""
"""A procedure_occurrence as a billed line."""

PLACES = """
SELECT concept_id, place FROM declared_places
UNION ALL
SELECT k.concept_id, p.place FROM concept AS k JOIN places AS p ON p.code = k.concept_code
WHERE k.vocabulary_id = {vocabulary} AND k.concept_id NOT IN (SELECT concept_id FROM declared_places)
"""
"""Visit concepts that say where something was done."""


def observed(procedure_field: int, prefix: str) -> str:
    """Measurements and observations with the field that each one fills, and its value as text."""
    texts = {
        "measurement": ("value_source_value", "meas"),
        "observation": ("coalesce(value_as_string, value_source_value)", "obs"),
    }
    return " UNION ALL ".join(
        f"""
        SELECT {table}_id AS row, person_id, {table}_date AS date, visit_occurrence_id AS visit,
               CASE WHEN coalesce({short}_event_field_concept_id, {procedure_field}) = {procedure_field}
                    THEN {table}_event_id END AS event,
               coalesce(
                 CASE WHEN starts_with(trim({table}_source_value), {quoted(prefix)})
                      THEN substr(trim({table}_source_value), {len(prefix) + 1}) END,
                 source.field, concepts.field) AS field,
               coalesce(CAST(value_as_number AS VARCHAR), nullif(trim({text}), '')) AS text,
               '{table}' AS source_table,
               coalesce(nullif(trim({table}_source_value), ''), 'concept ' || {table}_concept_id) AS what
        FROM {table}
        LEFT JOIN (SELECT code, any_value(field) AS field FROM observed_codes GROUP BY ALL) AS source
          ON source.code = trim({table}_source_value)
        LEFT JOIN (SELECT concept_id, any_value(field) AS field FROM concept JOIN observed_codes
                     ON vocabulary = vocabulary_id AND code = concept_code GROUP BY ALL) AS concepts
          ON concepts.concept_id = {table}_concept_id
        """
        for table, (text, short) in texts.items()
    )


OF_PROCEDURE = """
SELECT o.field, o.text, o.date AS on_day, o.source_table, o.what,
       coalesce(p.beneficiary, v.beneficiary) AS beneficiary, coalesce(p.date, v.date) AS date,
       coalesce(p.done, v.done) AS done, coalesce(p.together, v.together) AS together
FROM (SELECT * FROM observed WHERE field IN ({fields})) AS o
LEFT JOIN procedure AS p ON p.id = o.event AND p.beneficiary = o.person_id
LEFT JOIN (
  SELECT visit, any_value(beneficiary) AS beneficiary, any_value(date) AS date, any_value(done) AS done,
         any_value(together) AS together
  FROM procedure WHERE visit IS NOT NULL GROUP BY visit
  HAVING count(DISTINCT struct_pack(date, done, together)) = 1
) AS v ON o.event IS NULL AND v.visit = o.visit AND v.beneficiary = o.person_id
"""
"""What was observed of one procedure: the one that its event id names, else the only one of its visit."""

CONDITION = """
WITH lasting AS (
  SELECT *, TRY_CAST(condition_start_date AS DATE) AS first,
         coalesce(TRY_CAST(condition_end_date AS DATE), TRY_CAST(condition_start_date AS DATE)) AS last
  FROM condition_occurrence
)
SELECT person_id, first, last,
       coalesce(k.concept_code, regexp_replace(upper(trim(condition_source_value)), '^ICD-?10(-?CM)?[:|]', '')) AS code
FROM lasting
LEFT JOIN (SELECT concept_id, concept_code FROM concept WHERE vocabulary_id IN ('ICD10CM', 'ICD10')) AS k
  ON k.concept_id = condition_source_concept_id
UNION ALL
SELECT person_id, first, last, concept_code
FROM lasting JOIN concept ON concept_id = condition_concept_id
WHERE vocabulary_id = 'SNOMED' AND concept_code IN ({snomed})
"""
"""Conditions by their ICD-10 code, and the few that are told by a SNOMED code."""

_DIAGNOSED = f"""
  SELECT p.beneficiary, p.date, p.done, p.together,
         CASE WHEN min(d.pain_region) = max(d.pain_region) THEN max(d.pain_region) END AS pain_region,
         {", ".join(f"bool_or(d.{name}) AS {name}" for name in diagnosis_facts())}
  FROM procedure AS p
  JOIN condition AS c ON c.person_id = p.beneficiary AND TRY_CAST(p.date AS DATE) BETWEEN c.first AND c.last
  JOIN diagnoses AS d ON d.code = c.code
  GROUP BY ALL
"""
_KEYS = "beneficiary, date, done, together"
_TOLD = [name for name in diagnosis_facts() if name != "pregnancy"]


def told_query(fields: Iterable[str]) -> str:
    """The facts of each procedure, one column a field; two different values of one are none."""
    columns = [f'max(CASE WHEN field = {quoted(name)} AND one = other THEN one END) AS "{name}"' for name in fields]
    every = ", ".join([_KEYS, *columns])
    return f"""
    SELECT {every} FROM (
      SELECT {_KEYS}, field, min(text) AS one, max(text) AS other
      FROM of_procedure WHERE beneficiary IS NOT NULL GROUP BY {_KEYS}, field
    ) GROUP BY {_KEYS}
    """


def events_query(fields: list[str], history: str, male: int) -> str:
    """Procedures as events; what was observed of one goes before what its code says."""
    columns = {name: f'told."{name}"' for name in fields}
    columns |= {name: _first(name, fields) for name in ("purpose", "guidance", "place", "sedation")}
    if "relief_percent_stated" in fields:
        columns["relief_percent"] = _relief(fields)
    columns |= {name: f"diagnosed.{name}" for name in ["pain_region", *_TOLD]}
    columns["pregnancy"] = f"coalesce(diagnosed.pregnancy, CASE WHEN people.gender = {male} THEN FALSE END)"
    columns["age_years"] = "year(TRY_CAST(done.date AS DATE)) - people.born"
    return f"""
    WITH done AS ({DONE}), diagnosed AS ({_DIAGNOSED}), people AS (
      SELECT person_id, any_value(year_of_birth) AS born, any_value(gender_concept_id) AS gender
      FROM person GROUP BY ALL
    )
    SELECT done.beneficiary AS patient, done.date, done.done AS kind, done.clinician, done.facility,
           CAST({history} AS BOOLEAN) AS history_known,
           {", ".join(f"{expression} AS {name}" for name, expression in columns.items())},
           done.billed_family, done.billed_levels_at_least, done.claims AS procedure_occurrences
    FROM done
    LEFT JOIN diagnosed USING ({_KEYS})
    LEFT JOIN told USING ({_KEYS})
    LEFT JOIN people ON people.person_id = done.beneficiary
    """


def _first(name: str, fields: list[str]) -> str:
    return f'coalesce(told."{name}", done.{name})' if name in fields else f"done.{name}"


def _relief(fields: list[str]) -> str:
    """The relief of a block: what is told, else what the patient states of one that was not sedated."""
    awake = f"coalesce({_first('sedation', fields)}, 'none') = 'none'"
    told = [f"told.{name}" for name in ("relief_percent", "relief_percent_by_scores") if name in fields]
    return f"coalesce({', '.join([*told, f'CASE WHEN {awake} THEN told.relief_percent_stated END'])})"


def visits_query(values: dict[str, str], sequence: bool) -> str:
    """Follow-up visits: what was observed of a procedure, by the day on which it was."""
    columns = [f"CASE WHEN field = {quoted(field)} THEN text END AS {column}" for field, column in values.items()]
    place = "told.sequence" if sequence else "NULL"
    return f"""
    SELECT beneficiary AS patient, date AS procedure_date, {place} AS procedure_sequence, on_day AS date,
           {", ".join(columns)}
    FROM of_procedure LEFT JOIN told USING ({_KEYS})
    WHERE field IN ({listed(values)}) AND beneficiary IS NOT NULL
    """


def listed(names: Iterable[str]) -> str:
    """Names as literals of SQL; something impossible where there are none."""
    return ", ".join(quoted(name) for name in sorted(names)) or "''"


UNUSED = """
SELECT source_table, what, count(*) FROM observed WHERE coalesce(field, '') NOT IN ({fields}) GROUP BY ALL
"""
"""Measurements and observations that fill no field."""

OF_NO_PROCEDURE = """
SELECT source_table, what, count(*) FROM of_procedure WHERE beneficiary IS NULL GROUP BY ALL
"""
"""Those that should be about a procedure, and do not say which."""

CONTRADICTORY = """
SELECT '', field, count(*) FROM (
  SELECT field FROM of_procedure WHERE beneficiary IS NOT NULL AND field NOT IN ({visits})
  GROUP BY beneficiary, date, done, together, field HAVING min(text) <> max(text)
) GROUP BY ALL
"""
"""Fields with two values of one procedure."""

UNUSED_CONDITIONS = """
SELECT '', coalesce(code, 'no code'), count(*) FROM condition
WHERE code IS NULL OR code NOT IN (SELECT code FROM diagnoses) GROUP BY ALL
"""
"""Conditions whose code tells nothing that is asked."""
