"""Everything that can be wrong with the library or with a user's own policies and cases, found in one go."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from facetwise.documents import DocumentError, Problem, YamlDocument, read_yaml
from facetwise.rules.case_coverage import untried
from facetwise.rules.cases import Case, read_cases, run_case
from facetwise.rules.checking import Written, overlaps, policy_problems
from facetwise.rules.loading import FOLDERS, load_library, policy_named
from facetwise.rules.policy import Policy
from facetwise.rules.reading_contractors import determination_policies, read_contractors
from facetwise.rules.reading_library import policy_from, read_policy_file, written_library


class CasesRun(NamedTuple):
    """A file of cases, all of them as expected: whose they are, how many, and what none of them tries."""

    policy: str
    cases: int
    untried: list[str]


def require_sound_policy(yaml: YamlDocument) -> Policy:
    """A policy that compiles and has nothing that can never come true. Raises `DocumentError`."""
    policy = policy_from(yaml)
    if problems := policy_problems(policy, yaml):
        raise DocumentError(problems)
    return policy


def require_sound_contractors(yaml: YamlDocument) -> None:
    """A table of contractors whose rows do not collide in time. Raises `DocumentError`."""
    table = read_contractors(yaml)
    rows = determination_policies(table, yaml, dict(load_library()))
    written = {id_: place for id_, (_, place) in rows.items()}
    if problems := overlaps([policy for policy, _ in rows.values()], written):
        raise DocumentError(problems)


def run_cases(text: str, file: Path) -> CasesRun:
    """Run the cases in `text` against their policy. Raises `DocumentError` with the line of every one that fails."""
    name, cases = read_cases(text, str(file))
    policy, earlier = _policy_of(name, file)
    if wrong := [problem for case in cases for problem in run_case(case, policy)]:
        raise DocumentError(wrong)
    return CasesRun(name, len(cases), untried(policy, cases, earlier))


def _policy_of(name: str, file: Path) -> tuple[Policy, Policy | None]:
    """The policy called `name`, beside or above a file of cases or else in the library, and what it revises."""
    near = [folder / f"{name}.yaml" for folder in (file.parent, file.parent.parent)]
    own = next((path for path in near if path.exists() and path.resolve() != file.resolve()), None)
    try:
        policy = read_policy_file(own) if own else policy_named(name)
    except KeyError as error:
        raise DocumentError([Problem("policy", str(error), f"Or put {name}.yaml beside it", str(file))]) from None
    return policy, load_library().get(policy.revises or "")


def colliding_dates(paths: Sequence[Path]) -> list[Problem]:
    """Dates of policies in these files that collide with each other or with the library's. Unsound files are left."""
    own: dict[str, Policy] = {}
    written: dict[str, Written] = {}
    for path in paths:
        try:
            yaml = read_yaml(path.read_text(encoding="utf-8-sig"), str(path))
            if not isinstance(yaml.value, dict) or {"figures", "cases", "determinations"} & yaml.value.keys():
                continue
            policy = policy_from(yaml)
        except (DocumentError, OSError, UnicodeDecodeError):
            continue  # told already, file by file
        own[policy.id], written[policy.id] = policy, Written(yaml, ("effective",))
    everything = {**load_library(), **own}
    return [problem for problem in overlaps(everything.values(), written) if problem.file]


def library_problems() -> tuple[list[Problem], str]:
    """Every problem of the library that comes with Facetwise, and what was looked at."""
    library, written = written_library()
    problems = list(overlaps(library.policies.values(), written))
    for id_, place in written.items():
        if place.path == ("effective",):
            problems += policy_problems(library.policies[id_], place.yaml)
    cases = library_cases()
    for name, own in cases.items():
        problems += [problem for case in own for problem in run_case(case, library.policies[name])]
    counted = sum(len(own) for own in cases.values())
    return problems, f"library: {len(library.policies)} policies, {counted} cases, {len(problems)} problems"


def library_cases() -> Mapping[str, list[Case]]:
    """The cases that stand beside the policies of the library, by policy. Raises `DocumentError`."""
    cases = {}
    for folder in FOLDERS:
        beside = files("facetwise").joinpath("library", folder, "cases")
        for file in sorted(beside.iterdir(), key=lambda entry: entry.name):
            name, read = read_cases(file.read_text(encoding="utf-8"), f"{folder}/cases/{file.name}")
            cases[name] = read
    return cases
