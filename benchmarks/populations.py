"""Populations to measure on, and runs timed in turns, so that a busy minute hits all of them."""

import datetime
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from facetwise.audit.synthesis import Format, synthesize

TODAY = datetime.date(2026, 11, 1)


def made(folder: Path, patients: int) -> Path:
    """A synthetic population of so many people, as event tables."""
    out = folder / f"people-{patients}"
    synthesize(out, patients=patients, seed=1, today=TODAY, format_=Format.EVENTS)
    return out


def out_of_order(population: Path, out: Path) -> Path:
    """The same tables, sorted by day and not by patient."""
    out.mkdir()
    for name in ("events", "visits"):
        table = pq.read_table(population / f"{name}.parquet")
        pq.write_table(table.sort_by("date"), out / f"{name}.parquet")
    return out


def grown(population: Path, out: Path, times: int) -> Path:
    """The same people so many times, each time under other numbers; a file a time."""
    highest = pc.max(pq.read_table(population / "events.parquet", columns=["patient"])["patient"]).as_py() + 1
    for name in ("events", "visits"):
        (out / name).mkdir(parents=True)
        for time_ in range(times):
            _renumbered(population / f"{name}.parquet", out / name / f"{time_:03}.parquet", time_ * highest)
    return out


def _renumbered(source: Path, target: Path, add: int) -> None:
    with pq.ParquetFile(source) as file, pq.ParquetWriter(target, file.schema_arrow) as writer:
        for batch in file.iter_batches():
            table = pa.Table.from_batches([batch])
            numbers = pc.add(table["patient"], pa.scalar(add, pa.int64()))
            writer.write_table(table.set_column(table.column_names.index("patient"), "patient", numbers))


def events_of(population: Path) -> int:
    """How many events there are."""
    files = [population / "events.parquet"] if (population / "events.parquet").exists() else []
    files += sorted((population / "events").glob("*.parquet"))
    return sum(pq.ParquetFile(file).metadata.num_rows for file in files)


def in_turns(rounds: int, *runs: Callable[[Path], object]) -> list[list[float]]:
    """The seconds of every run in every round. Each is given a path to write to that is gone afterwards."""
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, times in zip(runs, seconds, strict=True):
            with tempfile.TemporaryDirectory() as folder:
                begun = time.perf_counter()
                run(Path(folder) / "out")
                times.append(time.perf_counter() - begun)
    return seconds


def spread(seconds: list[float]) -> str:
    """The median, and between what it lies."""
    return f"{statistics.median(seconds):8.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
