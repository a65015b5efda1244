"""`facetwise example`: the invented example patients."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli.files import parse_day, write_text


class ExampleFormat(StrEnum):
    """In which form an example is written."""

    JSON = "json"
    FHIR = "fhir"


def example(
    name: Annotated[str | None, typer.Argument(help="Which example; without it, all are listed.")] = None,
    format_: Annotated[ExampleFormat, typer.Option("--format", "-f", help="Facetwise JSON or a FHIR R4 Bundle.")] = (
        ExampleFormat.JSON
    ),
    today: Annotated[str, typer.Option("--today", help="The day the dates are relative to.")] = "today",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """List the invented example patients, or print one, dated relative to today.

    Example: facetwise example second-block-due --format fhir --out bundle.json
    """
    from facetwise.examples import example_names, example_record
    from facetwise.records import write_json

    day = parse_day(today)
    if name is None:
        for one in example_names():
            typer.echo(f"{one}\n    {example_record(one, day).story}")
        return
    record = example_record(name, day)
    if format_ is ExampleFormat.FHIR:
        from facetwise.fhir import write_bundle

        write_text(write_json(write_bundle(record)).decode(), out)
    else:
        write_text(write_json(record).decode(), out)
