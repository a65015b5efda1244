"""The statements that gather billed lines into procedures, for DuckDB: of claims, and of OMOP, which copies them."""

from facetwise.audit.mapping.meaning_of_codes import diagnosis_facts

_SPLIT = "string_split_regex(upper(coalesce({column}, '')), '[^A-Z0-9.]+')"

LINE = """
SELECT l.*, NULL AS apart, c.use, c.family, c.position, c.guidance, c.either, c.why,
       coalesce(l.kind, c.kind) AS done,
       upper(trim(l.code)) AS number,
       p.place AS place_word,
       list_contains(string_split_regex(upper(coalesce(l.modifiers, '')), '[^A-Z0-9]+'), 'KX') AS kx
FROM {lines} AS l
LEFT JOIN codes AS c ON c.code = upper(trim(l.code))
LEFT JOIN places AS p ON p.code = trim(l.place)
"""
"""A line with what its code, place and modifiers say."""


def diagnoses_query() -> str:
    """The distinct diagnosis codes of procedures."""
    return f"SELECT DISTINCT unnest({_SPLIT.format(column='diagnosis')}) FROM line WHERE use = 'procedure' ORDER BY 1"


LEFT_OUT = """
SELECT number, coalesce(why, 'Facetwise does not know this code'), count(*) FROM line
WHERE use IS NULL OR use = 'left out' GROUP BY ALL
"""
"""Codes that make no event."""

PLACES_LEFT_OUT = """
SELECT 'place ' || trim(place), 'this place of service is not told apart', count(*) FROM line
WHERE use = 'procedure' AND place IS NOT NULL AND place_word IS NULL GROUP BY ALL
"""
"""Places of procedures that are not read."""

_ONE = "CASE WHEN min({column}) = max({column}) THEN max({column}) END AS {name}"
_MASKS = ", ".join(
    f"CASE WHEN bool_and({side}_levels IS NOT NULL) THEN bit_or({side}_levels) END AS {side}_levels"
    for side in ("left", "right", "unsided")
)
_FACTS = ", ".join(f"bool_or({name}) AS {name}" for name in diagnosis_facts())
_TOLD = ", ".join(f"diagnosed.{name}" for name in diagnosis_facts())

PROCEDURE = """
  -- An add-on of the lumbar family whose only first level of the day is T12-L1 belongs to that procedure.
  SELECT *, CASE WHEN family = 'lumbar_sacral' AND junction THEN 'cervical_thoracic'
                 ELSE coalesce(apart, family, '') END AS together
  FROM (
    SELECT *, bool_or(family = 'cervical_thoracic' AND position = 'first') OVER of_day
              AND NOT bool_or(family = 'lumbar_sacral' AND position = 'first') OVER of_day AS junction
    FROM line WHERE use = 'procedure'
    WINDOW of_day AS (PARTITION BY beneficiary, date, done)
  )
"""
"""Lines with what keeps them together: their family of levels, or a procedure of their own."""

DONE = f"""
  SELECT beneficiary, date, done, together,
         CASE WHEN bool_and(either AND kx) THEN 'diagnostic' END AS purpose,
         CASE WHEN bool_and(guidance IS NOT NULL) AND min(guidance) = max(guidance) THEN max(guidance) END AS guidance,
         {_MASKS},
         {_ONE.format(column="place_word", name="place")},
         {_ONE.format(column="clinician", name="clinician")},
         {_ONE.format(column="facility", name="facility")},
         {_ONE.format(column="contractor", name="contractor")},
         CASE WHEN min(claim) = max(claim) THEN min(claim) ELSE min(claim) || ' ' || max(claim) END AS claims,
         CASE WHEN bool_and(family IS NOT NULL) THEN max(family) END AS billed_family,
         CASE WHEN bool_and(family IS NOT NULL)
              THEN max(CAST(position = 'first' AS INTEGER)) + max(CAST(position = 'second' AS INTEGER))
                   + max(CASE WHEN position <> 'further' THEN 0 WHEN either THEN 1
                              ELSE greatest(coalesce(units, 1), 1) END)
              END AS billed_levels_at_least,
         CASE WHEN bool_or(sedated.day IS NOT NULL)
               AND done IN ('facet_joint_injection', 'medial_branch_block', 'radiofrequency_ablation')
              THEN 'moderate' END AS sedation
  FROM procedure
  LEFT JOIN (SELECT DISTINCT beneficiary AS who, date AS day FROM line WHERE use = 'sedation') AS sedated
    ON who = beneficiary AND day = date
  GROUP BY beneficiary, date, done, together
"""
"""Procedures: the lines of one day that are of one kind and kept together."""

DIAGNOSED = f"""
  SELECT beneficiary, date, done, together, {_ONE.format(column="pain_region", name="pain_region")}, {_FACTS}
  FROM (
    SELECT beneficiary, date, done, together, unnest({_SPLIT.format(column="diagnosis")}) AS code FROM procedure
  ) JOIN diagnoses USING (code)
  GROUP BY ALL
"""
"""What the diagnoses of their lines say of procedures."""

EVENTS = f"""
WITH procedure AS ({PROCEDURE}), done AS ({DONE}), diagnosed AS ({DIAGNOSED})
SELECT done.beneficiary AS patient, done.done AS kind, done.* EXCLUDE (beneficiary, done, together),
       CAST({{history}} AS BOOLEAN) AS history_known, diagnosed.pain_region, {_TOLD}
FROM done LEFT JOIN diagnosed USING (beneficiary, date, done, together)
ORDER BY patient, date
"""
"""Procedures as events."""
