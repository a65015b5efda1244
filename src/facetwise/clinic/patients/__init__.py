"""Patients with their records, what was written in them when and by whom, and where each stands today."""
