"""Policies: the library to look at and compare, and a clinic's own, written here and asked beside it."""
