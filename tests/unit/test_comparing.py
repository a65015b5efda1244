"""Policies side by side: equal in meaning however they are worded, and what changed between two days."""

import datetime

import pytest

from facetwise.reports.comparison_page import changes_csv, comparison_csv
from facetwise.rules import load_library, read_policy
from facetwise.rules.comparing import changes_between, compare_policies

POLICY = """
id: {id}
kind: payer
payer: {id}
issuer: {id}
title: t
sources: {{s: {{title: s}}}}
measures:
  {measure}: {{count: prior, where: "{where}"}}
requests:
  any:
    title: Any
    asked_when: 'true'
    criteria:
      - {{id: c, topic: blocks_before_ablation, says: {says}, test: "{test}", cites: {{source: s}}}}
"""


def policy(id_, test="n >= 2", measure="n", where="covers_request and relief_percent >= 80", says="Two."):
    return read_policy(POLICY.format(id=id_, test=test, measure=measure, where=where, says=says), "p.yaml")


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


def test_csv_has_a_line_a_topic_and_a_column_a_policy():
    lines = comparison_csv(compare_policies([FIRST, OTHER[0]])).splitlines()
    assert lines[0] == "topic,differs,one,two"
    assert lines[1].startswith('"Blocks before ablation, and their relief",yes,Two.,≠ Two.')


@pytest.mark.parametrize(
    "policy", [one for one in load_library().values() if one.kind != "pathway"], ids=lambda p: p.id
)
def test_every_criterion_of_a_guideline_or_payer_has_a_topic(policy):
    assert [criterion.id for criterion in policy.criteria().values() if criterion.topic is None] == []
