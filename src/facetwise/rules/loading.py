"""The library that comes with Facetwise, read once, and policies from files beside it."""

import datetime
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from facetwise.documents import DocumentError, Problem, did_you_mean
from facetwise.rules.compiling import read_policy, revised_by
from facetwise.rules.policy import Policy


class UnknownPolicy(KeyError):
    """No policy has this id; the text names those that come close."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f'There is no policy "{name}". {remedy}')
        self.remedy = remedy

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def load_library() -> Mapping[str, Policy]:
    """Every policy in `library/`, by id: the pathway, guidelines, payers. Raises `DocumentError`."""
    texts: dict[str, str] = {}
    for folder in ("pathway", "guidelines", "payers"):
        directory = files("facetwise").joinpath("library", folder)
        for entry in sorted(directory.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".yaml"):
                texts[f"{folder}/{entry.name}"] = entry.read_text(encoding="utf-8")
    return MappingProxyType(_read_all(texts))


def _read_all(texts: dict[str, str]) -> dict[str, Policy]:
    """Policies in the order of their files, except that a revision waits for what it revises."""
    policies: dict[str, Policy] = {}
    waiting = dict(texts)
    while waiting:
        ready = [file for file, text in waiting.items() if revised_by(text, file) in (None, *policies)]
        if not ready:
            file, text = next(iter(waiting.items()))
            raise DocumentError([_unknown_revision(str(revised_by(text, file)), file, list(policies))])
        for file in ready:
            text = waiting.pop(file)
            revised = revised_by(text, file)
            policy = read_policy(text, file, policies[revised].document if revised else None)
            if policy.id in policies:
                raise DocumentError([Problem("id", f'Two policies are called "{policy.id}"', "Rename one", file)])
            policies[policy.id] = policy
    return {policy.id: policy for policy in policies.values()}


def read_policy_file(path: Path) -> Policy:
    """A policy from a file of the user's. It may revise one in the library. Raises `DocumentError`, `OSError`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Problem("", "The file is not UTF-8 text", "Save it as UTF-8", str(path))]) from None
    revised = revised_by(text, str(path))
    library = load_library()
    if revised is not None and revised not in library:
        raise DocumentError([_unknown_revision(revised, str(path), list(library))])
    return read_policy(text, str(path), library[revised].document if revised else None)


def _unknown_revision(name: str, file: str, known: list[str]) -> Problem:
    return Problem("revises", f'There is no policy "{name}" to revise', did_you_mean(name, known), file)


def policy_named(name: str) -> Policy:
    """A policy of the library. Raises `UnknownPolicy`."""
    library = load_library()
    if name not in library:
        raise UnknownPolicy(name, did_you_mean(name, list(library)))
    return library[name]


def policies_in_force(day: datetime.date) -> list[Policy]:
    """The guidelines and payers' policies that apply to a procedure on `day`, in library order."""
    return [policy for policy in load_library().values() if policy.kind != "pathway" and policy.in_force(day)]
