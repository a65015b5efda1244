-- Policy nice-ng59: NG59: low back pain and sciatica (2016, updated 2020) (National Institute for Health and Care
-- Excellence (NICE)).
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
    purpose, relief_percent, joints_suspected, pain_axial, pain_score, conservative_care_failed, red_flag
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, joints_suspected, pain_axial, pain_score, conservative_care_failed, red_flag
    )
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

ablations_here_rows AS (
  -- The procedures behind ablations_here. Where belongs is NULL, it is not documented.
  SELECT
    m.*
  FROM (
    SELECT
      p.patient, p.event, p.date, p.sequence,
      p.kind = 'radiofrequency_ablation' AND p.overlaps_request AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

ablations_here AS (
  -- Earlier ablations of these joints
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS ablations_here_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS ablations_here_high
  FROM event AS r
  LEFT JOIN ablations_here_rows AS p ON p.patient = r.patient AND p.event = r.event
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
        AND p.relief_percent >= 50
      ) AS belongs
    FROM prior AS p
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

positive_blocks AS (
  -- Medial branch blocks of all these joints that relieved at least 50 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    ablations_here_low, ablations_here_high,
    positive_blocks_low, positive_blocks_high,
    -- Diagnostic medial branch block
    (
      lumbar_requested
      AND kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'diagnostic'
    ) AS asks_first_block,
    -- Therapeutic facet joint injection or block
    (
      lumbar_requested
      AND kind IN ('medial_branch_block', 'facet_joint_injection')
      AND purpose = 'therapeutic'
    ) AS asks_therapeutic_injection,
    -- Radiofrequency denervation
    (
      lumbar_requested
      AND kind = 'radiofrequency_ablation'
      AND CASE
        WHEN ablations_here_low = 0 AND ablations_here_low = ablations_here_high THEN TRUE
        WHEN ablations_here_high < 0 OR ablations_here_low > 0 THEN FALSE
      END
    ) AS asks_ablation,
    -- Repeat radiofrequency denervation
    (
      lumbar_requested
      AND kind = 'radiofrequency_ablation'
      AND CASE WHEN ablations_here_low >= 1 THEN TRUE WHEN ablations_here_high < 1 THEN FALSE END
    ) AS asks_repeat_ablation
  FROM request AS r
  LEFT JOIN ablations_here AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN positive_blocks AS m2 ON m2.patient = r.patient AND m2.event = r.event
),

answered AS (
  -- What is asked, and the truth of each criterion: of its test, of when it applies, and of its exception.
  SELECT
    patient, date, sequence, kind, event,
    CASE
      WHEN asks_first_block THEN 'first_block'
      WHEN asks_first_block IS NULL THEN 'cannot be told'
      WHEN asks_therapeutic_injection THEN 'therapeutic_injection'
      WHEN asks_therapeutic_injection IS NULL THEN 'cannot be told'
      WHEN asks_ablation THEN 'ablation'
      WHEN asks_ablation IS NULL THEN 'cannot be told'
      WHEN asks_repeat_ablation THEN 'repeat_ablation'
      WHEN asks_repeat_ablation IS NULL THEN 'cannot be told'
    END AS asked,
    -- Non-surgical care failed; no length of it is set.
    conservative_care_failed AS non_surgical_care_failed,
    -- The main source is thought to be supplied by the medial branches.
    joints_suspected AS source_thought_to_be_the_joints,
    -- Localised back pain.
    pain_axial AS localised_pain,
    -- 5 of 10 or more at referral.
    pain_score >= 5 AS pain_of_at_least_5,
    -- Cancer, infection, injury, inflammatory disease and cauda equina are thought of first.
    NOT red_flag AS no_red_flag,
    -- Low back only.
    levels_in_scope AS low_back,
    -- A medial branch block, not a joint injection, is the test before ablation.
    kind = 'medial_branch_block' AS medial_branch_block_before_ablation,
    -- No spinal injections for low back pain.
    FALSE AS no_spinal_injection_for_low_back_pain,
    -- 1 positive block; no percentage is given, here at least 50 percent.
    CASE WHEN positive_blocks_low >= 1 THEN TRUE WHEN positive_blocks_high < 1 THEN FALSE END AS positive_block
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- Non-surgical care failed; no length of it is set.
  CASE
    WHEN asked IN ('first_block', 'ablation') THEN
      CASE
        WHEN non_surgical_care_failed THEN 'met'
        WHEN NOT non_surgical_care_failed THEN 'not met'
        ELSE 'not documented'
      END
  END AS non_surgical_care_failed,
  -- The main source is thought to be supplied by the medial branches.
  CASE
    WHEN asked IN ('first_block', 'ablation') THEN
      CASE
        WHEN source_thought_to_be_the_joints THEN 'met'
        WHEN NOT source_thought_to_be_the_joints THEN 'not met'
        ELSE 'not documented'
      END
  END AS source_thought_to_be_the_joints,
  -- Localised back pain.
  CASE
    WHEN asked IN ('first_block', 'ablation') THEN
      CASE WHEN localised_pain THEN 'met' WHEN NOT localised_pain THEN 'not met' ELSE 'not documented' END
  END AS localised_pain,
  -- 5 of 10 or more at referral.
  CASE
    WHEN asked IN ('first_block', 'ablation') THEN
      CASE WHEN pain_of_at_least_5 THEN 'met' WHEN NOT pain_of_at_least_5 THEN 'not met' ELSE 'not documented' END
  END AS pain_of_at_least_5,
  -- Cancer, infection, injury, inflammatory disease and cauda equina are thought of first.
  CASE
    WHEN asked IN ('first_block', 'ablation') THEN
      CASE WHEN no_red_flag THEN 'met' WHEN NOT no_red_flag THEN 'not met' ELSE 'not documented' END
  END AS no_red_flag,
  -- Low back only.
  CASE
    WHEN asked IN ('first_block', 'ablation', 'repeat_ablation') THEN
      CASE WHEN low_back THEN 'met' WHEN NOT low_back THEN 'not met' ELSE 'not documented' END
  END AS low_back,
  -- A medial branch block, not a joint injection, is the test before ablation.
  CASE
    WHEN asked IN ('first_block') THEN
      CASE
        WHEN medial_branch_block_before_ablation THEN 'met'
        WHEN NOT medial_branch_block_before_ablation THEN 'not met'
        ELSE 'not documented'
      END
  END AS medial_branch_block_before_ablation,
  -- No spinal injections for low back pain.
  CASE
    WHEN asked IN ('therapeutic_injection') THEN
      CASE
        WHEN no_spinal_injection_for_low_back_pain THEN 'met'
        WHEN NOT no_spinal_injection_for_low_back_pain THEN 'not met'
        ELSE 'not documented'
      END
  END AS no_spinal_injection_for_low_back_pain,
  -- 1 positive block; no percentage is given, here at least 50 percent.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE WHEN positive_block THEN 'met' WHEN NOT positive_block THEN 'not met' ELSE 'not documented' END
  END AS positive_block,
  -- How much relief the last ablation must have given.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS relief_before_a_repeat,
  -- How long after an ablation it may be repeated.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS time_between_ablations,
  -- Whether a new block is done before a repeat.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS blocks_before_a_repeat
FROM answered
ORDER BY patient, event
