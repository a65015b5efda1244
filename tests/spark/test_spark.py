"""On Spark an audit says of every event what it says on one machine, and loses no row."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from facetwise.audit.findings import read_findings, read_manifest
from facetwise.audit.running import Settings, audit
from facetwise.audit.sources import open_source
from facetwise.audit.spark import audit_by_spark, findings_by_spark
from facetwise.audit.synthesis import Format, synthesize
from facetwise.documents import DocumentError
from facetwise.rules import load_library

pytestmark = pytest.mark.spark
TODAY = datetime.date(2026, 11, 1)
ORDER = [("patient", "ascending"), ("date", "ascending"), ("sequence", "ascending"), ("kind", "ascending")]
POLICY = "medicare-facet-2024"


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    sql = pytest.importorskip("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable  # executors run what this test runs
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark"))).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "population"
    synthesize(folder, patients=500, seed=3, today=TODAY, format_=Format.EVENTS)
    return folder


def alone(folder: Path, out: Path, *policies: str, values: bool = False) -> None:
    """The same on one machine."""
    workspace = out.with_name("workspace")
    workspace.mkdir(exist_ok=True)
    source = open_source(folder, from_="events", workspace=workspace, memory_mb=1024, today=TODAY)
    audit(source, [load_library()[one] for one in policies], out, Settings(values=values))


def rows(table: pa.Table) -> list[dict[str, object]]:
    words = [pa.field(f.name, pa.string()) if pa.types.is_dictionary(f.type) else f for f in table.schema]
    return table.cast(pa.schema(words)).sort_by(ORDER).to_pylist()


def copied(people: Path, out: Path, change=lambda events: events, more=lambda visits: visits) -> Path:
    """The population, its tables changed."""
    out.mkdir()
    for name, changed in (("events", change), ("visits", more)):
        pq.write_table(changed(pq.read_table(people / f"{name}.parquet")), out / f"{name}.parquet")
    return out


@pytest.mark.parametrize("policies", [[POLICY], ["asipp-2020", "medicare-hospital-outpatient-2023"]])
def test_findings_are_those_of_one_machine(spark, people, tmp_path, policies):
    library = load_library()
    told = audit_by_spark(spark, people, [library[one] for one in policies], tmp_path / "by_spark", today=TODAY)
    alone(people, tmp_path / "alone", *policies)
    one, other = read_manifest(tmp_path / "alone"), read_manifest(tmp_path / "by_spark")
    assert other == told
    assert (one.events, one.rejected, one.counts, one.inputs) == (
        other.events,
        other.rejected,
        other.counts,
        other.inputs,
    )
    for policy in policies:
        mine, its = (read_findings(tmp_path / name, policy) for name in ("alone", "by_spark"))
        assert its.num_rows > 100
        assert rows(its.select(mine.column_names)) == rows(mine)


def test_rows_out_of_order_named_by_texts_and_faulty_are_treated_the_same(spark, people, tmp_path):
    """Shuffled, patients named by texts, a duplicate, an impossible kind, a visit of nobody, sites as texts."""

    def named(table: pa.Table) -> pa.Table:
        texts = pc.binary_join_element_wise("P", table["patient"].cast(pa.string()), "-")
        return table.set_column(table.column_names.index("patient"), "patient", texts)

    def changed(events: pa.Table) -> pa.Table:
        kinds = events["kind"].cast(pa.string()).to_pylist()
        kinds[17] = "a kind that nobody knows"
        events = events.set_column(events.column_names.index("kind"), "kind", pa.array(kinds))
        twice = pa.concat_tables([events, events.slice(5, 1)])
        return named(twice.sort_by([("date", "ascending"), ("patient", "descending")]))

    def of_nobody(visits: pa.Table) -> pa.Table:
        lost = visits.slice(0, 1).set_column(0, "patient", pa.array([10**9], pa.int64()))
        return named(pa.concat_tables([visits, lost]))

    folder = copied(people, tmp_path / "population", changed, of_nobody)
    audit_by_spark(spark, folder, [load_library()[POLICY]], tmp_path / "by_spark", today=TODAY)
    alone(folder, tmp_path / "alone", POLICY)
    mine, its = (read_findings(tmp_path / name, POLICY) for name in ("alone", "by_spark"))
    assert rows(its.select(mine.column_names)) == rows(mine)
    one, other = (read_manifest(tmp_path / name) for name in ("alone", "by_spark"))
    assert (one.rejected, one.counts) == (other.rejected, other.counts)
    assert other.rejected == 2
    rejected = pq.read_table(tmp_path / "by_spark" / "rejected.parquet").to_pylist()
    found = sorted((row["table"], row["reason"]) for row in rejected)
    lost = [("visits", "no such procedure")] * (len(found) - 2)
    assert found == [("events", "duplicate row"), ("events", "unknown kind"), *lost]
    assert lost
    assert all("P-" in row["original"] for row in rejected)


def test_measures_that_decided_are_those_of_one_machine(spark, people, tmp_path):
    policies = ["tricare-west", "nice-ng59"]
    chosen = [load_library()[one] for one in policies]
    audit_by_spark(spark, people, chosen, tmp_path / "by_spark", today=TODAY, values=True)
    alone(people, tmp_path / "alone", *policies, values=True)
    for policy in policies:
        mine, its = (read_findings(tmp_path / name, policy) for name in ("alone", "by_spark"))
        assert set(its.column_names) == set(mine.column_names)
        assert rows(its.select(mine.column_names)) == rows(mine)


def facetwise(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a session of its own."""
    command = str(Path(sys.executable).with_name("facetwise"))
    return subprocess.run([command, *arguments], capture_output=True, text=True, check=False, timeout=600)


def test_the_command_writes_what_one_machine_writes(tmp_path):
    """Claims are mapped here first; a payer stands for its policies on their days in force."""
    claims = tmp_path / "claims"
    synthesize(claims, patients=200, seed=3, today=TODAY, format_=Format.CLAIMS)
    given = ["audit", str(claims), "--from", "claims", "-p", "tricare"]
    for engine in ("spark", "duckdb"):
        outcome = facetwise(*given, "-o", str(tmp_path / engine), "--engine", engine)
        assert outcome.returncode == 0, outcome.stderr
    one, other = (read_manifest(tmp_path / engine) for engine in ("duckdb", "spark"))
    assert (one.counts, one.rejected, one.inputs) == (other.counts, other.rejected, other.inputs)
    assert one.events > 1000
    assert other.policies[0].in_force
    files = {path.name for path in (tmp_path / "spark").iterdir()}
    assert {"manifest.json", "unmapped.parquet"} <= files
    outcome = facetwise(*given, "-o", str(tmp_path / "again"), "--engine", "spark", "--resume")
    assert "Spark repeats failed tasks itself" in " ".join(outcome.stderr.split())


def test_data_frames_of_any_origin_are_asked(spark, people, tmp_path):
    frames = {name: spark.read.parquet(str(people / f"{name}.parquet")) for name in ("events", "visits")}
    found = findings_by_spark(frames, [load_library()["asipp-2020"]], today=TODAY).toArrow()
    alone(people, tmp_path / "alone", "asipp-2020")
    mine = read_findings(tmp_path / "alone", "asipp-2020")
    assert rows(found.select(mine.column_names)) == rows(mine)


def test_what_cannot_be_read_is_told_and_nothing_looks_finished(spark, people, tmp_path):
    folder = copied(people, tmp_path / "population", lambda events: events.drop_columns(["kind"]))
    with pytest.raises(DocumentError, match="missing"):
        audit_by_spark(spark, folder, [load_library()[POLICY]], tmp_path / "out", today=TODAY)
    wrong = copied(
        people,
        tmp_path / "wrong",
        lambda events: events.set_column(
            events.column_names.index("date"), "date", pa.array([1.5] * len(events), pa.float64())
        ),
    )
    with pytest.raises(DocumentError, match="holds double"):
        audit_by_spark(spark, wrong, [load_library()[POLICY]], tmp_path / "out", today=TODAY)
    assert not (tmp_path / "out").exists()
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "events.csv").write_text("patient,date,kind\n1,2025-01-01,medial_branch_block\n")
    with pytest.raises(DocumentError, match="Parquet only"):
        audit_by_spark(spark, tmp_path / "text", [load_library()[POLICY]], tmp_path / "other", today=TODAY)
