-- Policy washington-hca: Facet neurotomy, determination of the Health Technology Clinical Committee (2014) (Washington
-- State Health Care Authority).
-- Generated from the policy. Do not edit.
-- Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.
-- NAME_low and NAME_high are a number that is known only within bounds. 1e100 stands for infinity.
-- A set of levels is a number: C0-1 is 1, C1-2 2, C2-3 4. cervical is 120, lumbar is 32505856.
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
    purpose, relief_percent, anaesthetic, age_years, pain_months, pain_axial, conservative_care_months,
    other_cause_of_pain
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, anaesthetic, age_years, pain_months, pain_axial, conservative_care_months, other_cause_of_pain
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
      CASE WHEN (e.all_levels & 120) <> 0 THEN 120 ELSE 0 END
      | CASE WHEN (e.all_levels & 32505856) <> 0 THEN 32505856 ELSE 0 END
    ) AS own_regions
  FROM event AS e
  JOIN day AS d ON d.patient = e.patient AND d.date = e.date
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    (e.all_levels & 255) <> 0 AS cervical_requested,
    (e.all_levels & 32505856) <> 0 AS lumbar_requested,
    (e.all_levels | 32505976) = 32505976 AS levels_in_scope,
    BIT_COUNT(s.levels & s.own_regions) AS session_levels
  FROM event AS e
  JOIN session AS s ON s.patient = e.patient AND s.event = e.event
),

prior AS (
  -- Each request r with every procedure p of the patient on an earlier day.
  SELECT
    r.patient, r.event, p.date, p.sequence,
    p.kind, p.purpose, p.relief_percent, p.anaesthetic,
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
  -- The procedures behind days_since_last_ablation, ablations_here, months_since_last_ablation,
  -- months_relieved_by_last_ablation. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.days_before, p.months_before, p.months_of_50_percent_relief_low, p.months_of_50_percent_relief_high,
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

blocks_with_80_percent_relief_rows AS (
  -- The procedures behind blocks_with_80_percent_relief. Where belongs is NULL, it is not documented.
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

blocks_with_80_percent_relief AS (
  -- Medial branch blocks of all these joints that relieved at least 80 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_with_80_percent_relief_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_with_80_percent_relief_high
  FROM event AS r
  LEFT JOIN blocks_with_80_percent_relief_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

blocks_with_complete_relief_rows AS (
  -- The procedures behind blocks_with_complete_relief. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind = 'medial_branch_block'
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND p.relief_percent >= 100
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_with_complete_relief AS (
  -- Medial branch blocks of all these joints that relieved all of the pain
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_with_complete_relief_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_with_complete_relief_high
  FROM event AS r
  LEFT JOIN blocks_with_complete_relief_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

lidocaine_blocks_rows AS (
  -- The procedures behind lidocaine_blocks. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind = 'medial_branch_block'
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND p.anaesthetic = 'lidocaine'
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

lidocaine_blocks AS (
  -- Medial branch blocks of all these joints with lidocaine
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS lidocaine_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS lidocaine_blocks_high
  FROM event AS r
  LEFT JOIN lidocaine_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

bupivacaine_blocks_rows AS (
  -- The procedures behind bupivacaine_blocks. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind = 'medial_branch_block'
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND p.anaesthetic = 'bupivacaine'
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

bupivacaine_blocks AS (
  -- Medial branch blocks of all these joints with bupivacaine
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS bupivacaine_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS bupivacaine_blocks_high
  FROM event AS r
  LEFT JOIN bupivacaine_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

blocks_with_another_anaesthetic_rows AS (
  -- The procedures behind blocks_with_another_anaesthetic. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      (
        p.kind = 'medial_branch_block'
        AND p.purpose = 'diagnostic'
        AND p.covers_request
        AND p.anaesthetic IN ('ropivacaine', 'mepivacaine', 'levobupivacaine')
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_with_another_anaesthetic AS (
  -- Medial branch blocks of all these joints with another anaesthetic
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_with_another_anaesthetic_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_with_another_anaesthetic_high
  FROM event AS r
  LEFT JOIN blocks_with_another_anaesthetic_rows AS p ON p.patient = r.patient AND p.event = r.event
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
    blocks_with_80_percent_relief_low, blocks_with_80_percent_relief_high,
    blocks_with_complete_relief_low, blocks_with_complete_relief_high,
    lidocaine_blocks_low, lidocaine_blocks_high,
    bupivacaine_blocks_low, bupivacaine_blocks_high,
    blocks_with_another_anaesthetic_low, blocks_with_another_anaesthetic_high,
    months_since_last_ablation_low, months_since_last_ablation_high,
    months_relieved_by_last_ablation_low, months_relieved_by_last_ablation_high,
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
  LEFT JOIN blocks_with_80_percent_relief AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN blocks_with_complete_relief AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN lidocaine_blocks AS m6 ON m6.patient = r.patient AND m6.event = r.event
  LEFT JOIN bupivacaine_blocks AS m7 ON m7.patient = r.patient AND m7.event = r.event
  LEFT JOIN blocks_with_another_anaesthetic AS m8 ON m8.patient = r.patient AND m8.event = r.event
  LEFT JOIN months_since_last_ablation AS m9 ON m9.patient = r.patient AND m9.event = r.event
  LEFT JOIN months_relieved_by_last_ablation AS m10 ON m10.patient = r.patient AND m10.event = r.event
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
    -- Therapeutic facet injections and medial branch blocks are not covered.
    FALSE AS therapeutic_injections_are_covered,
    -- The joints are lumbar, or cervical between C3-4 and C6-7. Thoracic ablation is not covered.
    levels_in_scope AS levels_are_covered,
    -- Older than 17 years.
    age_years > 17 AS adult,
    -- Continuous low back pain for at least 6 months.
    pain_months >= 6 AS lumbar_pain_for_six_months,
    lumbar_requested AS lumbar_pain_for_six_months_applies,
    -- The low back pain is not radicular.
    pain_axial AS lumbar_pain_not_radicular,
    lumbar_requested AS lumbar_pain_not_radicular_applies,
    -- No other spinal pain syndrome.
    NOT other_cause_of_pain AS no_other_spinal_pain_syndrome,
    lumbar_requested AS no_other_spinal_pain_syndrome_applies,
    -- Conservative care of 6 months.
    conservative_care_months >= 6 AS six_months_of_conservative_care,
    -- One or two lumbar joints in an intervention.
    session_levels <= 2 AS one_or_two_lumbar_joints,
    lumbar_requested AS one_or_two_lumbar_joints_applies,
    -- One cervical joint in an intervention.
    session_levels <= 1 AS one_cervical_joint,
    cervical_requested AS one_cervical_joint_applies,
    -- Each of two medial branch blocks in the low back relieved at least 80 percent.
    CASE
      WHEN blocks_with_80_percent_relief_low >= 2 THEN TRUE
      WHEN blocks_with_80_percent_relief_high < 2 THEN FALSE
    END AS two_lumbar_blocks_gave_80_percent_relief,
    lumbar_requested AS two_lumbar_blocks_gave_80_percent_relief_applies,
    -- Each of two medial branch blocks in the neck relieved all of the pain.
    CASE
      WHEN blocks_with_complete_relief_low >= 2 THEN TRUE
      WHEN blocks_with_complete_relief_high < 2 THEN FALSE
    END AS two_cervical_blocks_gave_complete_relief,
    cervical_requested AS two_cervical_blocks_gave_complete_relief_applies,
    -- The two blocks differ, one with a short-acting anaesthetic and one with a long-acting one.
    (
      CASE WHEN lidocaine_blocks_low >= 1 THEN TRUE WHEN lidocaine_blocks_high < 1 THEN FALSE END
      AND CASE WHEN bupivacaine_blocks_low >= 1 THEN TRUE WHEN bupivacaine_blocks_high < 1 THEN FALSE END
    ) AS one_short_and_one_long_acting_block,
    CASE
      WHEN blocks_with_another_anaesthetic_low >= 1 THEN TRUE
      WHEN blocks_with_another_anaesthetic_high < 1 THEN FALSE
    END AS one_short_and_one_long_acting_block_excused,
    -- Improvement for 6 months after the last ablation is documented.
    CASE
      WHEN months_relieved_by_last_ablation_low >= 6 THEN TRUE
      WHEN months_relieved_by_last_ablation_high < 6 THEN FALSE
    END AS last_ablation_helped_6_months,
    -- At least 6 months since the last ablation.
    CASE
      WHEN months_since_last_ablation_low >= 6 THEN TRUE
      WHEN months_since_last_ablation_high < 6 THEN FALSE
    END AS six_months_since_last_ablation
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- How many diagnostic sessions a year are covered.
  CASE WHEN asked IN ('first_block', 'confirming_block') THEN 'not applicable' END AS diagnostic_sessions_in_a_year,
  -- How long after the first block the second may follow.
  CASE WHEN asked IN ('confirming_block') THEN 'not applicable' END AS time_between_blocks,
  -- Therapeutic facet injections and medial branch blocks are not covered.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN therapeutic_injections_are_covered THEN 'met'
        WHEN NOT therapeutic_injections_are_covered THEN 'not met'
        ELSE 'not documented'
      END
  END AS therapeutic_injections_are_covered,
  -- The joints are lumbar, or cervical between C3-4 and C6-7. Thoracic ablation is not covered.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN levels_are_covered THEN 'met' WHEN NOT levels_are_covered THEN 'not met' ELSE 'not documented' END
  END AS levels_are_covered,
  -- Older than 17 years.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN adult THEN 'met' WHEN NOT adult THEN 'not met' ELSE 'not documented' END
  END AS adult,
  -- Continuous low back pain for at least 6 months.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT lumbar_pain_for_six_months_applies THEN 'not applicable'
        WHEN lumbar_pain_for_six_months_applies IS NULL THEN 'not documented'
        WHEN lumbar_pain_for_six_months THEN 'met'
        WHEN NOT lumbar_pain_for_six_months THEN 'not met'
        ELSE 'not documented'
      END
  END AS lumbar_pain_for_six_months,
  -- The low back pain is not radicular.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT lumbar_pain_not_radicular_applies THEN 'not applicable'
        WHEN lumbar_pain_not_radicular_applies IS NULL THEN 'not documented'
        WHEN lumbar_pain_not_radicular THEN 'met'
        WHEN NOT lumbar_pain_not_radicular THEN 'not met'
        ELSE 'not documented'
      END
  END AS lumbar_pain_not_radicular,
  -- No other spinal pain syndrome.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT no_other_spinal_pain_syndrome_applies THEN 'not applicable'
        WHEN no_other_spinal_pain_syndrome_applies IS NULL THEN 'not documented'
        WHEN no_other_spinal_pain_syndrome THEN 'met'
        WHEN NOT no_other_spinal_pain_syndrome THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_other_spinal_pain_syndrome,
  -- Conservative care of 6 months.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN six_months_of_conservative_care THEN 'met'
        WHEN NOT six_months_of_conservative_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_months_of_conservative_care,
  -- One or two lumbar joints in an intervention.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT one_or_two_lumbar_joints_applies THEN 'not applicable'
        WHEN one_or_two_lumbar_joints_applies IS NULL THEN 'not documented'
        WHEN one_or_two_lumbar_joints THEN 'met'
        WHEN NOT one_or_two_lumbar_joints THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_or_two_lumbar_joints,
  -- One cervical joint in an intervention.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT one_cervical_joint_applies THEN 'not applicable'
        WHEN one_cervical_joint_applies IS NULL THEN 'not documented'
        WHEN one_cervical_joint THEN 'met'
        WHEN NOT one_cervical_joint THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_cervical_joint,
  -- How strong the pain must be.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS pain_at_baseline,
  -- How many regions of the spine one session may treat.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS regions_in_a_session,
  -- Whether a fused level is excluded.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS fused_levels,
  -- Which techniques of ablation are covered.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS technique_of_ablation,
  -- Each of two medial branch blocks in the low back relieved at least 80 percent.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN NOT two_lumbar_blocks_gave_80_percent_relief_applies THEN 'not applicable'
        WHEN two_lumbar_blocks_gave_80_percent_relief_applies IS NULL THEN 'not documented'
        WHEN two_lumbar_blocks_gave_80_percent_relief THEN 'met'
        WHEN NOT two_lumbar_blocks_gave_80_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_lumbar_blocks_gave_80_percent_relief,
  -- Each of two medial branch blocks in the neck relieved all of the pain.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN NOT two_cervical_blocks_gave_complete_relief_applies THEN 'not applicable'
        WHEN two_cervical_blocks_gave_complete_relief_applies IS NULL THEN 'not documented'
        WHEN two_cervical_blocks_gave_complete_relief THEN 'met'
        WHEN NOT two_cervical_blocks_gave_complete_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_cervical_blocks_gave_complete_relief,
  -- The two blocks differ, one with a short-acting anaesthetic and one with a long-acting one.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN one_short_and_one_long_acting_block THEN 'met'
        WHEN NOT one_short_and_one_long_acting_block AND one_short_and_one_long_acting_block_excused THEN 'needs review'
        WHEN NOT one_short_and_one_long_acting_block AND NOT one_short_and_one_long_acting_block_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_short_and_one_long_acting_block,
  -- Improvement for 6 months after the last ablation is documented.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_helped_6_months THEN 'met'
        WHEN NOT last_ablation_helped_6_months THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_helped_6_months,
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
