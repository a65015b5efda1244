-- Policy facet-pathway: The facet joint pain pathway (Facetwise clinical pathway).
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
    purpose, relief_percent, guidance, sedation, pain_months, pain_axial, conservative_care_failed, red_flag,
    infection, untreated_radiculopathy, radiculopathy_from_facet_cyst, other_cause_of_pain, fused_at_request,
    anticoagulant, bleeding_disorder, pregnancy, local_anaesthetic_allergy, implanted_device, goal, ablation_intended,
    ablation_not_possible
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, guidance, sedation, pain_months, pain_axial, conservative_care_failed, red_flag, infection,
        untreated_radiculopathy, radiculopathy_from_facet_cyst, other_cause_of_pain, fused_at_request, anticoagulant,
        bleeding_disorder, pregnancy, local_anaesthetic_allergy, implanted_device, goal, ablation_intended,
        ablation_not_possible
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

days_since_ablation_rows AS (
  -- The procedures behind days_since_ablation, months_since_ablation, ablations_here, months_relieved_by_ablation.
  -- Where belongs is NULL, it is not documented.
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

days_since_ablation_ends AS (
  -- Those of them that may be the last. Without a sequence, the procedures of one day have no order.
  SELECT
    m.*
  FROM (
    SELECT
      x.*,
      MAX(CASE WHEN x.belongs THEN x.date END) OVER (PARTITION BY x.patient, x.event) AS last_date,
      MAX(CASE WHEN x.belongs THEN x.sequence END) OVER (PARTITION BY x.patient, x.event, x.date) AS last_sequence
    FROM days_since_ablation_rows AS x
  ) AS m
  WHERE (
    (m.last_date IS NULL OR m.date >= m.last_date)
    AND (m.sequence IS NULL OR m.last_sequence IS NULL OR m.sequence >= m.last_sequence)
  )
),

days_since_ablation AS (
  -- Days since the last ablation of these joints
  SELECT
    r.patient, r.event,
    COALESCE(MIN(p.days_before), 1e100) AS days_since_ablation_low,
    CASE WHEN COUNT(p.last_date) = 0 THEN 1e100 ELSE MAX(p.days_before) END AS days_since_ablation_high
  FROM event AS r
  LEFT JOIN days_since_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.days_before)
),

months_since_ablation AS (
  -- Complete months since the last ablation of these joints
  SELECT
    r.patient, r.event,
    COALESCE(MIN(p.months_before), 1e100) AS months_since_ablation_low,
    CASE WHEN COUNT(p.last_date) = 0 THEN 1e100 ELSE MAX(p.months_before) END AS months_since_ablation_high
  FROM event AS r
  LEFT JOIN days_since_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
  HAVING COUNT(p.event) = COUNT(p.months_before)
),

ablations_here AS (
  -- Ablations of these joints so far
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS ablations_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS ablations_here_high
  FROM event AS r
  LEFT JOIN days_since_ablation_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

months_relieved_by_ablation AS (
  -- Months for which the last ablation gave at least 50 percent relief
  SELECT
    r.patient, r.event,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN LEAST(COALESCE(MIN(p.months_of_50_percent_relief_low), 0), 0)
      ELSE MIN(p.months_of_50_percent_relief_low)
    END AS months_relieved_by_ablation_low,
    CASE
      WHEN COUNT(p.last_date) = 0 THEN GREATEST(COALESCE(MAX(p.months_of_50_percent_relief_high), 0), 0)
      ELSE MAX(p.months_of_50_percent_relief_high)
    END AS months_relieved_by_ablation_high
  FROM event AS r
  LEFT JOIN days_since_ablation_ends AS p ON p.patient = r.patient AND p.event = r.event
  WHERE r.history_known
  GROUP BY r.patient, r.event
),

blocks_here_rows AS (
  -- The procedures behind blocks_here. Where belongs is NULL, it is not documented.
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
          WHEN p.days_before < days_since_ablation_low THEN TRUE
          WHEN p.days_before >= days_since_ablation_high THEN FALSE
        END
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_here AS (
  -- Diagnostic medial branch blocks at these joints, since the last ablation
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_here_high
  FROM event AS r
  LEFT JOIN blocks_here_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

blocks_with_50_percent_relief_rows AS (
  -- The procedures behind blocks_with_50_percent_relief. Where belongs is NULL, it is not documented.
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
          WHEN p.days_before < days_since_ablation_low THEN TRUE
          WHEN p.days_before >= days_since_ablation_high THEN FALSE
        END
        AND p.relief_percent >= 50
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_with_50_percent_relief AS (
  -- Diagnostic blocks of all these joints, since the last ablation, that relieved at least 50 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_with_50_percent_relief_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_with_50_percent_relief_high
  FROM event AS r
  LEFT JOIN blocks_with_50_percent_relief_rows AS p ON p.patient = r.patient AND p.event = r.event
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
        AND CASE
          WHEN p.days_before < days_since_ablation_low THEN TRUE
          WHEN p.days_before >= days_since_ablation_high THEN FALSE
        END
        AND p.relief_percent >= 80
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_with_80_percent_relief AS (
  -- Diagnostic blocks of all these joints, since the last ablation, that relieved at least 80 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_with_80_percent_relief_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_with_80_percent_relief_high
  FROM event AS r
  LEFT JOIN blocks_with_80_percent_relief_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    days_since_ablation_low, days_since_ablation_high,
    months_since_ablation_low, months_since_ablation_high,
    ablations_here_low, ablations_here_high,
    months_relieved_by_ablation_low, months_relieved_by_ablation_high,
    blocks_here_low, blocks_here_high,
    blocks_with_50_percent_relief_low, blocks_with_50_percent_relief_high,
    blocks_with_80_percent_relief_low, blocks_with_80_percent_relief_high,
    -- Facet joint injection for relief
    kind = 'facet_joint_injection' AND purpose = 'therapeutic' AS asks_facet_joint_injection,
    -- First diagnostic medial branch block
    (
      kind = 'medial_branch_block'
      AND purpose = 'diagnostic'
      AND CASE
        WHEN blocks_here_low = 0 AND blocks_here_low = blocks_here_high THEN TRUE
        WHEN blocks_here_high < 0 OR blocks_here_low > 0 THEN FALSE
      END
    ) AS asks_first_block,
    -- Confirming medial branch block
    (
      kind = 'medial_branch_block'
      AND purpose = 'diagnostic'
      AND CASE WHEN blocks_here_low >= 1 THEN TRUE WHEN blocks_here_high < 1 THEN FALSE END
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
  LEFT JOIN days_since_ablation AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN months_since_ablation AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN ablations_here AS m3 ON m3.patient = r.patient AND m3.event = r.event
  LEFT JOIN months_relieved_by_ablation AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN blocks_here AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN blocks_with_50_percent_relief AS m6 ON m6.patient = r.patient AND m6.event = r.event
  LEFT JOIN blocks_with_80_percent_relief AS m7 ON m7.patient = r.patient AND m7.event = r.event
),

answered AS (
  -- What is asked, and the truth of each criterion: of its test, of when it applies, and of its exception.
  SELECT
    patient, date, sequence, kind, event,
    CASE
      WHEN asks_facet_joint_injection THEN 'facet_joint_injection'
      WHEN asks_facet_joint_injection IS NULL THEN 'cannot be told'
      WHEN asks_first_block THEN 'first_block'
      WHEN asks_first_block IS NULL THEN 'cannot be told'
      WHEN asks_confirming_block THEN 'confirming_block'
      WHEN asks_confirming_block IS NULL THEN 'cannot be told'
      WHEN asks_ablation THEN 'ablation'
      WHEN asks_ablation IS NULL THEN 'cannot be told'
      WHEN asks_repeat_ablation THEN 'repeat_ablation'
      WHEN asks_repeat_ablation IS NULL THEN 'cannot be told'
    END AS asked,
    -- No sign of fracture, tumour, infection, cauda equina or inflammatory disease.
    NOT red_flag AS no_red_flag,
    -- No infection, systemic or of the spine.
    NOT infection AS no_infection,
    -- No pregnancy, because of the X-rays.
    NOT pregnancy AS not_pregnant,
    TRUE AS not_pregnant_excused,
    -- No severe bleeding disorder.
    NOT bleeding_disorder AS no_bleeding_disorder,
    TRUE AS no_bleeding_disorder_excused,
    -- No anticoagulant, or a decision about it.
    NOT anticoagulant AS anticoagulant_considered,
    TRUE AS anticoagulant_considered_excused,
    -- No allergy to local anaesthetic.
    NOT local_anaesthetic_allergy AS no_allergy_to_what_is_injected,
    TRUE AS no_allergy_to_what_is_injected_excused,
    -- The pain is mainly axial.
    pain_axial AS pain_pattern_fits_the_facet_joints,
    -- The pain has lasted at least 3 months.
    pain_months >= 3 AS three_months_of_pain,
    -- Conservative care was tried and failed, was not tolerated or was not possible.
    conservative_care_failed AS conservative_care_failed,
    -- No untreated radiculopathy, unless a facet cyst causes it.
    NOT untreated_radiculopathy OR radiculopathy_from_facet_cyst AS no_untreated_radiculopathy,
    -- No other cause explains the pain.
    NOT other_cause_of_pain AS no_other_cause,
    -- Guided by fluoroscopy or CT.
    guidance IN ('fluoroscopy', 'ct') AS image_guidance,
    guidance = 'ultrasound' AS image_guidance_excused,
    -- Without sedation, so that the diary can be trusted.
    sedation = 'none' AS awake_enough_for_the_diary,
    purpose = 'diagnostic' AS awake_enough_for_the_diary_applies,
    TRUE AS awake_enough_for_the_diary_excused,
    -- Relief is wanted, or ablation cannot be done.
    goal IN ('relief', 'both') OR ablation_not_possible AS relief_is_wanted,
    -- Guidelines agree that an injection for relief is routine.
    FALSE AS injection_for_relief_is_disputed,
    TRUE AS injection_for_relief_is_disputed_excused,
    -- Ablation would follow if the blocks are positive.
    ablation_intended AS ablation_would_follow,
    -- The first block relieved at least 50 percent.
    CASE
      WHEN blocks_with_50_percent_relief_low >= 1 THEN TRUE
      WHEN blocks_with_50_percent_relief_high < 1 THEN FALSE
    END AS first_block_relieved_at_least_50_percent,
    -- The first block relieved at least 80 percent. Between 50 and 80 percent guidelines and payers disagree.
    CASE
      WHEN blocks_with_80_percent_relief_low >= 1 THEN TRUE
      WHEN blocks_with_80_percent_relief_high < 1 THEN FALSE
    END AS first_block_relieved_80_percent,
    CASE
      WHEN blocks_with_50_percent_relief_low >= 1 THEN TRUE
      WHEN blocks_with_50_percent_relief_high < 1 THEN FALSE
    END AS first_block_relieved_80_percent_excused,
    -- No pacemaker, defibrillator or neurostimulator, or a plan made with the device team.
    NOT implanted_device AS no_implanted_device,
    TRUE AS no_implanted_device_excused,
    -- The level has not been fused.
    NOT fused_at_request AS no_fusion_at_the_level,
    TRUE AS no_fusion_at_the_level_excused,
    -- At least one block relieved at least 50 percent.
    CASE
      WHEN blocks_with_50_percent_relief_low >= 1 THEN TRUE
      WHEN blocks_with_50_percent_relief_high < 1 THEN FALSE
    END AS a_block_relieved_at_least_50_percent,
    -- Two blocks relieved at least 80 percent. With fewer or less, guidelines and payers disagree.
    CASE
      WHEN blocks_with_80_percent_relief_low >= 2 THEN TRUE
      WHEN blocks_with_80_percent_relief_high < 2 THEN FALSE
    END AS two_blocks_relieved_80_percent,
    CASE
      WHEN blocks_with_50_percent_relief_low >= 1 THEN TRUE
      WHEN blocks_with_50_percent_relief_high < 1 THEN FALSE
    END AS two_blocks_relieved_80_percent_excused,
    -- The last ablation relieved for at least 3 months.
    CASE
      WHEN months_relieved_by_ablation_low >= 3 THEN TRUE
      WHEN months_relieved_by_ablation_high < 3 THEN FALSE
    END AS last_ablation_lasted_three_months,
    -- The last ablation relieved for at least 6 months. Between 3 and 6 months guidelines and payers disagree.
    CASE
      WHEN months_relieved_by_ablation_low >= 6 THEN TRUE
      WHEN months_relieved_by_ablation_high < 6 THEN FALSE
    END AS last_ablation_lasted_six_months,
    CASE
      WHEN months_relieved_by_ablation_low >= 3 THEN TRUE
      WHEN months_relieved_by_ablation_high < 3 THEN FALSE
    END AS last_ablation_lasted_six_months_excused,
    -- The last ablation was less than two years ago; after that Medicare asks for new blocks first.
    CASE
      WHEN months_since_ablation_high < 24 THEN TRUE
      WHEN months_since_ablation_low >= 24 THEN FALSE
    END AS less_than_two_years_since_ablation,
    TRUE AS less_than_two_years_since_ablation_excused
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- No sign of fracture, tumour, infection, cauda equina or inflammatory disease.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE WHEN no_red_flag THEN 'met' WHEN NOT no_red_flag THEN 'not met' ELSE 'not documented' END
  END AS no_red_flag,
  -- No infection, systemic or of the spine.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE WHEN no_infection THEN 'met' WHEN NOT no_infection THEN 'not met' ELSE 'not documented' END
  END AS no_infection,
  -- No pregnancy, because of the X-rays.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN not_pregnant THEN 'met'
        WHEN NOT not_pregnant AND not_pregnant_excused THEN 'needs review'
        WHEN NOT not_pregnant AND NOT not_pregnant_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS not_pregnant,
  -- No severe bleeding disorder.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_bleeding_disorder THEN 'met'
        WHEN NOT no_bleeding_disorder AND no_bleeding_disorder_excused THEN 'needs review'
        WHEN NOT no_bleeding_disorder AND NOT no_bleeding_disorder_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_bleeding_disorder,
  -- No anticoagulant, or a decision about it.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN anticoagulant_considered THEN 'met'
        WHEN NOT anticoagulant_considered AND anticoagulant_considered_excused THEN 'needs review'
        WHEN NOT anticoagulant_considered AND NOT anticoagulant_considered_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS anticoagulant_considered,
  -- No allergy to local anaesthetic.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_allergy_to_what_is_injected THEN 'met'
        WHEN NOT no_allergy_to_what_is_injected AND no_allergy_to_what_is_injected_excused THEN 'needs review'
        WHEN NOT no_allergy_to_what_is_injected AND NOT no_allergy_to_what_is_injected_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_allergy_to_what_is_injected,
  -- The pain is mainly axial.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation') THEN
      CASE
        WHEN pain_pattern_fits_the_facet_joints THEN 'met'
        WHEN NOT pain_pattern_fits_the_facet_joints THEN 'not met'
        ELSE 'not documented'
      END
  END AS pain_pattern_fits_the_facet_joints,
  -- The pain has lasted at least 3 months.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation') THEN
      CASE WHEN three_months_of_pain THEN 'met' WHEN NOT three_months_of_pain THEN 'not met' ELSE 'not documented' END
  END AS three_months_of_pain,
  -- Conservative care was tried and failed, was not tolerated or was not possible.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation') THEN
      CASE
        WHEN conservative_care_failed THEN 'met'
        WHEN NOT conservative_care_failed THEN 'not met'
        ELSE 'not documented'
      END
  END AS conservative_care_failed,
  -- No untreated radiculopathy, unless a facet cyst causes it.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation') THEN
      CASE
        WHEN no_untreated_radiculopathy THEN 'met'
        WHEN NOT no_untreated_radiculopathy THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_untreated_radiculopathy,
  -- No other cause explains the pain.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation') THEN
      CASE WHEN no_other_cause THEN 'met' WHEN NOT no_other_cause THEN 'not met' ELSE 'not documented' END
  END AS no_other_cause,
  -- Guided by fluoroscopy or CT.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN image_guidance THEN 'met'
        WHEN NOT image_guidance AND image_guidance_excused THEN 'needs review'
        WHEN NOT image_guidance AND NOT image_guidance_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS image_guidance,
  -- Without sedation, so that the diary can be trusted.
  CASE
    WHEN asked IN ('facet_joint_injection', 'first_block', 'confirming_block', 'ablation', 'repeat_ablation') THEN
      CASE
        WHEN NOT awake_enough_for_the_diary_applies THEN 'not applicable'
        WHEN awake_enough_for_the_diary_applies IS NULL THEN 'not documented'
        WHEN awake_enough_for_the_diary THEN 'met'
        WHEN NOT awake_enough_for_the_diary AND awake_enough_for_the_diary_excused THEN 'needs review'
        WHEN NOT awake_enough_for_the_diary AND NOT awake_enough_for_the_diary_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS awake_enough_for_the_diary,
  -- Relief is wanted, or ablation cannot be done.
  CASE
    WHEN asked IN ('facet_joint_injection') THEN
      CASE WHEN relief_is_wanted THEN 'met' WHEN NOT relief_is_wanted THEN 'not met' ELSE 'not documented' END
  END AS relief_is_wanted,
  -- Guidelines agree that an injection for relief is routine.
  CASE
    WHEN asked IN ('facet_joint_injection') THEN
      CASE
        WHEN injection_for_relief_is_disputed THEN 'met'
        WHEN NOT injection_for_relief_is_disputed AND injection_for_relief_is_disputed_excused THEN 'needs review'
        WHEN NOT injection_for_relief_is_disputed AND NOT injection_for_relief_is_disputed_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS injection_for_relief_is_disputed,
  -- Ablation would follow if the blocks are positive.
  CASE
    WHEN asked IN ('first_block') THEN
      CASE WHEN ablation_would_follow THEN 'met' WHEN NOT ablation_would_follow THEN 'not met' ELSE 'not documented' END
  END AS ablation_would_follow,
  -- The first block relieved at least 50 percent.
  CASE
    WHEN asked IN ('confirming_block') THEN
      CASE
        WHEN first_block_relieved_at_least_50_percent THEN 'met'
        WHEN NOT first_block_relieved_at_least_50_percent THEN 'not met'
        ELSE 'not documented'
      END
  END AS first_block_relieved_at_least_50_percent,
  -- The first block relieved at least 80 percent. Between 50 and 80 percent guidelines and payers disagree.
  CASE
    WHEN asked IN ('confirming_block') THEN
      CASE
        WHEN first_block_relieved_80_percent THEN 'met'
        WHEN NOT first_block_relieved_80_percent AND first_block_relieved_80_percent_excused THEN 'needs review'
        WHEN NOT first_block_relieved_80_percent AND NOT first_block_relieved_80_percent_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS first_block_relieved_80_percent,
  -- No pacemaker, defibrillator or neurostimulator, or a plan made with the device team.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_implanted_device THEN 'met'
        WHEN NOT no_implanted_device AND no_implanted_device_excused THEN 'needs review'
        WHEN NOT no_implanted_device AND NOT no_implanted_device_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_implanted_device,
  -- The level has not been fused.
  CASE
    WHEN asked IN ('ablation', 'repeat_ablation') THEN
      CASE
        WHEN no_fusion_at_the_level THEN 'met'
        WHEN NOT no_fusion_at_the_level AND no_fusion_at_the_level_excused THEN 'needs review'
        WHEN NOT no_fusion_at_the_level AND NOT no_fusion_at_the_level_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_fusion_at_the_level,
  -- At least one block relieved at least 50 percent.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN a_block_relieved_at_least_50_percent THEN 'met'
        WHEN NOT a_block_relieved_at_least_50_percent THEN 'not met'
        ELSE 'not documented'
      END
  END AS a_block_relieved_at_least_50_percent,
  -- Two blocks relieved at least 80 percent. With fewer or less, guidelines and payers disagree.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN two_blocks_relieved_80_percent THEN 'met'
        WHEN NOT two_blocks_relieved_80_percent AND two_blocks_relieved_80_percent_excused THEN 'needs review'
        WHEN NOT two_blocks_relieved_80_percent AND NOT two_blocks_relieved_80_percent_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_blocks_relieved_80_percent,
  -- The last ablation relieved for at least 3 months.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_lasted_three_months THEN 'met'
        WHEN NOT last_ablation_lasted_three_months THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_lasted_three_months,
  -- The last ablation relieved for at least 6 months. Between 3 and 6 months guidelines and payers disagree.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN last_ablation_lasted_six_months THEN 'met'
        WHEN NOT last_ablation_lasted_six_months AND last_ablation_lasted_six_months_excused THEN 'needs review'
        WHEN NOT last_ablation_lasted_six_months AND NOT last_ablation_lasted_six_months_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS last_ablation_lasted_six_months,
  -- The last ablation was less than two years ago; after that Medicare asks for new blocks first.
  CASE
    WHEN asked IN ('repeat_ablation') THEN
      CASE
        WHEN less_than_two_years_since_ablation THEN 'met'
        WHEN NOT less_than_two_years_since_ablation AND less_than_two_years_since_ablation_excused THEN 'needs review'
        WHEN NOT less_than_two_years_since_ablation AND NOT less_than_two_years_since_ablation_excused THEN 'not met'
        ELSE 'not documented'
      END
  END AS less_than_two_years_since_ablation
FROM answered
ORDER BY patient, event
