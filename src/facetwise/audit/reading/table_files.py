"""A table on disk: one file or a folder of Parquet or CSV files, read in batches that never hold much of it."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from facetwise.audit.events import COLUMNS, Column, Shape
from facetwise.audit.reading.csv_files import csv_header, csv_rows
from facetwise.audit.reading.damage import file_error, readable
from facetwise.documents import DocumentError, Problem, did_you_mean

PLACE = "_place"
"""A column of whole numbers beside those of the file: the number of the file and, in the low bits, of the row."""

SITES = "sites"
"""A column of texts that may stand in the place of the three masks."""

NUMBER = "_number"
"""A column of numbers that stand for patients who are named by texts; null for one who is not known."""

BATCH = 1 << 17
"""Rows that are read at a time."""

_ROWS = 1 << 40
_BLOCK = 1 << 22
SUFFIXES = (".parquet", ".csv")
_NONE: Mapping[str, str] = {}


class TableFiles:
    """The files of one table, in the order of their names.

    `columns` are the names and Arrow types, text where files disagree; `other_names` are names that files use for
    them. `rows` is None where only reading tells. `skipped` holds the rows of CSV files that have another number of
    cells than the header.
    """

    def __init__(
        self,
        name: str,
        paths: Collection[Path],
        origin: "TableFiles | None" = None,
        other_names: Mapping[str, str] = _NONE,
    ) -> None:
        self.name = name
        self.paths = sorted(paths)
        self.origin = origin or self
        self.other_names = other_names
        self.columns: dict[str, pa.DataType] = {}
        counts: list[int | None] = []
        for path in self.paths:
            names, count = _headed(path)
            counts.append(count)
            for column, type_ in names.items():
                name_here = other_names.get(column, column)
                self.columns[name_here] = _common(self.columns.get(name_here, type_), type_)
        known = [count for count in counts if count is not None]
        self.rows = sum(known) if len(known) == len(counts) else None
        self.skipped: list[tuple[int, str]] = []

    @property
    def first(self) -> Path:
        """The file that problems of the whole table name."""
        return self.origin.paths[0]

    def batches(self, columns: Collection[str], words: Collection[str] = ()) -> Iterator[pa.Table]:
        """The rows in order, with these columns and `PLACE`; a file that lacks one gives nulls.

        `words` are columns that hold few distinct texts. Raises `DocumentError` for a file that is damaged.
        """
        self.skipped = []
        written = [*columns, *(theirs for theirs, name in self.other_names.items() if name in columns)]
        for number, path in enumerate(self.paths):
            reader = _parquet(path, written, words) if path.suffix == ".parquet" else self._csv(path, number)
            row = 1
            for batch in reader:
                table = pa.Table.from_batches([batch])
                if PLACE not in table.column_names:
                    numbers = number * _ROWS + np.arange(row, row + len(table))
                    table = table.append_column(PLACE, pa.array(numbers, pa.int64()))
                    row += len(table)
                yield self._completed(table, columns)

    def _completed(self, table: pa.Table, columns: Collection[str]) -> pa.Table:
        if self.other_names:
            table = table.rename_columns([self.other_names.get(name, name) for name in table.column_names])
        for name in columns:
            if name not in table.column_names:
                table = table.append_column(name, pa.nulls(len(table), self.columns[name]))
        beside = [name for name in (PLACE, NUMBER) if name in table.column_names]
        return table.select([*columns, *beside])

    def _csv(self, path: Path, number: int) -> Iterator[pa.RecordBatch]:
        def set_aside(row: int, text: str) -> None:
            self.skipped.append((number * _ROWS + row, text))

        for rows, batch in csv_rows(path, set_aside):
            yield batch.append_column(PLACE, pa.array(number * _ROWS + rows, pa.int64()))

    def set_aside(self) -> list[tuple[int, str]]:
        """The rows that were set aside since this was last asked: place and text."""
        found, self.skipped = self.skipped, []
        return found

    def places(self, places: NDArray[Any]) -> dict[str, pa.Array]:
        """The file and the number of the row for each place, by the names of the file of rejected rows."""
        files = pa.array([str(path) for path in self.origin.paths]).take(pa.array(places // _ROWS))
        return {"file": files, "row": pa.array(places % _ROWS, pa.int64())}


def table_at(path: Path, name: str, other_names: Mapping[str, str] = _NONE) -> TableFiles:
    """The table that `path` is or holds: a file, or a folder with a table of this name. Raises `DocumentError`."""
    if path.is_file():
        if path.suffix not in SUFFIXES:
            remedy = f"Give a Parquet file, a CSV file, or a folder with {name}.parquet"
            raise file_error(path, f'The file ends in "{path.suffix}"', remedy)
        return TableFiles(name, [path], None, other_names)
    if not path.is_dir():
        raise file_error(path, "There is no such file or folder", "Check the path")
    found = table_named(path, name, other_names)
    if found is None:
        remedy = f"Put {name}.parquet, {name}.csv or a folder {name}/ there"
        raise file_error(path, f"The folder has no table of {name}", remedy)
    return found


def table_named(folder: Path, name: str, other_names: Mapping[str, str] = _NONE) -> TableFiles | None:
    """The table of this name in a folder: `events.parquet`, `events.csv`, or the files of `events/`.

    Raises `DocumentError` where there are several, or a folder of that name without any file.
    """
    found = [path for suffix in SUFFIXES if (path := folder / f"{name}{suffix}").is_file()]
    inner = folder / name
    if inner.is_dir():
        parts = [path for suffix in SUFFIXES for path in inner.glob(f"*{suffix}")]
        if not parts:
            raise file_error(inner, "The folder has no Parquet and no CSV file", "Export the table again")
        if found or len({path.suffix for path in parts}) > 1:
            raise file_error(folder, f'There are several tables "{name}"', "Keep one: Parquet or CSV, file or folder")
        return TableFiles(name, parts, None, other_names)
    if len(found) > 1:
        raise file_error(folder, f'There are several tables "{name}"', "Keep one: Parquet or CSV")
    return TableFiles(name, found, None, other_names) if found else None


def require_columns(files: TableFiles, known: Collection[Column], beside: Collection[str] = ()) -> tuple[Problem, ...]:
    """Raises `DocumentError` for required columns that are missing; gives a remark for every column that is unknown.

    `beside` are columns that may be there and are not read.
    """
    names = [column.name for column in known]
    unknown = [name for name in files.columns if name not in (*names, *beside) and not name.startswith("_")]
    missing = [column.name for column in known if column.required and column.name not in files.columns]
    if missing:
        raise DocumentError(
            Problem(name, "This column is missing", f"The table has {', '.join(files.columns)}", str(files.first))
            for name in missing
        )
    return tuple(
        Problem(name, "This column is not read", did_you_mean(name, names).partition(" Accepted")[0], str(files.first))
        for name in unknown
    )


def unknown_columns(files: TableFiles) -> list[str]:
    """The columns of a table of events that nothing is known of."""
    return [name for name in files.columns if name not in COLUMNS and name != SITES and not name.startswith("_")]


def words_of(columns: Collection[Column]) -> list[str]:
    """The columns that hold words of a list, or labels."""
    return [column.name for column in columns if column.shape in (Shape.WORD, Shape.LABEL)]


def _headed(path: Path) -> tuple[dict[str, pa.DataType], int | None]:
    """The columns of a file, and how many rows it has where its end tells."""
    if path.suffix == ".csv":
        names, _ = csv_header(path)
        return dict.fromkeys(names, pa.string()), None
    with _opened(path) as file:
        schema = file.schema_arrow
        if len(set(schema.names)) < len(schema.names):
            raise file_error(path, "Two columns have one name", "Give each its own name")
        return dict(zip(schema.names, schema.types, strict=True)), file.metadata.num_rows


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """A type that the values of both can be written as."""
    if one == other or pa.types.is_null(other):
        return one
    schemas = [pa.schema([("column", type_)]) for type_ in (one, other)]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive").field("column").type
    except pa.ArrowException:
        return pa.string()


def _parquet(path: Path, columns: Collection[str], words: Collection[str]) -> Iterator[pa.RecordBatch]:
    with _opened(path) as file:
        schema, metadata = file.schema_arrow, file.metadata
    wanted = [name for name in (*columns, PLACE, NUMBER) if name in schema.names]
    texts = [name for name in words if name in wanted and pa.types.is_string(schema.field(name).type)]
    with _opened(path, read_dictionary=texts, metadata=metadata) as file:
        batches = file.iter_batches(batch_size=BATCH, columns=wanted)
        while (batch := readable(path, lambda: next(batches, None))) is not None:
            yield batch


def _opened(path: Path, **options: Any) -> pq.ParquetFile:
    return readable(path, lambda: pq.ParquetFile(path, buffer_size=_BLOCK, **options))
