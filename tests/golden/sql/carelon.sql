-- Policy carelon: Facet injections, medial branch blocks and radiofrequency neurotomy (Carelon (formerly AIM), for
-- Anthem and other plans).
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
    purpose, relief_percent, with_steroid, ablation_mode, pain_months, conservative_care_weeks, cyst_compresses_nerve,
    radiculopathy_from_facet_cyst, fused_at_request, ablation_intended
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, with_steroid, ablation_mode, pain_months, conservative_care_weeks, cyst_compresses_nerve,
        radiculopathy_from_facet_cyst, fused_at_request, ablation_intended
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
    (
      EXTRACT(YEAR FROM date) * 12 + EXTRACT(MONTH FROM date)
      - month
      - CASE WHEN EXTRACT(DAY FROM date) < day_of_month THEN 1 ELSE 0 END
    ) AS months,
    MIN(CASE WHEN relief < 50 THEN date END) OVER (PARTITION BY patient, event) AS no_relief_below_50
  FROM visit_day
),

follow_up AS (
  -- What the visits had told by each of their days: _held is how long relief had lasted, _ended when it was over.
  SELECT
    patient, event, date, next_date,
    MAX(
      CASE WHEN relief IS NOT NULL AND (no_relief_below_50 IS NULL OR date < no_relief_below_50) THEN months END
    ) OVER so_far AS months_of_50_percent_relief_held,
    MAX(CASE WHEN date = no_relief_below_50 THEN months END) OVER so_far AS months_of_50_percent_relief_ended
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
    BIT_COUNT(s.levels & s.own_regions) AS session_levels,
    CASE
      WHEN (s.levels | 33554431) = 33554431 THEN
        (
          CASE WHEN (s.levels & 255) = 0 THEN 0 ELSE 1 END
          + CASE WHEN (s.levels & 1048320) = 0 THEN 0 ELSE 1 END
          + CASE WHEN (s.levels & 32505856) = 0 THEN 0 ELSE 1 END
        )
    END AS session_regions
  FROM event AS e
  JOIN session AS s ON s.patient = e.patient AND s.event = e.event
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose, p.relief_percent,
    DATE_DIFF('day', p.date, r.date) AS days_before,
    r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END AS months_before,
    (
      (p.all_levels & r.all_levels) <> 0
      OR ((p.all_levels & 255) <> 0 AND (r.all_levels & 255) <> 0)
      OR ((p.all_levels & 1048320) <> 0 AND (r.all_levels & 1048320) <> 0)
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
    END AS covers_request,
    COALESCE(v.months_of_50_percent_relief_held, 0) AS months_of_50_percent_relief_low,
    GREATEST(
      COALESCE(
        v.months_of_50_percent_relief_ended,
        r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END
      ),
      COALESCE(v.months_of_50_percent_relief_held, 0)
    ) AS months_of_50_percent_relief_high
  FROM event AS r
  JOIN event AS p ON p.patient = r.patient AND p.date < r.date
  LEFT JOIN follow_up AS v ON v.patient = p.patient AND v.event = p.event
    AND v.date <= r.date AND (v.next_date > r.date OR v.next_date IS NULL)
),

days_since_last_ablation_rows AS (
  -- The procedures behind days_since_last_ablation, ablations_here, months_relieved_by_last_ablation. Where belongs is
  -- NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.days_before, p.months_of_50_percent_relief_low, p.months_of_50_percent_relief_high,
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
  -- Blocks of all these joints, since the last ablation, that relieved at least 80 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

months_relieved_by_last_ablation AS (
  -- Months for which the last ablation gave at least 50 percent relief
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.months_of_50_percent_relief_low), 0), 0)
      ELSE MIN(p.months_of_50_percent_relief_low)
    END AS months_relieved_by_last_ablation_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.months_of_50_percent_relief_high), 0), 0)
      ELSE MAX(p.months_of_50_percent_relief_high)
    END AS months_relieved_by_last_ablation_high
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
    diagnostic_sessions_in_12_months_low, diagnostic_sessions_in_12_months_high,
    positive_blocks_low, positive_blocks_high,
    months_relieved_by_last_ablation_low, months_relieved_by_last_ablation_high,
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
  LEFT JOIN diagnostic_sessions_in_12_months AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN positive_blocks AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN months_relieved_by_last_ablation AS m6 ON m6.patient = r.patient AND m6.event = r.event
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
    -- Conservative care of 6 weeks.
    conservative_care_weeks >= 6 AS six_weeks_of_conservative_care,
    -- Medial branch blocks only for candidates for ablation.
    ablation_intended AS candidate_for_ablation,
    kind = 'medial_branch_block' AS candidate_for_ablation_applies,
    -- No steroid in a diagnostic medial branch block.
    NOT with_steroid AS no_steroid_in_the_block,
    kind = 'medial_branch_block' AS no_steroid_in_the_block_applies,
    -- At most four diagnostic sessions in this region in a rolling 12 months, this one included.
    CASE
      WHEN diagnostic_sessions_in_12_months_high <= 3 THEN TRUE
      WHEN diagnostic_sessions_in_12_months_low > 3 THEN FALSE
    END AS at_most_four_diagnostic_sessions_a_year,
    -- Medial branch blocks of at most two levels on a side in a session.
    session_levels <= 2 AS at_most_two_levels_in_a_block,
    kind = 'medial_branch_block' AS at_most_two_levels_in_a_block_applies,
    TRUE AS at_most_two_levels_in_a_block_excused,
    -- One region of the spine in a session.
    session_regions <= 1 AS one_region_per_session,
    -- Steroid into the joint only for a synovial cyst of the facet joint.
    radiculopathy_from_facet_cyst OR cyst_compresses_nerve AS steroid_only_for_a_facet_cyst,
    kind = 'facet_joint_injection' AND with_steroid AS steroid_only_for_a_facet_cyst_applies,
    -- Not after a fusion of the level.
    NOT fused_at_request AS level_not_fused,
    -- Ablation by heat.
    ablation_mode = 'thermal' AS thermal_ablation,
    -- Two blocks each relieved 80 percent.
    CASE
      WHEN positive_blocks_low >= 2 THEN TRUE
      WHEN positive_blocks_high < 2 THEN FALSE
    END AS two_blocks_gave_80_percent_relief,
    -- The last ablation helped for at least 6 months, or new blocks were done.
    (
      CASE
        WHEN months_relieved_by_last_ablation_low >= 6 THEN TRUE
        WHEN months_relieved_by_last_ablation_high < 6 THEN FALSE
      END
      OR CASE WHEN positive_blocks_low >= 2 THEN TRUE WHEN positive_blocks_high < 2 THEN FALSE END
    ) AS last_ablation_helped_6_months_or_new_blocks
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- Pain for at least 3 months.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation') THEN
      CASE WHEN pain_for_three_months THEN 'met' WHEN NOT pain_for_three_months THEN 'not met' ELSE 'not documented' END
  END AS pain_for_three_months,
  -- Conservative care of 6 weeks.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation') THEN
      CASE
        WHEN six_weeks_of_conservative_care THEN 'met'
        WHEN NOT six_weeks_of_conservative_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_weeks_of_conservative_care,
  -- Medial branch blocks only for candidates for ablation.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN NOT candidate_for_ablation_applies THEN 'not applicable'
        WHEN candidate_for_ablation_applies IS NULL THEN 'not documented'
        WHEN candidate_for_ablation THEN 'met'
        WHEN NOT candidate_for_ablation THEN 'not met'
        ELSE 'not documented'
      END
  END AS candidate_for_ablation,
  -- No steroid in a diagnostic medial branch block.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN NOT no_steroid_in_the_block_applies THEN 'not applicable'
        WHEN no_steroid_in_the_block_applies IS NULL THEN 'not documented'
        WHEN no_steroid_in_the_block THEN 'met'
        WHEN NOT no_steroid_in_the_block THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_steroid_in_the_block,
  -- At most four diagnostic sessions in this region in a rolling 12 months, this one included.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN at_most_four_diagnostic_sessions_a_year THEN 'met'
        WHEN NOT at_most_four_diagnostic_sessions_a_year THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_four_diagnostic_sessions_a_year,
  -- Medial branch blocks of at most two levels on a side in a session.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN NOT at_most_two_levels_in_a_block_applies THEN 'not applicable'
        WHEN at_most_two_levels_in_a_block_applies IS NULL THEN 'not documented'
        WHEN at_most_two_levels_in_a_block THEN 'met'
        WHEN NOT at_most_two_levels_in_a_block AND at_most_two_levels_in_a_block_excused THEN 'needs review'
        WHEN NOT at_most_two_levels_in_a_block AND NOT at_most_two_levels_in_a_block_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_two_levels_in_a_block,
  -- How strong the pain must be.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS pain_at_baseline,
  -- Whether thoracic levels are covered.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN 'not applicable'
  END AS thoracic_levels,
  -- One region of the spine in a session.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN one_region_per_session THEN 'met'
        WHEN NOT one_region_per_session THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_region_per_session,
  -- How long after the first block the second may follow.
  CASE WHEN asked IN ('confirming_block') THEN 'not applicable' END AS time_between_blocks,
  -- Steroid into the joint only for a synovial cyst of the facet joint.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN NOT steroid_only_for_a_facet_cyst_applies THEN 'not applicable'
        WHEN steroid_only_for_a_facet_cyst_applies IS NULL THEN 'not documented'
        WHEN steroid_only_for_a_facet_cyst THEN 'met'
        WHEN NOT steroid_only_for_a_facet_cyst THEN 'not met'
        ELSE 'not documented'
      END
  END AS steroid_only_for_a_facet_cyst,
  -- Not after a fusion of the level.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN level_not_fused THEN 'met' WHEN NOT level_not_fused THEN 'not met' ELSE 'not documented' END
  END AS level_not_fused,
  -- Ablation by heat.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN thermal_ablation THEN 'met' WHEN NOT thermal_ablation THEN 'not met' ELSE 'not documented' END
  END AS thermal_ablation,
  -- How many levels one ablation session may treat. It became fewer in 2023; the number was cut off in what was read.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS levels_in_an_ablation_session,
  -- How long after an ablation it may be repeated.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS time_between_ablations,
  -- How many ablations a year are covered.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS ablations_in_a_year,
  -- Two blocks each relieved 80 percent.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN two_blocks_gave_80_percent_relief THEN 'met'
        WHEN NOT two_blocks_gave_80_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_blocks_gave_80_percent_relief,
  -- When the blocks must be done before ablation. The notice of 2022 says that this was defined; how was not read.
  CASE WHEN asked IN ('ablation') THEN 'not applicable' END AS time_from_block_to_ablation,
  -- The last ablation helped for at least 6 months, or new blocks were done.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_helped_6_months_or_new_blocks THEN 'met'
        WHEN NOT last_ablation_helped_6_months_or_new_blocks THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_helped_6_months_or_new_blocks
FROM answered
ORDER BY patient, event
