"""Conventions: named choices of a policy, which its rules use by name and a revision may move."""

import pytest

from facetwise.documents import DocumentError
from facetwise.reports.explanations import UnknownName, explanation
from facetwise.rules import load_library, read_policy
from facetwise.rules.expressions import Always, Compare, Literal

POLICY = """
id: conventions-tried
kind: local
issuer: i
title: t
sources: {{s: {{title: s, read_on: 2026-11-23}}}}
conventions:
  positive_percent: {{value: '80', says: Eighty., because: Printed so.}}
  injections_count: {{value: 'true', says: They do., because: Silent.}}
  preferred: {{value: ct, says: CT., because: Local.}}
  one_day: {{says: A day is a session., because: Silent.}}
measures:
  positive: {{count: prior, where: "relief_percent >= positive_percent"}}
requests:
  any:
    title: Any
    asked_when: 'true'
    criteria:
      - {{id: asked, says: Asked., test: "{test}", cites: {{source: s}}}}
"""


def policy(test: str = "true"):
    return read_policy(POLICY.format(test=test), "tried.yaml")


def test_a_number_stands_in_for_its_name_in_a_measure():
    where = policy().measures["positive"].where
    assert isinstance(where, Compare)
    assert where.right == Literal(80.0)


@pytest.mark.parametrize(
    ("test", "meaning"),
    [
        ("injections_count", Always(True)),
        ("guidance = preferred", "ct"),
        ("pain_score >= positive_percent", 80.0),
        ("positive_percent <= pain_score", 80.0),
    ],
)
def test_a_convention_in_a_leaf(test, meaning):
    expression = policy(test).criteria()["asked"].arms[0].test
    if isinstance(meaning, Always):
        assert expression == meaning
    else:
        assert Literal(meaning) in (expression.left, expression.right)


@pytest.mark.parametrize(
    ("test", "what"),
    [
        ("one_day", 'no field or measure "one_day"'),  # it has no value
        ("guidance = positive_percent", "guidance is never '80'"),
        ("pain_score >= preferred", "pain_score is a number"),
        ("positive_precent >= 3", "Did you mean positive_percent?"),
        ("positive_percent >= 3", "Two literals are compared"),
    ],
)
def test_a_convention_that_does_not_fit(test, what):
    with pytest.raises(DocumentError, match=what.replace("?", r"\?")):
        policy(test)


def test_a_convention_cannot_take_the_name_of_a_field_or_measure():
    with pytest.raises(DocumentError, match="already a field"):
        read_policy(POLICY.format(test="true").replace("one_day:", "pain_months:"), "tried.yaml")
    with pytest.raises(DocumentError, match="already a field, a measure or a convention"):
        read_policy(POLICY.format(test="true").replace("  positive:", "  preferred:"), "tried.yaml")


def test_a_revision_moves_a_threshold_by_its_name_alone():
    text = """
id: medicare-at-50
kind: local
issuer: Our clinic
title: Medicare with half the relief
revises: medicare-facet-2024
conventions:
  positive_block_percent: {value: '50', says: Half., because: To see what would change.}
"""
    earlier = load_library()["medicare-facet-2024"]
    revised = read_policy(text, "at-50.yaml", earlier.document)
    assert "content=50.0" in repr(revised.measures["positive_blocks"].where)
    assert "content=80.0" in repr(earlier.measures["positive_blocks"].where)
    assert revised.document.conventions["window_months"] == earlier.document.conventions["window_months"]


def test_every_convention_of_the_library_gives_its_reason():
    for one in load_library().values():
        for name, convention in one.document.conventions.items():
            assert convention.says.endswith("."), (one.id, name)
            assert convention.because.endswith("."), (one.id, name)


def test_a_contractors_own_reading_replaces_the_shared_one():
    shared = load_library()["medicare-facet-2024"].document.conventions
    for name in ("medicare-cgs-l38773-2024", "medicare-ngs-l35936-2024"):
        own = load_library()[name].document.conventions
        assert own.keys() == shared.keys()
        assert own["t12_l1_region"].says == "T12-L1 counts as lumbar and sacral."
    places = {meaning.within for meaning in explanation("t12_l1_region").meanings}
    assert places == {"medicare-facet-2021 and medicare-facet-2024", "CGS (Medicare)", "NGS (Medicare)"}


@pytest.mark.parametrize(("name", "kind"), [("cgs", "contractor"), ("CGS", "contractor"), ("Palmetto GBA", "contractor"),
                                            ("L38773", "determination"), ("l38773", "determination"),
                                            ("A58364", "determination")])  # fmt: skip
def test_contractors_and_determinations_are_explained(name, kind):
    found = explanation(name)
    assert {meaning.kind for meaning in found.meanings} == {kind}
    details = [detail for meaning in found.meanings for detail in meaning.details]
    assert any("medicare-facet-2024" in text for _, text in details)


def test_a_first_day_that_nobody_read_is_explained_as_such():
    texts = [text for meaning in explanation("L38773").meanings for _, text in meaning.details]
    assert "from a day between 2024-07-07 and 2024-08-15 to further notice" in texts


def test_a_determination_that_is_not_there_brings_those_that_come_close():
    with pytest.raises(UnknownName, match="L38773"):
        explanation("L38772")
