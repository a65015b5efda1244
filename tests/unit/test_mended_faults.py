"""Faults that rules and pathway once had, one test each."""

import datetime

import pytest

from facetwise.pathway import next_step
from facetwise.records import REQUEST_FIELDS, read_record, read_request
from facetwise.rules import History, LeafError, Scope, Situation, assess, parse_leaf, policy_named

SCOPE = Scope(REQUEST_FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        "levels > 1e",
        " and ".join(["infection"] * 500),
        " or ".join(["infection"] * 10_000),
        "levels > 1e400",
        "levels BETWEEN SYMMETRIC 2 AND 1",
        "levels BETWEEN ASYMMETRIC 1 AND 2",
        "infection;",
        '"infection"',
        "\"kind\" = 'other'",
        "!infection",
        "levels == 1",
        "levels > 1 /* c */",  # comments beside operands slip through
        "levels /* c */ > 1",
        "kind IN ('other' /* c */)",
        "not /* c */ infection",
        "levels between 1 and 2 -- c",
    ],
)
def test_refused(text):
    with pytest.raises(LeafError):
        parse_leaf(text, SCOPE)


@pytest.mark.parametrize(
    "text", ["kind LIKE 'a'", "kind ILIKE 'a'", "infection || pregnancy", "levels IS DISTINCT FROM 1"]
)
def test_hint_is_not_about_arithmetic(text):
    with pytest.raises(LeafError) as refusal:
        parse_leaf(text, SCOPE)
    assert "arithmetic" not in refusal.value.remedy


def test_no_class_names_in_a_message():
    with pytest.raises(LeafError) as refusal:
        parse_leaf("infection AND", SCOPE)
    assert "<class" not in refusal.value.what


def test_a_number_is_repeated_as_written():
    with pytest.raises(LeafError) as refusal:
        parse_leaf("kind = 1", SCOPE)
    assert "1.0" not in refusal.value.what


A = {"kind": "medial_branch_block", "date": "2025-03-15", "purpose": "diagnostic", "sites": "left L4-5"}
B = {
    "kind": "medial_branch_block",
    "date": "2025-03-15",
    "purpose": "diagnostic",
    "sites": "right L5-S1",
    "stated_relief": {"percent": 0},
}


def record(*procedures, **parts):
    return read_record({"patient": {"id": "p"}, "procedures": list(procedures), **parts})


def test_the_next_step_does_not_depend_on_input_order():
    """pathway/proposing.joints_in_question: max(..., key=date) takes the first listed of one day."""
    day = datetime.date(2025, 3, 20)
    one, other = next_step(record(A, B), day), next_step(record(B, A), day)
    assert one.step.id == other.step.id
    assert one.proposal == other.proposal


def test_a_finding_does_not_depend_on_input_order():
    """rules/explain: procedures and missing facts are listed in the order of the record."""
    later = {**A, "date": "2025-02-01"}
    request = read_request(
        {"kind": "medial_branch_block", "date": "2025-04-01", "purpose": "diagnostic", "sites": "left L4-5"}
    )
    policy = policy_named("medicare-facet-2024")
    one, other = (
        assess(policy, Situation(History(r, request.date), request)) for r in (record(A, later), record(later, A))
    )
    assert one == other
