"""Where loaded edits are kept: one small file for each of CMS's, in the user's data folder, replaced in one step."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from facetwise.coding.edits import Edits, LoadedFile
from facetwise.documents import DocumentError, Problem, read_json

_REMEDY = "Remove it, and load CMS's files again with facetwise code --load-edits"


def edits_folder() -> Path:
    """`$XDG_DATA_HOME/facetwise/edits`, or the same under `~/.local/share`."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "facetwise" / "edits"


def stored_edits() -> Edits:
    """Every file that was loaded, in the order of quarters. Raises `DocumentError` for one that was damaged."""
    folder = edits_folder()
    paths = sorted(folder.glob("*/*.json")) if folder.is_dir() else []
    return Edits(tuple(_read(path) for path in paths))


def keep_edits(files: Sequence[LoadedFile]) -> list[Path]:
    """Keep loaded files; one of the same name and quarter is replaced. Raises `DocumentError`."""
    paths = [edits_folder() / one.quarter / f"{one.kind}-{Path(one.file).stem}.json" for one in files]
    for path, one in zip(paths, files, strict=True):
        _write_whole(path, msgspec.json.encode(one))
    return paths


def _read(path: Path) -> LoadedFile:
    try:
        return read_json(path.read_bytes(), LoadedFile)
    except DocumentError:
        raise DocumentError([Problem("", "The loaded edits are damaged", _REMEDY, str(path))]) from None
    except OSError as error:
        what = f"The loaded edits cannot be read: {(error.strerror or 'unknown reason').lower()}"
        raise DocumentError([Problem("", what, "Check the permissions", str(path))]) from None


def _write_whole(path: Path, data: bytes) -> None:
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        what = f"The file cannot be written: {(error.strerror or 'unknown reason').lower()}"
        raise DocumentError([Problem("", what, "Check the folder and its permissions", str(path))]) from None
