"""Rows that were not accepted: counted by reason, and kept with their original values in a file beside the findings."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from facetwise.audit.reading.side_files import kept_whole

FILE = "rejected.parquet"


class Reason(StrEnum):
    """Why a row was not accepted."""

    NO_PATIENT = "no patient"
    NO_DATE = "no date"
    NO_KIND = "no kind"
    NO_VALUE = "no value"
    NOT_A_DATE = "not a date"
    DATE_OUT_OF_RANGE = "date out of range"
    UNKNOWN_KIND = "unknown kind"
    UNKNOWN_WORD = "unknown word"
    NOT_A_NUMBER = "not a number"
    NUMBER_OUT_OF_RANGE = "number not finite or out of range"
    NOT_YES_OR_NO = "neither true nor false"
    MASK_OUT_OF_RANGE = "mask out of range"
    UNREADABLE_SITES = "sites not readable"
    DUPLICATE = "duplicate row"
    WRONG_NUMBER_OF_CELLS = "wrong number of cells"
    BEFORE_ITS_PROCEDURE = "before its procedure"
    NO_SUCH_PROCEDURE = "no such procedure"
    NOT_A_FACT_OF_THE_PATIENT = "not a fact of the patient"
    TWO_VALUES_OF_ONE_DAY = "two values of one day"
    CONTRADICTS_ITS_CODE = "kind contradicts the code"
    UNREADABLE = "not readable"


SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("reason", pa.string()),
        ("column", pa.string()),
        ("detail", pa.string()),
        ("original", pa.string()),
    ]
)
"""`row` counts from 1 in `file`, a header not counted; `original` is the row as it was, as a JSON object."""


class Rejects:
    """The rows of one run that were not accepted. `counts` holds how many, by table and reason."""

    def __init__(self, path: Path, writer: pq.ParquetWriter) -> None:
        self.path = path
        self.writer = writer
        self.counts: Counter[tuple[str, Reason]] = Counter()

    def of_table(self, name: str) -> int:
        """How many rows of a table were rejected."""
        return sum(count for (table, _), count in self.counts.items() if table == name)

    def add(self, table: str, rejected: pa.Table) -> None:
        """Rows of a table, with every column of `SCHEMA` but the first."""
        for counted in pc.value_counts(rejected["reason"]).to_pylist():
            self.counts[table, Reason(counted["values"])] += counted["counts"]
        named = rejected.append_column("table", pa.repeat(pa.scalar(table), len(rejected)))
        self.writer.write_table(named.select(SCHEMA.names).cast(SCHEMA))

    def add_earlier(self, path: Path) -> None:
        """What a mapping has rejected already."""
        for batch in pq.ParquetFile(path).iter_batches():
            for table, reason in zip(batch["table"].to_pylist(), batch["reason"].to_pylist(), strict=True):
                self.counts[table, Reason(reason)] += 1
            self.writer.write_batch(batch)


@contextmanager
def rejecting(path: Path) -> Iterator[Rejects]:
    """A file of rejected rows that is there at the end if there were any, and only then."""
    with ExitStack() as stack:
        partial = stack.enter_context(kept_whole(path))
        rejects = Rejects(path, stack.enter_context(pq.ParquetWriter(partial, SCHEMA)))
        yield rejects
        rejects.writer.close()
    if not rejects.counts:
        path.unlink(missing_ok=True)


def as_json(table: pa.Table) -> pa.Array:
    """Every row as a JSON object."""
    frame = pl.DataFrame(pl.from_arrow(table))
    return frame.select(pl.struct(pl.all()).struct.json_encode()).to_series().to_arrow().cast(pa.string())
