-- Policy medicare-facet-before-2021: Facet joint texts of the contractors before April 2021 (Medicare Administrative
-- Contractors).
-- Generated from the policy. Do not edit.
-- Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.
-- NAME_low and NAME_high are a number that is known only within bounds. 1e100 stands for infinity.
-- A set of levels is a number: C0-1 is 1, C1-2 2, C2-3 4. cervical is 255, thoracic is 1048320, lumbar is 32505856.
WITH event AS (
  -- Every procedure with its place among the patient's. Ties are broken by all that is read, so that a database that
  -- does this twice numbers alike. NAME_at_most counts the joints of an undocumented side as well.
  SELECT
    ROW_NUMBER() OVER in_order AS event,
    patient, date, sequence, kind,
    COALESCE(FIRST_VALUE(history_known) OVER from_first, FALSE) AS history_known,
    COALESCE(left_levels, 0) AS left_levels,
    COALESCE(right_levels, 0) AS right_levels,
    COALESCE(unsided_levels, 0) AS unsided_levels,
    COALESCE(left_levels, 0) | COALESCE(unsided_levels, 0) AS left_at_most,
    COALESCE(right_levels, 0) | COALESCE(unsided_levels, 0) AS right_at_most,
    NULLIF(COALESCE(left_levels, 0) | COALESCE(right_levels, 0) | COALESCE(unsided_levels, 0), 0) AS all_levels,
    EXTRACT(YEAR FROM date) * 12 + EXTRACT(MONTH FROM date) AS month,
    EXTRACT(DAY FROM date) AS day_of_month
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known
    )
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*
  FROM event AS e
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    -- Facet procedure before the harmonised text
    kind IN (
      'medial_branch_block',
      'facet_joint_injection',
      'radiofrequency_ablation',
      'facet_cyst_rupture'
    ) AS asks_any_facet_procedure
  FROM request AS r
),

answered AS (
  -- What is asked, and the truth of each criterion: of its test, of when it applies, and of its exception.
  SELECT
    patient, date, sequence, kind, event,
    CASE
      WHEN asks_any_facet_procedure THEN 'any_facet_procedure'
      WHEN asks_any_facet_procedure IS NULL THEN 'cannot be told'
    END AS asked
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- What Medicare asked before 25 April 2021.
  CASE WHEN asked IN ('any_facet_procedure') THEN 'not applicable' END AS text_before_2021
FROM answered
ORDER BY patient, event
