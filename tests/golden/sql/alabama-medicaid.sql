-- Policy alabama-medicaid: Facet joint procedures (policy of 1 May 2024) (Alabama Medicaid).
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
    purpose, relief_percent, pain_months, conservative_care_weeks, medication_weeks, fused_at_request,
    ablation_intended, prior_authorization
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, pain_months, conservative_care_weeks, medication_weeks, fused_at_request, ablation_intended,
        prior_authorization
    )
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*
  FROM event AS e
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose, p.relief_percent,
    DATE_DIFF('day', p.date, r.date) AS days_before,
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
  -- The procedures behind ablations_here, days_since_last_ablation. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.days_before,
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

days_since_last_ablation_ends AS (
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

days_since_last_ablation AS (
  -- Days since the last ablation of these joints
  SELECT
    r.patient, r.event,
    COALESCE(MIN(p.days_before), 1e100) AS days_since_last_ablation_low,
    CASE WHEN COUNT(p.last_date) = 0 THEN 1e100 ELSE MAX(p.days_before) END AS days_since_last_ablation_high
  FROM event AS r
  LEFT JOIN days_since_last_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.days_before)
),

diagnostic_blocks_here_rows AS (
  -- The procedures behind diagnostic_blocks_here. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind = 'medial_branch_block'
        AND p.purpose = 'diagnostic'
        AND p.overlaps_request
        AND CASE
          WHEN p.days_before < days_since_last_ablation_low THEN TRUE
          WHEN p.days_before >= days_since_last_ablation_high THEN FALSE
        END
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

diagnostic_blocks_here AS (
  -- Diagnostic blocks of these joints since the last ablation
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS diagnostic_blocks_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS diagnostic_blocks_here_high
  FROM event AS r
  LEFT JOIN diagnostic_blocks_here_rows AS p ON p.patient = r.patient AND p.event = r.event
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
        p.kind = 'medial_branch_block'
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND p.relief_percent >= 80
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

positive_blocks AS (
  -- Blocks of all these joints with enough relief
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    ablations_here_low, ablations_here_high,
    days_since_last_ablation_low, days_since_last_ablation_high,
    diagnostic_blocks_here_low, diagnostic_blocks_here_high,
    positive_blocks_low, positive_blocks_high,
    -- First diagnostic block
    (
      kind = 'medial_branch_block'
      AND purpose = 'diagnostic'
      AND CASE
        WHEN diagnostic_blocks_here_low = 0 AND diagnostic_blocks_here_low = diagnostic_blocks_here_high THEN TRUE
        WHEN diagnostic_blocks_here_high < 0 OR diagnostic_blocks_here_low > 0 THEN FALSE
      END
    ) AS asks_first_block,
    -- Confirming block
    (
      kind = 'medial_branch_block'
      AND purpose = 'diagnostic'
      AND CASE WHEN diagnostic_blocks_here_low >= 1 THEN TRUE WHEN diagnostic_blocks_here_high < 1 THEN FALSE END
    ) AS asks_confirming_block,
    -- Radiofrequency ablation
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
  LEFT JOIN days_since_last_ablation AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN diagnostic_blocks_here AS m3 ON m3.patient = r.patient AND m3.event = r.event
  LEFT JOIN positive_blocks AS m4 ON m4.patient = r.patient AND m4.event = r.event
),

answered AS (
  -- What is asked, and the truth of each criterion: of its test, of when it applies, and of its exception.
  SELECT
    patient, date, sequence, kind, event,
    CASE
      WHEN asks_first_block THEN 'first_block'
      WHEN asks_first_block IS NULL THEN 'cannot be told'
      WHEN asks_confirming_block THEN 'confirming_block'
      WHEN asks_confirming_block IS NULL THEN 'cannot be told'
      WHEN asks_ablation THEN 'ablation'
      WHEN asks_ablation IS NULL THEN 'cannot be told'
      WHEN asks_repeat_ablation THEN 'repeat_ablation'
      WHEN asks_repeat_ablation IS NULL THEN 'cannot be told'
    END AS asked,
    -- Pain for at least 3 months.
    pain_months >= 3 AS three_months_of_pain,
    -- At least 6 weeks of conservative care.
    conservative_care_weeks >= 6 AS six_weeks_of_conservative_care,
    -- An NSAID was tried for at least 3 weeks.
    medication_weeks >= 3 AS three_weeks_of_medication,
    -- No fusion at the level.
    NOT fused_at_request AS no_fusion_at_the_level,
    -- Prior authorization, in all settings.
    prior_authorization AS authorized_beforehand,
    -- Ablation is contemplated when a block is done.
    ablation_intended AS ablation_contemplated,
    -- Blocks relieved 80 percent. How many was not noted; here one is enough.
    CASE
      WHEN positive_blocks_low >= 1 THEN TRUE
      WHEN positive_blocks_high < 1 THEN FALSE
    END AS blocks_relieved_80_percent
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- Pain for at least 3 months.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE WHEN three_months_of_pain THEN 'met' WHEN NOT three_months_of_pain THEN 'not met' ELSE 'not documented' END
  END AS three_months_of_pain,
  -- At least 6 weeks of conservative care.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN six_weeks_of_conservative_care THEN 'met'
        WHEN NOT six_weeks_of_conservative_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_weeks_of_conservative_care,
  -- An NSAID was tried for at least 3 weeks.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN three_weeks_of_medication THEN 'met'
        WHEN NOT three_weeks_of_medication THEN 'not met'
        ELSE 'not documented'
      END
  END AS three_weeks_of_medication,
  -- No fusion at the level.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_fusion_at_the_level THEN 'met'
        WHEN NOT no_fusion_at_the_level THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_fusion_at_the_level,
  -- Prior authorization, in all settings.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE WHEN authorized_beforehand THEN 'met' WHEN NOT authorized_beforehand THEN 'not met' ELSE 'not documented' END
  END AS authorized_beforehand,
  -- Which parts of the spine are covered.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS regions_covered,
  -- How many levels a session may treat.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS levels_in_a_session,
  -- Whether sedation is allowed.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS sedation_rule,
  -- Which imaging guidance is asked for.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS guidance_rule,
  -- Ablation is contemplated when a block is done.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE WHEN ablation_contemplated THEN 'met' WHEN NOT ablation_contemplated THEN 'not met' ELSE 'not documented' END
  END AS ablation_contemplated,
  -- How many diagnostic sessions a year may hold.
  CASE WHEN asked IN ('first_block', 'confirming_block') THEN 'not applicable' END AS blocks_in_a_year,
  -- What the first block must have done before a second.
  CASE WHEN asked IN ('confirming_block') THEN 'not applicable' END AS relief_by_the_first_block,
  -- How long to wait between blocks.
  CASE WHEN asked IN ('confirming_block') THEN 'not applicable' END AS time_between_blocks,
  -- Blocks relieved 80 percent. How many was not noted; here one is enough.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN blocks_relieved_80_percent THEN 'met'
        WHEN NOT blocks_relieved_80_percent THEN 'not met'
        ELSE 'not documented'
      END
  END AS blocks_relieved_80_percent,
  -- How long to wait between ablations.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS time_between_ablations,
  -- What the last ablation must have done before another.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS relief_by_the_last_ablation,
  -- Whether a repeat needs new blocks.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS new_blocks_before_a_repeat
FROM answered
ORDER BY patient, event
