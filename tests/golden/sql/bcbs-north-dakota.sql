-- Policy bcbs-north-dakota: Facet joint blocks and ablation (Blue Cross Blue Shield of North Dakota).
-- Generated from the policy. Do not edit.
-- Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.
-- NAME_low and NAME_high are a number that is known only within bounds. 1e100 stands for infinity.
-- A set of levels is a number: C0-1 is 1, C1-2 2, C2-3 4. cervical is 252, lumbar is 33030144.
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
    purpose, relief_percent, with_steroid, ablation_mode, function_limited, conservative_care_months, fused_at_request,
    with_other_agent
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, with_steroid, ablation_mode, function_limited, conservative_care_months, fused_at_request,
        with_other_agent
    )
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    (e.all_levels | 33030396) = 33030396 AS levels_in_scope
  FROM event AS e
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose, p.relief_percent, p.with_steroid,
    DATE_DIFF('day', p.date, r.date) AS days_before,
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

same_day AS (
  -- Each request r with the other procedures p of its day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose,
    CASE
      WHEN p.all_levels IS NULL OR r.all_levels IS NULL THEN NULL
      WHEN (
        (p.left_levels & r.left_levels) <> 0
        OR (p.right_levels & r.right_levels) <> 0
        OR (p.unsided_levels & r.left_levels & r.right_levels) <> 0
        OR (r.unsided_levels & p.left_levels & p.right_levels) <> 0
      ) THEN TRUE
      WHEN (p.left_at_most & r.left_at_most) = 0 AND (p.right_at_most & r.right_at_most) = 0 THEN FALSE
    END AS overlaps_request
  FROM event AS r
  JOIN event AS p ON p.patient = r.patient AND p.date = r.date AND p.event <> r.event
),

days_since_last_ablation_rows AS (
  -- The procedures behind days_since_last_ablation, ablations_here, months_since_last_ablation. Where belongs is NULL,
  -- it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.days_before, p.months_before,
      p.kind = 'radiofrequency_ablation' AND p.overlaps_request AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
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
    FROM days_since_last_ablation_rows AS x
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

ablations_here AS (
  -- Earlier ablations of these joints
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS ablations_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS ablations_here_high
  FROM event AS r
  LEFT JOIN days_since_last_ablation_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

diagnostic_blocks_here_rows AS (
  -- The procedures behind diagnostic_blocks_here. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind IN ('medial_branch_block', 'facet_joint_injection')
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
  -- Diagnostic blocks and injections of these joints since the last ablation
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS diagnostic_blocks_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS diagnostic_blocks_here_high
  FROM event AS r
  LEFT JOIN diagnostic_blocks_here_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

days_with_a_positive_block_rows AS (
  -- The procedures behind days_with_a_positive_block. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        (p.kind = 'medial_branch_block' OR (p.kind = 'facet_joint_injection' AND FALSE))
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND NOT p.with_steroid
        AND p.relief_percent >= 50
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

days_with_a_positive_block AS (
  -- Days with a block of all these joints, with anaesthetic only, that relieved at least 50 percent
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS days_with_a_positive_block_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS days_with_a_positive_block_high
  FROM event AS r
  LEFT JOIN days_with_a_positive_block_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

blocks_here_on_the_same_day_rows AS (
  -- The procedures behind blocks_here_on_the_same_day. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.kind = 'medial_branch_block' AND p.purpose = 'diagnostic' AND p.overlaps_request AS belongs
    FROM same_day AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_here_on_the_same_day AS (
  -- Other diagnostic blocks of these joints on the same day
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_here_on_the_same_day_low,
    COUNT(p.event) AS blocks_here_on_the_same_day_high
  FROM event AS r
  LEFT JOIN blocks_here_on_the_same_day_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

days_since_last_steroid_injection_rows AS (
  -- The procedures behind days_since_last_steroid_injection. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.days_before,
      p.kind = 'facet_joint_injection' AND p.with_steroid AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

days_since_last_steroid_injection_ends AS (
  -- Those of them that may be the last. Without a sequence, the procedures of one day have no order.
  SELECT
    m.*
  FROM (
    SELECT
      x.*,
      MAX(CASE WHEN x.belongs THEN x.date END) OVER (PARTITION BY x.patient, x.event) AS last_date,
      MAX(CASE WHEN x.belongs THEN x.sequence END) OVER (PARTITION BY x.patient, x.event, x.date) AS last_sequence
    FROM days_since_last_steroid_injection_rows AS x
  ) AS m
  WHERE (
    (m.last_date IS NULL OR m.date >= m.last_date)
    AND (m.sequence IS NULL OR m.last_sequence IS NULL OR m.sequence >= m.last_sequence)
  )
),

days_since_last_steroid_injection AS (
  -- Days since the last injection of steroid into a facet joint
  SELECT
    r.patient, r.event,
    COALESCE(MIN(p.days_before), 1e100) AS days_since_last_steroid_injection_low,
    CASE WHEN COUNT(p.last_date) = 0 THEN 1e100 ELSE MAX(p.days_before) END AS days_since_last_steroid_injection_high
  FROM event AS r
  LEFT JOIN days_since_last_steroid_injection_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.days_before)
),

months_since_last_ablation AS (
  -- Complete months since the last ablation of these joints
  SELECT
    r.patient, r.event,
    COALESCE(MIN(p.months_before), 1e100) AS months_since_last_ablation_low,
    CASE WHEN COUNT(p.last_date) = 0 THEN 1e100 ELSE MAX(p.months_before) END AS months_since_last_ablation_high
  FROM event AS r
  LEFT JOIN days_since_last_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.months_before)
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    days_since_last_ablation_low, days_since_last_ablation_high,
    ablations_here_low, ablations_here_high,
    diagnostic_blocks_here_low, diagnostic_blocks_here_high,
    days_with_a_positive_block_low, days_with_a_positive_block_high,
    blocks_here_on_the_same_day_low, blocks_here_on_the_same_day_high,
    days_since_last_steroid_injection_low, days_since_last_steroid_injection_high,
    months_since_last_ablation_low, months_since_last_ablation_high,
    -- First diagnostic block
    (
      kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE
        WHEN diagnostic_blocks_here_low = 0 AND diagnostic_blocks_here_low = diagnostic_blocks_here_high THEN TRUE
        WHEN diagnostic_blocks_here_high < 0 OR diagnostic_blocks_here_low > 0 THEN FALSE
      END
    ) AS asks_first_block,
    -- Second diagnostic block
    (
      kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE WHEN diagnostic_blocks_here_low >= 1 THEN TRUE WHEN diagnostic_blocks_here_high < 1 THEN FALSE END
    ) AS asks_confirming_block,
    -- Therapeutic facet joint injection or block
    kind IN ('medial_branch_block', 'facet_joint_injection') AND purpose = 'therapeutic' AS asks_therapeutic_injection,
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
  LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN ablations_here AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN diagnostic_blocks_here AS m3 ON m3.patient = r.patient AND m3.event = r.event
  LEFT JOIN days_with_a_positive_block AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN blocks_here_on_the_same_day AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN days_since_last_steroid_injection AS m6 ON m6.patient = r.patient AND m6.event = r.event
  LEFT JOIN months_since_last_ablation AS m7 ON m7.patient = r.patient AND m7.event = r.event
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
      WHEN asks_therapeutic_injection THEN 'therapeutic_injection'
      WHEN asks_therapeutic_injection IS NULL THEN 'cannot be told'
      WHEN asks_ablation THEN 'ablation'
      WHEN asks_ablation IS NULL THEN 'cannot be told'
      WHEN asks_repeat_ablation THEN 'repeat_ablation'
      WHEN asks_repeat_ablation IS NULL THEN 'cannot be told'
    END AS asked,
    -- Only anaesthetic is injected, no steroid and nothing else.
    NOT with_steroid AND NOT with_other_agent AS anaesthetic_only,
    -- No steroid into a joint in the 4 weeks before.
    CASE
      WHEN days_since_last_steroid_injection_low >= 28 THEN TRUE
      WHEN days_since_last_steroid_injection_high < 28 THEN FALSE
    END AS no_joint_steroid_for_four_weeks,
    -- The two blocks are done on different days.
    CASE
      WHEN (
        blocks_here_on_the_same_day_low = 0
        AND blocks_here_on_the_same_day_low = blocks_here_on_the_same_day_high
      ) THEN TRUE
      WHEN blocks_here_on_the_same_day_high < 0 OR blocks_here_on_the_same_day_low > 0 THEN FALSE
    END AS blocks_on_different_days,
    -- The joints lie between C2-3 and C7-T1 or between T12-L1 and L5-S1.
    levels_in_scope AS levels_are_covered,
    -- Conservative care of 3 months.
    conservative_care_months >= 3 AS three_months_of_conservative_care,
    -- The pain is disabling.
    function_limited AS pain_is_disabling,
    -- No fusion at the level.
    NOT fused_at_request AS no_fusion_at_the_level,
    -- Radiofrequency ablation that is not pulsed.
    ablation_mode IN ('thermal', 'cooled') AS radiofrequency_not_pulsed,
    -- Two blocks on different days, with anaesthetic only, each relieved at least 50 percent.
    CASE
      WHEN days_with_a_positive_block_low >= 2 THEN TRUE
      WHEN days_with_a_positive_block_high < 2 THEN FALSE
    END AS two_blocks_gave_50_percent_relief,
    -- At least 6 months since the last ablation at the level and side.
    CASE
      WHEN months_since_last_ablation_low >= 6 THEN TRUE
      WHEN months_since_last_ablation_high < 6 THEN FALSE
    END AS six_months_since_last_ablation
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- Only anaesthetic is injected, no steroid and nothing else.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE WHEN anaesthetic_only THEN 'met' WHEN NOT anaesthetic_only THEN 'not met' ELSE 'not documented' END
  END AS anaesthetic_only,
  -- No steroid into a joint in the 4 weeks before.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN no_joint_steroid_for_four_weeks THEN 'met'
        WHEN NOT no_joint_steroid_for_four_weeks THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_joint_steroid_for_four_weeks,
  -- The two blocks are done on different days.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN blocks_on_different_days THEN 'met'
        WHEN NOT blocks_on_different_days THEN 'not met'
        ELSE 'not documented'
      END
  END AS blocks_on_different_days,
  -- How many diagnostic sessions a year are covered.
  CASE WHEN asked IN ('first_block', 'confirming_block') THEN 'not applicable' END AS diagnostic_sessions_in_a_year,
  -- The joints lie between C2-3 and C7-T1 or between T12-L1 and L5-S1.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE WHEN levels_are_covered THEN 'met' WHEN NOT levels_are_covered THEN 'not met' ELSE 'not documented' END
  END AS levels_are_covered,
  -- How long the pain must have lasted.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS length_of_pain,
  -- How many levels one session may treat.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS levels_in_a_session,
  -- How many regions of the spine one session may treat.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS regions_in_a_session,
  -- Whether therapeutic injections are covered.
  CASE WHEN asked IN ('therapeutic_injection') THEN 'not applicable' END AS therapeutic_injections,
  -- Conservative care of 3 months.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN three_months_of_conservative_care THEN 'met'
        WHEN NOT three_months_of_conservative_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS three_months_of_conservative_care,
  -- The pain is disabling.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE WHEN pain_is_disabling THEN 'met' WHEN NOT pain_is_disabling THEN 'not met' ELSE 'not documented' END
  END AS pain_is_disabling,
  -- No fusion at the level.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_fusion_at_the_level THEN 'met'
        WHEN NOT no_fusion_at_the_level THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_fusion_at_the_level,
  -- Radiofrequency ablation that is not pulsed.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN radiofrequency_not_pulsed THEN 'met'
        WHEN NOT radiofrequency_not_pulsed THEN 'not met'
        ELSE 'not documented'
      END
  END AS radiofrequency_not_pulsed,
  -- Two blocks on different days, with anaesthetic only, each relieved at least 50 percent.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN two_blocks_gave_50_percent_relief THEN 'met'
        WHEN NOT two_blocks_gave_50_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_blocks_gave_50_percent_relief,
  -- At least 6 months since the last ablation at the level and side.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN six_months_since_last_ablation THEN 'met'
        WHEN NOT six_months_since_last_ablation THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_months_since_last_ablation,
  -- What counts as a successful ablation before a repeat. That the last one must have been successful is all that was
  -- noted.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS relief_before_a_repeat
FROM answered
ORDER BY patient, event
