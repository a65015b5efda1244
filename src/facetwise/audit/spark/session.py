"""A Spark session: the one that `spark-submit` prepared, or one of this machine."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from facetwise.documents import DocumentError, Problem

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SUBMITTED = "PYSPARK_GATEWAY_PORT"
"""What `spark-submit` sets for the program that it starts."""


def spark_session(cores: int, memory_mb: int, workspace: Path) -> "SparkSession":
    """The session to work in. Raises `DocumentError` without PySpark or Java.

    A session of this machine takes `memory_mb` for Java and spills to the workspace; where `spark-submit` has said
    otherwise, it is obeyed.
    """
    if find_spec("pyspark") is None:
        raise DocumentError([Problem("", "PySpark is not installed", "Install it: pip install 'facetwise[spark]'")])
    if _SUBMITTED not in os.environ and not shutil.which("java") and "JAVA_HOME" not in os.environ:
        raise DocumentError([Problem("", "Spark needs Java, and there is none", "Install Java 17, or set JAVA_HOME")])
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    builder = builder.appName("facetwise audit").config(map=_ALWAYS)
    if _SUBMITTED not in os.environ:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.master(f"local[{cores or '*'}]").config(
            map={
                "spark.driver.memory": f"{memory_mb}m",
                "spark.local.dir": str(workspace.resolve()),
                "spark.ui.enabled": "false",
                "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
            }
        )
    session: SparkSession = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


_ALWAYS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "100000",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
