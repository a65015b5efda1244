"""On a synthetic million of people every engine says the same; the reference evaluator is asked of every tenth of them.

`make test-million` runs it, which takes the better part of an hour on two cores. `PATIENTS` in the environment makes
it smaller, `TENTHS` asks the reference evaluator of more.
"""

import datetime
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from facetwise.audit.findings import read_manifest
from facetwise.audit.synthesis import Format, synthesize

pytestmark = pytest.mark.million
PATIENTS = int(os.environ.get("PATIENTS", "1000000"))
TENTHS = int(os.environ.get("TENTHS", "1"))
POLICY = "medicare-facet-2024"
KEYS = ["patient", "date", "sequence", "kind"]


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Path:
    """A folder with the people, and what the native engine says of them."""
    folder = tmp_path_factory.mktemp("million")
    today = datetime.date.today()
    synthesize(folder / "people", patients=PATIENTS, seed=7, today=today, format_=Format.EVENTS)
    audited(folder / "people", folder / "native")
    return folder


def audited(population: Path, out: Path, *options: str) -> Path:
    """One audit by the command."""
    command = [sys.executable, "-m", "facetwise", "audit", str(population), "-p", POLICY, "-o", str(out), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


def findings(*folders: Path) -> pl.DataFrame:
    """Everything that was found, in one order, words as texts."""
    parts = [part for folder in folders for part in (folder / f"policy={POLICY}").glob("year=*/*.parquet")]
    frames = [pl.read_parquet(part, hive_partitioning=False) for part in parts]
    words = pl.col(pl.Categorical, pl.Enum).cast(pl.String)
    return pl.concat(frame.with_columns(words) for frame in frames).sort(KEYS)


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_an_engine_says_what_the_native_one_says(room, engine):
    if engine == "spark" and not find_spec("pyspark"):
        pytest.skip("PySpark is not installed")
    out = audited(room / "people", room / engine, "--engine", engine, "--memory", "4096")
    native, other = read_manifest(room / "native"), read_manifest(out)
    assert native.counts == other.counts
    assert native.events > 10 * PATIENTS
    mine, its = findings(room / "native"), findings(out)
    assert its.select(mine.columns).equals(mine)


def test_the_reference_evaluator_says_the_same_of_every_tenth(room):
    cores = os.cpu_count() or 1
    parts = [part_of(room, core, cores) for core in range(cores)]
    with ThreadPoolExecutor(cores) as pool:
        answered = list(pool.map(lambda part: audited(part, part / "findings", "--engine", "reference"), parts))
    asked = findings(room / "native").filter(pl.col("patient") % 10 < TENTHS)
    its = findings(*answered)
    assert len(its) > PATIENTS // 10
    assert its.select(asked.columns).equals(asked)


def part_of(room: Path, core: int, cores: int) -> Path:
    """The people whom one process asks the reference evaluator of."""
    folder = room / f"part-{core}"
    folder.mkdir()
    chosen = (pl.col("patient") % 10 < TENTHS) & (pl.col("patient") // 10 % cores == core)
    for name in ("events", "visits"):
        pl.scan_parquet(room / "people" / f"{name}.parquet").filter(chosen).sink_parquet(folder / f"{name}.parquet")
    return folder
