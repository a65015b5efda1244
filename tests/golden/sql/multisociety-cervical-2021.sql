-- Policy multisociety-cervical-2021: Consensus practice guidelines on interventions for cervical facet joint pain
-- (2021) (Multispecialty working group (cervical)).
-- Generated from the policy. Do not edit.
-- Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.
-- NAME_low and NAME_high are a number that is known only within bounds. 1e100 stands for infinity.
-- A set of levels is a number: C0-1 is 1, C1-2 2, C2-3 4. cervical is 255.
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
    purpose, relief_percent, guidance, pain_axial, conservative_care_failed, conservative_care_months,
    conservative_care_weeks, untreated_radiculopathy
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, guidance, pain_axial, conservative_care_failed, conservative_care_months,
        conservative_care_weeks, untreated_radiculopathy
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
    MIN(CASE WHEN relief <= 30 THEN date END) OVER (PARTITION BY patient, event) AS no_relief_to_30
  FROM visit_day
),

follow_up AS (
  -- What the visits had told by each of their days: _held is how long relief had lasted, _ended when it was over.
  SELECT
    patient, event, date, next_date,
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
    (e.all_levels & 255) <> 0 AS cervical_requested,
    (e.all_levels | 255) = 255 AS levels_in_scope
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
    END AS covers_request,
    COALESCE(v.months_of_over_30_percent_relief_held, 0) AS months_of_over_30_percent_relief_low,
    GREATEST(
      COALESCE(
        v.months_of_over_30_percent_relief_ended,
        r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END
      ),
      COALESCE(v.months_of_over_30_percent_relief_held, 0)
    ) AS months_of_over_30_percent_relief_high
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
        AND p.relief_percent > 50
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

positive_blocks AS (
  -- Medial branch blocks of all these joints, since the last ablation, that relieved more than 50 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

blocks_of_at_least_50_percent_rows AS (
  -- The procedures behind blocks_of_at_least_50_percent. Where belongs is NULL, it is not documented.
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

blocks_of_at_least_50_percent AS (
  -- Medial branch blocks of all these joints, since the last ablation, that relieved at least 50 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_of_at_least_50_percent_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_of_at_least_50_percent_high
  FROM event AS r
  LEFT JOIN blocks_of_at_least_50_percent_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
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

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    days_since_last_ablation_low, days_since_last_ablation_high,
    ablations_here_low, ablations_here_high,
    diagnostic_blocks_here_low, diagnostic_blocks_here_high,
    positive_blocks_low, positive_blocks_high,
    blocks_of_at_least_50_percent_low, blocks_of_at_least_50_percent_high,
    months_relieved_by_last_ablation_low, months_relieved_by_last_ablation_high,
    -- Prognostic medial branch block
    (
      cervical_requested
      AND kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE
        WHEN diagnostic_blocks_here_low = 0 AND diagnostic_blocks_here_low = diagnostic_blocks_here_high THEN TRUE
        WHEN diagnostic_blocks_here_high < 0 OR diagnostic_blocks_here_low > 0 THEN FALSE
      END
    ) AS asks_first_block,
    -- Second prognostic block
    (
      cervical_requested
      AND kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
      AND CASE WHEN diagnostic_blocks_here_low >= 1 THEN TRUE WHEN diagnostic_blocks_here_high < 1 THEN FALSE END
    ) AS asks_confirming_block,
    -- Therapeutic facet joint injection or block
    (
      cervical_requested
      AND kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'therapeutic'
    ) AS asks_therapeutic_injection,
    -- Radiofrequency ablation
    (
      cervical_requested
      AND kind = 'radiofrequency_ablation'
      AND CASE
        WHEN ablations_here_low = 0 AND ablations_here_low = ablations_here_high THEN TRUE
        WHEN ablations_here_high < 0 OR ablations_here_low > 0 THEN FALSE
      END
    ) AS asks_ablation,
    -- Repeat radiofrequency ablation
    (
      cervical_requested
      AND kind = 'radiofrequency_ablation'
      AND CASE WHEN ablations_here_low >= 1 THEN TRUE WHEN ablations_here_high < 1 THEN FALSE END
    ) AS asks_repeat_ablation
  FROM request AS r
  LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN ablations_here AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN diagnostic_blocks_here AS m3 ON m3.patient = r.patient AND m3.event = r.event
  LEFT JOIN positive_blocks AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN blocks_of_at_least_50_percent AS m5 ON m5.patient = r.patient AND m5.event = r.event
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
    -- Conservative care comes first.
    conservative_care_failed AS conservative_care_failed,
    -- 6 weeks of conservative care, fitted to the patient.
    conservative_care_weeks >= 6 AS six_weeks_of_conservative_care,
    TRUE AS six_weeks_of_conservative_care_excused,
    -- Preferably 3 months of conservative care, by another table of the same guideline.
    conservative_care_months >= 3 AS three_months_of_conservative_care,
    -- No radicular symptoms.
    pain_axial AND NOT untreated_radiculopathy AS no_radicular_symptoms,
    -- No sign proves a facet source; examination cannot identify C0-1 or C1-2 and may guide which injection is done.
    TRUE AS no_sign_proves_a_facet_source,
    -- Images neither prove nor predict a facet source; they serve planning where indicated.
    TRUE AS images_are_for_planning,
    -- A medial branch block, not a joint injection, is the test before ablation.
    kind = 'medial_branch_block' AS medial_branch_block_before_ablation,
    TRUE AS medial_branch_block_before_ablation_excused,
    -- No new block before an ablation is repeated.
    CASE
      WHEN ablations_here_low = 0 AND ablations_here_low = ablations_here_high THEN TRUE
      WHEN ablations_here_high < 0 OR ablations_here_low > 0 THEN FALSE
    END AS no_new_block_before_repeat,
    TRUE AS no_new_block_before_repeat_excused,
    -- Blocks under fluoroscopy or ultrasound.
    guidance IN ('fluoroscopy', 'ultrasound') AS block_guided_by_fluoroscopy_or_ultrasound,
    kind = 'medial_branch_block' AS block_guided_by_fluoroscopy_or_ultrasound_applies,
    guidance = 'ct' AS block_guided_by_fluoroscopy_or_ultrasound_excused,
    -- Injections into the joint under fluoroscopy rather than CT.
    guidance = 'fluoroscopy' AS joint_injection_guided_by_fluoroscopy,
    kind = 'facet_joint_injection' AS joint_injection_guided_by_fluoroscopy_applies,
    guidance = 'ct' AS joint_injection_guided_by_fluoroscopy_excused,
    -- Cervical facet joints only.
    levels_in_scope AS cervical_joints,
    -- No second block as a routine after one with more than 50 percent relief.
    CASE
      WHEN positive_blocks_low = 0 AND positive_blocks_low = positive_blocks_high THEN TRUE
      WHEN positive_blocks_high < 0 OR positive_blocks_low > 0 THEN FALSE
    END AS one_positive_block_is_enough,
    TRUE AS one_positive_block_is_enough_excused,
    -- Ablation under imaging.
    guidance <> 'none' AS ablation_guided_by_an_image,
    -- Ablation under fluoroscopy.
    guidance = 'fluoroscopy' AS ablation_guided_by_fluoroscopy,
    guidance <> 'none' AS ablation_guided_by_fluoroscopy_excused,
    -- 1 block with more than 50 percent relief.
    CASE
      WHEN positive_blocks_low >= 1 THEN TRUE
      WHEN positive_blocks_high < 1 THEN FALSE
    END AS one_block_gave_over_50_percent_relief,
    -- 1 block with at least 50 percent relief, as the running text is remembered.
    CASE
      WHEN blocks_of_at_least_50_percent_low >= 1 THEN TRUE
      WHEN blocks_of_at_least_50_percent_high < 1 THEN FALSE
    END AS one_block_gave_at_least_50_percent_relief,
    -- 3 months of relief above 30 percent by the last ablation.
    CASE
      WHEN months_relieved_by_last_ablation_low >= 3 THEN TRUE
      WHEN months_relieved_by_last_ablation_high < 3 THEN FALSE
    END AS last_ablation_gave_3_months_of_relief
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- Conservative care comes first.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE
        WHEN conservative_care_failed THEN 'met'
        WHEN NOT conservative_care_failed THEN 'not met'
        ELSE 'not documented'
      END
  END AS conservative_care_failed,
  -- 6 weeks of conservative care, fitted to the patient.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE
        WHEN six_weeks_of_conservative_care THEN 'met'
        WHEN NOT six_weeks_of_conservative_care AND six_weeks_of_conservative_care_excused THEN 'needs review'
        WHEN NOT six_weeks_of_conservative_care AND NOT six_weeks_of_conservative_care_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS six_weeks_of_conservative_care,
  -- Preferably 3 months of conservative care, by another table of the same guideline.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE
        WHEN three_months_of_conservative_care THEN 'met'
        WHEN NOT three_months_of_conservative_care THEN 'not met'
        ELSE 'not documented'
      END
  END AS three_months_of_conservative_care,
  -- No radicular symptoms.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE WHEN no_radicular_symptoms THEN 'met' WHEN NOT no_radicular_symptoms THEN 'not met' ELSE 'not documented' END
  END AS no_radicular_symptoms,
  -- No sign proves a facet source; examination cannot identify C0-1 or C1-2 and may guide which injection is done.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE
        WHEN no_sign_proves_a_facet_source THEN 'met'
        WHEN NOT no_sign_proves_a_facet_source THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_sign_proves_a_facet_source,
  -- Images neither prove nor predict a facet source; they serve planning where indicated.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN
      CASE
        WHEN images_are_for_planning THEN 'met'
        WHEN NOT images_are_for_planning THEN 'not met'
        ELSE 'not documented'
      END
  END AS images_are_for_planning,
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
  -- Whether sedation is used for a block.
  CASE WHEN asked IN ('first_block', 'confirming_block') THEN 'not applicable' END AS sedation_for_a_block,
  -- Blocks under fluoroscopy or ultrasound.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection') THEN
      CASE
        WHEN NOT block_guided_by_fluoroscopy_or_ultrasound_applies THEN 'not applicable'
        WHEN block_guided_by_fluoroscopy_or_ultrasound_applies IS NULL THEN 'not documented'
        WHEN block_guided_by_fluoroscopy_or_ultrasound THEN 'met'
        WHEN (
          NOT block_guided_by_fluoroscopy_or_ultrasound
          AND block_guided_by_fluoroscopy_or_ultrasound_excused
        ) THEN 'needs review'
        WHEN (
          NOT block_guided_by_fluoroscopy_or_ultrasound
          AND NOT block_guided_by_fluoroscopy_or_ultrasound_excused
        ) THEN 'not met'
        ELSE 'not documented'
      END
  END AS block_guided_by_fluoroscopy_or_ultrasound,
  -- Injections into the joint under fluoroscopy rather than CT.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection') THEN
      CASE
        WHEN NOT joint_injection_guided_by_fluoroscopy_applies THEN 'not applicable'
        WHEN joint_injection_guided_by_fluoroscopy_applies IS NULL THEN 'not documented'
        WHEN joint_injection_guided_by_fluoroscopy THEN 'met'
        WHEN (
          NOT joint_injection_guided_by_fluoroscopy
          AND joint_injection_guided_by_fluoroscopy_excused
        ) THEN 'needs review'
        WHEN (
          NOT joint_injection_guided_by_fluoroscopy
          AND NOT joint_injection_guided_by_fluoroscopy_excused
        ) THEN 'not met'
        ELSE 'not documented'
      END
  END AS joint_injection_guided_by_fluoroscopy,
  -- Cervical facet joints only.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation', 'repeat_ablation') THEN
      CASE WHEN cervical_joints THEN 'met' WHEN NOT cervical_joints THEN 'not met' ELSE 'not documented' END
  END AS cervical_joints,
  -- No second block as a routine after one with more than 50 percent relief.
  CASE
    WHEN asked IN ('confirming_block') THEN
      CASE
        WHEN one_positive_block_is_enough THEN 'met'
        WHEN NOT one_positive_block_is_enough AND one_positive_block_is_enough_excused THEN 'needs review'
        WHEN NOT one_positive_block_is_enough AND NOT one_positive_block_is_enough_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_positive_block_is_enough,
  -- Whether injections for relief are advised.
  CASE WHEN asked IN ('therapeutic_injection') THEN 'not applicable' END AS therapeutic_injections,
  -- Ablation under imaging.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN ablation_guided_by_an_image THEN 'met'
        WHEN NOT ablation_guided_by_an_image THEN 'not met'
        ELSE 'not documented'
      END
  END AS ablation_guided_by_an_image,
  -- Ablation under fluoroscopy.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN ablation_guided_by_fluoroscopy THEN 'met'
        WHEN NOT ablation_guided_by_fluoroscopy AND ablation_guided_by_fluoroscopy_excused THEN 'needs review'
        WHEN NOT ablation_guided_by_fluoroscopy AND NOT ablation_guided_by_fluoroscopy_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS ablation_guided_by_fluoroscopy,
  -- At which temperature and for how long the lesion is made.
  CASE WHEN asked IN ('ablation', 'repeat_ablation') THEN 'not applicable' END AS electrode_temperature_and_time,
  -- 1 block with more than 50 percent relief.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN one_block_gave_over_50_percent_relief THEN 'met'
        WHEN NOT one_block_gave_over_50_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_block_gave_over_50_percent_relief,
  -- 1 block with at least 50 percent relief, as the running text is remembered.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN one_block_gave_at_least_50_percent_relief THEN 'met'
        WHEN NOT one_block_gave_at_least_50_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS one_block_gave_at_least_50_percent_relief,
  -- 3 months of relief above 30 percent by the last ablation.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_gave_3_months_of_relief THEN 'met'
        WHEN NOT last_ablation_gave_3_months_of_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_gave_3_months_of_relief,
  -- How many ablations a year are advised.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS ablations_in_a_year
FROM answered
ORDER BY patient, event
