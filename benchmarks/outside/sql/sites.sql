-- Sites as written, into levels on the left, on the right, and on a side that nobody documented: one bit a level.
CREATE TABLE treated AS
SELECT w.*, s.on_left, s.on_right, s.unsided, s.on_left | s.on_right | s.unsided AS levels
FROM written w
LEFT JOIN (
  SELECT part.id,
         bit_or(CASE WHEN part.said LIKE 'left %' OR part.said LIKE 'bilateral %' THEN v.bit ELSE 0 END) AS on_left,
         bit_or(CASE WHEN part.said LIKE 'right %' OR part.said LIKE 'bilateral %' THEN v.bit ELSE 0 END) AS on_right,
         bit_or(CASE WHEN part.said LIKE 'side not documented%' THEN v.bit ELSE 0 END) AS unsided
  FROM (SELECT id, unnest(string_split(sites, '; ')) AS said FROM written) part
  JOIN (
    SELECT names[n] AS named, 1 << (n - 1) AS bit
    FROM (
      SELECT unnest(range(1, 26)) AS n,
             ['C0-1', 'C1-2', 'C2-3', 'C3-4', 'C4-5', 'C5-6', 'C6-7', 'C7-T1', 'T1-2', 'T2-3', 'T3-4', 'T4-5', 'T5-6',
              'T6-7', 'T7-8', 'T8-9', 'T9-10', 'T10-11', 'T11-12', 'T12-L1', 'L1-2', 'L2-3', 'L3-4', 'L4-5',
              'L5-S1'] AS names
    ) numbered
  ) v ON contains(part.said, v.named)
  GROUP BY part.id
) s ON s.id = w.id;
