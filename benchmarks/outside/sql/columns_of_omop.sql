-- From OMOP tables to the columns that the criteria ask about.
CREATE TABLE written AS
SELECT p.procedure_occurrence_id AS id, p.person_id AS patient, p.procedure_date AS done,
       replace(p.procedure_source_value, 'facetwise:', '') AS kind, o.purpose, o.sites, o.early, m.sequence
FROM @cdm.procedure_occurrence p
LEFT JOIN (
  SELECT observation_event_id AS event,
         max(CASE WHEN observation_source_value = 'facetwise:purpose' THEN value_as_string END) AS purpose,
         max(CASE WHEN observation_source_value = 'facetwise:sites' THEN value_as_string END) AS sites,
         max(CASE WHEN observation_source_value = 'facetwise:early_block_reason_documented'
                  THEN CAST(value_as_string AS BOOLEAN) END) AS early
  FROM @cdm.observation WHERE observation_event_id IS NOT NULL GROUP BY observation_event_id
) o ON o.event = p.procedure_occurrence_id
LEFT JOIN (
  SELECT measurement_event_id AS event, CAST(max(value_as_number) AS INTEGER) AS sequence
  FROM @cdm.measurement WHERE measurement_source_value = 'facetwise:sequence' GROUP BY measurement_event_id
) m ON m.event = p.procedure_occurrence_id
WHERE p.procedure_source_value IN
  ('facetwise:medial_branch_block', 'facetwise:facet_joint_injection', 'facetwise:radiofrequency_ablation');

CREATE TABLE visit AS
SELECT measurement_event_id AS "procedure", measurement_date AS seen,
       CASE WHEN measurement_source_value = 'procedures.follow_ups.relief_percent' THEN value_as_number END AS relief,
       CASE WHEN measurement_source_value = 'procedures.follow_ups.function_improved_percent'
            THEN value_as_number END AS movement
FROM @cdm.measurement
WHERE measurement_source_value IN
  ('procedures.follow_ups.relief_percent', 'procedures.follow_ups.function_improved_percent');
