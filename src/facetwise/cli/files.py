"""Files that commands read and write: clear errors going in, all or nothing coming out."""

import datetime
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from facetwise.fhir import Unmapped
    from facetwise.records import Record


def read_bytes(path: Path) -> bytes:
    """The content of a file, or of standard input for `-`. Raises `DocumentError` when it cannot be read."""
    from facetwise.documents import DocumentError, Problem

    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        what = f"The file cannot be read: {(error.strerror or 'unknown reason').lower()}"
        raise DocumentError([Problem("", what, "Check the path", str(path))]) from None


def read_record_file(path: Path) -> tuple["Record", tuple["Unmapped", ...]]:
    """A record from Facetwise JSON or a FHIR R4 Bundle, and what of a Bundle could not be mapped.

    Raises `DocumentError` naming the file.
    """
    from facetwise.documents import DocumentError, read_json_value
    from facetwise.records import read_record

    data = read_bytes(path)
    try:
        value = read_json_value(data)
        if isinstance(value, dict) and "resourceType" in value:
            from facetwise.fhir import read_bundle

            imported = read_bundle(value)
            return imported.record, imported.unmapped
        return read_record(value), ()
    except DocumentError as error:
        raise error.in_file(str(path)) from None


def parse_day(text: str) -> datetime.date:
    """A day written YYYY-MM-DD, or `today`. Raises a usage error."""
    if text == "today":
        return datetime.date.today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f'"{text}" is no day. Write it YYYY-MM-DD, such as 2026-03-01, or today') from None


def write_text(text: str, out: Path | None) -> None:
    """Write to a file, all or nothing, or to standard output."""
    if out is None:
        sys.stdout.write(text)
        return
    write_whole(out, text)
    print(f"Written: {out}", file=sys.stderr)


def write_whole(path: Path, content: str | bytes) -> None:
    """Replace a file in one step, so that nobody ever finds half of it. Raises `DocumentError`."""
    from facetwise.documents import DocumentError, Problem

    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        what = f"The file cannot be written: {(error.strerror or 'unknown reason').lower()}"
        raise DocumentError([Problem("", what, "Check the folder and its permissions", str(path))]) from None
