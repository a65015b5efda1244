"""Files that are whole or not there at all, and what a full or failing disk is told as."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from facetwise.documents import DocumentError, Problem

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def kept_whole(path: Path) -> Iterator[Path]:
    """A path to write to, beside `path`; what is there at the end becomes `path`, and nothing stays of a failure.

    Raises `DocumentError` where the disk is full or cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with told_of_disk(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield partial
            partial.replace(path)
    finally:
        with suppress(OSError):  # where there is no folder, there is no partial file either
            partial.unlink(missing_ok=True)


@contextmanager
def told_of_disk(path: Path) -> Iterator[None]:
    """Whatever the operating system or DuckDB says of writing to `path`, as one `DocumentError`."""
    try:
        yield
    except OSError as error:
        raise disk_error(path, error) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        if (told := _of_duckdb(path, str(error))) is None:
            raise
        raise told from None


def disk_error(path: Path, error: OSError) -> DocumentError:
    """What went wrong with a file, with what to do about it."""
    if error.errno in _FULL or "No space left" in str(error):
        return _full(path)
    what = f"The file cannot be written: {error.strerror or error}"
    return DocumentError([Problem("", what, "Name a folder that you may write to", str(path))])


def _of_duckdb(path: Path, said: str) -> DocumentError | None:
    if any(word in said for word in ("No space left", "disk full", "max_temp_directory_size", "temp directory")):
        return _full(path)
    if "Out of Memory" in said:
        what = "The memory that was allowed does not suffice to sort the table"
        return DocumentError([Problem("", what, "Allow more memory", str(path))])
    return None


def _full(path: Path) -> DocumentError:
    remedy = "Free some space, or name a folder on another disk"
    return DocumentError([Problem("", "The disk is full", remedy, str(path))])
