"""How fast is an audit, engine by engine, and how near is it to reading and writing alone?

A synthetic population is made once; then, in the same run and in turns, the same policy is asked by the native engine
on one core and on all, by DuckDB's SQL on a tenth of the people, and by Spark where PySpark is installed. Two things
stand beside them as measures:

- the floor reads the same columns and writes the same findings, and asks nothing;
- DuckDB's own sort of the tables that are out of order, from Parquet to Parquet.

Compiling and starting Java are done before the clock starts. Run it with `make bench-audit`; `PATIENTS` in the
environment sets the size, and `ROUNDS` how often.
"""

import os
import platform
import statistics
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from populations import TODAY, events_of, in_turns, made, out_of_order, spread

from facetwise.audit.engines import Engine
from facetwise.audit.events import KEYS
from facetwise.audit.findings import read_findings, read_manifest
from facetwise.audit.running import Settings, audit
from facetwise.audit.sources import open_source
from facetwise.rules import load_library

PATIENTS = int(os.environ.get("PATIENTS", "100000"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
POLICY = load_library()["medicare-facet-2024"]
PARTS = 10


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, half, small = (made(folder, patients) for patients in (PATIENTS, PATIENTS // 2, PATIENTS // 10))
        shuffled = out_of_order(large, folder / "shuffled")
        asked(large, folder / "warm-up", Settings())
        session = spark_session()
        print(f"{platform.machine()}, {os.cpu_count()} cores, {events_of(large):,} events, {ROUNDS} rounds in turns")
        floor, sort, *times = in_turns(
            ROUNDS,
            lambda out: read_and_write(large, folder / "warm-up", out),
            lambda out: sorted_by_duckdb(shuffled, out),
            lambda out: asked(large, out, Settings(cores=1)),
            lambda out: asked(large, out, Settings()),
            lambda out: asked(half, out, Settings()),
            lambda out: asked(shuffled, out, Settings()),
            lambda out: asked(small, out, Settings(engine=Engine.DUCKDB)),
            *([lambda out: asked_on_spark(session, shuffled, out)] if session else []),
        )
        names = ["native, one core", "native, all cores", "half the people", "out of order", "DuckDB SQL, a tenth"]
        sizes = [events_of(one) for one in (large, large, half, large, small, large)]
        least = statistics.median(floor) / events_of(large)
        show("read and write alone", floor, events_of(large), least)
        show("DuckDB's sort alone", sort, events_of(large), least)
        for label, seconds, events in zip([*names, "Spark, out of order"], times, sizes, strict=False):
            show(label, seconds, events, least)
        ratios(sort, dict(zip([*names, "Spark"], times, strict=False)), events_of(large) / events_of(small))


def asked(population: Path, out: Path, settings: Settings) -> None:
    """One audit, from files to files."""
    with tempfile.TemporaryDirectory() as workspace:
        source = open_source(population, from_="events", workspace=Path(workspace), memory_mb=1024, today=TODAY)
        audit(source, [POLICY], out, settings)


def spark_session() -> Any:
    """A session that has started, or None without PySpark."""
    if not find_spec("pyspark"):
        return None
    from facetwise.audit.spark.session import spark_session as started

    return started(0, 2048, Path(tempfile.gettempdir()))


def asked_on_spark(session: Any, population: Path, out: Path) -> None:
    """The same on Spark's local[*]."""
    from facetwise.audit.spark import audit_by_spark

    audit_by_spark(session, population, [POLICY], out, today=TODAY)


def read_and_write(population: Path, answered: Path, out: Path) -> None:
    """What no audit can do without: its columns read once, batch by batch, and its findings written."""
    columns = [*(key.name for key in KEYS), *read_manifest(answered).columns]
    for name in ("events", "visits"):
        names = pq.ParquetFile(population / f"{name}.parquet").schema_arrow
        texts = [field.name for field in names if pa.types.is_string(field.type)]
        with pq.ParquetFile(population / f"{name}.parquet", read_dictionary=texts) as file:
            wanted = columns if name == "events" else file.schema_arrow.names
            for _ in file.iter_batches(1 << 17, columns=[one for one in wanted if one in file.schema_arrow.names]):
                pass
    out.mkdir()
    findings = read_findings(answered, POLICY.id)
    size = -(-len(findings) // PARTS)
    for part in range(PARTS):
        pq.write_table(findings.slice(part * size, size), out / f"{part}.parquet", compression="zstd")


def sorted_by_duckdb(population: Path, out: Path) -> None:
    """The tables sorted by patient and day by DuckDB alone, with what it takes by default."""
    out.mkdir()
    with duckdb.connect() as database:
        for name, order in (("events", "patient, date, sequence"), ("visits", "patient")):
            query = f"SELECT * FROM '{population / f'{name}.parquet'}' ORDER BY {order}"
            database.execute(f"COPY ({query}) TO '{out / f'{name}.parquet'}' (COMPRESSION zstd)")


def show(name: str, seconds: list[float], events: int, least: float) -> None:
    """One line: the median, events a second, and how many times the floor it takes for as many events."""
    median = statistics.median(seconds)
    ratio = median / events / least
    print(f"{name:22} {spread(seconds)}   {events / median:12,.0f} events a second   {ratio:7.2f} × the floor")


def ratios(sort: list[float], times: dict[str, list[float]], tenth: float) -> None:
    """What the aims are about."""
    median = {name: statistics.median(seconds) for name, seconds in times.items()}
    sql = median["DuckDB SQL, a tenth"] * tenth / median["native, all cores"]
    print(f"DuckDB's SQL takes {sql:.1f} times what native takes, for as many events")
    print(f"out of order takes {median['out of order'] / statistics.median(sort):.2f} times DuckDB's own sort")
    if "Spark" in median:
        print(f"Spark takes {median['Spark'] / median['out of order']:.2f} times what native takes out of order")


if __name__ == "__main__":
    main()
