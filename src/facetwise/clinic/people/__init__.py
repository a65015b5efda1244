"""Who works here: clinics, people, and what each is in a clinic."""
