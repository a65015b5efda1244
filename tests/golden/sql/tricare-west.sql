-- Policy tricare-west: Facet joint ablation (TRICARE West).
-- Generated from the policy. Do not edit.
-- Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.
-- NAME_low and NAME_high are a number that is known only within bounds. 1e100 stands for infinity.
-- A set of levels is a number: C0-1 is 1, C1-2 2, C2-3 4. cervical is 255, lumbar is 32505856.
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
    purpose, relief_percent, pain_axial, conservative_care_months
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, pain_axial, conservative_care_months
    )
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    (e.all_levels | 32506111) = 32506111 AS levels_in_scope
  FROM event AS e
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose, p.relief_percent,
    r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END AS months_before,
    CASE
      WHEN p.all_levels IS NULL OR r.all_levels IS NULL THEN NULL
      WHEN (
        (p.left_levels & r.left_levels) <> 0
        OR (p.right_levels & r.right_levels) <> 0
        OR (p.unsided_levels & r.left_levels & r.right_levels) <> 0
        OR (r.unsided_levels & p.left_levels & p.right_levels) <> 0
      ) THEN TRUE
      WHEN (p.left_at_most & r.left_at_most) = 0 AND (p.right_at_most & r.right_at_most) = 0 THEN FALSE
    END AS overlaps_request,
    CASE
      WHEN p.all_levels IS NULL OR r.all_levels IS NULL THEN NULL
      WHEN (
        (p.left_levels | r.left_at_most) = p.left_levels
        AND (p.right_levels | r.right_at_most) = p.right_levels
      ) THEN TRUE
      WHEN (
        (p.left_at_most | r.left_levels) <> p.left_at_most
        OR (p.right_at_most | r.right_levels) <> p.right_at_most
        OR (p.all_levels | r.unsided_levels) <> p.all_levels
      ) THEN FALSE
    END AS covers_request
  FROM event AS r
  JOIN event AS p ON p.patient = r.patient AND p.date < r.date
),

ablations_here_rows AS (
  -- The procedures behind ablations_here, months_since_last_ablation. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.months_before,
      p.kind = 'radiofrequency_ablation' AND p.overlaps_request AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

ablations_here AS (
  -- Earlier ablations of these joints
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS ablations_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS ablations_here_high
  FROM event AS r
  LEFT JOIN ablations_here_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

positive_blocks_rows AS (
  -- The procedures behind positive_blocks. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        (p.kind = 'medial_branch_block' OR (p.kind = 'facet_joint_injection' AND FALSE))
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND p.relief_percent >= 50
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

positive_blocks AS (
  -- Blocks of all these joints that relieved at least 50 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

months_since_last_ablation_ends AS (
  -- Those of them that may be the last. Without a sequence, the procedures of one day have no order.
  SELECT
    m.*
  FROM (
    SELECT
      x.*,
      MAX(CASE WHEN x.belongs THEN x.date END) OVER (PARTITION BY x.patient, x.event) AS last_date,
      MAX(CASE WHEN x.belongs THEN x.sequence END) OVER (PARTITION BY x.patient, x.event, x.date) AS last_sequence
    FROM ablations_here_rows AS x
  ) AS m
  WHERE (
    (m.last_date IS NULL OR m.date >= m.last_date)
    AND (m.sequence IS NULL OR m.last_sequence IS NULL OR m.sequence >= m.last_sequence)
  )
),

months_since_last_ablation AS (
  -- Complete months since the last ablation of these joints
  SELECT
    r.patient, r.event,
    COALESCE(MIN(p.months_before), 1e100) AS months_since_last_ablation_low,
    CASE WHEN COUNT(p.last_date) = 0 THEN 1e100 ELSE MAX(p.months_before) END AS months_since_last_ablation_high
  FROM event AS r
  LEFT JOIN months_since_last_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.months_before)
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    ablations_here_low, ablations_here_high,
    positive_blocks_low, positive_blocks_high,
    months_since_last_ablation_low, months_since_last_ablation_high,
    -- Initial radiofrequency ablation
    (
      kind = 'radiofrequency_ablation'
      AND CASE
        WHEN ablations_here_low = 0 AND ablations_here_low = ablations_here_high THEN TRUE
        WHEN ablations_here_high < 0 OR ablations_here_low > 0 THEN FALSE
      END
    ) AS asks_ablation,
    -- Repeat radiofrequency ablation
    (
      kind = 'radiofrequency_ablation'
      AND CASE WHEN ablations_here_low >= 1 THEN TRUE WHEN ablations_here_high < 1 THEN FALSE END
    ) AS asks_repeat_ablation
  FROM request AS r
  LEFT JOIN ablations_here AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN positive_blocks AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN months_since_last_ablation AS m3 ON m3.patient = r.patient AND m3.event = r.event
),

answered AS (
  -- What is asked, and the truth of each criterion: of its test, of when it applies, and of its exception.
  SELECT
    patient, date, sequence, kind, event,
    CASE
      WHEN asks_ablation THEN 'ablation'
      WHEN asks_ablation IS NULL THEN 'cannot be told'
      WHEN asks_repeat_ablation THEN 'repeat_ablation'
      WHEN asks_repeat_ablation IS NULL THEN 'cannot be told'
    END AS asked,
    -- The joints are cervical or lumbar. Thoracic procedures count as unproven.
    levels_in_scope AS levels_are_covered,
    -- The pain does not radiate.
    pain_axial AS pain_does_not_radiate,
    -- At least 3 months of conservative care.
    conservative_care_months >= 3 AS three_months_of_conservative_care,
    -- A block relieved at least 50 percent.
    CASE
      WHEN positive_blocks_low >= 1 THEN TRUE
      WHEN positive_blocks_high < 1 THEN FALSE
    END AS a_block_gave_50_percent_relief,
    -- At least 6 months since the last ablation.
    CASE
      WHEN months_since_last_ablation_low >= 6 THEN TRUE
      WHEN months_since_last_ablation_high < 6 THEN FALSE
    END AS six_months_since_last_ablation
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- The joints are cervical or lumbar. Thoracic procedures count as unproven.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN levels_are_covered THEN 'met' WHEN NOT levels_are_covered THEN 'not met' ELSE 'not documented' END
  END AS levels_are_covered,
  -- The pain does not radiate.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN pain_does_not_radiate THEN 'met' WHEN NOT pain_does_not_radiate THEN 'not met' ELSE 'not documented' END
  END AS pain_does_not_radiate,
  -- At least 3 months of conservative care.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN three_months_of_conservative_care THEN 'met'
        WHEN NOT three_months_of_conservative_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS three_months_of_conservative_care,
  -- A block relieved at least 50 percent.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN a_block_gave_50_percent_relief THEN 'met'
        WHEN NOT a_block_gave_50_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS a_block_gave_50_percent_relief,
  -- How many blocks must come first.
  CASE WHEN asked IN ('ablation') THEN 'not applicable' END AS number_of_blocks,
  -- At least 6 months since the last ablation.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN six_months_since_last_ablation THEN 'met'
        WHEN NOT six_months_since_last_ablation THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_months_since_last_ablation
FROM answered
ORDER BY patient, event
