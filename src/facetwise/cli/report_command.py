"""`facetwise report`: the next step for many patients, in one HTML file."""

import sys
from pathlib import Path
from typing import Annotated

import click
import typer

from facetwise.cli.answering import warn_of_unmapped
from facetwise.cli.files import parse_day, read_record_file, write_whole


def report(
    records: Annotated[
        list[Path] | None, typer.Argument(help="Records or FHIR Bundles. Without any: the invented example patients.")
    ] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="The records as they stood on this day, YYYY-MM-DD.")] = "today",
    out: Annotated[Path, typer.Option("--out", "-o", help="The HTML file to write.")] = Path("report.html"),
) -> None:
    """Print the next step of each patient in a line, and write all of them as one HTML report.

    Example: facetwise report clinic/*.json --out today.html
    """
    from facetwise.examples import example_names, example_record
    from facetwise.pathway import next_step
    from facetwise.reports.answers import next_page
    from facetwise.reports.html import html
    from facetwise.reports.text import print_summary

    day = parse_day(as_of)
    patients: list[Path | str] = [*records] if records else [*example_names()]
    answers, notes = [], []
    with click.progressbar(patients, label="Patients", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for patient in bar:
            if isinstance(patient, Path):
                record, unmapped = read_record_file(patient)
                notes.append((patient, unmapped))
            else:
                record = example_record(patient, day)
            answers.append(next_step(record, day))
    for file, unmapped in notes:
        warn_of_unmapped(unmapped, file)
    write_whole(out, html([next_page(answer) for answer in answers]))  # first: a reader of the summary may stop early
    print_summary(answers)
    typer.echo(f"\nReport: {out}")
