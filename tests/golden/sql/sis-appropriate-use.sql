-- Policy sis-appropriate-use: Practice guidelines and appropriate-use criteria on facet joint interventions, as quoted
-- (Spine Intervention Society (IPSIS)).
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
    purpose, relief_percent, relief_lasted_as_agent
  FROM events
  WINDOW
    from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING),
    in_order AS (
      PARTITION BY patient
      ORDER BY
        date, sequence NULLS FIRST, kind, left_levels, right_levels, unsided_levels, history_known, purpose,
        relief_percent, relief_lasted_as_agent
    )
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
    p.kind, p.purpose, p.relief_percent, p.relief_lasted_as_agent,
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
    END AS covers_request
  FROM event AS r
  JOIN event AS p ON p.patient = r.patient AND p.date < r.date
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
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

positive_blocks AS (
  -- Medial branch blocks of all these joints, since the last ablation, that relieved at least 80 percent
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS positive_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS positive_blocks_high
  FROM event AS r
  LEFT JOIN positive_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

complete_blocks_rows AS (
  -- The procedures behind complete_blocks. Where belongs is NULL, it is not documented.
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
        AND p.relief_percent >= 100
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

complete_blocks AS (
  -- Medial branch blocks of all these joints, since the last ablation, with complete relief
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS complete_blocks_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS complete_blocks_high
  FROM event AS r
  LEFT JOIN complete_blocks_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

blocks_too_short_rows AS (
  -- The procedures behind blocks_too_short. Where belongs is NULL, it is not documented.
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
        AND NOT p.relief_lasted_as_agent
      ) AS belongs
    FROM prior AS p
    LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = p.patient AND m1.event = p.event
  ) AS m
  WHERE m.belongs OR m.belongs IS NULL
),

blocks_too_short AS (
  -- Blocks with at least 80 percent relief that did not last as long as the anaesthetic acts
  SELECT
    r.patient, r.event,
    COUNT(CASE WHEN p.belongs THEN 1 END) AS blocks_too_short_low,
    CASE WHEN r.history_known THEN COUNT(p.event) ELSE 1e100 END AS blocks_too_short_high
  FROM event AS r
  LEFT JOIN blocks_too_short_rows AS p ON p.patient = r.patient AND p.event = r.event
  GROUP BY r.patient, r.event, r.history_known
),

measured AS (
  -- Each request with its measures, and what it may ask.
  SELECT
    r.*,
    days_since_last_ablation_low, days_since_last_ablation_high,
    ablations_here_low, ablations_here_high,
    diagnostic_blocks_here_low, diagnostic_blocks_here_high,
    positive_blocks_low, positive_blocks_high,
    complete_blocks_low, complete_blocks_high,
    blocks_too_short_low, blocks_too_short_high,
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
  LEFT JOIN days_since_last_ablation AS m1 ON m1.patient = r.patient AND m1.event = r.event
  LEFT JOIN ablations_here AS m2 ON m2.patient = r.patient AND m2.event = r.event
  LEFT JOIN diagnostic_blocks_here AS m3 ON m3.patient = r.patient AND m3.event = r.event
  LEFT JOIN positive_blocks AS m4 ON m4.patient = r.patient AND m4.event = r.event
  LEFT JOIN complete_blocks AS m5 ON m5.patient = r.patient AND m5.event = r.event
  LEFT JOIN blocks_too_short AS m6 ON m6.patient = r.patient AND m6.event = r.event
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
    -- A medial branch block, not a joint injection, is the test before ablation.
    kind = 'medial_branch_block' AS medial_branch_block_before_ablation,
    TRUE AS medial_branch_block_before_ablation_excused,
    -- 80 percent relief by the first block, ideally all.
    CASE
      WHEN positive_blocks_low >= 1 THEN TRUE
      WHEN positive_blocks_high < 1 THEN FALSE
    END AS first_block_gave_80_percent_relief,
    -- 2 blocks, each with complete relief, in practice at least 80 percent.
    CASE
      WHEN positive_blocks_low >= 2 THEN TRUE
      WHEN positive_blocks_high < 2 THEN FALSE
    END AS two_blocks_gave_80_percent_relief,
    -- 2 blocks with 100 percent relief, to the letter.
    CASE
      WHEN complete_blocks_low >= 2 THEN TRUE
      WHEN complete_blocks_high < 2 THEN FALSE
    END AS two_blocks_gave_complete_relief,
    -- Relief for as long as the anaesthetic acts.
    CASE
      WHEN blocks_too_short_low = 0 AND blocks_too_short_low = blocks_too_short_high THEN TRUE
      WHEN blocks_too_short_high < 0 OR blocks_too_short_low > 0 THEN FALSE
    END AS relief_lasted_as_long_as_the_anaesthetic,
    CASE
      WHEN positive_blocks_low >= 1 THEN TRUE
      WHEN positive_blocks_high < 1 THEN FALSE
    END AS relief_lasted_as_long_as_the_anaesthetic_applies
  FROM measured
)

SELECT
  patient, date, sequence, kind, event, asked,
  -- How long the pain must have lasted.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN 'not applicable'
  END AS length_of_pain,
  -- Which conservative care comes first, and for how long.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN 'not applicable'
  END AS conservative_care,
  -- Which images come first.
  CASE
    WHEN asked IN ('first_block', 'confirming_block', 'therapeutic_injection', 'ablation') THEN 'not applicable'
  END AS image_before_a_block,
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
  -- Of which parts of the spine the text speaks.
  CASE
    WHEN asked IN (
      'first_block',
      'confirming_block',
      'therapeutic_injection',
      'ablation',
      'repeat_ablation'
    ) THEN 'not applicable'
  END AS parts_of_the_spine,
  -- Which image guides the needle.
  CASE
    WHEN asked IN (
      'first_block',
      'confirming_block',
      'therapeutic_injection',
      'ablation',
      'repeat_ablation'
    ) THEN 'not applicable'
  END AS image_guidance,
  -- Whether sedation is used.
  CASE
    WHEN asked IN (
      'first_block',
      'confirming_block',
      'therapeutic_injection',
      'ablation',
      'repeat_ablation'
    ) THEN 'not applicable'
  END AS sedation,
  -- 80 percent relief by the first block, ideally all.
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
  -- Whether injections for relief are advised.
  CASE WHEN asked IN ('therapeutic_injection') THEN 'not applicable' END AS therapeutic_injections,
  -- 2 blocks, each with complete relief, in practice at least 80 percent.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN two_blocks_gave_80_percent_relief THEN 'met'
        WHEN NOT two_blocks_gave_80_percent_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_blocks_gave_80_percent_relief,
  -- 2 blocks with 100 percent relief, to the letter.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN two_blocks_gave_complete_relief THEN 'met'
        WHEN NOT two_blocks_gave_complete_relief THEN 'not met'
        ELSE 'not documented'
      END
  END AS two_blocks_gave_complete_relief,
  -- Relief for as long as the anaesthetic acts.
  CASE
    WHEN asked IN ('ablation') THEN
      CASE
        WHEN NOT relief_lasted_as_long_as_the_anaesthetic_applies THEN 'not applicable'
        WHEN relief_lasted_as_long_as_the_anaesthetic_applies IS NULL THEN 'not documented'
        WHEN relief_lasted_as_long_as_the_anaesthetic THEN 'met'
        WHEN NOT relief_lasted_as_long_as_the_anaesthetic THEN 'not met'
        ELSE 'not documented'
      END
  END AS relief_lasted_as_long_as_the_anaesthetic,
  -- How the electrode is placed, at which temperature and for how long.
  CASE WHEN asked IN ('ablation') THEN 'not applicable' END AS electrode_temperature_and_time,
  -- How much relief the last ablation must have given.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS relief_before_a_repeat,
  -- Whether new blocks are done before a repeat.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS blocks_before_a_repeat,
  -- How many ablations a year are advised.
  CASE WHEN asked IN ('repeat_ablation') THEN 'not applicable' END AS ablations_in_a_year
FROM answered
ORDER BY patient, event
