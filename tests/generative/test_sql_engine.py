"""The statement of every policy, run by DuckDB, says what the reference evaluator says, on any history."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sql_strategy import EVERY_MEASURE, WRITTEN, asked_of_everything, populations

from facetwise.audit.kernel.table import events_in
from facetwise.audit.reference import reference_statuses
from facetwise.audit.sql.engine import Statuses, statuses_by_sql
from facetwise.rules import Policy, policy_named

EXAMPLES = max(5, settings.default.max_examples // 12)
"""A statement takes a while to plan, whatever its size."""


@pytest.mark.parametrize("policy", WRITTEN, ids=lambda policy: policy.id)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_a_statement_agrees_with_the_reference(policy: Policy, data: st.DataObject) -> None:
    table, visits = data.draw(populations(policy))
    for asked in (policy, asked_of_everything(policy)):
        assert_same(asked, statuses_by_sql(asked, table, visits), reference_statuses(asked, events_in(table, visits)))


@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_every_kind_of_measure_agrees_with_the_reference(data: st.DataObject) -> None:
    table, visits = data.draw(populations(EVERY_MEASURE))
    expected = reference_statuses(EVERY_MEASURE, events_in(table, visits))
    assert_same(EVERY_MEASURE, statuses_by_sql(EVERY_MEASURE, table, visits), expected)


@settings(max_examples=EXAMPLES)
@given(data=st.data(), seed=st.integers(0, 1000))
def test_shuffled_rows_have_the_same_answers(data: st.DataObject, seed: int) -> None:
    policy = asked_of_everything(policy_named("facet-pathway"))
    table, visits = data.draw(populations(policy))
    order = np.random.default_rng(seed).permutation(len(table))
    asked, statuses = statuses_by_sql(policy, table, visits)
    shuffled_visits = visits.take(np.arange(len(visits))[::-1])
    assert_same(policy, statuses_by_sql(policy, table.take(order), shuffled_visits), (asked[order], statuses[order]))


def test_no_events_have_no_answers() -> None:
    policy = policy_named("medicare-facet-2024")
    empty = pa.table(
        {"patient": pa.array([], pa.int64()), "date": pa.array([], pa.date32()), "kind": pa.array([], pa.string())}
    )
    asked, statuses = statuses_by_sql(policy, empty)
    assert (asked.shape, statuses.shape) == ((0,), (0, len(policy.criteria())))


def test_what_a_table_has_not_is_not_documented() -> None:
    policy = asked_of_everything(policy_named("medicare-facet-2024"))
    bare = pa.table(
        {
            "patient": pa.array([7, 7], pa.int64()),
            "date": pa.array([19000, 19100], pa.date32()),
            "kind": pa.array(["medial_branch_block", "radiofrequency_ablation"]).dictionary_encode(),
            "pain_months": pa.array([float("nan"), 12.0]),
        }
    )
    expected = reference_statuses(policy, events_in(bare))
    assert_same(policy, statuses_by_sql(policy, bare), expected)
    pain = list(policy.criteria()).index("three_months_of_pain")
    assert expected[1][:, pain].tolist() == [0, 2]


def assert_same(policy: Policy, found: Statuses, expected: Statuses) -> None:
    assert found[0].tolist() == expected[0].tolist()
    names, (rows, slots) = list(policy.criteria()), np.nonzero(found[1] != expected[1])
    different = zip(rows.tolist(), slots.tolist(), strict=True)
    assert [(row, names[slot], found[1][row, slot], expected[1][row, slot]) for row, slot in different] == []
