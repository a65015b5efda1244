"""The statement of every policy, word for word. `make golden` writes the files anew."""

import os
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from facetwise.audit.sql.dialects import Dialect, policy_sql_for
from facetwise.audit.sql.statement import policy_sql
from facetwise.rules import load_library, policy_named

FOLDER = Path(__file__).parent / "sql"
LIBRARY = load_library()
WRITTEN = [name for name, policy in LIBRARY.items() if policy.contractor is None]
"""Those of Medicare's contractors differ in few thresholds from the text that they share."""


@pytest.mark.parametrize("name", WRITTEN)
def test_the_statement_of_a_policy(name: str) -> None:
    text = policy_sql(policy_named(name))
    golden = FOLDER / f"{name}.sql"
    if os.environ.get("FACETWISE_REGENERATE"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text


def test_no_file_is_left_of_a_policy_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(WRITTEN)


@pytest.mark.parametrize("name", LIBRARY)
def test_a_statement_is_readable_sql_in_stable_order(name: str) -> None:
    text = policy_sql(policy_named(name))
    assert max(len(line) for line in text.splitlines()) <= 120
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    tree = sqlglot.parse_one(text, read="duckdb")
    assert tree.named_selects[6:] == list(LIBRARY[name].criteria())
    assert all(table.name in ("events", "visits") or _is_made(table, tree) for table in tree.find_all(exp.Table))


def _is_made(table: exp.Table, tree: exp.Expr) -> bool:
    return table.name in {made.alias for made in tree.ctes}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_criterion_and_measure_says_what_it_is(name: str) -> None:
    policy, text = LIBRARY[name], " ".join(policy_sql(LIBRARY[name]).replace("--", "").split())
    missing = [one.id for one in policy.criteria().values() if " ".join(one.says.split()) not in text]
    assert missing == []


@pytest.mark.parametrize("dialect", Dialect)
def test_a_dialect_keeps_the_tables_and_columns(dialect: Dialect) -> None:
    policy = LIBRARY["medicare-facet-2024"]
    tree = sqlglot.parse_one(policy_sql_for(policy, dialect), read=dialect.value)
    original = sqlglot.parse_one(policy_sql(policy), read="duckdb")
    assert tree.named_selects == original.named_selects
    assert [made.alias for made in tree.ctes] == [made.alias for made in original.ctes]


def test_sql_server_gets_no_boolean() -> None:
    tree = sqlglot.parse_one(policy_sql_for(LIBRARY["medicare-facet-2024"], Dialect.TSQL), read="tsql")
    assert not list(tree.find_all(exp.Boolean))
