"""The native kernel on Spark: patients in hash buckets, each bucket read, checked and asked like a small population."""

from facetwise.audit.spark.asking import findings_by_spark
from facetwise.audit.spark.running import audit_by_spark

__all__ = ["audit_by_spark", "findings_by_spark"]
