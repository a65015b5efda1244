"""Everything that can be wrong with the library or with a user's own policies and cases, found in one go."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.rules.case_coverage import untried
from facetwise.rules.cases import Case, read_cases, run_case
from facetwise.rules.checking import Written, overlaps, policy_problems
from facetwise.rules.loading import FOLDERS
from facetwise.rules.policy import Policy
from facetwise.rules.reading_contractors import determination_policies, read_contractors
from facetwise.rules.reading_library import (
    LibraryRead,
    library_as_written,
    policy_from,
    read_policy_file,
    sound_policies,
)


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


def colliding(policy: Policy, yaml: YamlDocument, others: Iterable[Policy]) -> list[Problem]:
    """The dates of a policy that collide with those of others."""
    everything = {one.id: one for one in (*others, policy)}
    written = {policy.id: Written(yaml, ("effective",))}
    return [problem for problem in overlaps(everything.values(), written) if problem.file]


def require_sound_contractors(yaml: YamlDocument) -> None:
    """A table of contractors whose rows do not collide in time. Raises `DocumentError`."""
    rows = determination_policies(read_contractors(yaml), yaml, *sound_policies())
    written = {id_: place for id_, (_, place) in rows.items()}
    if problems := overlaps([policy for policy, _ in rows.values()], written):
        raise DocumentError(problems)


def run_cases(text: str, file: Path) -> CasesRun:
    """Run the cases in `text` against their policy. Raises `DocumentError` with the line of every one that fails."""
    name, cases = read_cases(text, str(file))
    return _run(cases, _policy_of(name, file))


def run_cases_of(policy: Policy, text: str, file: str) -> CasesRun:
    """The same for a policy that is at hand. Raises `DocumentError`, also for cases of another one and for none."""
    name, cases = read_cases(text, file)
    if name != policy.id:
        raise DocumentError([Problem("policy", f'The cases are of "{name}"', f"Write {policy.id}", file, 1)])
    if not cases:
        raise DocumentError([Problem("cases", "There are no cases", "Write at least one", file, 1)])
    return _run(cases, policy)


def _run(cases: Sequence[Case], policy: Policy) -> CasesRun:
    if wrong := [problem for case in cases for problem in run_case(case, policy)]:
        raise DocumentError(wrong)
    library, _ = sound_policies()
    return CasesRun(policy.id, len(cases), untried(policy, cases, library.get(policy.revises or "")))


def _policy_of(name: str, file: Path) -> Policy:
    """The policy called `name`, beside or above a file of cases or else in the library."""
    near = [folder / f"{name}.yaml" for folder in (file.parent, file.parent.parent)]
    own = next((path for path in near if path.exists() and path.resolve() != file.resolve()), None)
    library, _ = sound_policies()
    policy = read_policy_file(own) if own else library.get(name)
    if policy is None:
        remedy = f"{did_you_mean(name, list(library))}. Or put {name}.yaml beside it"
        raise DocumentError([Problem("policy", f'There is no policy "{name}"', remedy, str(file))])
    return policy


def colliding_dates(paths: Sequence[Path]) -> list[Problem]:
    """Dates of policies in these files that collide with each other or with the library's. Unsound files are left."""
    own: dict[str, Policy] = {}
    written: dict[str, Written] = {}
    for path in paths:
        try:
            yaml = read_yaml(path.read_text(encoding="utf-8-sig"), str(path))
            if not isinstance(yaml.value, dict) or "kind" not in yaml.value:
                continue
            policy = policy_from(yaml)
        except (DocumentError, OSError, UnicodeDecodeError):
            continue  # told already, file by file
        own[policy.id], written[policy.id] = policy, Written(yaml, ("effective",))
    library, _ = sound_policies()
    everything = {**library, **own}
    return [problem for problem in overlaps(everything.values(), written) if problem.file]


def library_problems() -> tuple[list[Problem], str]:
    """Every problem of the library that comes with Facetwise, and what was looked at."""
    read = library_as_written()
    problems = [*read.problems, *overlaps(read.policies.values(), read.written)]
    files_of_cases, bad = _cases_beside()
    problems += bad
    cases = _by_policy(files_of_cases)
    for id_, place in read.written.items():
        policy = read.policies[id_]
        if policy.contractor is None:
            problems += policy_problems(policy, place.yaml)
            problems += _untried(policy, cases.get(id_, []), read, place.yaml.file)
    for name, own in cases.items():
        if name in read.policies:
            problems += [problem for case in own for problem in run_case(case, read.policies[name])]
    for file, (name, _) in files_of_cases.items():
        if name not in read.policies and name not in read.broken:
            what = f'There is no policy "{name}"'
            problems.append(Problem("policy", what, did_you_mean(name, list(read.policies)), file))
    counted = sum(len(own) for own in cases.values())
    return problems, f"library: {len(read.policies)} policies, {counted} cases, {len(problems)} problems"


def _untried(policy: Policy, cases: list[Case], read: LibraryRead, file: str) -> list[Problem]:
    """What no case of the library tries, as problems: its policies are used by people who never see the cases."""
    gaps = untried(policy, cases, read.policies.get(policy.revises or ""))
    place = cases[0].file if cases else file
    return [Problem("cases", f"{policy.id}: {gap}", "Add such a case", place) for gap in gaps]


def library_cases() -> Mapping[str, list[Case]]:
    """The cases that stand beside the policies of the library, by policy. Raises `DocumentError`."""
    cases, problems = _cases_beside()
    if problems:
        raise DocumentError(problems)
    return _by_policy(cases)


def _cases_beside() -> tuple[dict[str, tuple[str, list[Case]]], list[Problem]]:
    """Each file of cases of the library, with whose they are; and what is wrong with those that are left out."""
    cases: dict[str, tuple[str, list[Case]]] = {}
    problems: list[Problem] = []
    for folder in FOLDERS:
        beside = files("facetwise").joinpath("library", folder, "cases")
        for entry in sorted(beside.iterdir(), key=lambda entry: entry.name):
            file = f"{folder}/cases/{entry.name}"
            try:
                cases[file] = read_cases(entry.read_text(encoding="utf-8"), file)
            except DocumentError as error:
                problems += error.problems
    return cases, problems


def _by_policy(files_of_cases: Mapping[str, tuple[str, list[Case]]]) -> dict[str, list[Case]]:
    cases: dict[str, list[Case]] = {}
    for name, own in files_of_cases.values():
        cases.setdefault(name, []).extend(own)
    return cases
