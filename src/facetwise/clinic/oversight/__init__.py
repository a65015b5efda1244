"""The clinic as a whole: its settings, and a dashboard of what became of its patients."""
