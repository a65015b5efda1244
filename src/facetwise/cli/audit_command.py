"""`facetwise audit`: every facet procedure of a population against policies."""

import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.cli.answering import chosen_policies
from facetwise.cli.audit_engines import Reading, on_spark, on_this_machine, opened
from facetwise.cli.extras import require_audit_extra
from facetwise.cli.progress import progress

if TYPE_CHECKING:
    from facetwise.audit.findings import Manifest
    from facetwise.audit.running import Settings
    from facetwise.audit.sources import Source
    from facetwise.rules import Policy


class SourceFormat(StrEnum):
    """What the input is kept as."""

    EVENTS = "events"
    OMOP = "omop"
    FHIR = "fhir"
    CLAIMS = "claims"


class InjectionKind(StrEnum):
    """What a code that joint injections and blocks share stands for."""

    JOINT_INJECTION = "facet_joint_injection"
    BLOCK = "medial_branch_block"


class EngineName(StrEnum):
    """What works the answers out; all give the same."""

    NATIVE = "native"
    DUCKDB = "duckdb"
    SPARK = "spark"
    REFERENCE = "reference"


def audit(
    events: Annotated[Path, typer.Argument(help="A folder or file of events: Parquet, CSV; or what --from says.")],
    policy: Annotated[
        list[str],
        typer.Option(
            "--policy", "-p", help="A policy's id or YAML file, or a payer for its policies on their days in force."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder of findings to write; it must not exist.")],
    from_: Annotated[
        SourceFormat, typer.Option("--from", help="Event tables, OMOP, FHIR bulk NDJSON or claims.")
    ] = SourceFormat.EVENTS,
    engine: Annotated[EngineName, typer.Option("--engine", help="What works it out.")] = EngineName.NATIVE,
    report: Annotated[Path | None, typer.Option("--report", help="Also write an HTML report to this file.")] = None,
    least: Annotated[int, typer.Option("--least", help="Smaller counts are suppressed in the report.")] = 11,
    long: Annotated[bool, typer.Option("--long", help="Also write one row a request and criterion.")] = False,
    values: Annotated[bool, typer.Option("--values", help="Also write the measures that decided.")] = False,
    injections_are: Annotated[
        InjectionKind | None,
        typer.Option("--injections-are", help="What the shared code of claims and OMOP stands for here."),
    ] = None,
    history_known: Annotated[
        bool, typer.Option("--history-known", help="The claims or OMOP tables hold all earlier procedures of everyone.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Continue a run that was stopped.")] = False,
    cores: Annotated[int, typer.Option("--cores", help="How many cores to use. Default: all.")] = 0,
    memory: Annotated[
        int, typer.Option("--memory", help="Megabytes for sorting, or for Java; a batch of each core comes on top.")
    ] = 1024,
    batch: Annotated[int, typer.Option("--batch", help="Events in a batch.")] = 250_000,
) -> None:
    """Ask policies of every procedure of a population, as its record stood on the day.

    The findings are Parquet, with a manifest that says what was asked and of what. Rejected rows are kept in a side
    file with their reasons. The same policies answer here as for one patient.

    Example: facetwise synthesize --patients 10000 --out population
    Example: facetwise audit population --policy medicare-facet-2024 --out findings --report report.html
    Example: facetwise audit extract --from claims --policy medicare --out findings
    """
    require_audit_extra()
    _require_sense(from_, engine, report, told_of_claims=bool(injections_are or history_known), resume=resume)
    from facetwise.records import Kind

    kind = Kind(injections_are.value) if injections_are else None
    policies, in_force = _chosen(policy)
    with tempfile.TemporaryDirectory(
        prefix=".facetwise-", dir=out.parent if out.parent.exists() else None
    ) as workspace:
        reading = Reading(events, from_.value, Path(workspace), memory, kind, history_known, cores)
        if engine is EngineName.SPARK:
            manifest, source = on_spark(reading, policies, in_force, out, values=values), None
        else:
            source = opened(reading)
            settings = _settings(engine, cores, batch, in_force, values=values, resume=resume)
            manifest = on_this_machine(source, policies, out, settings)
        if long:
            _write_long(out, manifest)
        if report is not None:
            _write_report(source or opened(reading), out, report, least, policies, batch, cores)
    _tell(manifest, out)


def _require_sense(
    from_: SourceFormat, engine: EngineName, report: Path | None, *, told_of_claims: bool, resume: bool
) -> None:
    """Raise a usage error for options that do not go together, before anything is read."""
    if told_of_claims and from_ not in (SourceFormat.CLAIMS, SourceFormat.OMOP):
        raise typer.BadParameter(
            "--injections-are and --history-known are for claims and OMOP; events say it themselves"
        )
    if report is not None and not report.parent.is_dir():
        raise typer.BadParameter(f"There is no folder {report.parent} for the report")
    if resume and engine is EngineName.SPARK:
        raise typer.BadParameter(
            "Spark repeats failed tasks itself; remove the partial folder and run without --resume"
        )


def _chosen(names: list[str]) -> "tuple[list[Policy], tuple[str, ...]]":
    """Policies by id, file or payer, and which of them are asked only on their days in force: those of payers."""
    from facetwise.rules import load_library

    of_payers: dict[str, list[Policy]] = {}
    for one in load_library().values():
        if one.payer and one.contractor is None:
            of_payers.setdefault(one.payer, []).append(one)
    chosen: dict[str, Policy] = {}
    in_force: list[str] = []
    for name in names:
        found = of_payers.get(name) or chosen_policies([name])
        chosen |= {one.id: one for one in found}
        in_force += [one.id for one in found if name in of_payers]
    return list(chosen.values()), tuple(dict.fromkeys(in_force))


def _settings(
    engine: EngineName, cores: int, batch: int, in_force: tuple[str, ...], *, values: bool, resume: bool
) -> "Settings":
    from facetwise.audit.engines import Engine
    from facetwise.audit.running import Settings

    return Settings(Engine(engine.value), cores, batch, values, resume, in_force)


def _write_report(
    source: "Source", out: Path, report: Path, least: int, policies: "Sequence[Policy]", batch: int, cores: int
) -> None:
    from facetwise.audit.report import write_report

    with progress("Report", source.rows_in) as told:
        write_report(out, source, report, least, told, policies=policies, rows_per_batch=batch, cores=cores)


def _write_long(out: Path, manifest: "Manifest") -> None:
    import pyarrow.parquet as pq

    from facetwise.audit.findings import long_form, read_findings
    from facetwise.audit.reading.side_files import kept_whole

    for one in manifest.policies:
        with kept_whole(out / f"long-{one.id}.parquet") as path:
            pq.write_table(long_form(read_findings(out, one.id), one), path, compression="zstd")


def _tell(manifest: "Manifest", out: Path) -> None:
    """What came out, in a few lines."""
    rate = manifest.events / manifest.seconds if manifest.seconds else 0
    typer.echo(
        f"{manifest.events:,} events in {manifest.seconds:.1f} s ({rate:,.0f} a second), {manifest.rejected:,} rejected"
    )
    for policy, counts in manifest.counts.items():
        verdicts = ", ".join(f"{number:,} {verdict}" for verdict, number in counts.verdicts.items())
        typer.echo(f"{policy}: {counts.findings:,} requests: {verdicts or 'none'}; {counts.no_rule:,} without a rule")
    typer.echo(f"Findings: {out}")
