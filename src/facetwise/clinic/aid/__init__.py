"""The decision aid as a patient answers it on the phone, and what staff see of the answers."""
