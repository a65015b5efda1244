"""Statements in other dialects say what DuckDB says, on every database that can run here. Spark is in `tests/spark`."""

from collections.abc import Iterator
from functools import partial

import pyarrow as pa
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from private_postgres import Postgres, postgres
from sql_databases import agrees_with_duckdb, comparable, in_duckdb, in_postgres, in_sqlite
from sql_strategy import EVERY_MEASURE, WRITTEN, asked_of_everything, populations

from facetwise.audit.sql.dialects import Dialect, joined_bits
from facetwise.audit.sql.engine import tables_for
from facetwise.audit.sql.statement import policy_sql
from facetwise.audit.sql.truth_values import without_booleans
from facetwise.rules import Policy, policy_named

FEW = settings(
    max_examples=2 if settings.default.max_examples < 1000 else 1000, suppress_health_check=list(HealthCheck)
)
POLICIES = [EVERY_MEASURE, *(asked_of_everything(policy) for policy in WRITTEN)]


@pytest.mark.parametrize("policy", POLICIES[1:], ids=lambda policy: policy.id)
@FEW
@given(data=st.data())
def test_sqlite_agrees_with_duckdb(policy: Policy, data: st.DataObject) -> None:
    agrees_with_duckdb(in_sqlite, Dialect.SQLITE, policy, data)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        if running is None:
            pytest.skip("PostgreSQL is not installed")
        yield running


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
@FEW
@given(data=st.data())
def test_postgres_agrees_with_duckdb(server: Postgres, policy: Policy, data: st.DataObject) -> None:
    agrees_with_duckdb(partial(in_postgres, server), Dialect.POSTGRES, policy, data)


@FEW
@given(data=st.data())
def test_what_is_rewritten_for_sql_server_means_the_same(data: st.DataObject) -> None:
    policy = asked_of_everything(policy_named("medicare-facet-2024"))
    tables = tables_for(policy, *data.draw(populations(policy)))
    tree = without_booleans(joined_bits(sqlglot.parse_one(policy_sql(policy), read="duckdb")))
    bits = {name: without_yes_or_no(table) for name, table in tables.items()}
    found = in_duckdb(tree.sql(dialect="duckdb"), bits)
    assert comparable(policy, found) == comparable(policy, in_duckdb(policy_sql(policy), tables))


def without_yes_or_no(table: pa.Table) -> pa.Table:
    """The table with 1 and 0 for yes and no."""
    types = [pa.int8() if pa.types.is_boolean(field.type) else field.type for field in table.schema]
    return table.cast(pa.schema(list(zip(table.column_names, types, strict=True))))


def test_the_command_knows_the_same_dialects() -> None:
    from facetwise.cli.policy_command import SqlDialect

    assert [one.value for one in SqlDialect] == [one.value for one in Dialect]
