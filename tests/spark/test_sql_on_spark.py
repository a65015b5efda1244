"""Statements in Spark's dialect say what DuckDB says. Spark plans each for up to half a minute, so a few policies stand for all."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sql_databases import Rows, agrees_with_duckdb, as_text
from sql_strategy import asked_of_everything

from facetwise.audit.sql.dialects import Dialect
from facetwise.rules import policy_named

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]

SETTINGS = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.sql.adaptive.enabled": "false"}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    builder = pytest.importorskip("pyspark.sql").SparkSession.builder.master("local[2]").config(map=SETTINGS)
    session = builder.config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark"))).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.mark.parametrize("name", ["nice-ng59", "facet-pathway", "medicare-facet-2024"])
def test_spark_agrees_with_duckdb(name: str, session: Any) -> None:
    def answer(statement: str, tables: dict[str, pa.Table]) -> Rows:
        for table in tables:
            session.createDataFrame(tables[table]).createOrReplaceTempView(table)
        return as_text(row.asDict() for row in session.sql(statement).collect())

    @settings(max_examples=2, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def compared(data: st.DataObject) -> None:
        agrees_with_duckdb(answer, Dialect.SPARK, asked_of_everything(policy_named(name)), data)

    compared()
