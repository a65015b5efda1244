"""What is wrong with a file that cannot be read."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from facetwise.documents import DocumentError, Problem

T = TypeVar("T")


def readable(path: Path, read: Callable[[], T]) -> T:
    """The outcome of reading. Raises `DocumentError` where the file is damaged or another one than its name says."""
    try:
        return read()
    except (pa.ArrowException, OSError) as error:
        said = str(error).partition("\n")[0].rstrip(".")[:120]
        if path.suffix == ".csv":
            raise file_error(path, f"Not CSV: {said}", "Save it as CSV in UTF-8, or export it again") from None
        what = f"The Parquet file is damaged, cut short, or something else: {said}"
        raise file_error(path, what, "Export or copy it again, and compare the sizes") from None


def file_error(path: Path, what: str, remedy: str) -> DocumentError:
    """One thing wrong with a file or folder as a whole."""
    return DocumentError([Problem("", what, remedy, str(path))])
