-- Policy medicare-facet-2021: Facet Joint Interventions for Pain Management (2021 text) (Medicare Administrative
-- Contractors).
-- Generated from the policy. Do not edit.
-- Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.
-- NAME_low and NAME_high are a number that is known only within bounds. 1e100 stands for infinity.
-- A set of levels is a number: C0-1 is 1, C1-2 2, C2-3 4. cervical_thoracic is 1048575, lumbar_sacral is 33030144.
-- T12-L1 lies in more than one.
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
    purpose, relief_percent, relief_lasted_as_agent, same_scale, guidance, sedation, ablation_mode, pain_months,
    pain_axial, pain_moderate_to_severe, pain_measured, disability_measured, conservative_care_failed,
    cyst_compresses_nerve, untreated_radiculopathy, neurogenic_claudication, radiculopathy_from_facet_cyst,
    other_cause_of_pain, generalised_pain, anterior_lumbar_fusion, ablation_intended, ablation_not_possible,
    sedation_justified, temperature_c, with_other_agent, early_block_reason_documented,
    joint_injection_reason_documented, source_in_doubt
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, relief_lasted_as_agent, same_scale, guidance, sedation, ablation_mode, pain_months, pain_axial,
        pain_moderate_to_severe, pain_measured, disability_measured, conservative_care_failed, cyst_compresses_nerve,
        untreated_radiculopathy, neurogenic_claudication, radiculopathy_from_facet_cyst, other_cause_of_pain,
        generalised_pain, anterior_lumbar_fusion, ablation_intended, ablation_not_possible, sedation_justified,
        temperature_c, with_other_agent, early_block_reason_documented, joint_injection_reason_documented,
        source_in_doubt
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
    MAX(function_improved) OVER so_far AS function_improved_percent,
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
      CASE WHEN (e.all_levels & 1048575) <> 0 THEN 1048575 ELSE 0 END
      | CASE WHEN (e.all_levels & 33030144) <> 0 THEN 33030144 ELSE 0 END
    ) AS own_regions
  FROM event AS e
  JOIN day AS d ON d.patient = e.patient AND d.date = e.date
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    (e.all_levels & 32505856) <> 0 AS lumbar_requested,
    BIT_COUNT(s.levels & s.own_regions) AS session_levels,
    -- A level that several regions claim counts in any one of them.
    CASE
      WHEN (s.levels | 33554431) = 33554431 THEN
        CASE
          WHEN (s.levels & 33554431) = 0 THEN 0
          WHEN (s.levels & 32505856) = 0 OR (s.levels & 524287) = 0 THEN 1
          ELSE 2
        END
    END AS session_regions_low,
    CASE
      WHEN (s.levels | 33554431) = 33554431 THEN
        LEAST(2, 1 + BIT_COUNT(s.levels & 1048575), 1 + BIT_COUNT(s.levels & 33030144), BIT_COUNT(s.levels & 33554431))
    END AS session_regions_high
  FROM event AS e
  JOIN session AS s ON s.patient = e.patient AND s.event = e.event
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose, p.relief_percent, p.relief_lasted_as_agent, p.same_scale,
    DATE_DIFF('day', p.date, r.date) AS days_before,
    r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END AS months_before,
    CASE
      WHEN (
        (p.all_levels & r.all_levels) <> 0
        OR ((p.all_levels & 524287) <> 0 AND (r.all_levels & 524287) <> 0)
        OR ((p.all_levels & 32505856) <> 0 AND (r.all_levels & 32505856) <> 0)
      ) THEN TRUE
      WHEN (
        NOT ((p.all_levels & 1048575) <> 0 AND (r.all_levels & 1048575) <> 0)
        AND NOT ((p.all_levels & 33030144) <> 0 AND (r.all_levels & 33030144) <> 0)
      ) THEN FALSE
    END AS same_region,
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
    ) AS months_of_50_percent_relief_high,
    v.function_improved_percent
  FROM event AS r
  JOIN event AS p ON p.patient = r.patient AND p.date < r.date
  LEFT JOIN follow_up AS v ON v.patient = p.patient AND v.event = p.event
    AND v.date <= r.date AND (v.next_date > r.date OR v.next_date IS NULL)
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
  -- The procedures behind days_since_last_ablation, ablations_here, months_relieved_by_last_ablation,
  -- function_improved_by_last_ablation, months_since_last_ablation. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.days_before, p.months_of_50_percent_relief_low, p.months_of_50_percent_relief_high,
      p.function_improved_percent, p.months_before,
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
  -- Diagnostic procedures at these joints since the last ablation
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS diagnostic_blocks_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS diagnostic_blocks_here_high
  FROM event AS r
  LEFT JOIN diagnostic_blocks_here_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

positive_diagnostic_procedures_rows AS (
  -- The procedures behind positive_diagnostic_procedures. Where belongs is NULL, it is not documented.
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

positive_diagnostic_procedures AS (
  -- Days on which a diagnostic procedure of all these joints, since the last ablation, relieved at least 80 percent for
  -- as long as the anaesthetic acts
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS positive_diagnostic_procedures_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS positive_diagnostic_procedures_high
  FROM event AS r
  LEFT JOIN positive_diagnostic_procedures_rows AS p ON p.patient = r.patient AND p.event = r.event
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

positive_blocks AS (
  -- Days on which a medial branch block of all these joints, since the last ablation, relieved at least 80 percent for
  -- as long as the anaesthetic acts
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
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
  -- Days since the last diagnostic procedure at these joints
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

blocks_on_another_scale_rows AS (
  -- The procedures behind blocks_on_another_scale. Where belongs is NULL, it is not documented.
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
        AND NOT p.same_scale
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_on_another_scale AS (
  -- Diagnostic procedures at these joints with pain scored on different scales before and after
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_on_another_scale_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_on_another_scale_high
  FROM event AS r
  LEFT JOIN blocks_on_another_scale_rows AS p ON p.patient = r.patient AND p.event = r.event
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

therapeutic_sessions_in_12_months_rows AS (
  -- The procedures behind therapeutic_sessions_in_12_months. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind IN ('medial_branch_block', 'facet_joint_injection')
        AND p.purpose = 'therapeutic'
        AND p.same_region
        AND p.months_before < 12
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

therapeutic_sessions_in_12_months AS (
  -- Therapeutic injection sessions in this region within the last 12 months
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS therapeutic_sessions_in_12_months_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS therapeutic_sessions_in_12_months_high
  FROM event AS r
  LEFT JOIN therapeutic_sessions_in_12_months_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

ablation_sessions_in_12_months_rows AS (
  -- The procedures behind ablation_sessions_in_12_months. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.kind = 'radiofrequency_ablation' AND p.same_region AND p.months_before < 12 AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

ablation_sessions_in_12_months AS (
  -- Ablation sessions in this region within the last 12 months
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS ablation_sessions_in_12_months_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS ablation_sessions_in_12_months_high
  FROM event AS r
  LEFT JOIN ablation_sessions_in_12_months_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

therapeutic_injections_here_rows AS (
  -- The procedures behind therapeutic_injections_here, months_relieved_by_last_injection,
  -- function_improved_by_last_injection. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.months_of_50_percent_relief_low, p.months_of_50_percent_relief_high, p.function_improved_percent,
      (
        p.kind IN ('medial_branch_block', 'facet_joint_injection')
        AND p.purpose = 'therapeutic'
        AND p.overlaps_request
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

therapeutic_injections_here AS (
  -- Earlier therapeutic injections at these joints
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS therapeutic_injections_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS therapeutic_injections_here_high
  FROM event AS r
  LEFT JOIN therapeutic_injections_here_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

months_relieved_by_last_injection_ends AS (
  -- Those of them that may be the last. Without a sequence, the procedures of one day have no order.
  SELECT
    m.*
  FROM (
    SELECT
      x.*,
      MAX(CASE WHEN x.belongs THEN x.date END) OVER (PARTITION BY x.patient, x.event) AS last_date,
      MAX(CASE WHEN x.belongs THEN x.sequence END) OVER (PARTITION BY x.patient, x.event, x.date) AS last_sequence
    FROM therapeutic_injections_here_rows AS x
  ) AS m
  WHERE (
    (m.last_date IS NULL OR m.date >= m.last_date)
    AND (m.sequence IS NULL OR m.last_sequence IS NULL OR m.sequence >= m.last_sequence)
  )
),

months_relieved_by_last_injection AS (
  -- Months for which the last therapeutic injection gave at least 50 percent relief
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.months_of_50_percent_relief_low), 0), 0)
      ELSE MIN(p.months_of_50_percent_relief_low)
    END AS months_relieved_by_last_injection_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.months_of_50_percent_relief_high), 0), 0)
      ELSE MAX(p.months_of_50_percent_relief_high)
    END AS months_relieved_by_last_injection_high
  FROM event AS r
  LEFT JOIN months_relieved_by_last_injection_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
),

function_improved_by_last_injection AS (
  -- Improvement of painful movements or daily activities after the last therapeutic injection
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.function_improved_percent), 0), 0)
      ELSE MIN(p.function_improved_percent)
    END AS function_improved_by_last_injection_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.function_improved_percent), 0), 0)
      ELSE MAX(p.function_improved_percent)
    END AS function_improved_by_last_injection_high
  FROM event AS r
  LEFT JOIN months_relieved_by_last_injection_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.function_improved_percent)
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

function_improved_by_last_ablation AS (
  -- Improvement of painful movements or daily activities after the last ablation
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.function_improved_percent), 0), 0)
      ELSE MIN(p.function_improved_percent)
    END AS function_improved_by_last_ablation_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.function_improved_percent), 0), 0)
      ELSE MAX(p.function_improved_percent)
    END AS function_improved_by_last_ablation_high
  FROM event AS r
  LEFT JOIN days_since_last_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.function_improved_percent)
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

recent_successful_ablations_rows AS (
  -- The procedures behind recent_successful_ablations. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind = 'radiofrequency_ablation'
        AND p.overlaps_request
        AND p.months_before < 24
        AND CASE
          WHEN p.months_of_50_percent_relief_low >= 6 THEN TRUE
          WHEN p.months_of_50_percent_relief_high < 6 THEN FALSE
        END
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

recent_successful_ablations AS (
  -- Ablations of these joints in the last two years that gave at least 50 percent relief for 6 months
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS recent_successful_ablations_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS recent_successful_ablations_high
  FROM event AS r
  LEFT JOIN recent_successful_ablations_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

sessions_at_the_edge_of_the_year_rows AS (
  -- The procedures behind sessions_at_the_edge_of_the_year. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind IN ('medial_branch_block', 'facet_joint_injection', 'radiofrequency_ablation')
        AND p.same_region
        AND p.days_before >= 362
        AND p.days_before <= 369
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

sessions_at_the_edge_of_the_year AS (
  -- Sessions in this region within three days of the edge of the rolling 12 months
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS sessions_at_the_edge_of_the_year_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS sessions_at_the_edge_of_the_year_high
  FROM event AS r
  LEFT JOIN sessions_at_the_edge_of_the_year_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

cyst_ruptures_here_rows AS (
  -- The procedures behind cyst_ruptures_here, months_relieved_by_last_rupture. Where belongs is NULL, it is not
  -- documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.months_of_50_percent_relief_low, p.months_of_50_percent_relief_high,
      p.kind = 'facet_cyst_rupture' AND p.overlaps_request AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

cyst_ruptures_here AS (
  -- Earlier ruptures of a facet cyst at these joints
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS cyst_ruptures_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS cyst_ruptures_here_high
  FROM event AS r
  LEFT JOIN cyst_ruptures_here_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

months_relieved_by_last_rupture_ends AS (
  -- Those of them that may be the last. Without a sequence, the procedures of one day have no order.
  SELECT
    m.*
  FROM (
    SELECT
      x.*,
      MAX(CASE WHEN x.belongs THEN x.date END) OVER (PARTITION BY x.patient, x.event) AS last_date,
      MAX(CASE WHEN x.belongs THEN x.sequence END) OVER (PARTITION BY x.patient, x.event, x.date) AS last_sequence
    FROM cyst_ruptures_here_rows AS x
  ) AS m
  WHERE (
    (m.last_date IS NULL OR m.date >= m.last_date)
    AND (m.sequence IS NULL OR m.last_sequence IS NULL OR m.sequence >= m.last_sequence)
  )
),

months_relieved_by_last_rupture AS (
  -- Months for which the last cyst rupture gave at least 50 percent relief
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.months_of_50_percent_relief_low), 0), 0)
      ELSE MIN(p.months_of_50_percent_relief_low)
    END AS months_relieved_by_last_rupture_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.months_of_50_percent_relief_high), 0), 0)
      ELSE MAX(p.months_of_50_percent_relief_high)
    END AS months_relieved_by_last_rupture_high
  FROM event AS r
  LEFT JOIN months_relieved_by_last_rupture_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
),

other_blocks_same_day_rows AS (
  -- The procedures behind other_blocks_same_day. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.kind IN ('epidural_steroid_injection', 'sacroiliac_joint_injection', 'trigger_point_injection') AS belongs
    FROM same_day AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

other_blocks_same_day AS (
  -- Other kinds of spinal injection on the same day
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS other_blocks_same_day_low,
    COUNT(p.event) AS other_blocks_same_day_high
  FROM event AS r
  LEFT JOIN other_blocks_same_day_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    days_since_last_ablation_low, days_since_last_ablation_high,
    ablations_here_low, ablations_here_high,
    diagnostic_blocks_here_low, diagnostic_blocks_here_high,
    positive_diagnostic_procedures_low, positive_diagnostic_procedures_high,
    positive_blocks_low, positive_blocks_high,
    days_since_last_block_low, days_since_last_block_high,
    blocks_on_another_scale_low, blocks_on_another_scale_high,
    diagnostic_sessions_in_12_months_low, diagnostic_sessions_in_12_months_high,
    therapeutic_sessions_in_12_months_low, therapeutic_sessions_in_12_months_high,
    ablation_sessions_in_12_months_low, ablation_sessions_in_12_months_high,
    therapeutic_injections_here_low, therapeutic_injections_here_high,
    months_relieved_by_last_injection_low, months_relieved_by_last_injection_high,
    function_improved_by_last_injection_low, function_improved_by_last_injection_high,
    months_relieved_by_last_ablation_low, months_relieved_by_last_ablation_high,
    function_improved_by_last_ablation_low, function_improved_by_last_ablation_high,
    months_since_last_ablation_low, months_since_last_ablation_high,
    recent_successful_ablations_low, recent_successful_ablations_high,
    sessions_at_the_edge_of_the_year_low, sessions_at_the_edge_of_the_year_high,
    cyst_ruptures_here_low, cyst_ruptures_here_high,
    months_relieved_by_last_rupture_low, months_relieved_by_last_rupture_high,
    other_blocks_same_day_low, other_blocks_same_day_high,
    -- First diagnostic block
    (
      kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE
        WHEN diagnostic_blocks_here_low = 0 AND diagnostic_blocks_here_low = diagnostic_blocks_here_high THEN TRUE
        WHEN diagnostic_blocks_here_high < 0 OR diagnostic_blocks_here_low > 0 THEN FALSE
      END
    ) AS asks_first_block,
    -- Second, confirming diagnostic block
    (
      kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE WHEN diagnostic_blocks_here_low >= 1 THEN TRUE WHEN diagnostic_blocks_here_high < 1 THEN FALSE END
    ) AS asks_confirming_block,
    -- Therapeutic facet joint injection
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
    ) AS asks_repeat_ablation,
    -- Aspiration or rupture of a facet cyst
    kind = 'facet_cyst_rupture' AS asks_facet_cyst_rupture
  FROM request AS r
  LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN ablations_here AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN diagnostic_blocks_here AS m3 ON m3.patient = r.patient AND m3.event = r.event
  LEFT JOIN positive_diagnostic_procedures AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN positive_blocks AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN days_since_last_block AS m6 ON m6.patient = r.patient AND m6.event = r.event
  LEFT JOIN blocks_on_another_scale AS m7 ON m7.patient = r.patient AND m7.event = r.event
  LEFT JOIN diagnostic_sessions_in_12_months AS m8 ON m8.patient = r.patient AND m8.event = r.event
  LEFT JOIN therapeutic_sessions_in_12_months AS m9 ON m9.patient = r.patient AND m9.event = r.event
  LEFT JOIN ablation_sessions_in_12_months AS m10 ON m10.patient = r.patient AND m10.event = r.event
  LEFT JOIN therapeutic_injections_here AS m11 ON m11.patient = r.patient AND m11.event = r.event
  LEFT JOIN months_relieved_by_last_injection AS m12 ON m12.patient = r.patient AND m12.event = r.event
  LEFT JOIN function_improved_by_last_injection AS m13 ON m13.patient = r.patient AND m13.event = r.event
  LEFT JOIN months_relieved_by_last_ablation AS m14 ON m14.patient = r.patient AND m14.event = r.event
  LEFT JOIN function_improved_by_last_ablation AS m15 ON m15.patient = r.patient AND m15.event = r.event
  LEFT JOIN months_since_last_ablation AS m16 ON m16.patient = r.patient AND m16.event = r.event
  LEFT JOIN recent_successful_ablations AS m17 ON m17.patient = r.patient AND m17.event = r.event
  LEFT JOIN sessions_at_the_edge_of_the_year AS m18 ON m18.patient = r.patient AND m18.event = r.event
  LEFT JOIN cyst_ruptures_here AS m19 ON m19.patient = r.patient AND m19.event = r.event
  LEFT JOIN months_relieved_by_last_rupture AS m20 ON m20.patient = r.patient AND m20.event = r.event
  LEFT JOIN other_blocks_same_day AS m21 ON m21.patient = r.patient AND m21.event = r.event
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
      WHEN asks_facet_cyst_rupture THEN 'facet_cyst_rupture'
      WHEN asks_facet_cyst_rupture IS NULL THEN 'cannot be told'
    END AS asked,
    -- Moderate to severe chronic pain, mainly axial, with its limits on function measured on a pain or disability
    -- scale.
    pain_moderate_to_severe AND pain_axial AND (pain_measured OR disability_measured) AS moderate_to_severe_axial_pain,
    -- Pain for at least 3 months.
    pain_months >= 3 AS three_months_of_pain,
    -- Conservative care failed or was not tolerated. No number of weeks of care is set.
    conservative_care_failed AS conservative_care_failed,
    -- No untreated radiculopathy, unless a facet cyst causes it, and no neurogenic claudication.
    (
      (NOT untreated_radiculopathy OR radiculopathy_from_facet_cyst)
      AND NOT neurogenic_claudication
    ) AS no_untreated_radiculopathy_or_claudication,
    -- No other pathology, by assessment or imaging, that could explain the pain.
    NOT other_cause_of_pain AS no_other_cause_of_pain,
    -- Function was measured on a disability scale before treatment.
    disability_measured AS disability_scale_at_baseline,
    -- The pain is not part of a generalised pain condition.
    NOT generalised_pain AS pain_not_generalised,
    TRUE AS pain_not_generalised_excused,
    -- The blocks are done with ablation as the main treatment goal if they are positive.
    ablation_intended AS ablation_intended_if_positive,
    -- At most four diagnostic sessions in this region in a rolling 12 months, this one included.
    CASE
      WHEN diagnostic_sessions_in_12_months_high <= 3 THEN TRUE
      WHEN diagnostic_sessions_in_12_months_low > 3 THEN FALSE
    END AS at_most_four_diagnostic_sessions_a_year,
    -- A diagnostic injection goes into the joint only if a medial branch block is not possible.
    joint_injection_reason_documented AS joint_injection_only_if_block_impossible,
    kind = 'facet_joint_injection' AS joint_injection_only_if_block_impossible_applies,
    -- No diagnostic block at joints that were successfully ablated in the last two years.
    CASE
      WHEN (
        recent_successful_ablations_low = 0
        AND recent_successful_ablations_low = recent_successful_ablations_high
      ) THEN TRUE
      WHEN recent_successful_ablations_high < 0 OR recent_successful_ablations_low > 0 THEN FALSE
    END AS no_diagnosis_after_successful_ablation,
    source_in_doubt AS no_diagnosis_after_successful_ablation_excused,
    -- Guided by fluoroscopy or CT.
    guidance IN ('fluoroscopy', 'ct') AS guided_by_fluoroscopy_or_ct,
    -- Not under general anaesthesia.
    sedation <> 'general_anaesthesia' AS no_general_anaesthesia,
    -- Without moderate sedation or monitored anaesthesia care, unless the record justifies it.
    sedation IN ('none', 'minimal', 'general_anaesthesia') AS no_routine_sedation,
    sedation_justified AS no_routine_sedation_excused,
    -- Only one spinal region in a session.
    CASE WHEN session_regions_high <= 1 THEN TRUE WHEN session_regions_low > 1 THEN FALSE END AS one_region_per_session,
    -- At most two levels in a session, on one side or both.
    session_levels <= 2 AS at_most_two_levels_per_session,
    TRUE AS at_most_two_levels_per_session_excused,
    -- No other kind of spinal injection on the same day, unless the need for each is documented.
    CASE
      WHEN other_blocks_same_day_low = 0 AND other_blocks_same_day_low = other_blocks_same_day_high THEN TRUE
      WHEN other_blocks_same_day_high < 0 OR other_blocks_same_day_low > 0 THEN FALSE
    END AS no_other_spinal_injection_same_day,
    TRUE AS no_other_spinal_injection_same_day_excused,
    -- Nothing but anaesthetic, steroid, saline and contrast is injected; no biologics.
    NOT with_other_agent AS only_usual_agents,
    kind IN ('medial_branch_block', 'facet_joint_injection') AS only_usual_agents_applies,
    -- No earlier session lies within about three days of the edge of the rolling year, where a contractor may count
    -- otherwise.
    CASE
      WHEN (
        sessions_at_the_edge_of_the_year_low = 0
        AND sessions_at_the_edge_of_the_year_low = sessions_at_the_edge_of_the_year_high
      ) THEN TRUE
      WHEN sessions_at_the_edge_of_the_year_high < 0 OR sessions_at_the_edge_of_the_year_low > 0 THEN FALSE
    END AS no_session_at_the_edge_of_the_year,
    -- No anterior lumbar interbody fusion.
    NOT anterior_lumbar_fusion AS no_anterior_lumbar_fusion,
    lumbar_requested AS no_anterior_lumbar_fusion_applies,
    -- The first block relieved at least 80 percent of the index pain for as long as its anaesthetic acts.
    CASE
      WHEN positive_diagnostic_procedures_low >= 1 THEN TRUE
      WHEN positive_diagnostic_procedures_high < 1 THEN FALSE
    END AS first_block_gave_80_percent_relief,
    -- At least two weeks since the first block.
    CASE
      WHEN days_since_last_block_low >= 14 THEN TRUE
      WHEN days_since_last_block_high < 14 THEN FALSE
    END AS two_weeks_between_blocks,
    early_block_reason_documented AS two_weeks_between_blocks_excused,
    -- Pain was scored on the same scale before and after each block.
    CASE
      WHEN blocks_on_another_scale_low = 0 AND blocks_on_another_scale_low = blocks_on_another_scale_high THEN TRUE
      WHEN blocks_on_another_scale_high < 0 OR blocks_on_another_scale_low > 0 THEN FALSE
    END AS same_scale_before_and_after_blocks,
    -- Two diagnostic procedures each relieved at least 80 percent.
    CASE
      WHEN positive_diagnostic_procedures_low >= 2 THEN TRUE
      WHEN positive_diagnostic_procedures_high < 2 THEN FALSE
    END AS two_diagnostic_procedures_gave_80_percent_relief,
    -- The last therapeutic injection gave 50 percent relief for 3 months, or 50 percent better movement or activity.
    (
      CASE
        WHEN months_relieved_by_last_injection_low >= 3 THEN TRUE
        WHEN months_relieved_by_last_injection_high < 3 THEN FALSE
      END
      OR CASE
        WHEN function_improved_by_last_injection_low >= 50 THEN TRUE
        WHEN function_improved_by_last_injection_high < 50 THEN FALSE
      END
    ) AS last_injection_helped,
    CASE
      WHEN therapeutic_injections_here_low >= 1 THEN TRUE
      WHEN therapeutic_injections_here_high < 1 THEN FALSE
    END AS last_injection_helped_applies,
    -- The record says why ablation is not possible.
    ablation_not_possible AS reason_why_ablation_is_not_possible,
    -- At most four therapeutic sessions in this region in a rolling 12 months, this one included.
    CASE
      WHEN therapeutic_sessions_in_12_months_high <= 3 THEN TRUE
      WHEN therapeutic_sessions_in_12_months_low > 3 THEN FALSE
    END AS at_most_four_therapeutic_sessions_a_year,
    -- At most two ablation sessions in this region in a rolling 12 months, this one included.
    CASE
      WHEN ablation_sessions_in_12_months_high <= 1 THEN TRUE
      WHEN ablation_sessions_in_12_months_low > 1 THEN FALSE
    END AS at_most_two_ablation_sessions_a_year,
    -- Ablation by heat.
    ablation_mode = 'thermal' AS thermal_ablation,
    -- Lesions at 80 °C or more.
    temperature_c >= 80 AS at_least_80_degrees,
    -- Two medial branch blocks each relieved at least 80 percent for as long as the anaesthetic acts. Joint injections
    -- do not count.
    CASE
      WHEN positive_blocks_low >= 2 THEN TRUE
      WHEN positive_blocks_high < 2 THEN FALSE
    END AS two_blocks_gave_80_percent_relief,
    -- The last ablation gave 50 percent relief for 6 months, or 50 percent better movement or activity.
    (
      CASE
        WHEN months_relieved_by_last_ablation_low >= 6 THEN TRUE
        WHEN months_relieved_by_last_ablation_high < 6 THEN FALSE
      END
      OR CASE
        WHEN function_improved_by_last_ablation_low >= 50 THEN TRUE
        WHEN function_improved_by_last_ablation_high < 50 THEN FALSE
      END
    ) AS last_ablation_helped,
    -- The last ablation was less than two years ago, or two blocks since then were positive.
    (
      CASE WHEN months_since_last_ablation_high < 24 THEN TRUE WHEN months_since_last_ablation_low >= 24 THEN FALSE END
      OR CASE WHEN positive_blocks_low >= 2 THEN TRUE WHEN positive_blocks_high < 2 THEN FALSE END
    ) AS diagnosis_renewed_after_two_years,
    -- The source of the pain is not in doubt, or two blocks since the last ablation were positive.
    (
      NOT source_in_doubt
      OR CASE WHEN positive_blocks_low >= 2 THEN TRUE WHEN positive_blocks_high < 2 THEN FALSE END
    ) AS source_of_pain_not_in_doubt,
    -- MRI, CT or myelogram shows the cyst pressing on a nerve root.
    cyst_compresses_nerve AS imaging_shows_cyst_on_nerve,
    -- The symptoms of that nerve root are documented.
    radiculopathy_from_facet_cyst AS symptoms_fit_the_cyst,
    -- A rupture is repeated at most once for a cyst.
    CASE
      WHEN cyst_ruptures_here_high <= 1 THEN TRUE
      WHEN cyst_ruptures_here_low > 1 THEN FALSE
    END AS rupture_repeated_at_most_once,
    -- The last rupture gave 50 percent relief for at least 3 months.
    CASE
      WHEN months_relieved_by_last_rupture_low >= 3 THEN TRUE
      WHEN months_relieved_by_last_rupture_high < 3 THEN FALSE
    END AS last_rupture_helped,
    CASE
      WHEN cyst_ruptures_here_low >= 1 THEN TRUE
      WHEN cyst_ruptures_here_high < 1 THEN FALSE
    END AS last_rupture_helped_applies
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- Moderate to severe chronic pain, mainly axial, with its limits on function measured on a pain or disability scale.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN moderate_to_severe_axial_pain THEN 'met'
        WHEN NOT moderate_to_severe_axial_pain THEN 'not met'
        ELSE 'not documented'
      END
  END AS moderate_to_severe_axial_pain,
  -- Pain for at least 3 months.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE WHEN three_months_of_pain THEN 'met' WHEN NOT three_months_of_pain THEN 'not met' ELSE 'not documented' END
  END AS three_months_of_pain,
  -- Conservative care failed or was not tolerated. No number of weeks of care is set.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN conservative_care_failed THEN 'met'
        WHEN NOT conservative_care_failed THEN 'not met'
        ELSE 'not documented'
      END
  END AS conservative_care_failed,
  -- No untreated radiculopathy, unless a facet cyst causes it, and no neurogenic claudication.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_untreated_radiculopathy_or_claudication THEN 'met'
        WHEN NOT no_untreated_radiculopathy_or_claudication THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_untreated_radiculopathy_or_claudication,
  -- No other pathology, by assessment or imaging, that could explain the pain.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_other_cause_of_pain THEN 'met'
        WHEN NOT no_other_cause_of_pain THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_other_cause_of_pain,
  -- Function was measured on a disability scale before treatment.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN disability_scale_at_baseline THEN 'met'
        WHEN NOT disability_scale_at_baseline THEN 'not met'
        ELSE 'not documented'
      END
  END AS disability_scale_at_baseline,
  -- The pain is not part of a generalised pain condition.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN pain_not_generalised THEN 'met'
        WHEN NOT pain_not_generalised AND pain_not_generalised_excused THEN 'needs review'
        WHEN NOT pain_not_generalised AND NOT pain_not_generalised_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS pain_not_generalised,
  -- The blocks are done with ablation as the main treatment goal if they are positive.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN ablation_intended_if_positive THEN 'met'
        WHEN NOT ablation_intended_if_positive THEN 'not met'
        ELSE 'not documented'
      END
  END AS ablation_intended_if_positive,
  -- At most four diagnostic sessions in this region in a rolling 12 months, this one included.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN at_most_four_diagnostic_sessions_a_year THEN 'met'
        WHEN NOT at_most_four_diagnostic_sessions_a_year THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_four_diagnostic_sessions_a_year,
  -- A diagnostic injection goes into the joint only if a medial branch block is not possible.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN NOT joint_injection_only_if_block_impossible_applies THEN 'not applicable'
        WHEN joint_injection_only_if_block_impossible_applies IS NULL THEN 'not documented'
        WHEN joint_injection_only_if_block_impossible THEN 'met'
        WHEN NOT joint_injection_only_if_block_impossible THEN 'not met'
        ELSE 'not documented'
      END
  END AS joint_injection_only_if_block_impossible,
  -- No diagnostic block at joints that were successfully ablated in the last two years.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN no_diagnosis_after_successful_ablation THEN 'met'
        WHEN (
          NOT no_diagnosis_after_successful_ablation
          AND no_diagnosis_after_successful_ablation_excused
        ) THEN 'needs review'
        WHEN (
          NOT no_diagnosis_after_successful_ablation
          AND NOT no_diagnosis_after_successful_ablation_excused
        ) THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_diagnosis_after_successful_ablation,
  -- Guided by fluoroscopy or CT.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN guided_by_fluoroscopy_or_ct THEN 'met'
        WHEN NOT guided_by_fluoroscopy_or_ct THEN 'not met'
        ELSE 'not documented'
      END
  END AS guided_by_fluoroscopy_or_ct,
  -- Not under general anaesthesia.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_general_anaesthesia THEN 'met'
        WHEN NOT no_general_anaesthesia THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_general_anaesthesia,
  -- Without moderate sedation or monitored anaesthesia care, unless the record justifies it.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_routine_sedation THEN 'met'
        WHEN NOT no_routine_sedation AND no_routine_sedation_excused THEN 'needs review'
        WHEN NOT no_routine_sedation AND NOT no_routine_sedation_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_routine_sedation,
  -- Only one spinal region in a session.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN one_region_per_session THEN 'met'
        WHEN NOT one_region_per_session THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_region_per_session,
  -- At most two levels in a session, on one side or both.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN at_most_two_levels_per_session THEN 'met'
        WHEN NOT at_most_two_levels_per_session AND at_most_two_levels_per_session_excused THEN 'needs review'
        WHEN NOT at_most_two_levels_per_session AND NOT at_most_two_levels_per_session_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_two_levels_per_session,
  -- No other kind of spinal injection on the same day, unless the need for each is documented.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_other_spinal_injection_same_day THEN 'met'
        WHEN NOT no_other_spinal_injection_same_day AND no_other_spinal_injection_same_day_excused THEN 'needs review'
        WHEN NOT no_other_spinal_injection_same_day AND NOT no_other_spinal_injection_same_day_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_other_spinal_injection_same_day,
  -- Nothing but anaesthetic, steroid, saline and contrast is injected; no biologics.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT only_usual_agents_applies THEN 'not applicable'
        WHEN only_usual_agents_applies IS NULL THEN 'not documented'
        WHEN only_usual_agents THEN 'met'
        WHEN NOT only_usual_agents THEN 'not met'
        ELSE 'not documented'
      END
  END AS only_usual_agents,
  -- No earlier session lies within about three days of the edge of the rolling year, where a contractor may count
  -- otherwise.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_session_at_the_edge_of_the_year THEN 'met'
        WHEN NOT no_session_at_the_edge_of_the_year THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_session_at_the_edge_of_the_year,
  -- No anterior lumbar interbody fusion.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT no_anterior_lumbar_fusion_applies THEN 'not applicable'
        WHEN no_anterior_lumbar_fusion_applies IS NULL THEN 'not documented'
        WHEN no_anterior_lumbar_fusion THEN 'met'
        WHEN NOT no_anterior_lumbar_fusion THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_anterior_lumbar_fusion,
  -- The first block relieved at least 80 percent of the index pain for as long as its anaesthetic acts.
  CASE
    WHEN asked IN ('confirming_block') THEN
      CASE
        WHEN first_block_gave_80_percent_relief THEN 'met'
        WHEN NOT first_block_gave_80_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS first_block_gave_80_percent_relief,
  -- At least two weeks since the first block.
  CASE
    WHEN asked IN ('confirming_block') THEN
      CASE
        WHEN two_weeks_between_blocks THEN 'met'
        WHEN NOT two_weeks_between_blocks AND two_weeks_between_blocks_excused THEN 'needs review'
        WHEN NOT two_weeks_between_blocks AND NOT two_weeks_between_blocks_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_weeks_between_blocks,
  -- Pain was scored on the same scale before and after each block.
  CASE
    WHEN asked IN ('confirming_block', 'ablation') THEN
      CASE
        WHEN same_scale_before_and_after_blocks THEN 'met'
        WHEN NOT same_scale_before_and_after_blocks THEN 'not met'
        ELSE 'not documented'
      END
  END AS same_scale_before_and_after_blocks,
  -- Two diagnostic procedures each relieved at least 80 percent.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN two_diagnostic_procedures_gave_80_percent_relief THEN 'met'
        WHEN NOT two_diagnostic_procedures_gave_80_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_diagnostic_procedures_gave_80_percent_relief,
  -- The last therapeutic injection gave 50 percent relief for 3 months, or 50 percent better movement or activity.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN NOT last_injection_helped_applies THEN 'not applicable'
        WHEN last_injection_helped_applies IS NULL THEN 'not documented'
        WHEN last_injection_helped THEN 'met'
        WHEN NOT last_injection_helped THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_injection_helped,
  -- The record says why ablation is not possible.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN reason_why_ablation_is_not_possible THEN 'met'
        WHEN NOT reason_why_ablation_is_not_possible THEN 'not met'
        ELSE 'not documented'
      END
  END AS reason_why_ablation_is_not_possible,
  -- At most four therapeutic sessions in this region in a rolling 12 months, this one included.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN at_most_four_therapeutic_sessions_a_year THEN 'met'
        WHEN NOT at_most_four_therapeutic_sessions_a_year THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_four_therapeutic_sessions_a_year,
  -- At most two ablation sessions in this region in a rolling 12 months, this one included.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN at_most_two_ablation_sessions_a_year THEN 'met'
        WHEN NOT at_most_two_ablation_sessions_a_year THEN 'not met'
        ELSE 'not documented'
      END
  END AS at_most_two_ablation_sessions_a_year,
  -- Ablation by heat.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN thermal_ablation THEN 'met' WHEN NOT thermal_ablation THEN 'not met' ELSE 'not documented' END
  END AS thermal_ablation,
  -- Lesions at 80 °C or more.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN at_least_80_degrees THEN 'met' WHEN NOT at_least_80_degrees THEN 'not met' ELSE 'not documented' END
  END AS at_least_80_degrees,
  -- Two medial branch blocks each relieved at least 80 percent for as long as the anaesthetic acts. Joint injections do
  -- not count.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN two_blocks_gave_80_percent_relief THEN 'met'
        WHEN NOT two_blocks_gave_80_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_blocks_gave_80_percent_relief,
  -- The last ablation gave 50 percent relief for 6 months, or 50 percent better movement or activity.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE WHEN last_ablation_helped THEN 'met' WHEN NOT last_ablation_helped THEN 'not met' ELSE 'not documented' END
  END AS last_ablation_helped,
  -- The last ablation was less than two years ago, or two blocks since then were positive.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN diagnosis_renewed_after_two_years THEN 'met'
        WHEN NOT diagnosis_renewed_after_two_years THEN 'not met'
        ELSE 'not documented'
      END
  END AS diagnosis_renewed_after_two_years,
  -- The source of the pain is not in doubt, or two blocks since the last ablation were positive.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN source_of_pain_not_in_doubt THEN 'met'
        WHEN NOT source_of_pain_not_in_doubt THEN 'not met'
        ELSE 'not documented'
      END
  END AS source_of_pain_not_in_doubt,
  -- MRI, CT or myelogram shows the cyst pressing on a nerve root.
  CASE
    WHEN asked IN ('facet_cyst_rupture') THEN
      CASE
        WHEN imaging_shows_cyst_on_nerve THEN 'met'
        WHEN NOT imaging_shows_cyst_on_nerve THEN 'not met'
        ELSE 'not documented'
      END
  END AS imaging_shows_cyst_on_nerve,
  -- The symptoms of that nerve root are documented.
  CASE
    WHEN asked IN ('facet_cyst_rupture') THEN
      CASE WHEN symptoms_fit_the_cyst THEN 'met' WHEN NOT symptoms_fit_the_cyst THEN 'not met' ELSE 'not documented' END
  END AS symptoms_fit_the_cyst,
  -- A rupture is repeated at most once for a cyst.
  CASE
    WHEN asked IN ('facet_cyst_rupture') THEN
      CASE
        WHEN rupture_repeated_at_most_once THEN 'met'
        WHEN NOT rupture_repeated_at_most_once THEN 'not met'
        ELSE 'not documented'
      END
  END AS rupture_repeated_at_most_once,
  -- The last rupture gave 50 percent relief for at least 3 months.
  CASE
    WHEN asked IN ('facet_cyst_rupture') THEN
      CASE
        WHEN NOT last_rupture_helped_applies THEN 'not applicable'
        WHEN last_rupture_helped_applies IS NULL THEN 'not documented'
        WHEN last_rupture_helped THEN 'met'
        WHEN NOT last_rupture_helped THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_rupture_helped
FROM answered
ORDER BY patient, event
