-- Policy aetna-cpb-0016: Clinical Policy Bulletin 0016, facet injections, blocks and ablation (Aetna).
-- Generated from the policy. Do not edit.
-- Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.
-- NAME_low and NAME_high are a number that is known only within bounds. 1e100 stands for infinity.
-- A set of levels is a number: C0-1 is 1, C1-2 2, C2-3 4. covered_spine is 33554428.
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
    purpose, relief_percent, relief_lasted_as_agent, guidance, ablation_mode, pain_months, function_limited,
    conservative_care_weeks, pain_on_extension_rotation, other_cause_of_pain, fused_at_request, ablation_intended
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, relief_lasted_as_agent, guidance, ablation_mode, pain_months, function_limited,
        conservative_care_weeks, pain_on_extension_rotation, other_cause_of_pain, fused_at_request, ablation_intended
    )
),

visit_day AS (
  -- The follow-up of each procedure by day: of several visits the least relief and the best function count.
  SELECT
    e.patient, e.event, e.date AS procedure_date, e.month, e.day_of_month, v.date,
    MIN(v.relief_percent) AS relief,
    MAX(v.function_improved_percent) AS function_improved
  FROM event AS e
  JOIN visits AS v ON v.patient = e.patient AND v.procedure_date = e.date
    AND COALESCE(v.procedure_sequence, -1) = COALESCE(e.sequence, -1)
  GROUP BY e.patient, e.event, e.date, e.month, e.day_of_month, v.date
),

visit AS (
  -- The same with the next day of visits, the time since the procedure, and the first day without the relief.
  SELECT
    patient, event, date, relief, function_improved,
    LEAD(date) OVER (PARTITION BY patient, event ORDER BY date) AS next_date,
    FLOOR(DATE_DIFF('day', procedure_date, date) / 7) AS weeks,
    MIN(CASE WHEN relief <= 50 THEN date END) OVER (PARTITION BY patient, event) AS no_relief_to_50
  FROM visit_day
),

follow_up AS (
  -- What the visits had told by each of their days: _held is how long relief had lasted, _ended when it was over.
  SELECT
    patient, event, date, next_date,
    MAX(
      CASE WHEN relief IS NOT NULL AND (no_relief_to_50 IS NULL OR date < no_relief_to_50) THEN weeks END
    ) OVER so_far AS weeks_of_over_50_percent_relief_held,
    MAX(CASE WHEN date = no_relief_to_50 THEN weeks END) OVER so_far AS weeks_of_over_50_percent_relief_ended
  FROM visit
  WINDOW so_far AS (PARTITION BY patient, event ORDER BY date ROWS UNBOUNDED PRECEDING)
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
    CASE WHEN (e.all_levels & 33554428) <> 0 THEN 33554428 ELSE 0 END AS own_regions
  FROM event AS e
  JOIN day AS d ON d.patient = e.patient AND d.date = e.date
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    (e.all_levels | 33554428) = 33554428 AS levels_in_scope,
    BIT_COUNT(s.levels & s.own_regions) AS session_levels
  FROM event AS e
  JOIN session AS s ON s.patient = e.patient AND s.event = e.event
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose, p.relief_percent, p.relief_lasted_as_agent,
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
    END AS covers_request,
    COALESCE(v.weeks_of_over_50_percent_relief_held, 0) AS weeks_of_over_50_percent_relief_low,
    GREATEST(
      COALESCE(v.weeks_of_over_50_percent_relief_ended, FLOOR(DATE_DIFF('day', p.date, r.date) / 7)),
      COALESCE(v.weeks_of_over_50_percent_relief_held, 0)
    ) AS weeks_of_over_50_percent_relief_high
  FROM event AS r
  JOIN event AS p ON p.patient = r.patient AND p.date < r.date
  LEFT JOIN follow_up AS v ON v.patient = p.patient AND v.event = p.event
    AND v.date <= r.date AND (v.next_date > r.date OR v.next_date IS NULL)
),

days_since_last_ablation_rows AS (
  -- The procedures behind days_since_last_ablation, ablations_here, months_since_last_ablation,
  -- weeks_relieved_by_last_ablation. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.days_before, p.months_before, p.weeks_of_over_50_percent_relief_low, p.weeks_of_over_50_percent_relief_high,
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

block_sessions_here_rows AS (
  -- The procedures behind block_sessions_here. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind IN ('medial_branch_block', 'facet_joint_injection')
        AND p.purpose = 'diagnostic'
        AND p.overlaps_request
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

block_sessions_here AS (
  -- Sessions of diagnostic blocks or injections of these joints so far
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS block_sessions_here_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS block_sessions_here_high
  FROM event AS r
  LEFT JOIN block_sessions_here_rows AS p ON p.patient = r.patient AND p.event = r.event
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
        p.kind IN ('medial_branch_block', 'facet_joint_injection')
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND CASE
          WHEN p.days_before < days_since_last_ablation_low THEN TRUE
          WHEN p.days_before >= days_since_last_ablation_high THEN FALSE
        END
        AND p.relief_percent >= 80
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

positive_blocks AS (
  -- Diagnostic blocks or injections of all these joints, since the last ablation, that relieved at least 80 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

lasting_positive_blocks_rows AS (
  -- The procedures behind lasting_positive_blocks. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind IN ('medial_branch_block', 'facet_joint_injection')
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND CASE
          WHEN p.days_before < days_since_last_ablation_low THEN TRUE
          WHEN p.days_before >= days_since_last_ablation_high THEN FALSE
        END
        AND p.relief_percent >= 80
        AND p.relief_lasted_as_agent
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

lasting_positive_blocks AS (
  -- Diagnostic blocks or injections of all these joints, since the last ablation, that relieved at least 80 percent for
  -- as long as the anaesthetic acts
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS lasting_positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS lasting_positive_blocks_high
  FROM event AS r
  LEFT JOIN lasting_positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
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

weeks_relieved_by_last_ablation AS (
  -- Weeks for which the last ablation gave more than 50 percent relief
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.weeks_of_over_50_percent_relief_low), 0), 0)
      ELSE MIN(p.weeks_of_over_50_percent_relief_low)
    END AS weeks_relieved_by_last_ablation_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.weeks_of_over_50_percent_relief_high), 0), 0)
      ELSE MAX(p.weeks_of_over_50_percent_relief_high)
    END AS weeks_relieved_by_last_ablation_high
  FROM event AS r
  LEFT JOIN days_since_last_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    days_since_last_ablation_low, days_since_last_ablation_high,
    ablations_here_low, ablations_here_high,
    diagnostic_blocks_here_low, diagnostic_blocks_here_high,
    block_sessions_here_low, block_sessions_here_high,
    positive_blocks_low, positive_blocks_high,
    lasting_positive_blocks_low, lasting_positive_blocks_high,
    months_since_last_ablation_low, months_since_last_ablation_high,
    weeks_relieved_by_last_ablation_low, weeks_relieved_by_last_ablation_high,
    -- First diagnostic block or injection
    (
      kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE
        WHEN diagnostic_blocks_here_low = 0 AND diagnostic_blocks_here_low = diagnostic_blocks_here_high THEN TRUE
        WHEN diagnostic_blocks_here_high < 0 OR diagnostic_blocks_here_low > 0 THEN FALSE
      END
    ) AS asks_first_block,
    -- Second diagnostic block or injection
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
  LEFT JOIN block_sessions_here AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN positive_blocks AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN lasting_positive_blocks AS m6 ON m6.patient = r.patient AND m6.event = r.event
  LEFT JOIN months_since_last_ablation AS m7 ON m7.patient = r.patient AND m7.event = r.event
  LEFT JOIN weeks_relieved_by_last_ablation AS m8 ON m8.patient = r.patient AND m8.event = r.event
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
    -- The pain limits daily activities.
    function_limited AS pain_limits_daily_activities,
    -- Signs of facet joint pain, with a provocative examination.
    pain_on_extension_rotation AS signs_of_facet_pain,
    -- Imaging shows no other cause of the pain.
    NOT other_cause_of_pain AS no_other_cause_on_imaging,
    -- The block is for diagnosis, with ablation contemplated.
    ablation_intended AS ablation_contemplated,
    -- One first and one second set of blocks at a level and side, this one included. Further sets count as unproven.
    CASE
      WHEN block_sessions_here_high <= 1 THEN TRUE
      WHEN block_sessions_here_low > 1 THEN FALSE
    END AS at_most_two_sets_of_blocks_here,
    -- At most three levels in a session, on one side or both.
    session_levels <= 3 AS at_most_three_levels_per_session,
    -- At least 6 weeks of conservative care.
    conservative_care_weeks >= 6 AS six_weeks_of_conservative_care,
    -- The joints lie between C2-3 and L5-S1.
    levels_in_scope AS levels_are_covered,
    -- Not guided by ultrasound, which counts as unproven.
    guidance <> 'ultrasound' AS not_guided_by_ultrasound,
    -- The first block relieved at least 80 percent of the index pain for as long as its anaesthetic acts.
    CASE
      WHEN lasting_positive_blocks_low >= 1 THEN TRUE
      WHEN lasting_positive_blocks_high < 1 THEN FALSE
    END AS first_block_gave_80_percent_relief,
    -- Therapeutic injections are not covered. Injections and blocks are for diagnosis only.
    FALSE AS therapeutic_injections_are_covered,
    -- No fusion at the level.
    NOT fused_at_request AS no_fusion_at_the_level,
    -- Radiofrequency ablation that is not pulsed.
    ablation_mode IN ('thermal', 'cooled') AS radiofrequency_not_pulsed,
    -- Pain for more than 6 months.
    pain_months > 6 AS pain_for_more_than_six_months,
    -- Two blocks each relieved at least 80 percent. Joint injections count as well as medial branch blocks.
    CASE
      WHEN positive_blocks_low >= 2 THEN TRUE
      WHEN positive_blocks_high < 2 THEN FALSE
    END AS two_blocks_gave_80_percent_relief,
    -- The last ablation gave more than 50 percent relief for at least 12 weeks.
    CASE
      WHEN weeks_relieved_by_last_ablation_low >= 12 THEN TRUE
      WHEN weeks_relieved_by_last_ablation_high < 12 THEN FALSE
    END AS last_ablation_gave_12_weeks_of_relief,
    -- At least 6 months since the last ablation at the level and side.
    CASE
      WHEN months_since_last_ablation_low >= 6 THEN TRUE
      WHEN months_since_last_ablation_high < 6 THEN FALSE
    END AS six_months_since_last_ablation
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- Pain for at least 3 months.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE WHEN pain_for_three_months THEN 'met' WHEN NOT pain_for_three_months THEN 'not met' ELSE 'not documented' END
  END AS pain_for_three_months,
  -- The pain limits daily activities.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN pain_limits_daily_activities THEN 'met'
        WHEN NOT pain_limits_daily_activities THEN 'not met'
        ELSE 'not documented'
      END
  END AS pain_limits_daily_activities,
  -- Signs of facet joint pain, with a provocative examination.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE WHEN signs_of_facet_pain THEN 'met' WHEN NOT signs_of_facet_pain THEN 'not met' ELSE 'not documented' END
  END AS signs_of_facet_pain,
  -- Imaging shows no other cause of the pain.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN no_other_cause_on_imaging THEN 'met'
        WHEN NOT no_other_cause_on_imaging THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_other_cause_on_imaging,
  -- The block is for diagnosis, with ablation contemplated.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE WHEN ablation_contemplated THEN 'met' WHEN NOT ablation_contemplated THEN 'not met' ELSE 'not documented' END
  END AS ablation_contemplated,
  -- One first and one second set of blocks at a level and side, this one included. Further sets count as unproven.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN at_most_two_sets_of_blocks_here THEN 'met'
        WHEN NOT at_most_two_sets_of_blocks_here THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_two_sets_of_blocks_here,
  -- At most three levels in a session, on one side or both.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN at_most_three_levels_per_session THEN 'met'
        WHEN NOT at_most_three_levels_per_session THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_three_levels_per_session,
  -- At least 6 weeks of conservative care.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation') THEN
      CASE
        WHEN six_weeks_of_conservative_care THEN 'met'
        WHEN NOT six_weeks_of_conservative_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_weeks_of_conservative_care,
  -- The joints lie between C2-3 and L5-S1.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE WHEN levels_are_covered THEN 'met' WHEN NOT levels_are_covered THEN 'not met' ELSE 'not documented' END
  END AS levels_are_covered,
  -- Not guided by ultrasound, which counts as unproven.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN not_guided_by_ultrasound THEN 'met'
        WHEN NOT not_guided_by_ultrasound THEN 'not met'
        ELSE 'not documented'
      END
  END AS not_guided_by_ultrasound,
  -- How many regions of the spine one session may treat.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS regions_in_a_session,
  -- The first block relieved at least 80 percent of the index pain for as long as its anaesthetic acts.
  CASE
    WHEN asked IN ('confirming_block') THEN
      CASE
        WHEN first_block_gave_80_percent_relief THEN 'met'
        WHEN NOT first_block_gave_80_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS first_block_gave_80_percent_relief,
  -- How long after the first block the second may follow.
  CASE WHEN asked IN ('confirming_block') THEN 'not applicable' END AS time_between_blocks,
  -- Therapeutic injections are not covered. Injections and blocks are for diagnosis only.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN therapeutic_injections_are_covered THEN 'met'
        WHEN NOT therapeutic_injections_are_covered THEN 'not met'
        ELSE 'not documented'
      END
  END AS therapeutic_injections_are_covered,
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
  -- Pain for more than 6 months.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN pain_for_more_than_six_months THEN 'met'
        WHEN NOT pain_for_more_than_six_months THEN 'not met'
        ELSE 'not documented'
      END
  END AS pain_for_more_than_six_months,
  -- Two blocks each relieved at least 80 percent. Joint injections count as well as medial branch blocks.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN two_blocks_gave_80_percent_relief THEN 'met'
        WHEN NOT two_blocks_gave_80_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_blocks_gave_80_percent_relief,
  -- The last ablation gave more than 50 percent relief for at least 12 weeks.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_gave_12_weeks_of_relief THEN 'met'
        WHEN NOT last_ablation_gave_12_weeks_of_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_gave_12_weeks_of_relief,
  -- At least 6 months since the last ablation at the level and side.
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
