"""A run: batches of whole patients through every policy, on all cores, into findings.

The folder that is written to carries `.partial` in its name until the last batch is in it and the manifest too. A run
that was killed leaves only that, and can be continued: batches that are done are not done again.
"""

import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

import msgspec
import pyarrow as pa

from facetwise.audit.engines import Asking, Engine, asking
from facetwise.audit.events import FACTS
from facetwise.audit.findings import Manifest, PolicyCounts, write_part
from facetwise.audit.kernel.table import events_in
from facetwise.audit.reading.side_files import kept_whole
from facetwise.audit.run_folder import finish, new_manifest, partial_folder
from facetwise.audit.sources import Source
from facetwise.documents import DocumentError, Problem
from facetwise.rules import Policy

ROWS_PER_BATCH = 250_000
"""Events in a batch: a batch of each core is in memory, with its columns and answers about 250 bytes an event."""


OF_REPORTS = ("purpose", "relief_percent")
"""What a report tells of whatever the policies are: which injections are blocks, and the relief after them."""

_Done = tuple[int, int, dict[str, PolicyCounts]]
"""A batch that is done: its number, its events, and what each policy counted."""


class Settings(msgspec.Struct, frozen=True):
    """How to run: cores, events in a batch, whether measures are written too, whether to continue a run.

    `in_force` are the policies that are asked only on days on which they are in force.
    """

    engine: Engine = Engine.NATIVE
    cores: int = 0
    rows_per_batch: int = ROWS_PER_BATCH
    values: bool = False
    resume: bool = False
    in_force: tuple[str, ...] = ()


class Progress(msgspec.Struct):
    """Which batches are done, and what they counted; `run` tells one run from another."""

    run: str
    done: dict[int, tuple[int, dict[str, PolicyCounts]]] = msgspec.field(default_factory=dict)


def audit(
    source: Source,
    policies: Sequence[Policy],
    out: Path,
    settings: Settings,
    told: Callable[[int], None] = lambda rows: None,
) -> Manifest:
    """Ask every policy of every event of a source, and write the findings to `out`.

    `told` is called with the number of events done so far. Raises `DocumentError` for a folder that is in use, and
    whatever the source raises; the partial folder then stays, for `resume`.
    """
    partial = partial_folder(out, resume=settings.resume)
    manifest, begun = new_manifest(
        source.name, source.format, source.files, settings.engine, policies, settings.in_force
    )
    progress = _continued(partial, _run_of(manifest, settings), settings)
    asked = [
        asking(
            settings.engine,
            policy,
            source.columns,
            values=settings.values,
            in_force=policy.id in settings.in_force,
        )
        for policy in policies
    ]
    manifest.columns, manifest.available = columns_read(asked, source.columns), tuple(sorted(source.available))
    _batches(source, asked, manifest.columns, partial, settings, progress, told)
    _total(manifest, progress, source)
    finish(manifest, begun, partial, out, source.rows, (source.rejects, source.unmapped))
    return manifest


def columns_read(asked: Sequence[Asking], columns: Collection[str]) -> tuple[str, ...]:
    """The facts that policies ask about and that a report tells of, as far as these columns have them."""
    wanted = {name for one in asked for name in one.kernel.columns} | set(OF_REPORTS)
    return tuple(sorted(wanted & set(columns) & FACTS.keys()))


def _run_of(manifest: Manifest, settings: Settings) -> str:
    """What must be the same for a run to be continued."""
    same = [manifest.inputs, [one.digest for one in manifest.policies], manifest.software, settings.rows_per_batch,
            settings.values, settings.engine, settings.in_force]  # fmt: skip
    return msgspec.json.encode(same).decode()


def _continued(partial: Path, run: str, settings: Settings) -> Progress:
    path = partial / "progress.json"
    if not settings.resume or not path.exists():
        return Progress(run)
    progress = msgspec.json.decode(path.read_bytes(), type=Progress)
    if progress.run != run:
        what = "The earlier run had other inputs, policies, settings or another version"
        raise DocumentError([Problem("", what, "Remove the folder and run without --resume", str(partial))])
    return progress


def _batches(
    source: Source,
    asked: Sequence[Asking],
    columns: Collection[str],
    partial: Path,
    settings: Settings,
    progress: Progress,
    told: Callable[[int], None],
) -> None:
    """Every batch that is not done yet, as many at a time as there are cores."""
    cores = settings.cores or os.cpu_count() or 1
    rows = 0

    def finish(done: set[Future[_Done]]) -> None:
        nonlocal rows
        for future in done:
            batch, events, counts = future.result()
            progress.done[batch] = events, counts
            rows += events
            _keep(partial, progress)
            told(rows)

    with ThreadPoolExecutor(cores) as pool:
        running: set[Future[_Done]] = set()
        for batch, (events, visits) in enumerate(source.batches(settings.rows_per_batch, columns)):
            if batch in progress.done:
                rows += progress.done[batch][0]
                told(rows)
                continue
            if len(running) >= cores:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                finish(done)
            running.add(pool.submit(_one_batch, batch, events, visits, asked, partial))
        finish(wait(running).done)


def _one_batch(batch: int, table: pa.Table, visits: pa.Table | None, asked: Sequence[Asking], partial: Path) -> _Done:
    events = events_in(table, visits)
    counts = {}
    for one in asked:
        answers = one.ask(table, visits, events)
        counts[one.kernel.policy.id] = write_part(partial, batch, one.kernel, events, answers)
    return batch, len(events), counts


def _keep(partial: Path, progress: Progress) -> None:
    with kept_whole(partial / "progress.json") as path:
        path.write_bytes(msgspec.json.encode(progress))


def _total(manifest: Manifest, progress: Progress, source: Source) -> None:
    """Add up the batches."""
    for events, counts in progress.done.values():
        manifest.events += events
        for policy, one in counts.items():
            manifest.counts.setdefault(policy, PolicyCounts()).add(one)
    manifest.rejected = source.rejected
