"""Where an audit is worked out: on this machine, or on Spark."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from facetwise.cli.progress import progress

if TYPE_CHECKING:
    from facetwise.audit.findings import Manifest
    from facetwise.audit.running import Settings
    from facetwise.audit.sources import From, Source
    from facetwise.records import Kind
    from facetwise.rules import Policy


class Reading(NamedTuple):
    """What is read, as the options say."""

    path: Path
    from_: "From"
    workspace: Path
    memory_mb: int
    injections_are: "Kind | None"
    history_known: bool
    cores: int


def opened(reading: Reading) -> "Source":
    """The events, sorted and ready to be read."""
    from facetwise.audit.sources import open_source

    with progress("Reading and sorting") as told:
        return open_source(
            reading.path,
            from_=reading.from_,
            workspace=reading.workspace,
            memory_mb=reading.memory_mb,
            injections_are=reading.injections_are,
            history_known=reading.history_known,
            cores=reading.cores,
            progress=told,
        )


def on_this_machine(source: "Source", policies: "Sequence[Policy]", out: Path, settings: "Settings") -> "Manifest":
    """The findings of one machine, with their side files."""
    from facetwise.audit.running import audit as run

    _announce(source, policies, settings)
    with progress("Events", source.rows_in) as told:
        return run(source, policies, out, settings, told)


def on_spark(
    reading: Reading, policies: "Sequence[Policy]", in_force: tuple[str, ...], out: Path, *, values: bool
) -> "Manifest":
    """The same, worked out by Spark."""
    from facetwise.audit.mapping.mapped import Said
    from facetwise.audit.sources import map_source, room
    from facetwise.audit.spark import audit_by_spark
    from facetwise.audit.spark.session import spark_session

    where, today = room(reading.workspace, reading.memory_mb, reading.cores), datetime.date.today()
    said = Said(reading.injections_are, reading.history_known)
    with progress("Reading and mapping") as told:
        mapped = map_source(reading.path, where, from_=reading.from_, today=today, said=said, progress=told)
    session = spark_session(reading.cores, reading.memory_mb, reading.workspace)
    try:
        return audit_by_spark(
            session,
            mapped.folder if mapped else reading.path,
            policies,
            out,
            values=values,
            in_force=in_force,
            today=today,
            name=str(reading.path),
            format_=reading.from_,
            files=mapped.files if mapped else (),
            rejected_before=mapped.rejected if mapped else None,
            unmapped=mapped.unmapped if mapped else None,
        )
    finally:
        session.stop()


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
