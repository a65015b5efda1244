"""A policy's statement in the SQL of other databases, by sqlglot, and what sqlglot leaves to be said.

Each result is parsed back in its own dialect, and has to give the same text again.
"""

from collections.abc import Callable
from enum import StrEnum

import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.errors import SqlglotError

from facetwise.audit.sql.statement import policy_sql
from facetwise.audit.sql.truth_values import without_booleans
from facetwise.documents import DocumentError, Problem
from facetwise.rules import Policy
from facetwise.spine import LEVELS


class Dialect(StrEnum):
    """A database whose SQL a policy can be had in. SQL Server is `tsql`, from its version of 2022 on."""

    DUCKDB = "duckdb"
    SPARK = "spark"
    POSTGRES = "postgres"
    SNOWFLAKE = "snowflake"
    BIGQUERY = "bigquery"
    REDSHIFT = "redshift"
    TSQL = "tsql"
    SQLITE = "sqlite"


def policy_sql_for(policy: Policy, dialect: Dialect) -> str:
    """The statement of a policy in a dialect. Raises `DocumentError` where the dialect cannot say it."""
    text = policy_sql(policy)
    return text if dialect is Dialect.DUCKDB else transpiled(text, dialect)


def transpiled(text: str, dialect: Dialect) -> str:
    """A statement written for DuckDB, in another dialect. Raises `DocumentError` where that cannot say the same."""
    tree = sqlglot.parse_one(text, read="duckdb").transform(_in_default_order, dialect)
    for change in _CHANGES.get(dialect, ()):
        tree = change(tree)
    try:
        written = _written(tree, dialect)
        for _ in range(3):  # reading may add casts or parentheses once
            again = _written(sqlglot.parse_one(written, read=dialect.value), dialect)
            if again == written:
                return f"{written}\n"
            written = again
    except SqlglotError as error:
        raise DocumentError([Problem("", f"{dialect} cannot say this policy: {error}", _REMEDY)]) from None
    raise DocumentError([Problem("", f"What is written in {dialect} is read back as something else", _REMEDY)])


_REMEDY = "Take the statement in another dialect, such as postgres"


def _written(tree: exp.Expr, dialect: Dialect) -> str:
    return tree.sql(dialect=dialect.value, pretty=True, unsupported_level=ErrorLevel.RAISE)


def _in_default_order(node: exp.Expr, dialect: Dialect) -> exp.Expr:
    """Leave nulls where the database puts them: only ties are broken by columns that may be null."""
    if isinstance(node, exp.Ordered) and node.name != "sequence":
        node.set("nulls_first", dialect not in (Dialect.POSTGRES, Dialect.SNOWFLAKE, Dialect.REDSHIFT))
    return node


def _counted_bits(tree: exp.Expr) -> exp.Expr:
    """BIT_COUNT as a sum over the levels."""

    def spelled(node: exp.Expr) -> exp.Expr:
        if not (isinstance(node, exp.Anonymous) and node.name.upper() == "BIT_COUNT"):
            return node
        mask = node.expressions[0].sql(dialect="duckdb")
        ones = " + ".join(f"CASE WHEN ({mask} & {1 << n}) <> 0 THEN 1 ELSE 0 END" for n in range(len(LEVELS)))
        return sqlglot.parse_one(f"CASE WHEN ({mask}) IS NOT NULL THEN {ones} END", read="duckdb")

    return tree.transform(spelled)


def joined_bits(tree: exp.Expr) -> exp.Expr:
    """BIT_OR over rows as a sum of the greatest values of each bit."""

    def spelled(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.BitwiseOrAgg):
            return node
        mask = node.this.sql(dialect="duckdb")
        return sqlglot.parse_one(" + ".join(f"MAX(({mask}) & {1 << n})" for n in range(len(LEVELS))), read="duckdb")

    return tree.transform(spelled)


def _parts_of_dates(tree: exp.Expr) -> exp.Expr:
    """EXTRACT by strftime."""
    marks = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d"}

    def spelled(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Extract):
            return node
        return exp.cast(
            exp.Anonymous(this="STRFTIME", expressions=[exp.Literal.string(marks[node.name.upper()]), node.expression]),
            "INT",
        )

    return tree.transform(spelled)


_CHANGES: dict[Dialect, tuple[Callable[[exp.Expr], exp.Expr], ...]] = {
    Dialect.POSTGRES: (_counted_bits,),
    Dialect.SNOWFLAKE: (_counted_bits,),
    Dialect.REDSHIFT: (_counted_bits,),
    Dialect.TSQL: (joined_bits, without_booleans),
    Dialect.SQLITE: (_counted_bits, joined_bits, _parts_of_dates),
}
