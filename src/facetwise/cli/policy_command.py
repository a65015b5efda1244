"""`facetwise policy`: a policy in a form that other systems run."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

policy = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="A policy in a form that other systems run.",
)


class SqlDialect(StrEnum):
    """A database; SQL Server is tsql."""

    DUCKDB = "duckdb"
    SPARK = "spark"
    POSTGRES = "postgres"
    SNOWFLAKE = "snowflake"
    BIGQUERY = "bigquery"
    REDSHIFT = "redshift"
    TSQL = "tsql"
    SQLITE = "sqlite"


@policy.callback()
def _policy() -> None:
    pass


@policy.command()
def sql(
    name: Annotated[str, typer.Argument(metavar="POLICY", help="A policy's id, or a YAML file.")],
    dialect: Annotated[SqlDialect, typer.Option("--dialect", help="For which database.")] = SqlDialect.DUCKDB,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """One statement that gives every criterion's status, from the tables `events` and `visits`.

    Example: facetwise policy sql medicare-facet-2024 --dialect spark --out medicare.sql
    """
    from facetwise.audit.sql.dialects import Dialect, policy_sql_for
    from facetwise.cli.answering import chosen_policies
    from facetwise.cli.files import write_text

    (chosen,) = chosen_policies([name], "POLICY")
    write_text(policy_sql_for(chosen, Dialect(dialect.value)), out)
