"""English, as the clinic writes it."""
