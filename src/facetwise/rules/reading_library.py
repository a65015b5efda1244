"""The library's documents into policies, and policies from files beside it."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.rules.checking import Written
from facetwise.rules.compiling import compile_policy, revised_by
from facetwise.rules.contractors import ContractorTable
from facetwise.rules.loading import FOLDERS, Library, load_library
from facetwise.rules.policy import Policy
from facetwise.rules.reading_contractors import determination_policies, read_contractors


class LibraryRead(NamedTuple):
    """What of the library compiles, where each policy's dates are written, and everything that is wrong.

    `broken` are the ids of policies that do not compile, or that revise one that does not.
    """

    policies: dict[str, Policy]
    contractors: ContractorTable | None
    written: dict[str, Written]
    problems: list[Problem]
    broken: frozenset[str]


def read_library() -> Library:
    """The library read and compiled from its files. Raises `DocumentError` with every problem of every file."""
    read = library_as_written()
    if read.problems or read.contractors is None:
        raise DocumentError(read.problems)
    return Library(read.policies, read.contractors)


def library_as_written() -> LibraryRead:
    """The same, with whatever compiles where something does not."""
    library = files("facetwise").joinpath("library")
    problems: list[Problem] = []
    documents = [document for folder in FOLDERS for entry in _yaml_in(library.joinpath(folder))
                 if (document := _read(entry, f"{folder}/{entry.name}", problems))]  # fmt: skip
    policies, broken = _compiled(documents, problems)
    written = {id_: Written(one, ("effective",)) for one in documents if (id_ := _id(one)) in policies}
    name = "medicare/contractors.yaml"
    yaml = _read(library.joinpath(name), name, problems)
    if yaml is None:
        return LibraryRead(policies, None, written, problems, broken)
    try:
        table = read_contractors(yaml)
        made = determination_policies(table, yaml, policies, broken)
    except DocumentError as error:
        return LibraryRead(policies, None, written, [*problems, *error.problems], broken)
    policies |= {id_: policy for id_, (policy, _) in made.items()}
    written |= {id_: place for id_, (_, place) in made.items()}
    return LibraryRead(policies, table, written, problems, broken)


def sound_policies() -> tuple[Mapping[str, Policy], frozenset[str]]:
    """The policies of the library that compile, and the ids that do not: what is wrong with one is told once, there."""
    try:
        return load_library(), frozenset()
    except DocumentError:
        read = library_as_written()
        return read.policies, read.broken


def _yaml_in(folder: Traversable) -> Iterable[Traversable]:
    return sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)


def _read(entry: Traversable, file: str, problems: list[Problem]) -> YamlDocument | None:
    try:
        return read_yaml(entry.read_text(encoding="utf-8"), file)
    except DocumentError as error:
        problems += error.problems
    except UnicodeDecodeError:
        problems.append(Problem("", "The file is not UTF-8 text", "Save it as UTF-8", file))
    return None


def _id(document: YamlDocument) -> str:
    """What a document calls itself; one that does not say cannot be revised."""
    return str(document.value.get("id", "")) if isinstance(document.value, dict) else ""


def _compiled(documents: list[YamlDocument], problems: list[Problem]) -> tuple[dict[str, Policy], frozenset[str]]:
    """Policies in the order of their files, a revision after what it revises; and the ids that do not compile."""
    policies: dict[str, Policy] = {}
    waiting = list(documents)
    known = [_id(document) for document in documents]
    while ready := [document for document in waiting if revised_by(document) in (None, *policies)]:
        for document in ready:
            waiting.remove(document)
            revised = revised_by(document)
            try:
                policy = compile_policy(document, policies[revised].document if revised else None)
            except DocumentError as error:
                problems += error.problems
                continue
            if policy.id in policies:
                problems.append(document.problem(("id",), f'Two policies are called "{policy.id}"', "Rename one"))
            policies.setdefault(policy.id, policy)
    problems += [_unknown_revision(document, known) for document in waiting if revised_by(document) not in known]
    return policies, frozenset(known) - policies.keys()


def read_policy_file(path: Path) -> Policy:
    """A policy from a file of the user's. It may revise one in the library. Raises `DocumentError`, `OSError`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Problem("", "The file is not UTF-8 text", "Save it as UTF-8", str(path))]) from None
    return policy_from(read_yaml(text, str(path)))


def policy_from(document: YamlDocument) -> Policy:
    """A policy from YAML that has been read. It may revise one in the library. Raises `DocumentError`."""
    revised = revised_by(document)
    if revised is None:
        return compile_policy(document)
    library, _ = sound_policies()
    if revised not in library:
        raise DocumentError([_unknown_revision(document, list(library))])
    return compile_policy(document, library[revised].document)


def _unknown_revision(document: YamlDocument, known: list[str]) -> Problem:
    what = f'There is no policy "{revised_by(document)}" to revise'
    return document.problem(("revises",), what, did_you_mean(str(revised_by(document)), known))
