"""`facetwise compare`: policies side by side, and what changed between two days."""

import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.cli.answering import (
    CONTRACTOR_HELP,
    PAYER_HELP,
    STATE_HELP,
    OutputFormat,
    chosen_policies,
    give,
    require_alone,
    require_coverage,
)
from facetwise.cli.files import parse_day, write_text

if TYPE_CHECKING:
    from facetwise.rules import Policy


class TableFormat(StrEnum):
    """How a comparison is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"
    CSV = "csv"


def compare(
    policies: Annotated[
        list[str] | None,
        typer.Argument(help="Policies by id or YAML file. Default: all in force on the day, contractors' aside."),
    ] = None,
    on: Annotated[str, typer.Option("--on", help="The day on which they are in force, YYYY-MM-DD.")] = "today",
    with_: Annotated[str | None, typer.Option("--with", help="Another day: show what changed between the two.")] = None,
    payer: Annotated[str | None, typer.Option("--payer", help=PAYER_HELP)] = None,
    state: Annotated[str | None, typer.Option("--state", help=STATE_HELP)] = None,
    contractor: Annotated[str | None, typer.Option("--contractor", help=CONTRACTOR_HELP)] = None,
    format_: Annotated[TableFormat, typer.Option("--format", "-f", help="How to write it.")] = TableFormat.TEXT,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """What guidelines and payers ask, side by side by topic, with what differs marked.

    Example: facetwise compare medicare-facet-2024 asipp-2020

    Example: facetwise compare --on 2024-06-01 --with 2024-09-01 --contractor novitas
    """
    day = parse_day(on)
    later = None if with_ is None else parse_day(with_)
    chosen = _chosen(policies or [], payer, state, contractor, [day] if later is None else [day, later])
    if later is None:
        _give_comparison(chosen, day, bool(policies), format_, out)
    else:
        _give_changes(chosen, day, later, format_, out)


def _chosen(
    names: list[str], payer: str | None, state: str | None, contractor: str | None, days: list[datetime.date]
) -> list["Policy"]:
    """The policies that are named, or those of the library that fit the options and are in force on one of `days`."""
    if names:
        require_alone(names, {"--payer": payer, "--state": state, "--contractor": contractor})
        return chosen_policies(names, hint="POLICIES")
    from facetwise.rules import REFERENCE_PAYER, contractor_for, of_contractor, policies_in_force

    coverage = require_coverage(payer, state, contractor)
    serves, because = contractor_for(coverage) if coverage.payer in (None, REFERENCE_PAYER) else (None, ())
    for line in because:
        typer.echo(f"note: {line}", err=True)
    if state and coverage.payer not in (None, REFERENCE_PAYER):
        typer.echo(f"note: the state decides nothing for {payer}", err=True)
    wanted = REFERENCE_PAYER if serves else coverage.payer
    chosen: dict[str, Policy] = {}
    for day in days:
        in_force = [policy for policy in policies_in_force(day) if wanted in (None, policy.payer)]
        chosen |= {policy.id: policy for policy in of_contractor(in_force, serves)}
    return list(chosen.values())


def _give_comparison(
    policies: list["Policy"], day: datetime.date, named: bool, format_: TableFormat, out: Path | None
) -> None:
    from facetwise.reports.comparison_page import comparison_csv, comparison_page
    from facetwise.rules.comparing import compare_policies

    if not policies:
        raise typer.BadParameter(f"No such policy is in force on {day}. Give another day", param_hint="--on")
    answer = compare_policies(policies)
    if format_ is TableFormat.CSV:
        write_text(comparison_csv(answer), out)
        return
    page = comparison_page(answer, None if named else day, matrix=format_ is TableFormat.HTML)
    give(answer, page, OutputFormat(format_), out)


def _give_changes(
    policies: list["Policy"], on: datetime.date, later: datetime.date, format_: TableFormat, out: Path | None
) -> None:
    from facetwise.reports.comparison_page import changes_csv, changes_page
    from facetwise.rules.comparing import changes_between

    changes = changes_between(policies, on, later)
    if format_ is TableFormat.CSV:
        write_text(changes_csv(changes), out)
        return
    give(changes, changes_page(changes, on, later), OutputFormat(format_), out)
