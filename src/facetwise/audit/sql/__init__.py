"""A policy as one readable SQL statement, run by DuckDB here and written in the dialects of other databases."""
