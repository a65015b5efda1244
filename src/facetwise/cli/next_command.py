"""`facetwise next`: the next step for one patient."""

from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli.answering import (
    CONTRACTOR_HELP,
    PAYER_HELP,
    STATE_HELP,
    OutputFormat,
    as_covered,
    chosen_policies,
    give,
    warn_of_unmapped,
)
from facetwise.cli.files import parse_day, read_record_file


def next_(
    record: Annotated[Path, typer.Argument(help="Facetwise JSON or a FHIR R4 Bundle (JSON); - for standard input.")],
    as_of: Annotated[str, typer.Option("--as-of", help="The record as it stood on this day, YYYY-MM-DD.")] = "today",
    format_: Annotated[OutputFormat, typer.Option("--format", "-f", help="How to write the answer.")] = (
        OutputFormat.TEXT
    ),
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", "-p", help="Ask only this policy (id or YAML file); repeat for more."),
    ] = None,
    payer: Annotated[str | None, typer.Option("--payer", help=PAYER_HELP)] = None,
    state: Annotated[str | None, typer.Option("--state", help=STATE_HELP)] = None,
    contractor: Annotated[str | None, typer.Option("--contractor", help=CONTRACTOR_HELP)] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every criterion, also those that are met.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """The next step in the pathway, with reasons, sources, what is missing and the earliest date.

    The guidelines answer, and the policies of whoever pays.

    Example: facetwise next patient.json --as-of 2026-03-01 --format html --out patient.html
    """
    from facetwise.pathway import next_step
    from facetwise.reports.answers import next_page

    day = parse_day(as_of)
    policies = chosen_policies(policy) if policy else None
    patient, unmapped = read_record_file(record)
    patient = as_covered(patient, payer, state, contractor)
    answer = next_step(patient, day, policies)
    give(answer, next_page(answer, every_criterion=every), format_, out)
    warn_of_unmapped(unmapped, record)
