"""How fast is an audit, engine by engine, and how near is it to reading and writing alone?

A synthetic population is made once; then, in the same run and in turns, the same policy is asked by the native engine
on one core and on all, and by DuckDB's SQL on a tenth of the people. The floor reads the same columns with Arrow and
writes the same findings, and asks nothing. Compiling is done before the clock starts. Run it with `make bench-audit`;
`PATIENTS` in the environment sets the size.
"""

import datetime
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from facetwise.audit.engines import Engine
from facetwise.audit.findings import read_findings
from facetwise.audit.running import Settings, audit
from facetwise.audit.sources import open_source
from facetwise.audit.synthesis import Format, synthesize
from facetwise.rules import load_library

PATIENTS = int(os.environ.get("PATIENTS", "100000"))
ROUNDS = 3
POLICY = load_library()["medicare-facet-2024"]
TODAY = datetime.date(2026, 11, 1)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, half, small = (made(folder, patients) for patients in (PATIENTS, PATIENTS // 2, PATIENTS // 10))
        shuffled = out_of_order(large, folder / "shuffled")
        asked(small, folder / "warm-up", Settings())
        findings = read_findings(folder / "warm-up", POLICY.id)
        print(f"{platform.machine()}, {os.cpu_count()} cores, {events_of(large):,} events, {ROUNDS} rounds in turns")
        floor, *times = in_turns(
            lambda out: read_and_write(large, findings, out),
            lambda out: asked(large, out, Settings(cores=1)),
            lambda out: asked(large, out, Settings()),
            lambda out: asked(half, out, Settings()),
            lambda out: asked(shuffled, out, Settings()),
            lambda out: asked(small, out, Settings(engine=Engine.DUCKDB)),
        )
        names = ("native, one core", "native, all cores", "half the people", "out of order", "DuckDB SQL, a tenth")
        least = statistics.median(floor) / events_of(large)
        show("read and write alone", floor, events_of(large), least)
        sizes = [events_of(one) for one in (large, large, half, large, small)]
        for name, seconds, events in zip(names, times, sizes, strict=True):
            show(name, seconds, events, least)


def made(folder: Path, patients: int) -> Path:
    """A population of so many people."""
    out = folder / f"people-{patients}"
    synthesize(out, patients=patients, seed=1, today=TODAY, format_=Format.EVENTS)
    return out


def out_of_order(population: Path, out: Path) -> Path:
    """The same events, sorted by day and not by patient."""
    out.mkdir()
    for name in ("events", "visits"):
        table = pq.read_table(population / f"{name}.parquet")
        pq.write_table(table.sort_by("date"), out / f"{name}.parquet")
    return out


def events_of(population: Path) -> int:
    """How many events there are."""
    return int(pq.ParquetFile(population / "events.parquet").metadata.num_rows)


def asked(population: Path, out: Path, settings: Settings) -> None:
    """One audit, from files to files."""
    with tempfile.TemporaryDirectory() as workspace:
        source = open_source(population, from_="events", workspace=Path(workspace), memory_mb=1024, today=TODAY)
        audit(source, [POLICY], out, settings)


def read_and_write(population: Path, findings: object, out: Path) -> None:
    """What no audit can do without: the columns read, and as many findings written."""
    for name in ("events", "visits"):
        pq.read_table(population / f"{name}.parquet")
    out.mkdir()
    for part in range(PATIENTS // (PATIENTS // 10)):
        pq.write_table(findings, out / f"{part}.parquet", compression="zstd")


def in_turns(*runs: Callable[[Path], None]) -> list[list[float]]:
    """The seconds of every run in every round, one after the other so that a busy minute hits all."""
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, times in zip(runs, seconds, strict=True):
            with tempfile.TemporaryDirectory() as folder:
                begun = time.perf_counter()
                run(Path(folder) / "out")
                times.append(time.perf_counter() - begun)
    return seconds


def show(name: str, seconds: list[float], events: int, least: float) -> None:
    """One line: the median, events a second, and how many times the floor it takes for as many events."""
    median = statistics.median(seconds)
    ratio = median / events / least
    print(f"{name:24} {median:7.2f} s   {events / median:12,.0f} events a second   {ratio:7.1f} × the floor")


if __name__ == "__main__":
    main()
