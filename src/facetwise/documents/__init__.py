"""Documents that people write: JSON and YAML read into typed values, with every problem and its place."""

from facetwise.documents.json_reading import read_json, read_json_value
from facetwise.documents.problems import DocumentError, Problem, did_you_mean
from facetwise.documents.typing import convert, find_problems
from facetwise.documents.yaml_reading import Place, YamlDocument, read_yaml

__all__ = [
    "DocumentError",
    "Place",
    "Problem",
    "YamlDocument",
    "convert",
    "did_you_mean",
    "find_problems",
    "read_json",
    "read_json_value",
    "read_yaml",
]
