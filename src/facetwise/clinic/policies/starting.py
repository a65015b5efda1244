"""What a new local policy starts from: a small template, or a copy of one of the library."""

import json
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from facetwise.clinic.people.models import Clinic
from facetwise.rules import Policy
from facetwise.rules.loading import FOLDERS, library_files

TEMPLATE = ("our-clinic", "our-clinic-cases")


class Draft(NamedTuple):
    """A policy and its cases as they stand in the form."""

    text: str
    cases: str


def template_for(clinic: Clinic) -> Draft:
    """A small policy that is sound, to be written over."""
    folder = files("facetwise.clinic.policies").joinpath("template")
    text, cases = (folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8") for name in TEMPLATE)
    return Draft(_with(text, {"issuer": _quoted(clinic.name)}), cases)


def copy_of(policy: Policy, clinic: Clinic) -> Draft | None:
    """A policy of the library under a new id, as a local one; None for the pathway, which is no policy of anybody's.

    A contractor's policy has no file of its own: what it applies is copied.
    """
    name = policy.revises if policy.contractor is not None else policy.id
    file = next((one for one in library_files() if one.name == f"{name}.yaml"), None)
    if policy.kind == "pathway" or file is None:
        return None
    new = f"our-{name}"
    text = _with(file.read_text(encoding="utf-8"), {"id": new, "kind": "local", "issuer": _quoted(clinic.name)})
    return Draft(text, _with(_cases_of(str(name)), {"policy": new}))


def _cases_of(name: str) -> str:
    library = files("facetwise").joinpath("library")
    beside: list[Traversable] = [library.joinpath(folder, "cases", f"{name}.yaml") for folder in FOLDERS]
    return next((one.read_text(encoding="utf-8") for one in beside if one.is_file()), "")


def _with(text: str, said: dict[str, str]) -> str:
    """A document whose first lines with these keys say something else."""
    for key, value in said.items():
        line = re.compile(rf"^{key}: .*$", re.MULTILINE)
        text = line.sub(f"{key}: {value}".replace("\\", r"\\"), text, count=1)
    return text


def _quoted(text: str) -> str:
    """A text as YAML reads it whatever it holds."""
    return json.dumps(text, ensure_ascii=False)
