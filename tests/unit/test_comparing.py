"""Policies side by side: equal in meaning however they are worded, and what changed between two days."""

import datetime

import msgspec
import pytest

from facetwise.reports.comparison_page import changes_csv, changes_page, comparison_csv, comparison_page
from facetwise.rules import load_library, read_policy
from facetwise.rules.comparing import changes_between, compare_policies

POLICY = """
id: {id}
kind: payer
payer: {id}
issuer: {id}
title: t
sources: {{s: {{title: s}}}}
regions: {{{regions}}}
measures:
  {measure}: {{count: prior, where: "{where}"}}
groups:
  asked:
    - {{id: c, topic: blocks_before_ablation, says: {says}, test: "{test}", cites: {{source: s, certainty: {read}}}}}
requests:
"""
REQUEST = """
  {id}: {{title: t, asked_when: "kind = '{kind}'", includes: [{groups}]}}"""
KINDS = {"block": "medial_branch_block", "ablation": "radiofrequency_ablation", "fusion": "spinal_fusion"}


def policy(
    id_,
    test="n >= 2",
    measure="n",
    where="covers_request and relief_percent >= 80",
    says="Two.",
    regions="r: C0-1..L5-S1",
    asks="block",
    silent_on="",
    read="unverified",
):
    parts = {"id": id_, "test": test, "measure": measure, "where": where, "says": says, "regions": regions}
    text = POLICY.format(**parts, read=read)
    for request in (*asks.split(), *silent_on.split()):
        asked = "" if request in silent_on.split() else "asked"
        text += REQUEST.format(id=request, kind=KINDS[request], groups=asked)
    return read_policy(text, "p.yaml")


FIRST = policy("one")
SAME = [
    policy("two", says="A pair of blocks."),
    policy("two", test="blocks >= 2", measure="blocks"),
    policy("two", where="relief_percent >= 80 and covers_request"),
]
OTHER = [
    policy("two", test="n >= 1"),
    policy("two", where="covers_request and relief_percent > 80"),
    policy("two", where="covers_request and relief_percent >= 50"),
]


@pytest.mark.parametrize("other", SAME)
def test_wording_names_and_order_do_not_count(other):
    (row,) = compare_policies([FIRST, other]).rows
    assert not row.differs


@pytest.mark.parametrize("other", OTHER)
def test_another_number_operator_or_measure_differs(other):
    (row,) = compare_policies([FIRST, other]).rows
    assert [cell.differs for cell in row.cells] == [False, True]


@pytest.mark.parametrize(
    ("test", "where", "differs"),
    [
        ("levels_in_scope", "true", [False, True, False]),
        ("session_levels <= 2", "true", [False, True, True]),
        ("session_regions = 1", "true", [False, True, True]),
        ("n >= 2", "same_region", [False, True, True]),
        ("n >= 2", "covers_request", [False, False, False]),
    ],
)
def test_what_depends_on_regions_differs_where_they_are_drawn_otherwise(test, where, differs):
    drawn = ("r: L1-2..L5-S1", "s: C2-3..C6-7", "r: L1-2..L2-3, s: L3-4..L5-S1")
    three = [policy(f"p{n}", test=test, where=where, regions=regions) for n, regions in enumerate(drawn)]
    (row,) = compare_policies(three).rows
    assert [cell.differs for cell in row.cells] == differs


def test_the_names_of_regions_do_not_count():
    two = [policy("one", "levels_in_scope", regions="r: L1-2"), policy("two", "levels_in_scope", regions="q: L1-2")]
    assert not compare_policies(two).rows[0].differs


@pytest.mark.parametrize(
    ("one", "two", "differs"),
    [
        ({"asks": "ablation"}, {"asks": "block", "silent_on": "ablation"}, True),  # as tricare-west and bcbs-alabama
        ({"asks": "block", "silent_on": "ablation"}, {"asks": "block ablation"}, True),
        ({"asks": "block ablation"}, {"asks": "ablation block"}, False),
        ({"asks": "block ablation"}, {"asks": "ablation"}, False),  # the other knows no block
        ({"asks": "block", "silent_on": "ablation"}, {"asks": "ablation"}, True),
        ({"asks": "fusion", "silent_on": "block"}, {"asks": "block"}, True),
        ({"asks": "fusion"}, {"asks": "block"}, False),  # no request in common: each asks it of all that it knows
        ({"asks": "fusion"}, {"asks": "block", "silent_on": "ablation"}, True),
    ],
)
def test_the_requests_that_a_criterion_is_asked_of_count(one, two, differs):
    (row,) = compare_policies([policy("one", **one), policy("two", **two)]).rows
    assert row.differs is differs
    (row,) = compare_policies([policy("two", **two), policy("one", **one)]).rows
    assert row.differs is differs


def test_the_library_is_not_called_equal_where_it_is_not():
    library = load_library()

    def differ(one, other):
        return {row.topic for row in compare_policies([library[one], library[other]]).rows if row.differs}

    assert "conservative_care" in differ("tricare-west", "bcbs-alabama")
    assert "spine_region" in differ("multisociety-lumbar-2020", "multisociety-cervical-2021")
    assert "levels_per_session" in differ("medicare-cgs-l38773-2024", "medicare-novitas-l34892-2024")


def test_the_first_policy_that_speaks_sets_the_measure():
    library = load_library()
    comparison = compare_policies([library["medicare-hospital-outpatient-2023"], FIRST, OTHER[0]])
    (row,) = [row for row in comparison.rows if row.topic == "blocks_before_ablation"]
    assert [bool(cell.statements) for cell in row.cells] == [False, True, True]
    assert [cell.differs for cell in row.cells] == [False, False, True]


def test_between_june_and_september_2024_the_third_level_changed():
    medicare = [one for one in load_library().values() if one.payer == "medicare" and one.contractor is None]
    (change,) = changes_between(medicare, datetime.date(2024, 6, 1), datetime.date(2024, 9, 1))
    assert (change.before, change.after) == (("medicare-facet-2021",), ("medicare-facet-2024",))
    assert [row.topic for row in change.comparison.rows] == ["levels_per_session"]


def test_nothing_changes_within_a_day():
    assert changes_between(load_library().values(), datetime.date(2025, 1, 1), datetime.date(2025, 1, 1)) == []


def test_a_contractor_that_changed_its_determination_is_told():
    noridian = [one for one in load_library().values() if one.contractor == "noridian_jf"]
    (change,) = changes_between(noridian, datetime.date(2026, 4, 15), datetime.date(2026, 4, 16))
    assert change.after == ("medicare-noridian-jf-l38801-2024",)
    assert change.comparison.rows == ()
    assert "medicare-noridian-jf-l38803-2024" in changes_csv([change])


def test_while_two_texts_overlap_what_went_is_held_against_what_stayed():
    cgs = [one for one in load_library().values() if one.contractor == "cgs"]
    days = datetime.date(2024, 7, 20), datetime.date(2024, 8, 20)
    for on, later in (days, days[::-1]):
        (change,) = changes_between(cgs, on, later)
        assert [row.topic for row in change.comparison.rows] == ["levels_per_session"]
        assert change.changed


def test_a_text_that_nobody_had_or_read_is_not_called_a_change_or_silent():
    before, after = datetime.date(2021, 4, 24), datetime.date(2021, 5, 2)
    changes = changes_between([load_library()[name] for name in FOUND], before, after)
    assert [one.changed for one in changes] == [False, False]
    page = changes_page(changes, before, after)
    assert page.headline == "1 not known: text not available; 1 new in the library"
    assert "none in the library" in changes_csv(changes)
    assert "nothing" not in changes_csv(changes)


FOUND = ("medicare-facet-before-2021", "medicare-facet-2021", "unitedhealthcare")


def test_a_policy_without_any_text_is_silent_on_nothing():
    library = load_library()
    comparison = compare_policies([library["medicare-facet-2021"], library["medicare-facet-before-2021"]])
    lines = comparison_csv(comparison).splitlines()[1:]
    assert len(lines) > 10
    assert all(line.endswith(("text not available", "(text not available)")) for line in lines)
    listed = comparison_page(msgspec.structs.replace(comparison, columns=comparison.columns * 2), None, matrix=False)
    assert "Silent: medicare-facet-before-2021" not in repr(listed.sections)
    assert "Text not available: medicare-facet-before-2021" in repr(listed.sections)


@pytest.mark.parametrize("read", ["unverified", "read in a secondary source"])
def test_what_was_not_read_in_the_primary_source_says_so(read):
    assert f"Two. ({read})" in comparison_csv(compare_policies([policy("one", read=read)]))
    primary = policy("one", read="read in the primary source")
    assert "(" not in comparison_csv(compare_policies([primary]))


def test_an_unavailable_text_says_what_it_would_be_of():
    assert "What Medicare asked before 25 April 2021. (text not available)" in comparison_csv(
        compare_policies([load_library()["medicare-facet-before-2021"]])
    )


def test_csv_has_a_line_a_topic_and_a_column_a_policy():
    lines = comparison_csv(compare_policies([FIRST, OTHER[0]])).splitlines()
    assert lines[0] == "topic,differs,one,two"
    assert lines[1].startswith('"Blocks before ablation, and their relief",yes,Two. (unverified),≠ Two. (unverified)')


@pytest.mark.parametrize(
    "policy", [one for one in load_library().values() if one.kind != "pathway"], ids=lambda p: p.id
)
def test_every_criterion_of_a_guideline_or_payer_has_a_topic(policy):
    assert [criterion.id for criterion in policy.criteria().values() if criterion.topic is None] == []
