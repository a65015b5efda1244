"""The library's documents into policies, and policies from files beside it."""

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.rules.checking import Written
from facetwise.rules.compiling import compile_policy, revised_by
from facetwise.rules.loading import FOLDERS, Library, load_library
from facetwise.rules.policy import Policy
from facetwise.rules.reading_contractors import determination_policies, read_contractors


def read_library() -> Library:
    """The library read and compiled from its files. Raises `DocumentError`."""
    return written_library()[0]


def written_library() -> tuple[Library, dict[str, Written]]:
    """The same, and where each policy's dates are written."""
    library = files("facetwise").joinpath("library")
    documents = [read_yaml(entry.read_text(encoding="utf-8"), f"{folder}/{entry.name}")
                 for folder in FOLDERS for entry in _yaml_in(library.joinpath(folder))]  # fmt: skip
    policies = _compiled(documents)
    name = "medicare/contractors.yaml"
    yaml = read_yaml(library.joinpath(name).read_text(encoding="utf-8"), name)
    table = read_contractors(yaml)
    determinations = determination_policies(table, yaml, policies)
    written = {one.value["id"]: Written(one, ("effective",)) for one in documents}
    written |= {id_: place for id_, (_, place) in determinations.items()}
    return Library(policies | {id_: policy for id_, (policy, _) in determinations.items()}, table), written


def _yaml_in(folder: Traversable) -> Iterable[Traversable]:
    return sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)


def _compiled(documents: list[YamlDocument]) -> dict[str, Policy]:
    """Policies in the order of their files, except that a revision waits for what it revises."""
    policies: dict[str, Policy] = {}
    waiting = list(documents)
    while waiting:
        ready = [document for document in waiting if revised_by(document) in (None, *policies)]
        if not ready:
            raise DocumentError([_unknown_revision(waiting[0], list(policies))])
        for document in ready:
            waiting.remove(document)
            revised = revised_by(document)
            policy = compile_policy(document, policies[revised].document if revised else None)
            if policy.id in policies:
                raise DocumentError([document.problem(("id",), f'Two policies are called "{policy.id}"', "Rename one")])
            policies[policy.id] = policy
    return policies


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
    library = load_library()
    if revised is not None and revised not in library:
        raise DocumentError([_unknown_revision(document, list(library))])
    return compile_policy(document, library[revised].document if revised else None)


def _unknown_revision(document: YamlDocument, known: list[str]) -> Problem:
    what = f'There is no policy "{revised_by(document)}" to revise'
    return document.problem(("revises",), what, did_you_mean(str(revised_by(document)), known))
