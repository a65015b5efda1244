"""Event tables from disk: checked row by row, put in order if they are not, handed out as batches of whole patients."""
