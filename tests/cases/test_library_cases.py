"""Every case beside every policy of the library, run with the reference evaluator; and that none is wanting."""

import pytest

from facetwise.rules import load_library
from facetwise.rules.case_coverage import untried
from facetwise.rules.cases import Case, run_case
from facetwise.rules.validating import library_cases, library_problems

CASES = library_cases()
WRITTEN = [id_ for id_, policy in load_library().items() if policy.contractor is None]
"""The policies that have a document of their own; those of contractors are made from the table."""


@pytest.mark.parametrize(
    ("policy", "case"),
    [
        pytest.param(policy, case, id=f"{policy}: {case.document.says}")
        for policy, cases in CASES.items()
        for case in cases
    ],
)
def test_the_policy_says_what_the_case_expects(policy: str, case: Case) -> None:
    assert run_case(case, load_library()[policy]) == []


@pytest.mark.parametrize("policy", WRITTEN)
def test_every_status_and_both_sides_of_every_threshold_are_tried(policy: str) -> None:
    whole = load_library()[policy]
    assert untried(whole, CASES.get(policy, []), load_library().get(whole.revises or "")) == []


def test_nothing_in_the_library_is_wrong() -> None:
    problems, _ = library_problems()
    assert problems == []
