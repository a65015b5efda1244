"""Who needs what today."""
