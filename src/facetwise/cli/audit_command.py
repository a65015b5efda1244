"""`facetwise audit`: every facet procedure of a population against policies."""

import sys
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.cli.answering import chosen_policies
from facetwise.cli.audit_extra import require_audit_extra

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
    REFERENCE = "reference"


def audit(
    events: Annotated[Path, typer.Argument(help="A folder or file of events: Parquet, CSV; or what --from says.")],
    policy: Annotated[list[str], typer.Option("--policy", "-p", help="A policy's id or YAML file; repeat for more.")],
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
        int, typer.Option("--memory", help="Megabytes for sorting; a batch of each core comes on top.")
    ] = 1024,
    batch: Annotated[int, typer.Option("--batch", help="Events in a batch.")] = 250_000,
) -> None:
    """Ask policies of every procedure of a population, as its record stood on the day.

    The findings are Parquet, with a manifest that says what was asked and of what. Rejected rows are kept in a side
    file with their reasons. The same policies answer here as for one patient.

    Example: facetwise synthesize --patients 10000 --out population
    Example: facetwise audit population --policy medicare-facet-2024 --out findings --report report.html
    """
    require_audit_extra()
    from facetwise.audit.engines import Engine
    from facetwise.audit.running import Settings
    from facetwise.audit.running import audit as run
    from facetwise.audit.sources import open_source
    from facetwise.records import Kind

    if (injections_are or history_known) and from_ not in (SourceFormat.CLAIMS, SourceFormat.OMOP):
        raise typer.BadParameter(
            "--injections-are and --history-known are for claims and OMOP; events say it themselves"
        )
    if report is not None and not report.parent.is_dir():
        raise typer.BadParameter(f"There is no folder {report.parent} for the report")
    policies = chosen_policies(policy)
    settings = Settings(Engine(engine.value), cores, batch, values, resume)
    with tempfile.TemporaryDirectory(
        prefix=".facetwise-", dir=out.parent if out.parent.exists() else None
    ) as workspace:
        source = open_source(
            events,
            from_=from_.value,
            workspace=Path(workspace),
            memory_mb=memory,
            injections_are=Kind(injections_are.value) if injections_are else None,
            history_known=history_known,
        )
        _announce(source, policies, settings)
        quiet = not sys.stderr.isatty()
        with typer.progressbar(
            length=source.rows_in, label="Events", show_pos=True, file=sys.stderr, hidden=quiet
        ) as bar:
            manifest = run(source, policies, out, settings, lambda rows: bar.update(rows - bar.pos))
        _keep_side_files(source, out)
        if long:
            _write_long(out, manifest)
        if report is not None:
            from facetwise.audit.report import write_report

            write_report(out, source, report, least, policies=policies, rows_per_batch=batch, cores=cores)
    _tell(manifest, out)


def _announce(source: "Source", policies: "Sequence[Policy]", settings: "Settings") -> None:
    """What the reader should know before waiting."""
    from facetwise.audit.engines import Engine
    from facetwise.audit.kernel.compiled import compiled_before

    for remark in source.remarks:
        typer.echo(f"note: {remark}", err=True)
    native = settings.engine is Engine.NATIVE
    if native and not all(compiled_before(one, source.columns, values=settings.values) for one in policies):
        what = "the first audit of a policy compiles it for these columns, about a minute, three more with --report"
        typer.echo(f"note: {what}; later audits start at once", err=True)


def _keep_side_files(source: "Source", out: Path) -> None:
    """Rejected rows and what a mapping had no place for, beside the findings."""
    for path in (source.rejects, source.unmapped):
        if path is not None and path.exists():
            (out / path.name).write_bytes(path.read_bytes())


def _write_long(out: Path, manifest: "Manifest") -> None:
    import pyarrow.parquet as pq

    from facetwise.audit.findings import long_form, read_findings

    for one in manifest.policies:
        pq.write_table(long_form(read_findings(out, one.id), one), out / f"long-{one.id}.parquet", compression="zstd")


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
