"""Other tables into event tables: claims, OMOP, FHIR bulk export, and records of single patients."""
