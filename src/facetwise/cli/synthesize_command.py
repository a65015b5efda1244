"""`facetwise synthesize`: a population of invented patients, to try audits on."""

import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli.extras import require_audit_extra
from facetwise.cli.files import parse_day
from facetwise.cli.progress import progress


class PopulationFormat(StrEnum):
    """What a population is written as."""

    EVENTS = "events"
    CLAIMS = "claims"
    OMOP = "omop"
    FHIR = "fhir"


def synthesize(
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder to write, which must be new or empty.")],
    patients: Annotated[int, typer.Option("--patients", "-n", help="How many patients.")],
    format_: Annotated[
        PopulationFormat,
        typer.Option("--format", "-f", help="Event tables, professional claims, OMOP tables or FHIR bulk NDJSON."),
    ] = PopulationFormat.EVENTS,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")] = 1,
    today: Annotated[
        str | None, typer.Option("--today", help="The day on which the histories end, YYYY-MM-DD. Default: today.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a population that is in the folder.")] = False,
) -> None:
    """Make invented patients whose hidden truth is known, and what would be documented of their procedures.

    Prevalence, errors of blocks and success of ablation are cited figures; the rest is invented. What is true of each
    patient stands in truth.parquet, and what was made from which numbers in manifest.json.

    Example: facetwise synthesize --patients 10000 --out population --seed 7
    """
    day = parse_day(today) if today else datetime.date.today()
    require_audit_extra()
    from facetwise.audit.synthesis import Format, Made
    from facetwise.audit.synthesis import synthesize as make

    with progress("Patients", max(patients, 0)) as told:
        made: Made = make(
            out, patients=patients, seed=seed, today=day, format_=Format(format_.value), force=force, told=told
        )
    rows = ", ".join(f"{count:,} {name}" for name, count in made.rows.items() if name != "truth")
    typer.echo(f"Written: {out}: {made.patients:,} patients, {rows}. Seed {seed}, today {day}.", err=True)
