-- Three criteria of medicare-facet-2024 in SQL's three values. A word says what each truth means for a record.
-- Levels are bits: 0 to 18 count as cervical and thoracic, 20 to 24 as lumbar and sacral, and 19 (T12-L1) as either.
CREATE TABLE answer AS
WITH pair AS (
  SELECT r.id AS request, r.done AS asked, e.id, e.done, e.kind, e.purpose, e.sequence,
         CASE WHEN e.levels IS NULL OR r.levels IS NULL THEN NULL
              WHEN ((e.on_left & r.on_left) | (e.on_right & r.on_right) | (e.unsided & r.on_left & r.on_right)
                    | (r.unsided & e.on_left & e.on_right)) <> 0 THEN TRUE
              WHEN (((e.on_left | e.unsided) & (r.on_left | r.unsided))
                    | ((e.on_right | e.unsided) & (r.on_right | r.unsided))) <> 0 THEN NULL
              ELSE FALSE END AS here,
         CASE WHEN e.levels IS NULL OR r.levels IS NULL THEN NULL
              WHEN (e.levels & r.levels) <> 0 THEN TRUE
              WHEN (e.levels & 524287) <> 0 AND (r.levels & 524287) <> 0 THEN TRUE
              WHEN (e.levels & 32505856) <> 0 AND (r.levels & 32505856) <> 0 THEN TRUE
              WHEN (e.levels & 1048575) <> 0 AND (r.levels & 1048575) <> 0 THEN NULL
              WHEN (e.levels & 33030144) <> 0 AND (r.levels & 33030144) <> 0 THEN NULL
              ELSE FALSE END AS in_region,
         (year(r.done) - year(e.done)) * 12 + month(r.done) - month(e.done)
           - CASE WHEN day(r.done) < day(e.done) THEN 1 ELSE 0 END AS months
  FROM treated r JOIN treated e ON e.patient = r.patient AND e.done < r.done
),
ablated AS (SELECT *, in_region AND months < 12 AS in_year FROM pair WHERE kind = 'radiofrequency_ablation'),
-- at_most_two_ablation_sessions_a_year: asked where it can be told whether the ablation is the first of its joints.
sessions AS (
  SELECT r.id AS request, 'at_most_two_ablation_sessions_a_year' AS criterion,
         CASE WHEN count(DISTINCT CASE WHEN a.in_year OR a.in_year IS NULL THEN a.done END) <= 1 THEN 'met'
              WHEN count(DISTINCT CASE WHEN a.in_year THEN a.done END) > 1 THEN 'not met'
              ELSE 'not documented' END AS status
  FROM treated r LEFT JOIN ablated a ON a.request = r.id
  WHERE r.kind = 'radiofrequency_ablation'
  GROUP BY r.id
  HAVING count(CASE WHEN a.here THEN 1 END) > 0 OR count(CASE WHEN a.id IS NOT NULL AND a.here IS NULL THEN 1 END) = 0
),
-- two_weeks_between_blocks: asked after a diagnostic block of these joints that no ablation of them has followed.
block AS (
  SELECT pair.*, purpose = 'diagnostic' AND here AS counts FROM pair
  WHERE kind IN ('medial_branch_block', 'facet_joint_injection')
),
since AS (
  SELECT request, max(done) AS last_ablation FROM ablated WHERE here OR here IS NULL GROUP BY request
),
interval_of_blocks AS (
  SELECT r.id AS request, 'two_weeks_between_blocks' AS criterion,
         CASE WHEN min(r.done - b.done) >= 14 THEN 'met'
              WHEN min(CASE WHEN b.counts THEN r.done - b.done END) >= 14 OR r.early IS NULL THEN 'not documented'
              WHEN r.early THEN 'needs review' ELSE 'not met' END AS status
  FROM treated r
  JOIN block b ON b.request = r.id AND (b.counts OR b.counts IS NULL)
  LEFT JOIN since ON since.request = r.id
  WHERE r.purpose = 'diagnostic' AND r.kind IN ('medial_branch_block', 'facet_joint_injection')
  GROUP BY r.id, r.early
  HAVING count(CASE WHEN b.counts AND (since.last_ablation IS NULL OR b.done > since.last_ablation) THEN 1 END) > 0
),
-- last_ablation_helped: of the ablations that may have been the last of these joints, all must agree.
last_one AS (
  SELECT a.* FROM ablated a JOIN treated r ON r.id = a.request AND r.kind = 'radiofrequency_ablation'
  WHERE (a.here OR a.here IS NULL)
    AND EXISTS (SELECT 1 FROM ablated c WHERE c.request = a.request AND c.here)
    AND NOT EXISTS (
      SELECT 1 FROM ablated c
      WHERE c.request = a.request AND c.here AND (c.done > a.done OR (c.done = a.done AND c.sequence > a.sequence)))
),
ended AS (
  SELECT l.request, l.id, l.asked, l.done, min(CASE WHEN v.relief < 50 THEN v.seen END) AS ended,
         max(v.movement) AS movement
  FROM last_one l LEFT JOIN visit v ON v."procedure" = l.id AND v.seen <= l.asked
  GROUP BY l.request, l.id, l.asked, l.done
),
held AS (
  SELECT e.request, e.id, e.done, e.movement, coalesce(e.ended, e.asked) AS latest,
         coalesce(max(v.seen), e.done) AS held
  FROM ended e
  LEFT JOIN visit v ON v."procedure" = e.id AND v.relief IS NOT NULL AND v.seen <= e.asked
                   AND (e.ended IS NULL OR v.seen < e.ended)
  GROUP BY e.request, e.id, e.done, e.movement, coalesce(e.ended, e.asked)
),
relief AS (
  SELECT request, movement,
         (year(held) - year(done)) * 12 + month(held) - month(done)
           - CASE WHEN day(held) < day(done) THEN 1 ELSE 0 END AS least,
         (year(latest) - year(done)) * 12 + month(latest) - month(done)
           - CASE WHEN day(latest) < day(done) THEN 1 ELSE 0 END AS most
  FROM held
),
helped AS (
  SELECT request, 'last_ablation_helped' AS criterion,
         CASE WHEN min(least) >= 6 THEN TRUE WHEN max(most) < 6 THEN FALSE END AS by_relief,
         CASE WHEN count(movement) < count(*) THEN NULL
              WHEN min(movement) >= 50 THEN TRUE WHEN max(movement) < 50 THEN FALSE END AS by_movement
  FROM relief GROUP BY request
)
SELECT * FROM sessions
UNION ALL SELECT * FROM interval_of_blocks
UNION ALL
SELECT request, criterion,
       CASE WHEN by_relief OR by_movement THEN 'met'
            WHEN NOT (by_relief OR by_movement) THEN 'not met' ELSE 'not documented' END
FROM helped;
