"""A clinic's policy before it is stored: everything that is wrong with it or with its cases, with line and remedy."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from facetwise.clinic.people.models import Clinic
from facetwise.clinic.policies.in_use import as_of_clinic, policies_in_use
from facetwise.clinic.policies.models import last_versions
from facetwise.documents import DocumentError, Problem, YamlDocument, read_yaml
from facetwise.rules import Policy, load_library
from facetwise.rules.validating import colliding, require_sound_policy, run_cases_of

MOST_BYTES = 256 << 10
"""Of a policy, and of its cases. The longest of the library has about a tenth of it."""

LONGEST_ID = 60
LONGEST_NAME = 200
KINDS = ("local", "payer")
TAKEN = ("new", "compare")
"""Ids that are addresses of pages."""


class Checked(NamedTuple):
    """A policy that is sound, how many cases it passes, and what none of them tries."""

    policy: Policy
    cases: int
    untried: Sequence[str]


def checked(clinic: Clinic, text: str, cases: str, changing: str | None = None) -> Checked:
    """The policy in `text`, whose cases all come out. `changing` is the id of the one that it is a version of.

    Raises `DocumentError` with every problem that can be found at once.
    """
    problems = [*_too_large("policy", text), *_too_large("cases", cases)]
    if problems:
        raise DocumentError(problems)
    yaml = read_yaml(text, "policy")
    policy = require_sound_policy(yaml)
    problems = [*_named(policy, yaml, clinic, changing), *_collisions(policy, yaml, clinic)]
    if problems:
        raise DocumentError(problems)
    if not cases.strip():
        what, remedy = "There are no cases", "Write for each criterion one that meets it and one that does not"
        raise DocumentError([Problem("", what, remedy, "cases")])
    run = run_cases_of(policy, cases, "cases")
    return Checked(as_of_clinic(policy, clinic), run.cases, run.untried)


def text_of(written: str, uploaded: Any, what: str) -> str:
    """What somebody wrote, or the file that they sent instead, with plain ends of lines.

    Raises `DocumentError` for a file that is too large, or no text.
    """
    if uploaded is None:
        return written.replace("\r\n", "\n").replace("\r", "\n")
    if uploaded.size > MOST_BYTES:
        raise DocumentError(_too_large(what, "", uploaded.size))
    try:
        text: str = uploaded.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Problem("", "The file is not UTF-8 text", "Save it as UTF-8", what)]) from None
    return text_of(text, None, what)


def _too_large(what: str, text: str, size: int = 0) -> list[Problem]:
    if max(size, len(text.encode("utf-8", "replace"))) <= MOST_BYTES:
        return []
    return [Problem("", "The text is too long", f"Write at most {MOST_BYTES >> 10} KB", what)]


def _named(policy: Policy, yaml: YamlDocument, clinic: Clinic, changing: str | None) -> list[Problem]:
    """What is wrong with whose it is: its id, its kind, and that it asks nothing."""
    problems = []
    if policy.id in load_library():
        problems.append(yaml.problem(("id",), f'The library has a policy "{policy.id}"', "Give it an id of your own"))
    elif changing is not None and policy.id != changing:
        problems.append(yaml.problem(("id",), f"This is a version of {changing}", f"Write id: {changing}"))
    elif changing is None and last_versions(clinic.pk).filter(policy=policy.id).exists():
        what = f'This clinic has a policy "{policy.id}" already'
        problems.append(yaml.problem(("id",), what, "Give it another id, or write a new version of that one"))
    if policy.id in TAKEN or len(policy.id) > LONGEST_ID:
        what = f'No policy can be called "{policy.id[:LONGEST_ID]}"'
        problems.append(yaml.problem(("id",), what, f"Give another id, of at most {LONGEST_ID} characters"))
    for name in ("issuer", "title"):
        if len(getattr(policy, name)) > LONGEST_NAME or not getattr(policy, name).strip():
            problems.append(
                yaml.problem((name,), f"The {name} is empty or too long", f"Write up to {LONGEST_NAME} letters")
            )
    if policy.kind not in KINDS:
        what = f"A clinic cannot write a policy of kind {policy.kind}"
        problems.append(yaml.problem(("kind",), what, "Write kind: local, or kind: payer for what a payer asks"))
    if not policy.criteria():
        problems.append(yaml.problem(("requests",), "It asks nothing", "Write at least one request with a criterion"))
    return problems


def _collisions(policy: Policy, yaml: YamlDocument, clinic: Clinic) -> list[Problem]:
    others = [one for one in policies_in_use(clinic) if one.id != policy.id]
    return colliding(policy, yaml, [*load_library().values(), *others])
