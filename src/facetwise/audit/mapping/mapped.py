"""What a mapping hands over: event tables in the workspace, and an account of everything that is not in them."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from facetwise.audit.reading.side_files import kept_whole
from facetwise.documents import Problem
from facetwise.records import Kind

UNMAPPED = "unmapped.parquet"
UNMAPPED_SCHEMA = pa.schema(
    [("table", pa.string()), ("what", pa.string()), ("why", pa.string()), ("count", pa.int64())]
)
"""What the event table has no place for, counted by what it is and why."""

MOST_KINDS_OF_UNMAPPED = 1 << 17
"""Beyond so many different ones only the reason is counted: a text that nobody reads may be different every time."""


class Said(msgspec.Struct, frozen=True):
    """What somebody says of claims or of a database: what its injection codes mean, None for the convention, and
    whether it holds all earlier procedures of everyone.
    """

    injections_are: Kind | None = None
    history_known: bool = False


class Mapped(msgspec.Struct, frozen=True):
    """Event tables in a folder of the workspace. `counts` tells what became of the rows of the input.

    `beside` are columns of the events that no rule reads.
    """

    folder: Path
    files: tuple[Path, ...]
    unmapped: Path | None
    rejected: Path | None
    counts: Mapping[str, int]
    remarks: tuple[Problem, ...] = ()
    beside: tuple[str, ...] = ()


class Unmapped:
    """Counts what has no place, within bounded memory."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, table: str, what: str, why: str, count: int = 1) -> None:
        """Count something that is not in the event table."""
        if len(self.counts) >= MOST_KINDS_OF_UNMAPPED and (table, what, why) not in self.counts:
            what = "others"
        self.counts[table, what, why] += count

    def write(self, path: Path) -> Path | None:
        """The counts as a file, the most frequent first; None where there are none."""
        if not self.counts:
            path.unlink(missing_ok=True)
            return None
        ordered = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        rows = [(*what, count) for what, count in ordered]
        columns = [list(column) for column in zip(*rows, strict=True)]
        with kept_whole(path) as partial:
            pq.write_table(pa.Table.from_arrays([pa.array(one) for one in columns], schema=UNMAPPED_SCHEMA), partial)
        return path
