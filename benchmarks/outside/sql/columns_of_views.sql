-- From the SQL-on-FHIR views to the columns that the criteria ask about. Nothing in FHIR says why a block is early.
CREATE TABLE written AS
SELECT p.id, CAST(replace(p.patient, 'Patient/', '') AS BIGINT) AS patient, CAST(p.done AS DATE) AS done,
       p.kind, p.purpose, p.sites, CAST(NULL AS BOOLEAN) AS early, CAST(numbered.number AS INTEGER) AS sequence
FROM procedure_view AS p
LEFT JOIN item_view AS pinned ON pinned.reference = 'Procedure/' || p.id
LEFT JOIN item_view AS numbered
  ON numbered.patient = pinned.patient AND numbered.link = pinned.link || '.sequence'
WHERE p.kind IN ('medial_branch_block', 'facet_joint_injection', 'radiofrequency_ablation');

CREATE TABLE visit AS
SELECT replace(procedure, 'Procedure/', '') AS procedure, CAST(seen AS DATE) AS seen,
       CASE WHEN what LIKE '%.relief_percent' THEN CAST(percent AS DOUBLE) END AS relief,
       CASE WHEN what LIKE '%.function_improved_percent' THEN CAST(percent AS DOUBLE) END AS movement
FROM visit_view;
