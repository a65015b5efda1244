-- Policy multisociety-lumbar-2020: Consensus practice guidelines on interventions for lumbar facet joint pain (2020)
-- (Multispecialty working group (lumbar)).
-- Generated from the policy. Do not edit.
-- Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.
-- NAME_low and NAME_high are a number that is known only within bounds. 1e100 stands for infinity.
-- A set of levels is a number: C0-1 is 1, C1-2 2, C2-3 4. lumbar is 32505856.
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
    purpose, relief_percent, guidance, sedation, pain_axial, conservative_care_failed, conservative_care_months,
    paraspinal_tenderness, anticoagulant, ablation_not_possible, temperature_c, lesion_seconds
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, guidance, sedation, pain_axial, conservative_care_failed, conservative_care_months,
        paraspinal_tenderness, anticoagulant, ablation_not_possible, temperature_c, lesion_seconds
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
    MIN(CASE WHEN relief < 50 THEN date END) OVER (PARTITION BY patient, event) AS no_relief_below_50,
    MIN(CASE WHEN relief <= 30 THEN date END) OVER (PARTITION BY patient, event) AS no_relief_to_30
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
    MAX(CASE WHEN date = no_relief_below_50 THEN months END) OVER so_far AS months_of_50_percent_relief_ended,
    MAX(
      CASE WHEN relief IS NOT NULL AND (no_relief_to_30 IS NULL OR date < no_relief_to_30) THEN months END
    ) OVER so_far AS months_of_over_30_percent_relief_held,
    MAX(CASE WHEN date = no_relief_to_30 THEN months END) OVER so_far AS months_of_over_30_percent_relief_ended
  FROM visit
  WINDOW so_far AS (PARTITION BY patient, event ORDER BY date ROWS UNBOUNDED PRECEDING)
),

request AS (
  -- Each procedure as a request.
  SELECT
    e.*,
    (e.all_levels & 32505856) <> 0 AS lumbar_requested,
    (e.all_levels | 32505856) = 32505856 AS levels_in_scope
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
    COALESCE(v.months_of_50_percent_relief_held, 0) AS months_of_50_percent_relief_low,
    GREATEST(
      COALESCE(
        v.months_of_50_percent_relief_ended,
        r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END
      ),
      COALESCE(v.months_of_50_percent_relief_held, 0)
    ) AS months_of_50_percent_relief_high,
    COALESCE(v.months_of_over_30_percent_relief_held, 0) AS months_of_over_30_percent_relief_low,
    GREATEST(
      COALESCE(
        v.months_of_over_30_percent_relief_ended,
        r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END
      ),
      COALESCE(v.months_of_over_30_percent_relief_held, 0)
    ) AS months_of_over_30_percent_relief_high,
    v.function_improved_percent
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
      p.days_before, p.months_of_over_30_percent_relief_low, p.months_of_over_30_percent_relief_high,
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
        AND CASE
          WHEN p.days_before < days_since_last_ablation_low THEN TRUE
          WHEN p.days_before >= days_since_last_ablation_high THEN FALSE
        END
        AND p.relief_percent >= 50
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

positive_blocks AS (
  -- Medial branch blocks of all these joints, since the last ablation, that relieved at least 50 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

function_improved_by_blocks_rows AS (
  -- The procedures behind function_improved_by_blocks. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.function_improved_percent,
      (
        p.kind = 'medial_branch_block'
        AND p.purpose = 'diagnostic'
        AND p.covers_request
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

function_improved_by_blocks AS (
  -- Best improvement of movement or activity after a medial branch block of all these joints since the last ablation
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(CASE WHEN p.belongs THEN 1 END) > 0 THEN
        MAX(CASE WHEN p.belongs THEN COALESCE(p.function_improved_percent, -1e100) END)
      ELSE LEAST(
        0,
        COALESCE(MIN(CASE WHEN p.event IS NOT NULL THEN COALESCE(p.function_improved_percent, -1e100) END), 0)
      )
    END AS function_improved_by_blocks_low,
    CASE
      WHEN COUNT(CASE WHEN p.belongs THEN 1 END) > 0 THEN
        MAX(CASE WHEN p.event IS NOT NULL THEN COALESCE(p.function_improved_percent, 1e100) END)
      ELSE GREATEST(
        0,
        COALESCE(MAX(CASE WHEN p.event IS NOT NULL THEN COALESCE(p.function_improved_percent, 1e100) END), 0)
      )
    END AS function_improved_by_blocks_high
  FROM event AS r
  LEFT JOIN function_improved_by_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
),

months_relieved_by_last_ablation AS (
  -- Months for which the last ablation gave more than 30 percent relief
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.months_of_over_30_percent_relief_low), 0), 0)
      ELSE MIN(p.months_of_over_30_percent_relief_low)
    END AS months_relieved_by_last_ablation_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.months_of_over_30_percent_relief_high), 0), 0)
      ELSE MAX(p.months_of_over_30_percent_relief_high)
    END AS months_relieved_by_last_ablation_high
  FROM event AS r
  LEFT JOIN days_since_last_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
),

ablations_in_12_months_rows AS (
  -- The procedures behind ablations_in_12_months. Where belongs is NULL, it is not documented.
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

ablations_in_12_months AS (
  -- Days with an ablation of these joints within the last 12 months
  SELECT
    r.patient, r.event,
    COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END) AS ablations_in_12_months_low,
    CASE WHEN r.history_known THEN COUNT(DISTINCT p.date) ELSE 1e100 END AS ablations_in_12_months_high
  FROM event AS r
  LEFT JOIN ablations_in_12_months_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

months_relieved_by_last_injection_rows AS (
  -- The procedures behind months_relieved_by_last_injection. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.months_of_50_percent_relief_low, p.months_of_50_percent_relief_high,
      (
        p.kind IN ('facet_joint_injection', 'medial_branch_block')
        AND p.purpose = 'therapeutic'
        AND p.overlaps_request
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
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
    FROM months_relieved_by_last_injection_rows AS x
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

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    days_since_last_ablation_low, days_since_last_ablation_high,
    ablations_here_low, ablations_here_high,
    diagnostic_blocks_here_low, diagnostic_blocks_here_high,
    positive_blocks_low, positive_blocks_high,
    function_improved_by_blocks_low, function_improved_by_blocks_high,
    months_relieved_by_last_ablation_low, months_relieved_by_last_ablation_high,
    ablations_in_12_months_low, ablations_in_12_months_high,
    months_relieved_by_last_injection_low, months_relieved_by_last_injection_high,
    -- Prognostic medial branch block
    (
      lumbar_requested
      AND kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE
        WHEN diagnostic_blocks_here_low = 0 AND diagnostic_blocks_here_low = diagnostic_blocks_here_high THEN TRUE
        WHEN diagnostic_blocks_here_high < 0 OR diagnostic_blocks_here_low > 0 THEN FALSE
      END
    ) AS asks_first_block,
    -- Second prognostic block
    (
      lumbar_requested
      AND kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE WHEN diagnostic_blocks_here_low >= 1 THEN TRUE WHEN diagnostic_blocks_here_high < 1 THEN FALSE END
    ) AS asks_confirming_block,
    -- Therapeutic facet joint injection or block
    (
      lumbar_requested
      AND kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'therapeutic'
    ) AS asks_therapeutic_injection,
    -- Radiofrequency ablation
    (
      lumbar_requested
      AND kind = 'radiofrequency_ablation'
      AND CASE
        WHEN ablations_here_low = 0 AND ablations_here_low = ablations_here_high THEN TRUE
        WHEN ablations_here_high < 0 OR ablations_here_low > 0 THEN FALSE
      END
    ) AS asks_ablation,
    -- Repeat radiofrequency ablation
    (
      lumbar_requested
      AND kind = 'radiofrequency_ablation'
      AND CASE WHEN ablations_here_low >= 1 THEN TRUE WHEN ablations_here_high < 1 THEN FALSE END
    ) AS asks_repeat_ablation
  FROM request AS r
  LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN ablations_here AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN diagnostic_blocks_here AS m3 ON m3.patient = r.patient AND m3.event = r.event
  LEFT JOIN positive_blocks AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN function_improved_by_blocks AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN months_relieved_by_last_ablation AS m6 ON m6.patient = r.patient AND m6.event = r.event
  LEFT JOIN ablations_in_12_months AS m7 ON m7.patient = r.patient AND m7.event = r.event
  LEFT JOIN months_relieved_by_last_injection AS m8 ON m8.patient = r.patient AND m8.event = r.event
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
    -- 3 months of conservative care before any injection; less in particular cases.
    conservative_care_failed AND conservative_care_months >= 3 AS three_months_of_conservative_care,
    TRUE AS three_months_of_conservative_care_excused,
    -- Tenderness beside the spine weakly supports a facet source; no sign is reliable.
    paraspinal_tenderness AS tenderness_beside_the_spine,
    -- Radicular features weakly speak against a facet source; they exclude nobody.
    pain_axial AS pain_is_axial,
    -- SPECT before a block has moderate support; MRI, CT and scintigraphy have weak support.
    TRUE AS no_image_is_a_condition,
    -- A medial branch block, not a joint injection, is the test before ablation.
    kind = 'medial_branch_block' AS medial_branch_block_before_ablation,
    TRUE AS medial_branch_block_before_ablation_excused,
    -- An injection into the joint fails more often for technical reasons and predicts ablation less well than a block.
    kind = 'medial_branch_block' AS block_predicts_better_than_joint_injection,
    -- No new block before an ablation is repeated.
    CASE
      WHEN ablations_here_low = 0 AND ablations_here_low = ablations_here_high THEN TRUE
      WHEN ablations_here_high < 0 OR ablations_here_low > 0 THEN FALSE
    END AS no_new_block_before_repeat,
    TRUE AS no_new_block_before_repeat_excused,
    -- No routine sedation for a block.
    sedation = 'none' AS no_routine_sedation,
    TRUE AS no_routine_sedation_excused,
    -- Blocks under fluoroscopy, which is preferred, or CT; ultrasound in some contexts.
    guidance IN ('fluoroscopy', 'ct') AS guided_by_fluoroscopy_or_ct,
    kind = 'medial_branch_block' AS guided_by_fluoroscopy_or_ct_applies,
    guidance = 'ultrasound' AS guided_by_fluoroscopy_or_ct_excused,
    -- Injections into the joint under CT or fluoroscopy.
    guidance IN ('fluoroscopy', 'ct') AS joint_injection_guided_by_ct_or_fluoroscopy,
    kind = 'facet_joint_injection' AS joint_injection_guided_by_ct_or_fluoroscopy_applies,
    -- Lumbar facet joints only.
    levels_in_scope AS lumbar_joints,
    -- An anticoagulant need not be stopped for most procedures.
    TRUE AS anticoagulant_need_not_stop,
    anticoagulant AS anticoagulant_need_not_stop_applies,
    -- No second block as a routine after one with at least 50 percent relief.
    CASE
      WHEN positive_blocks_low = 0 AND positive_blocks_low = positive_blocks_high THEN TRUE
      WHEN positive_blocks_high < 0 OR positive_blocks_low > 0 THEN FALSE
    END AS one_positive_block_is_enough,
    TRUE AS one_positive_block_is_enough_excused,
    -- Not as a routine; exceptions are for example that ablation cannot be done, or long relief by an earlier
    -- injection.
    (
      ablation_not_possible
      OR CASE
        WHEN months_relieved_by_last_injection_low >= 3 THEN TRUE
        WHEN months_relieved_by_last_injection_high < 3 THEN FALSE
      END
    ) AS exceptional_therapeutic_injection,
    TRUE AS exceptional_therapeutic_injection_excused,
    -- Ablation under fluoroscopy.
    guidance = 'fluoroscopy' AS guided_by_fluoroscopy,
    -- 80 to 90 °C.
    temperature_c >= 80 AND temperature_c <= 90 AS lesion_at_80_to_90_degrees,
    TRUE AS lesion_at_80_to_90_degrees_excused,
    -- 90 seconds or more for each lesion.
    lesion_seconds >= 90 AS lesion_of_90_seconds,
    TRUE AS lesion_of_90_seconds_excused,
    -- 1 block with at least 50 percent relief; less may do with other gains.
    CASE
      WHEN positive_blocks_low >= 1 THEN TRUE
      WHEN positive_blocks_high < 1 THEN FALSE
    END AS one_block_gave_50_percent_relief,
    CASE
      WHEN function_improved_by_blocks_low > 0 THEN TRUE
      WHEN function_improved_by_blocks_high <= 0 THEN FALSE
    END AS one_block_gave_50_percent_relief_excused,
    -- 3 months of relief above 30 percent by the last ablation.
    CASE
      WHEN months_relieved_by_last_ablation_low >= 3 THEN TRUE
      WHEN months_relieved_by_last_ablation_high < 3 THEN FALSE
    END AS last_ablation_gave_3_months_of_relief,
    -- Better 6 months of relief by the last ablation.
    CASE
      WHEN months_relieved_by_last_ablation_low >= 6 THEN TRUE
      WHEN months_relieved_by_last_ablation_high < 6 THEN FALSE
    END AS last_ablation_gave_6_months_of_relief,
    -- 2 ablations a year at most, this one included.
    CASE
      WHEN ablations_in_12_months_high <= 1 THEN TRUE
      WHEN ablations_in_12_months_low > 1 THEN FALSE
    END AS at_most_two_ablations_a_year
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- 3 months of conservative care before any injection; less in particular cases.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE
        WHEN three_months_of_conservative_care THEN 'met'
        WHEN NOT three_months_of_conservative_care AND three_months_of_conservative_care_excused THEN 'needs review'
        WHEN NOT three_months_of_conservative_care AND NOT three_months_of_conservative_care_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS three_months_of_conservative_care,
  -- Tenderness beside the spine weakly supports a facet source; no sign is reliable.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE
        WHEN tenderness_beside_the_spine THEN 'met'
        WHEN NOT tenderness_beside_the_spine THEN 'not met'
        ELSE 'not documented'
      END
  END AS tenderness_beside_the_spine,
  -- Radicular features weakly speak against a facet source; they exclude nobody.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE WHEN pain_is_axial THEN 'met' WHEN NOT pain_is_axial THEN 'not met' ELSE 'not documented' END
  END AS pain_is_axial,
  -- SPECT before a block has moderate support; MRI, CT and scintigraphy have weak support.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN no_image_is_a_condition THEN 'met'
        WHEN NOT no_image_is_a_condition THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_image_is_a_condition,
  -- A medial branch block, not a joint injection, is the test before ablation.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN medial_branch_block_before_ablation THEN 'met'
        WHEN NOT medial_branch_block_before_ablation AND medial_branch_block_before_ablation_excused THEN 'needs review'
        WHEN NOT medial_branch_block_before_ablation AND NOT medial_branch_block_before_ablation_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS medial_branch_block_before_ablation,
  -- An injection into the joint fails more often for technical reasons and predicts ablation less well than a block.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN block_predicts_better_than_joint_injection THEN 'met'
        WHEN NOT block_predicts_better_than_joint_injection THEN 'not met'
        ELSE 'not documented'
      END
  END AS block_predicts_better_than_joint_injection,
  -- No new block before an ablation is repeated.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN no_new_block_before_repeat THEN 'met'
        WHEN NOT no_new_block_before_repeat AND no_new_block_before_repeat_excused THEN 'needs review'
        WHEN NOT no_new_block_before_repeat AND NOT no_new_block_before_repeat_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_new_block_before_repeat,
  -- No routine sedation for a block.
  CASE
    WHEN asked IN ('first_block', 'confirming_block') THEN
      CASE
        WHEN no_routine_sedation THEN 'met'
        WHEN NOT no_routine_sedation AND no_routine_sedation_excused THEN 'needs review'
        WHEN NOT no_routine_sedation AND NOT no_routine_sedation_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_routine_sedation,
  -- Blocks under fluoroscopy, which is preferred, or CT; ultrasound in some contexts.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection') THEN
      CASE
        WHEN NOT guided_by_fluoroscopy_or_ct_applies THEN 'not applicable'
        WHEN guided_by_fluoroscopy_or_ct_applies IS NULL THEN 'not documented'
        WHEN guided_by_fluoroscopy_or_ct THEN 'met'
        WHEN NOT guided_by_fluoroscopy_or_ct AND guided_by_fluoroscopy_or_ct_excused THEN 'needs review'
        WHEN NOT guided_by_fluoroscopy_or_ct AND NOT guided_by_fluoroscopy_or_ct_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS guided_by_fluoroscopy_or_ct,
  -- Injections into the joint under CT or fluoroscopy.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection') THEN
      CASE
        WHEN NOT joint_injection_guided_by_ct_or_fluoroscopy_applies THEN 'not applicable'
        WHEN joint_injection_guided_by_ct_or_fluoroscopy_applies IS NULL THEN 'not documented'
        WHEN joint_injection_guided_by_ct_or_fluoroscopy THEN 'met'
        WHEN NOT joint_injection_guided_by_ct_or_fluoroscopy THEN 'not met'
        ELSE 'not documented'
      END
  END AS joint_injection_guided_by_ct_or_fluoroscopy,
  -- Lumbar facet joints only.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE WHEN lumbar_joints THEN 'met' WHEN NOT lumbar_joints THEN 'not met' ELSE 'not documented' END
  END AS lumbar_joints,
  -- An anticoagulant need not be stopped for most procedures.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT anticoagulant_need_not_stop_applies THEN 'not applicable'
        WHEN anticoagulant_need_not_stop_applies IS NULL THEN 'not documented'
        WHEN anticoagulant_need_not_stop THEN 'met'
        WHEN NOT anticoagulant_need_not_stop THEN 'not met'
        ELSE 'not documented'
      END
  END AS anticoagulant_need_not_stop,
  -- No second block as a routine after one with at least 50 percent relief.
  CASE
    WHEN asked IN ('confirming_block') THEN
      CASE
        WHEN one_positive_block_is_enough THEN 'met'
        WHEN NOT one_positive_block_is_enough AND one_positive_block_is_enough_excused THEN 'needs review'
        WHEN NOT one_positive_block_is_enough AND NOT one_positive_block_is_enough_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_positive_block_is_enough,
  -- Not as a routine; exceptions are for example that ablation cannot be done, or long relief by an earlier injection.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN exceptional_therapeutic_injection THEN 'met'
        WHEN NOT exceptional_therapeutic_injection AND exceptional_therapeutic_injection_excused THEN 'needs review'
        WHEN NOT exceptional_therapeutic_injection AND NOT exceptional_therapeutic_injection_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS exceptional_therapeutic_injection,
  -- Ablation under fluoroscopy.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE WHEN guided_by_fluoroscopy THEN 'met' WHEN NOT guided_by_fluoroscopy THEN 'not met' ELSE 'not documented' END
  END AS guided_by_fluoroscopy,
  -- 80 to 90 °C.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN lesion_at_80_to_90_degrees THEN 'met'
        WHEN NOT lesion_at_80_to_90_degrees AND lesion_at_80_to_90_degrees_excused THEN 'needs review'
        WHEN NOT lesion_at_80_to_90_degrees AND NOT lesion_at_80_to_90_degrees_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS lesion_at_80_to_90_degrees,
  -- 90 seconds or more for each lesion.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN lesion_of_90_seconds THEN 'met'
        WHEN NOT lesion_of_90_seconds AND lesion_of_90_seconds_excused THEN 'needs review'
        WHEN NOT lesion_of_90_seconds AND NOT lesion_of_90_seconds_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS lesion_of_90_seconds,
  -- 1 block with at least 50 percent relief; less may do with other gains.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN one_block_gave_50_percent_relief THEN 'met'
        WHEN NOT one_block_gave_50_percent_relief AND one_block_gave_50_percent_relief_excused THEN 'needs review'
        WHEN NOT one_block_gave_50_percent_relief AND NOT one_block_gave_50_percent_relief_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_block_gave_50_percent_relief,
  -- 3 months of relief above 30 percent by the last ablation.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_gave_3_months_of_relief THEN 'met'
        WHEN NOT last_ablation_gave_3_months_of_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_gave_3_months_of_relief,
  -- Better 6 months of relief by the last ablation.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_gave_6_months_of_relief THEN 'met'
        WHEN NOT last_ablation_gave_6_months_of_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_gave_6_months_of_relief,
  -- 2 ablations a year at most, this one included.
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
