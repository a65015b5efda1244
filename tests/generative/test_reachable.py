"""Statuses that a criterion can have: whatever facts give must be among those the search finds."""

import time
from types import SimpleNamespace

import pytest
from facts_strategy import facts_of
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_rules import WORLD, expressions

from facetwise.records import REQUEST_FIELDS
from facetwise.rules import Scope, Status, load_library, parse_leaf, policy_named, read_policy, status_of
from facetwise.rules.case_coverage import own_criteria
from facetwise.rules.expressions import Name, Not
from facetwise.rules.measures import Rows
from facetwise.rules.reachable import possible, reachable_statuses
from facetwise.rules.situation import View

WRITTEN = [policy for policy in load_library().values() if policy.contractor is None]


WORLD_POLICY = SimpleNamespace(
    measures={name: SimpleNamespace(field=field, where=None, over="prior") for name, field in WORLD.items()}
)
"""A policy as far as the search looks at it, with the facts of the small world of `test_rules`."""


@given(expressions(), facts_of(WORLD))
def test_what_some_facts_make_true_is_possible(expression, facts):
    truth = expression.truth(facts)
    if truth is not None:
        assert possible(expression if truth else Not(expression), WORLD_POLICY)


@pytest.mark.parametrize("policy", WRITTEN, ids=lambda policy: policy.id)
@given(data=st.data())
def test_no_facts_give_a_status_that_the_search_calls_unreachable(policy, data):
    facts = data.draw(facts_of(REQUEST_FIELDS))
    facts["kind"] = facts["kind"] or "medial_branch_block"  # a request always says what is asked for
    view = View(policy, facts, {"prior": Rows([], complete=data.draw(st.booleans())), "same_day": Rows([])})
    for criterion in policy.criteria().values():
        assert status_of(criterion, view) in reachable_statuses(criterion, policy)


def _criterion(test, *, applies=None, unless=None, where="relief_percent >= 80"):
    lines = [
        "id: tried",
        "kind: local",
        "issuer: i",
        "title: t",
        "sources: {s: {title: s}}",
        "measures:",
        f'  blocks: {{count: prior, where: "{where}"}}',
        "requests:",
        "  r:",
        "    title: r",
        "    asked_when: 'true'",
        "    criteria:",
        "      - id: c",
        "        says: c",
        f'        test: "{test}"',
        "        cites: {source: s}",
    ]
    lines += [f'        applies_when: "{applies}"'] if applies else []
    lines += [f'        unless: "{unless}"'] if unless else []
    policy = read_policy("\n".join(lines), "tried.yaml")
    return policy.criteria()["c"], policy


M, N, U, R, A = Status.MET, Status.NOT_MET, Status.NOT_DOCUMENTED, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
TABLE = [
    ({"test": "pain_months >= 3"}, {M, N, U}),
    ({"test": "pain_months >= 3 and pain_months < 3"}, {N, U}),
    ({"test": "pain_months > 2 and pain_months < 3"}, {N, U}),
    ({"test": "pain_score > 2 and pain_score < 3"}, {M, N, U}),
    ({"test": "pain_axial and not pain_axial"}, {N, U}),
    ({"test": "pain_axial or not pain_axial"}, {M, U}),
    ({"test": "kind = 'other'"}, {M, N}),
    ({"test": "kind = 'other' and kind = 'spinal_fusion'"}, {N}),
    ({"test": "guidance in ('ct', 'mri') and guidance != 'ct' and guidance != 'mri'"}, {N, U}),
    ({"test": "false"}, {N}),
    ({"test": "true"}, {M}),
    ({"test": "false", "unless": "true"}, {R}),
    ({"test": "pain_axial", "unless": "true"}, {M, R, U}),
    ({"test": "pain_axial", "unless": "red_flag"}, {M, N, R, U}),
    ({"test": "pain_axial", "applies_when": "red_flag"}, None),
    ({"test": "pain_axial", "applies": "red_flag"}, {M, N, U, A}),
    ({"test": "pain_axial", "applies": "not pain_axial"}, {N, U, A}),
    ({"test": "blocks >= 1"}, {M, N, U}),
    ({"test": "blocks >= 0"}, {M, U}),
    ({"test": "blocks < 0"}, {N, U}),
    ({"test": "blocks >= 1", "where": "relief_percent >= 80 and relief_percent < 50"}, {N, U}),
]


@pytest.mark.parametrize(("given_", "expected"), [row for row in TABLE if row[1] is not None])
def test_reachable_statuses(given_, expected):
    criterion, policy = _criterion(given_["test"], **{key: text for key, text in given_.items() if key != "test"})
    assert reachable_statuses(criterion, policy) == expected


def test_a_text_that_was_not_available_is_never_applicable():
    policy = load_library()["medicare-facet-before-2021"]
    assert reachable_statuses(policy.criteria()["text_before_2021"], policy) == {A}


def test_a_revision_owns_what_it_changed():
    library = load_library()
    own = own_criteria(library["medicare-facet-2024"], library["medicare-facet-2021"])
    assert [criterion.id for criterion in own] == ["at_most_two_levels_per_session"]


@pytest.mark.parametrize(
    "change",
    [
        {"otherwise": 3.0},
        {"of": Name("days_before", of_row=True)},
        {"over": "same_day"},
    ],
)
def test_a_revision_owns_what_its_measures_changed(change):
    earlier = load_library()["medicare-facet-2024"]
    name = "months_since_last_ablation"
    changed = replace(earlier, measures={**earlier.measures, name: replace(earlier.measures[name], **change)})
    assert own_criteria(earlier, earlier) == []
    (own,) = own_criteria(changed, earlier)
    assert own.topic == "blocks_before_repeat"


def test_a_span_of_a_billion_is_not_listed():
    policy = policy_named("medicare-facet-2024")
    started = time.monotonic()
    for text, expected in (
        ("pain_months between 1 and 1000000000 and pain_months != 5", True),
        ("pain_months between 1 and 2 and pain_months != 1 and pain_months != 2", False),
        ("pain_months between 1 and 2 and pain_months != 1 and pain_months != 1.5", True),
    ):
        assert possible(parse_leaf(text, Scope(REQUEST_FIELDS)), policy) is expected
    assert time.monotonic() - started < 2
