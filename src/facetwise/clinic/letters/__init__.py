"""Letters of a patient: which can be made now, what each shows, and what was sent to whom."""
