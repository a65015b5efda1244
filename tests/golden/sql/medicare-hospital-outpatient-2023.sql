-- Policy medicare-hospital-outpatient-2023: Prior authorization of facet procedures in hospital outpatient departments
-- (Medicare, prior authorization).
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
    EXTRACT(DAY FROM date) AS day_of_month,
    place, prior_authorization
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, place,
        prior_authorization
    )
),

day AS (
  -- The levels of a day's facet procedures, and how many of them have no documented joint.
  SELECT
    patient, date,
    BIT_OR(
      CASE
        WHEN kind IN ('facet_joint_injection', 'medial_branch_block', 'radiofrequency_ablation') THEN
          COALESCE(all_levels, 0)
        ELSE 0
      END
    ) AS levels,
    COUNT(
      CASE
        WHEN (
          kind IN ('facet_joint_injection', 'medial_branch_block', 'radiofrequency_ablation')
          AND all_levels IS NULL
        ) THEN 1
      END
    ) AS undocumented
  FROM event
  GROUP BY patient, date
),

session AS (
  -- The levels of the request's session with its own, and all levels of the regions that the request touches.
  SELECT
    e.patient, e.event,
    CASE WHEN d.undocumented = 0 THEN e.all_levels | d.levels END AS levels,
    (
      CASE WHEN (e.all_levels & 255) <> 0 THEN 255 ELSE 0 END
      | CASE WHEN (e.all_levels & 1048320) <> 0 THEN 1048320 ELSE 0 END
      | CASE WHEN (e.all_levels & 32505856) <> 0 THEN 32505856 ELSE 0 END
    ) AS own_regions
  FROM event AS e
  JOIN day AS d ON d.patient = e.patient AND d.date = e.date
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    BIT_COUNT(s.levels & s.own_regions) AS session_levels
  FROM event AS e
  JOIN session AS s ON s.patient = e.patient AND s.event = e.event
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    -- Facet procedure
    kind IN ('medial_branch_block', 'facet_joint_injection', 'radiofrequency_ablation') AS asks_facet_procedure
  FROM request AS r
),

answered AS (
  -- What is asked, and the truth of each criterion: of its test, of when it applies, and of its exception.
  SELECT
    patient, date, sequence, kind, event,
    CASE
      WHEN asks_facet_procedure THEN 'facet_procedure'
      WHEN asks_facet_procedure IS NULL THEN 'cannot be told'
    END AS asked,
    -- In a hospital outpatient department the procedure was affirmed before the service.
    prior_authorization AS affirmed_before_the_service,
    place = 'hospital_outpatient' AS affirmed_before_the_service_applies,
    -- No third level is asked for. Its lines were on the list until 5 August 2024 and never affirmed; since then they
    -- are not on it.
    session_levels <= 2 AS no_third_level_to_authorize,
    place = 'hospital_outpatient' AS no_third_level_to_authorize_applies
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- In a hospital outpatient department the procedure was affirmed before the service.
  CASE
    WHEN asked IN ('facet_procedure') THEN
      CASE
        WHEN NOT affirmed_before_the_service_applies THEN 'not applicable'
        WHEN affirmed_before_the_service_applies IS NULL THEN 'not documented'
        WHEN affirmed_before_the_service THEN 'met'
        WHEN NOT affirmed_before_the_service THEN 'not met'
        ELSE 'not documented'
      END
  END AS affirmed_before_the_service,
  -- No third level is asked for. Its lines were on the list until 5 August 2024 and never affirmed; since then they are
  -- not on it.
  CASE
    WHEN asked IN ('facet_procedure') THEN
      CASE
        WHEN NOT no_third_level_to_authorize_applies THEN 'not applicable'
        WHEN no_third_level_to_authorize_applies IS NULL THEN 'not documented'
        WHEN no_third_level_to_authorize THEN 'met'
        WHEN NOT no_third_level_to_authorize THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_third_level_to_authorize
FROM answered
ORDER BY patient, event
