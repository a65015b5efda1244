"""Documents that people write: JSON and YAML read into typed values, with every problem and its place.

What reads YAML is imported when it is first asked for: a command that finds everything compiled on disk reads none.
"""

from typing import TYPE_CHECKING, Any

from facetwise.documents.json_reading import read_json, read_json_value
from facetwise.documents.problems import DocumentError, Problem, did_you_mean
from facetwise.documents.typing import convert, find_problems

if TYPE_CHECKING:
    from facetwise.documents.yaml_reading import Place, YamlDocument, read_yaml


def __getattr__(name: str) -> Any:
    if name not in ("Place", "YamlDocument", "read_yaml"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from facetwise.documents import yaml_reading

    return getattr(yaml_reading, name)


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
