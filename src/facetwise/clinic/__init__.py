"""The web application of a pain clinic: who needs what today, and each patient's next step with its reasons."""
