"""CSV files as batches of texts; a row with another number of cells than the header is set aside, with its number."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from facetwise.audit.reading.damage import file_error, readable

_BLOCK = 1 << 22


def csv_header(path: Path) -> tuple[list[str], str]:
    """The names of the columns, and what separates them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            text = file.readline()
    except (OSError, UnicodeDecodeError):
        raise file_error(path, "The file is not UTF-8 text", "Save it as CSV in UTF-8") from None
    if not text.strip():
        raise file_error(path, "The file is empty", "Give the names of the columns in its first row")
    delimiter = max(",;\t", key=text.count)
    names = next(csv.reader(io.StringIO(text), delimiter=delimiter))
    if len(set(names)) < len(names):
        raise file_error(path, "Two columns have one name", "Give each its own name")
    return names, delimiter


def csv_rows(path: Path, set_aside: Callable[[int, str], None]) -> Iterator[tuple[NDArray[Any], pa.RecordBatch]]:
    """The rows of a file with their numbers, counted from 1 without the header.

    `set_aside` is told the number and the text of each row that has too few or too many cells.
    """
    names, delimiter = csv_header(path)
    away: list[int] = []
    found = 0

    def invalid(row: pyarrow.csv.InvalidRow) -> str:
        away.append((row.number or 1) - 1)
        set_aside(away[-1], row.text)
        return "skip"

    reader = readable(path, lambda: _reader(path, names, delimiter, invalid))
    while (batch := readable(path, lambda: next(reader, None))) is not None:
        if len(batch):
            away[:] = [row for row in away if row > found]
            numbers = _numbered_around(found + 1, len(batch), away)
            yield numbers, batch
            found = int(numbers[-1])


def _reader(path: Path, names: list[str], delimiter: str, invalid: Any) -> pyarrow.csv.CSVStreamingReader:
    return pyarrow.csv.open_csv(
        path,
        read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=_BLOCK),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, invalid_row_handler=invalid
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )


def _numbered_around(first: int, count: int, away: list[int]) -> NDArray[Any]:
    """The numbers of `count` rows from `first` on, those that were set aside left out."""
    rows = np.arange(first, first + count + len(away))
    return rows[~np.isin(rows, away)][:count]
