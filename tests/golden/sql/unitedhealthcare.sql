-- Policy unitedhealthcare: Facet joint injections and medial branch blocks (Oxford PAIN 024), and Ablative Treatment
-- (UnitedHealthcare).
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
    purpose, relief_percent, guidance, ablation_mode, worse_on_loading, pain_score, conservative_care_weeks,
    ablation_intended, temperature_c, lesion_seconds
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, guidance, ablation_mode, worse_on_loading, pain_score, conservative_care_weeks,
        ablation_intended, temperature_c, lesion_seconds
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
    MIN(CASE WHEN relief < 50 THEN date END) OVER (PARTITION BY patient, event) AS no_relief_below_50
  FROM visit_day
),

follow_up AS (
  -- What the visits had told by each of their days: _held is how long relief had lasted, _ended when it was over.
  SELECT
    patient, event, date, next_date,
    MAX(
      CASE WHEN relief IS NOT NULL AND (no_relief_below_50 IS NULL OR date < no_relief_below_50) THEN weeks END
    ) OVER so_far AS weeks_of_50_percent_relief_held,
    MAX(CASE WHEN date = no_relief_below_50 THEN weeks END) OVER so_far AS weeks_of_50_percent_relief_ended
  FROM visit
  WINDOW so_far AS (PARTITION BY patient, event ORDER BY date ROWS UNBOUNDED PRECEDING)
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    (e.all_levels & 1048320) <> 0 AS thoracic_requested
  FROM event AS e
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose, p.relief_percent,
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
    COALESCE(v.weeks_of_50_percent_relief_held, 0) AS weeks_of_50_percent_relief_low,
    GREATEST(
      COALESCE(v.weeks_of_50_percent_relief_ended, FLOOR(DATE_DIFF('day', p.date, r.date) / 7)),
      COALESCE(v.weeks_of_50_percent_relief_held, 0)
    ) AS weeks_of_50_percent_relief_high
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
      p.days_before, p.months_before, p.weeks_of_50_percent_relief_low, p.weeks_of_50_percent_relief_high,
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
  -- Medial branch blocks of all these joints that relieved at least 80 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

blocks_of_all_these_joints_rows AS (
  -- The procedures behind blocks_of_all_these_joints. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.kind = 'medial_branch_block' AND p.purpose = 'diagnostic' AND p.covers_request AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_of_all_these_joints AS (
  -- Diagnostic medial branch blocks of all these joints
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_of_all_these_joints_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_of_all_these_joints_high
  FROM event AS r
  LEFT JOIN blocks_of_all_these_joints_rows AS p ON p.patient = r.patient AND p.event = r.event
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

ablation_sessions_in_12_months_rows AS (
  -- The procedures behind ablation_sessions_in_12_months. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.kind = 'radiofrequency_ablation' AND p.overlaps_request AND p.months_before < 12 AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

ablation_sessions_in_12_months AS (
  -- Ablation sessions of these joints within the last 12 months
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS ablation_sessions_in_12_months_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS ablation_sessions_in_12_months_high
  FROM event AS r
  LEFT JOIN ablation_sessions_in_12_months_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

weeks_relieved_by_last_ablation AS (
  -- Weeks for which the last ablation gave at least 50 percent relief
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.weeks_of_50_percent_relief_low), 0), 0)
      ELSE MIN(p.weeks_of_50_percent_relief_low)
    END AS weeks_relieved_by_last_ablation_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.weeks_of_50_percent_relief_high), 0), 0)
      ELSE MAX(p.weeks_of_50_percent_relief_high)
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
    positive_blocks_low, positive_blocks_high,
    blocks_of_all_these_joints_low, blocks_of_all_these_joints_high,
    months_since_last_ablation_low, months_since_last_ablation_high,
    ablation_sessions_in_12_months_low, ablation_sessions_in_12_months_high,
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
    -- Initial ablation
    (
      kind = 'radiofrequency_ablation'
      AND CASE
        WHEN ablations_here_low = 0 AND ablations_here_low = ablations_here_high THEN TRUE
        WHEN ablations_here_high < 0 OR ablations_here_low > 0 THEN FALSE
      END
    ) AS asks_ablation,
    -- Repeat ablation
    (
      kind = 'radiofrequency_ablation'
      AND CASE WHEN ablations_here_low >= 1 THEN TRUE WHEN ablations_here_high < 1 THEN FALSE END
    ) AS asks_repeat_ablation
  FROM request AS r
  LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN ablations_here AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN diagnostic_blocks_here AS m3 ON m3.patient = r.patient AND m3.event = r.event
  LEFT JOIN positive_blocks AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN blocks_of_all_these_joints AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN months_since_last_ablation AS m6 ON m6.patient = r.patient AND m6.event = r.event
  LEFT JOIN ablation_sessions_in_12_months AS m7 ON m7.patient = r.patient AND m7.event = r.event
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
    -- The pain is worse when the facet joints are loaded.
    worse_on_loading AS pain_worse_on_facet_loading,
    -- After conservative care the pain is still at least 3 of 10.
    pain_score >= 3 AS pain_score_of_three,
    -- At least 4 weeks of conservative care.
    conservative_care_weeks >= 4 AS four_weeks_of_conservative_care,
    -- Thoracic levels are covered as the others are.
    TRUE AS thoracic_levels_are_covered,
    thoracic_requested AS thoracic_levels_are_covered_applies,
    -- A therapeutic injection only where ablation is not considered.
    NOT ablation_intended AS ablation_not_considered,
    -- Ablation by heat. Pulsed, cooled, endoscopic, cryo, chemical and laser ablation count as unproven.
    ablation_mode = 'thermal' AS thermal_ablation,
    -- Lesions at 60 °C or more.
    temperature_c >= 60 AS at_least_60_degrees,
    -- Each lesion is heated for 40 to 90 seconds.
    lesion_seconds >= 40 AND lesion_seconds <= 90 AS lesions_of_40_to_90_seconds,
    -- Guided by fluoroscopy.
    guidance = 'fluoroscopy' AS guided_by_fluoroscopy,
    -- A medial branch block was positive, with at least 80 percent relief.
    CASE
      WHEN positive_blocks_low >= 1 THEN TRUE
      WHEN positive_blocks_high < 1 THEN FALSE
    END AS positive_medial_branch_block,
    -- A second, confirming block before ablation.
    CASE
      WHEN blocks_of_all_these_joints_low >= 2 THEN TRUE
      WHEN blocks_of_all_these_joints_high < 2 THEN FALSE
    END AS confirming_block_before_ablation,
    -- The last ablation gave at least 50 percent relief for 10 to 12 weeks.
    CASE
      WHEN weeks_relieved_by_last_ablation_low >= 12 THEN TRUE
      WHEN weeks_relieved_by_last_ablation_high < 12 THEN FALSE
    END AS last_ablation_gave_10_to_12_weeks_of_relief,
    CASE
      WHEN weeks_relieved_by_last_ablation_low >= 10 THEN TRUE
      WHEN weeks_relieved_by_last_ablation_high < 10 THEN FALSE
    END AS last_ablation_gave_10_to_12_weeks_of_relief_excused,
    -- At least 6 months since the last ablation.
    CASE
      WHEN months_since_last_ablation_low >= 6 THEN TRUE
      WHEN months_since_last_ablation_high < 6 THEN FALSE
    END AS six_months_since_last_ablation,
    -- At most two ablations in 12 months, this one included.
    CASE
      WHEN ablation_sessions_in_12_months_high <= 1 THEN TRUE
      WHEN ablation_sessions_in_12_months_low > 1 THEN FALSE
    END AS at_most_two_ablations_a_year
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- The pain is worse when the facet joints are loaded.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN pain_worse_on_facet_loading THEN 'met'
        WHEN NOT pain_worse_on_facet_loading THEN 'not met'
        ELSE 'not documented'
      END
  END AS pain_worse_on_facet_loading,
  -- After conservative care the pain is still at least 3 of 10.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE WHEN pain_score_of_three THEN 'met' WHEN NOT pain_score_of_three THEN 'not met' ELSE 'not documented' END
  END AS pain_score_of_three,
  -- At least 4 weeks of conservative care.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN four_weeks_of_conservative_care THEN 'met'
        WHEN NOT four_weeks_of_conservative_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS four_weeks_of_conservative_care,
  -- How many diagnostic sessions a year are covered.
  CASE WHEN asked IN ('first_block', 'confirming_block') THEN 'not applicable' END AS diagnostic_sessions_in_a_year,
  -- Thoracic levels are covered as the others are.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT thoracic_levels_are_covered_applies THEN 'not applicable'
        WHEN thoracic_levels_are_covered_applies IS NULL THEN 'not documented'
        WHEN thoracic_levels_are_covered THEN 'met'
        WHEN NOT thoracic_levels_are_covered THEN 'not met'
        ELSE 'not documented'
      END
  END AS thoracic_levels_are_covered,
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
  -- Whether a fused level is excluded.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS fused_levels,
  -- How long after the first block the second may follow.
  CASE WHEN asked IN ('confirming_block') THEN 'not applicable' END AS time_between_blocks,
  -- A therapeutic injection only where ablation is not considered.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN ablation_not_considered THEN 'met'
        WHEN NOT ablation_not_considered THEN 'not met'
        ELSE 'not documented'
      END
  END AS ablation_not_considered,
  -- Ablation by heat. Pulsed, cooled, endoscopic, cryo, chemical and laser ablation count as unproven.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN thermal_ablation THEN 'met' WHEN NOT thermal_ablation THEN 'not met' ELSE 'not documented' END
  END AS thermal_ablation,
  -- Lesions at 60 °C or more.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN at_least_60_degrees THEN 'met' WHEN NOT at_least_60_degrees THEN 'not met' ELSE 'not documented' END
  END AS at_least_60_degrees,
  -- Each lesion is heated for 40 to 90 seconds.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN lesions_of_40_to_90_seconds THEN 'met'
        WHEN NOT lesions_of_40_to_90_seconds THEN 'not met'
        ELSE 'not documented'
      END
  END AS lesions_of_40_to_90_seconds,
  -- Guided by fluoroscopy.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN guided_by_fluoroscopy THEN 'met' WHEN NOT guided_by_fluoroscopy THEN 'not met' ELSE 'not documented' END
  END AS guided_by_fluoroscopy,
  -- A medial branch block was positive, with at least 80 percent relief.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN positive_medial_branch_block THEN 'met'
        WHEN NOT positive_medial_branch_block THEN 'not met'
        ELSE 'not documented'
      END
  END AS positive_medial_branch_block,
  -- How many medial branch blocks must be positive.
  CASE WHEN asked IN ('ablation') THEN 'not applicable' END AS number_of_blocks,
  -- A second, confirming block before ablation.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN confirming_block_before_ablation THEN 'met'
        WHEN NOT confirming_block_before_ablation THEN 'not met'
        ELSE 'not documented'
      END
  END AS confirming_block_before_ablation,
  -- The last ablation gave at least 50 percent relief for 10 to 12 weeks.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_gave_10_to_12_weeks_of_relief THEN 'met'
        WHEN (
          NOT last_ablation_gave_10_to_12_weeks_of_relief
          AND last_ablation_gave_10_to_12_weeks_of_relief_excused
        ) THEN 'needs review'
        WHEN (
          NOT last_ablation_gave_10_to_12_weeks_of_relief
          AND NOT last_ablation_gave_10_to_12_weeks_of_relief_excused
        ) THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_gave_10_to_12_weeks_of_relief,
  -- At least 6 months since the last ablation.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN six_months_since_last_ablation THEN 'met'
        WHEN NOT six_months_since_last_ablation THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_months_since_last_ablation,
  -- At most two ablations in 12 months, this one included.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN at_most_two_ablations_a_year THEN 'met'
        WHEN NOT at_most_two_ablations_a_year THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_two_ablations_a_year
FROM answered
ORDER BY patient, event
