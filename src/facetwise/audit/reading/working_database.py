"""DuckDB for what does not fit into memory: within the memory that is allowed, the rest in the workspace."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from facetwise.audit.reading.side_files import kept_whole, told_of_disk
from facetwise.documents import DocumentError, Problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_PROGRAM_MB = 320
"""What Python takes with the libraries that read and write, measured."""

_BESIDE = 1.8
"""Times its limit that DuckDB takes at most while it sorts what it is handed, measured."""


_LEAST_MB = 177

_OF_TWO_CORES_MB = 380
"""With less DuckDB sorts on one core: each holds rows of its own."""


class Workspace(msgspec.Struct, frozen=True):
    """A folder for what does not fit into memory, and how many megabytes and cores the whole program may take."""

    folder: Path
    memory_mb: int
    cores: int = 1

    @property
    def of_database_mb(self) -> int:
        """What DuckDB may take of it; with less than the least it could not sort wide tables."""
        return max(int((self.memory_mb - _PROGRAM_MB) / _BESIDE), _LEAST_MB)


class WorkingDatabase:
    """A database that forgets everything at its end. What goes wrong is a `DocumentError`."""

    def __init__(self, connection: "DuckDBPyConnection", folder: Path, reading: Path | None) -> None:
        self.connection = connection
        self.folder = folder
        self.reading = reading
        self.failure: DocumentError | None = None

    def register(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        """Rows that come one batch after the other, to be read once under this name."""
        self.connection.register(name, pa.RecordBatchReader.from_batches(schema, self._watched(batches)))

    def _watched(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        try:
            yield from batches
        except DocumentError as error:
            self.failure = error
            raise

    def execute(self, query: str) -> None:
        """Run a statement."""
        try:
            with told_of_disk(self.folder):
                self.connection.execute(query)
        except Exception as error:
            if self.failure is not None:
                raise self.failure from None
            if self.reading is not None and type(error).__name__ in _OF_INPUT:
                raise _unreadable(self.reading, error) from None
            raise

    def write(self, query: str, target: Path) -> Path:
        """The rows of a query as a Parquet file, whole or not there at all."""
        with kept_whole(target) as partial:
            self.execute(f"COPY ({query}) TO {quoted(partial)} (FORMAT parquet, COMPRESSION snappy)")
        return target

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The few rows of a query."""
        self.execute(query)
        return self.connection.fetchall()


_OF_INPUT = ("IOException", "InvalidInputException", "ConversionException", "SerializationException")


def _unreadable(path: Path, error: Exception) -> DocumentError:
    said = str(error).partition("\n")[0].rstrip(".!")
    remedy = "Check that no other program has it open, or export the tables again"
    return DocumentError([Problem("", f"DuckDB cannot read it: {said}", remedy, str(path))])


@contextmanager
def working_database(workspace: Workspace, reading: Path | None = None) -> Iterator[WorkingDatabase]:
    """A database that lasts as long as the block. `reading` is what is to blame for input that cannot be read."""
    import duckdb

    with told_of_disk(workspace.folder):
        workspace.folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        database = WorkingDatabase(connection, workspace.folder, reading)
        connection.execute(f"SET temp_directory = {quoted(workspace.folder / 'duckdb')}")
        connection.execute(f"SET memory_limit = '{workspace.of_database_mb}MiB'")
        connection.execute("SET preserve_insertion_order = false")
        if workspace.of_database_mb < _OF_TWO_CORES_MB:
            connection.execute("SET threads = 1")
        connection.execute("SET enable_progress_bar = false")
        yield database


def parquet(path: Path) -> str:
    """A Parquet file as a table of a query."""
    return f"read_parquet({quoted(path)})"


def quoted(path: Path | str) -> str:
    """A path or another text as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
