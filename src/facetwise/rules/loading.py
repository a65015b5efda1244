"""The library that comes with Facetwise, read once, from its compiled copy on disk where there is one."""

import datetime
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

import msgspec

from facetwise.documents import did_you_mean
from facetwise.documents.disk_cache import cached
from facetwise.rules.contractors import ContractorTable
from facetwise.rules.policy import Policy

FOLDERS = ("pathway", "guidelines", "payers")
"""The folders of `library/` that hold policies, in the order in which they are shown."""


class UnknownPolicy(KeyError):
    """No policy has this id; the text names those that come close."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f'There is no policy "{name}". {remedy}')
        self.remedy = remedy

    def __str__(self) -> str:
        return str(self.args[0])


class Library(msgspec.Struct, frozen=True):
    """Every policy by id, those of Medicare's contractors among them, and the table of contractors."""

    policies: dict[str, Policy]
    contractors: ContractorTable


@cache
def load_library() -> Mapping[str, Policy]:
    """Every policy in `library/`, by id: the pathway, guidelines, payers. Raises `DocumentError`."""
    return MappingProxyType(_library().policies)


def contractor_table() -> ContractorTable:
    """Medicare's contractors, their states and determinations. Raises `DocumentError`."""
    return _library().contractors


@cache
def _library() -> Library:
    return cached("library", library_files(), _read, Library)


def _read() -> Library:
    from facetwise.rules.reading_library import read_library  # brings the parser of expressions, a tenth of a second

    return read_library()


def library_files() -> list[Traversable]:
    """The files that the library is read from."""
    library = files("facetwise").joinpath("library")
    entries = [entry for folder in (*FOLDERS, "medicare") for entry in library.joinpath(folder).iterdir()]
    return sorted((entry for entry in entries if entry.name.endswith(".yaml")), key=str)


def policy_named(name: str) -> Policy:
    """A policy of the library. Raises `UnknownPolicy`."""
    library = load_library()
    if name not in library:
        raise UnknownPolicy(name, did_you_mean(name, list(library)))
    return library[name]


def policies_in_force(day: datetime.date) -> list[Policy]:
    """The guidelines and payers' policies that apply to a procedure on `day`, in library order."""
    return [policy for policy in load_library().values() if policy.kind != "pathway" and policy.in_force(day)]
