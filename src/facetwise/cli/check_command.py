"""`facetwise check`: one request against chosen policies."""

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
from facetwise.cli.files import parse_day, read_bytes, read_record_file


def check(
    record: Annotated[Path, typer.Argument(help="Facetwise JSON or a FHIR R4 Bundle (JSON); - for standard input.")],
    request: Annotated[
        Path, typer.Option("--request", "-r", help="The request, as JSON: kind, date, sites, purpose …")
    ],
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", "-p", help="A policy's id or YAML file; repeat for more. Default: by who pays."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The record as it stood on this day. Default: the request's date.")
    ] = None,
    format_: Annotated[OutputFormat, typer.Option("--format", "-f", help="How to write the answer.")] = (
        OutputFormat.TEXT
    ),
    payer: Annotated[str | None, typer.Option("--payer", help=PAYER_HELP)] = None,
    state: Annotated[str | None, typer.Option("--state", help=STATE_HELP)] = None,
    contractor: Annotated[str | None, typer.Option("--contractor", help=CONTRACTOR_HELP)] = None,
    every: Annotated[bool, typer.Option("--all", help="Show every criterion, also those that are met.")] = False,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """Whether policies support a request: each criterion met, not met or not documented, with its source.

    A policy that was not in force on the request's date is still answered, and says so.

    Example: facetwise check patient.json --request request.json --policy medicare-facet-2024
    """
    from facetwise.documents import DocumentError
    from facetwise.pathway import check as check_request
    from facetwise.records import read_request
    from facetwise.reports.answers import check_page

    day = parse_day(as_of) if as_of else None
    chosen = chosen_policies(policy) if policy else None
    patient, unmapped = read_record_file(record)
    patient = as_covered(patient, payer, state, contractor)
    try:
        wanted = read_request(read_bytes(request))
    except DocumentError as error:
        raise error.in_file(str(request)) from None
    for one in chosen or ():
        if not one.in_force(wanted.date):
            typer.echo(f"note: {one.id} is not in force on {wanted.date}", err=True)
    answer = check_request(patient, wanted, chosen, day)
    give(answer, check_page(answer, every_criterion=every), format_, out)
    warn_of_unmapped(unmapped, record)
