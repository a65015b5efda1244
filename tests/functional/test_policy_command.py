"""`facetwise policy sql`: from a policy's name to a statement."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlglot

GOLDEN = Path(__file__).parents[1] / "golden" / "sql"

POLICY = """
id: tried
kind: payer
issuer: Nobody
title: Tried
effective: {{from: 2020-01-01}}
sources:
  none: {{title: Nothing, issuer: Nobody, certainty: unverified}}
measures:
  {measure}: {{says: Earlier ablations., count: prior, where: kind = 'radiofrequency_ablation'}}
requests:
  any:
    title: Any procedure
    asked_when: true
    criteria:
      - {{id: {criterion}, says: At most one., test: {measure} <= 1, cites: {{source: none, where: here}}}}
"""


def test_a_statement_for_duckdb_unless_told_otherwise(facetwise: Callable) -> None:
    outcome = facetwise("policy", "sql", "medicare-facet-2024")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == (GOLDEN / "medicare-facet-2024.sql").read_text(encoding="utf-8")


@pytest.mark.parametrize("dialect", ["spark", "postgres", "snowflake", "bigquery", "redshift", "tsql", "sqlite"])
def test_a_statement_in_a_dialect_goes_to_a_file(facetwise: Callable, tmp_path: Path, dialect: str) -> None:
    file = tmp_path / "statement.sql"
    assert facetwise("policy", "sql", "nice-ng59", "--dialect", dialect, "--out", file).code == 0
    assert sqlglot.parse_one(file.read_text(encoding="utf-8"), read=dialect).named_selects[0] == "patient"


def test_a_policy_of_ones_own(facetwise: Callable, tmp_path: Path) -> None:
    file = tmp_path / "tried.yaml"
    file.write_text(POLICY.format(measure="ablations", criterion="few_ablations"))
    assert "AS few_ablations" in facetwise("policy", "sql", file).out


@pytest.mark.parametrize(
    ("measure", "criterion", "says"),
    [
        ("visits", "few_ablations", "visits: The statement has this table twice"),
        ("ablations", "patient", "patient: The statement has this column twice"),
        ("ablations", 8 * "few_ablations_", "This name in the statement has 112 characters"),
    ],
)
def test_names_that_the_statement_cannot_have(
    facetwise: Callable, tmp_path: Path, measure: str, criterion: str, says: str
) -> None:
    file, out = tmp_path / "tried.yaml", tmp_path / "out.sql"
    file.write_text(POLICY.format(measure=measure, criterion=criterion))
    outcome = facetwise("policy", "sql", file, "--out", out)
    assert outcome.code == 1
    assert says in outcome.err
    assert not out.exists()


def test_an_unknown_policy_is_a_wrong_usage(facetwise: Callable) -> None:
    outcome = facetwise("policy", "sql", "medicare-facet-2042")
    assert outcome.code == 2
    assert "medicare-facet-2024" in outcome.err


def test_an_unknown_dialect_is_a_wrong_usage(facetwise: Callable) -> None:
    assert facetwise("policy", "sql", "nice-ng59", "--dialect", "oracle").code == 2
