"""That nothing is lost: backups of a clinic, restoring them, and everything of one patient as files to hand over."""
