-- Policy centene: Clinical policy CP.MP.171 on facet joint interventions (Centene).
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
    purpose, pain_months, function_limited, active_care_weeks, medication_weeks, activity_modified
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        pain_months, function_limited, active_care_weeks, medication_weeks, activity_modified
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
      | CASE WHEN (e.all_levels & 32505856) <> 0 THEN 32505856 ELSE 0 END
    ) AS own_regions
  FROM event AS e
  JOIN day AS d ON d.patient = e.patient AND d.date = e.date
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    (e.all_levels | 32506111) = 32506111 AS levels_in_scope,
    BIT_COUNT(s.levels & s.own_regions) AS session_levels
  FROM event AS e
  JOIN session AS s ON s.patient = e.patient AND s.event = e.event
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose,
    DATE_DIFF('day', p.date, r.date) AS days_before,
    r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END AS months_before,
    (
      (p.all_levels & r.all_levels) <> 0
      OR ((p.all_levels & 255) <> 0 AND (r.all_levels & 255) <> 0)
      OR ((p.all_levels & 32505856) <> 0 AND (r.all_levels & 32505856) <> 0)
    ) AS same_region,
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
    p.kind
  FROM event AS r
  JOIN event AS p ON p.patient = r.patient AND p.date = r.date AND p.event <> r.event
),

days_since_last_ablation_rows AS (
  -- The procedures behind days_since_last_ablation, ablations_here. Where belongs is NULL, it is not documented.
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

days_since_last_block_rows AS (
  -- The procedures behind days_since_last_block. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.days_before,
      (
        p.kind IN ('medial_branch_block', 'facet_joint_injection')
        AND p.purpose = 'diagnostic'
        AND p.overlaps_request
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

days_since_last_block_ends AS (
  -- Those of them that may be the last. Without a sequence, the procedures of one day have no order.
  SELECT
    m.*
  FROM (
    SELECT
      x.*,
      MAX(CASE WHEN x.belongs THEN x.date END) OVER (PARTITION BY x.patient, x.event) AS last_date,
      MAX(CASE WHEN x.belongs THEN x.sequence END) OVER (PARTITION BY x.patient, x.event, x.date) AS last_sequence
    FROM days_since_last_block_rows AS x
  ) AS m
  WHERE (
    (m.last_date IS NULL OR m.date >= m.last_date)
    AND (m.sequence IS NULL OR m.last_sequence IS NULL OR m.sequence >= m.last_sequence)
  )
),

days_since_last_block AS (
  -- Days since the last diagnostic block or injection of these joints
  SELECT
    r.patient, r.event,
    COALESCE(MIN(p.days_before), 1e100) AS days_since_last_block_low,
    CASE WHEN COUNT(p.last_date) = 0 THEN 1e100 ELSE MAX(p.days_before) END AS days_since_last_block_high
  FROM event AS r
  LEFT JOIN days_since_last_block_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.days_before)
),

diagnostic_sessions_in_12_months_rows AS (
  -- The procedures behind diagnostic_sessions_in_12_months. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind IN ('medial_branch_block', 'facet_joint_injection')
        AND p.purpose = 'diagnostic'
        AND p.same_region
        AND p.months_before < 12
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

diagnostic_sessions_in_12_months AS (
  -- Diagnostic sessions in this region within the last 12 months
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS diagnostic_sessions_in_12_months_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS diagnostic_sessions_in_12_months_high
  FROM event AS r
  LEFT JOIN diagnostic_sessions_in_12_months_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

blocks_of_all_these_joints_rows AS (
  -- The procedures behind blocks_of_all_these_joints. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        (p.kind = 'medial_branch_block' OR (p.kind = 'facet_joint_injection' AND FALSE))
        AND p.purpose = 'diagnostic'
        AND p.covers_request
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_of_all_these_joints AS (
  -- Diagnostic blocks of all these joints
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_of_all_these_joints_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_of_all_these_joints_high
  FROM event AS r
  LEFT JOIN blocks_of_all_these_joints_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

other_procedures_same_day_rows AS (
  -- The procedures behind other_procedures_same_day. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.kind IN (
        'medial_branch_block',
        'facet_joint_injection',
        'radiofrequency_ablation',
        'facet_cyst_rupture',
        'epidural_steroid_injection',
        'sacroiliac_joint_injection',
        'trigger_point_injection'
      ) AS belongs
    FROM same_day AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

other_procedures_same_day AS (
  -- Other facet procedures or spinal injections on the same day
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS other_procedures_same_day_low,
    COUNT(p.event) AS other_procedures_same_day_high
  FROM event AS r
  LEFT JOIN other_procedures_same_day_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    days_since_last_ablation_low, days_since_last_ablation_high,
    ablations_here_low, ablations_here_high,
    diagnostic_blocks_here_low, diagnostic_blocks_here_high,
    days_since_last_block_low, days_since_last_block_high,
    diagnostic_sessions_in_12_months_low, diagnostic_sessions_in_12_months_high,
    blocks_of_all_these_joints_low, blocks_of_all_these_joints_high,
    other_procedures_same_day_low, other_procedures_same_day_high,
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
  LEFT JOIN days_since_last_block AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN diagnostic_sessions_in_12_months AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN blocks_of_all_these_joints AS m6 ON m6.patient = r.patient AND m6.event = r.event
  LEFT JOIN other_procedures_same_day AS m7 ON m7.patient = r.patient AND m7.event = r.event
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
    -- Pain for at least 3 months.
    pain_months >= 3 AS pain_for_three_months,
    -- The pain interferes with daily activities.
    function_limited AS pain_interferes_with_daily_activities,
    -- At least 6 weeks of physical therapy, chiropractic care or home exercise, and activities were modified.
    active_care_weeks >= 6 AND activity_modified AS six_weeks_of_active_care,
    -- An anti-inflammatory drug was tried for at least 3 weeks.
    medication_weeks >= 3 AS three_weeks_of_medication,
    -- At most two diagnostic blocks, this one included.
    CASE
      WHEN diagnostic_sessions_in_12_months_high <= 1 THEN TRUE
      WHEN diagnostic_sessions_in_12_months_low > 1 THEN FALSE
    END AS at_most_two_blocks,
    -- The joints are lumbar or cervical.
    levels_in_scope AS levels_are_covered,
    -- At most three levels in a session.
    session_levels <= 3 AS at_most_three_levels_per_session,
    -- One procedure in a visit.
    CASE
      WHEN (
        other_procedures_same_day_low = 0
        AND other_procedures_same_day_low = other_procedures_same_day_high
      ) THEN TRUE
      WHEN other_procedures_same_day_high < 0 OR other_procedures_same_day_low > 0 THEN FALSE
    END AS one_procedure_per_visit,
    -- At least 2 weeks since the first block.
    CASE
      WHEN days_since_last_block_low >= 14 THEN TRUE
      WHEN days_since_last_block_high < 14 THEN FALSE
    END AS two_weeks_between_blocks,
    -- Two blocks of the joints came first.
    CASE
      WHEN blocks_of_all_these_joints_low >= 2 THEN TRUE
      WHEN blocks_of_all_these_joints_high < 2 THEN FALSE
    END AS two_blocks_before_ablation
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- Pain for at least 3 months.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation') THEN
      CASE WHEN pain_for_three_months THEN 'met' WHEN NOT pain_for_three_months THEN 'not met' ELSE 'not documented' END
  END AS pain_for_three_months,
  -- The pain interferes with daily activities.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation') THEN
      CASE
        WHEN pain_interferes_with_daily_activities THEN 'met'
        WHEN NOT pain_interferes_with_daily_activities THEN 'not met'
        ELSE 'not documented'
      END
  END AS pain_interferes_with_daily_activities,
  -- At least 6 weeks of physical therapy, chiropractic care or home exercise, and activities were modified.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation') THEN
      CASE
        WHEN six_weeks_of_active_care THEN 'met'
        WHEN NOT six_weeks_of_active_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_weeks_of_active_care,
  -- An anti-inflammatory drug was tried for at least 3 weeks.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation') THEN
      CASE
        WHEN three_weeks_of_medication THEN 'met'
        WHEN NOT three_weeks_of_medication THEN 'not met'
        ELSE 'not documented'
      END
  END AS three_weeks_of_medication,
  -- At most two diagnostic blocks, this one included.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE WHEN at_most_two_blocks THEN 'met' WHEN NOT at_most_two_blocks THEN 'not met' ELSE 'not documented' END
  END AS at_most_two_blocks,
  -- The joints are lumbar or cervical.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE WHEN levels_are_covered THEN 'met' WHEN NOT levels_are_covered THEN 'not met' ELSE 'not documented' END
  END AS levels_are_covered,
  -- At most three levels in a session.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN at_most_three_levels_per_session THEN 'met'
        WHEN NOT at_most_three_levels_per_session THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_three_levels_per_session,
  -- One procedure in a visit.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN one_procedure_per_visit THEN 'met'
        WHEN NOT one_procedure_per_visit THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_procedure_per_visit,
  -- At least 2 weeks since the first block.
  CASE
    WHEN asked IN ('confirming_block') THEN
      CASE
        WHEN two_weeks_between_blocks THEN 'met'
        WHEN NOT two_weeks_between_blocks THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_weeks_between_blocks,
  -- Within which limits therapeutic injections are covered. That they are limited is all that was noted.
  CASE WHEN asked IN ('therapeutic_injection') THEN 'not applicable' END AS therapeutic_injections,
  -- Whether a fused level is excluded.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS fused_levels,
  -- Which techniques of ablation are covered.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS technique_of_ablation,
  -- Two blocks of the joints came first.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN two_blocks_before_ablation THEN 'met'
        WHEN NOT two_blocks_before_ablation THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_blocks_before_ablation,
  -- How much the blocks must have relieved.
  CASE WHEN asked IN ('ablation') THEN 'not applicable' END AS relief_by_blocks,
  -- How much the last ablation must have helped, and for how long.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS relief_before_a_repeat,
  -- How long after an ablation it may be repeated.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS time_between_ablations,
  -- How many ablations a year are covered.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS ablations_in_a_year
FROM answered
ORDER BY patient, event
