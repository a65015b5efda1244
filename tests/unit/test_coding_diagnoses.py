"""Diagnoses against the list of a billing article, and against the levels they are billed for."""

import datetime
from typing import Any

import pytest

from facetwise.coding import ClaimLine, ErrorKind, billing_lines, check_claim
from facetwise.coding.diagnosis_lists import diagnosis_list, diagnosis_lists, read_diagnosis_list
from facetwise.documents import DocumentError
from facetwise.records import Contractor, Guidance, Kind, Place, Planned, Purpose
from facetwise.spine import parse_sites

LISTED = datetime.date(2026, 6, 1)
JE, JF, CGS = Contractor.NORIDIAN_JE, Contractor.NORIDIAN_JF, Contractor.CGS


def block(sites: str, day: datetime.date = LISTED, diagnosis: str | None = None) -> Planned:
    return Planned(
        kind=Kind.MEDIAL_BRANCH_BLOCK,
        date=day,
        sites=parse_sites(sites),
        purpose=Purpose.DIAGNOSTIC,
        guidance=Guidance.FLUOROSCOPY,
        place=Place.OFFICE,
        diagnosis=diagnosis,
    )


def billed(sites: str, *diagnoses: str, day: datetime.date = LISTED, contractor: Contractor | None = JE, **fields: Any):
    """What is said of a claim with these diagnoses on each of its right lines: weight and rule."""
    session = [block(sites, day, **fields)]
    lines = [
        ClaimLine(
            line=number,
            claim="A",
            date=day,
            code=line.code,
            modifiers=line.modifiers,
            units=line.units,
            diagnoses=diagnoses,
            place=Place.OFFICE,
        )
        for number, line in enumerate(billing_lines(session, contractor=contractor).lines, start=2)
    ]
    errors = check_claim(lines, session, contractor=contractor)
    assert {error.kind for error in errors} <= {ErrorKind.DIAGNOSIS}
    return [(error.weight, error.rules[0].rule) for error in errors]


@pytest.mark.parametrize(
    ("sites", "diagnosis", "expected"),
    [
        ("left L4-5", "M47.816", []),
        ("left L4-5", "M47.896", []),
        ("left L4-5", "M48.16", []),
        ("left L5-S1", "M47.817", []),
        ("left T12-L1", "M47.815", []),
        ("left T5-6", "M47.814", []),
        ("left C7-T1", "M47.813", []),
        ("left C5-6", "M47.812", []),
        ("left L4-5", "M53.86", [("warning", "diagnosis_for_a_cyst")]),
        ("left L4-5", "M47.812", [("error", "diagnosis_fits_the_level"), ("warning", "diagnosis_fits_the_level")]),
        ("left L5-S1", "M47.816", [("error", "diagnosis_fits_the_level"), ("warning", "diagnosis_fits_the_level")]),
        ("left L4-5", "M47.81", [("error", "diagnosis_is_complete")]),
        ("left L4-5", "M53.8", [("error", "diagnosis_is_complete")]),
        ("left L4-5", "M54.16", [("error", "diagnosis_left_out")]),
        ("left L4-5", "M54.50", [("error", "diagnosis_left_out")]),
        ("left L4-5", "M47.26", [("error", "diagnosis_left_out")]),
        ("left L4-5", "M71.38", [("warning", "cyst_diagnosis_elsewhere"), ("error", "diagnosis_on_the_list")]),
        ("left L4-5", "M53.3", [("error", "diagnosis_on_the_list")]),
        ("left C1-2", "M47.811", [("error", "diagnosis_on_the_list")]),
    ],
)
def test_a_diagnosis_on_a_claim(sites, diagnosis, expected) -> None:
    assert billed(sites, diagnosis) == expected


def test_two_levels_with_the_diagnosis_of_one_are_a_warning() -> None:
    assert billed("left L4-5, L5-S1", "M47.816") == [("warning", "diagnosis_fits_the_level")]
    assert billed("left L4-5, L5-S1", "M47.816", "M47.817") == []


def test_the_junction_takes_the_diagnoses_of_both_its_levels() -> None:
    assert billed("left T12-L1, L1-2", "M47.815", "M47.816") == []


@pytest.mark.parametrize(
    ("contractor", "day"),
    [(CGS, LISTED), (None, LISTED), (JE, datetime.date(2026, 5, 20)), (JF, datetime.date(2025, 6, 1))],
)
@pytest.mark.parametrize("diagnosis", ["M54.50", "M47.81", "M47.812", "M71.38", "M47.816"])
def test_without_a_list_a_diagnosis_is_never_an_error(contractor, day, diagnosis) -> None:
    found = billed("left L4-5", diagnosis, day=day, contractor=contractor)
    assert [one for one in found if one[0] == "error"] == []
    told = {one.rule.rule for one in billing_lines([block("left L4-5", day)], contractor=contractor).warnings}
    assert "diagnosis_list_not_available" in told


def test_the_documented_diagnosis_is_checked_and_has_to_be_on_the_claim() -> None:
    answer = billing_lines([block("left L4-5", diagnosis="M54.50")], contractor=JE)
    assert [(one.code, one.listed) for one in answer.diagnoses] == [("M54.50", False)]
    assert "diagnosis_left_out" in {one.rule.rule for one in answer.warnings}
    unlisted = billing_lines([block("left L4-5", diagnosis="M54.50")], contractor=CGS)
    assert [(one.code, one.listed) for one in unlisted.diagnoses] == [("M54.50", None)]
    assert billed("left L4-5", "M47.816", diagnosis="M47.896") == [("warning", "nothing_documented")]


def test_another_payer_has_no_list_and_nothing_is_said() -> None:
    assert billing_lines([block("left L4-5", diagnosis="M54.50")], payer="aetna").diagnoses[0].listed is None


@pytest.mark.parametrize(
    ("contractor", "day", "found"),
    [
        (JE, datetime.date(2026, 5, 21), True),
        (JF, datetime.date(2026, 5, 21), True),
        (JE, datetime.date(2026, 5, 20), False),
        (CGS, LISTED, False),
        (None, LISTED, False),
    ],
)
def test_a_list_belongs_to_contractors_and_days(contractor, day, found) -> None:
    assert (diagnosis_list(contractor, day) is not None) is found


def test_every_list_names_its_source() -> None:
    for one in diagnosis_lists():
        assert one.source.title
        assert (one.source.read_on is not None) == one.source.certainty.verified
        assert len(one.codes) == sum(len(group.codes) for group in one.groups)


GOOD = """\
id: a1-1
article: A1
edition: '1'
contractors: [cgs]
effective: {from: 2026-01-01}
source: {title: A source}
groups:
  - codes: [M47.816]
left_out: {}
"""


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (("contractors: [cgs]", "contractors: [cgx]"), 4, "cgx"),
        (("M47.816", "47816"), 8, "47816"),
        (("from: 2026-01-01", "from: 1/1/2026"), 5, "1/1/2026"),
        (("left_out", "leftout"), 9, "not known"),
        (("id: a1-1", "id: a1-2"), 1, "name of the file"),
    ],
)
def test_a_list_with_a_mistake_is_refused_with_its_line(change, line, what) -> None:
    with pytest.raises(DocumentError) as refusal:
        read_diagnosis_list(GOOD.replace(*change), "a1-1.yaml")
    assert any(problem.line == line and what in problem.what for problem in refusal.value.problems)
