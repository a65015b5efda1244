"""The native kernel on Spark says of every event what it says on one machine."""

import datetime
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from facetwise.audit.findings import read_findings
from facetwise.audit.running import Settings, audit
from facetwise.audit.sources import open_source
from facetwise.audit.spark import audit_by_spark
from facetwise.audit.synthesis import Format, synthesize
from facetwise.rules import load_library

pytestmark = pytest.mark.spark
TODAY = datetime.date(2026, 11, 1)
ORDER = [("patient", "ascending"), ("date", "ascending"), ("sequence", "ascending")]


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable  # executors run what this test runs
    session = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


@pytest.mark.parametrize("policy_id", ["medicare-facet-2024", "asipp-2020"])
def test_findings_are_those_of_one_machine(spark, tmp_path, policy_id):
    policy = load_library()[policy_id]
    folder = tmp_path / "population"
    synthesize(folder, patients=500, seed=3, today=TODAY, format_=Format.EVENTS)
    audit_by_spark(spark, folder, [policy], tmp_path / "by_spark")
    source = open_source(folder, from_="events", workspace=tmp_path, memory_mb=256, today=TODAY)
    audit(source, [policy], tmp_path / "alone", Settings())
    alone = read_findings(tmp_path / "alone", policy_id)
    by_spark = pq.read_table(tmp_path / "by_spark" / f"policy={policy_id}").select(alone.column_names)
    assert alone.num_rows > 1000
    assert rows(by_spark) == rows(alone)


def rows(table: pa.Table) -> list[dict[str, object]]:
    return table.sort_by(ORDER).to_pylist()
