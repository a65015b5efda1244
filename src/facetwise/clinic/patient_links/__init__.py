"""What holds for every link that opens something to a patient who does not sign in."""
