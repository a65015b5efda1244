"""Every case beside every policy of the library, run with the reference evaluator."""

from importlib.resources import files

import pytest

from facetwise.rules import load_library
from facetwise.rules.cases import Case, read_cases, run_case


def _cases() -> list:
    collected = []
    for folder in ("pathway", "guidelines", "payers"):
        for file in sorted(
            files("facetwise").joinpath("library", folder, "cases").iterdir(), key=lambda entry: entry.name
        ):
            policy, cases = read_cases(file.read_text(encoding="utf-8"), file.name)
            collected += [pytest.param(policy, case, id=f"{policy}: {case.document.says}") for case in cases]
    return collected


@pytest.mark.parametrize(("policy", "case"), _cases())
def test_the_policy_says_what_the_case_expects(policy: str, case: Case) -> None:
    assert run_case(case, load_library()[policy]) == []


def test_every_policy_has_cases() -> None:
    assert {param.values[0] for param in _cases()} == set(load_library())
