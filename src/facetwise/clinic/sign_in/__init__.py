"""Signing in, with a second factor where the clinic asks for it."""
