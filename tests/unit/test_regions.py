"""Regions as a policy draws them, and what a level in two of them leaves open."""

import datetime

import pytest

from facetwise.records import Interval, Kind, Request
from facetwise.rules import load_library
from facetwise.rules.regions import same_region, session_facts
from facetwise.spine import parse_sites

MEDICARE = load_library()["medicare-facet-2024"].regions

SESSIONS = {
    "left L4-5": 1,
    "bilateral L4-5, L5-S1": 1,
    "left C5-6; left L4-5": 2,
    "left T12-L1": 1,
    "left T11-12, T12-L1": Interval(1, 2),
    "left T12-L1, L1-2": Interval(1, 2),
    "left T11-12, T12-L1, L1-2": 2,
    "left C7-T1, T1-2": 1,
}


@pytest.mark.parametrize("sites", SESSIONS)
def test_regions_of_a_session(sites: str) -> None:

    request = Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=datetime.date(2026, 1, 1), sites=parse_sites(sites))
    assert session_facts(request, [], MEDICARE)["session_regions"] == SESSIONS[sites]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("left L4-5", "right L1-2", True),
        ("left L4-5", "left C5-6", False),
        ("left T12-L1", "left T12-L1", True),
        ("left T12-L1", "left L4-5", None),
        ("left T12-L1", "left C5-6", None),
        ("left T12-L1, L1-2", "left L4-5", True),
    ],
)
def test_whether_two_procedures_share_a_region(one: str, other: str, expected: bool | None) -> None:
    levels, others = parse_sites(one).levels, parse_sites(other).levels
    assert same_region(levels, others, MEDICARE) is expected
    assert same_region(others, levels, MEDICARE) is expected
