"""Invented example patients, one story each, dated relative to today so that they never age."""

from facetwise.examples.loading import example_names, example_record, example_value

__all__ = ["example_names", "example_record", "example_value"]
