"""What is made from many documents kept on disk, so that a command need not parse them all anew.

A copy is named after what it was made from: the name, size and time of every document and of the code that reads it,
and the versions of Facetwise and Python. Any change gives another name; an older copy is then removed.
A copy that cannot be read is made again, and a disk that cannot be written costs time and nothing else. Like Python's
own `.pyc` files it is trusted as far as the folder that holds it, which only its owner can write.
"""

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from facetwise import __version__

T = TypeVar("T")

_CODE = ("rules", "records", "spine", "evidence", "documents")


def cached(name: str, entries: Iterable[Traversable], make: Callable[[], T]) -> T:
    """What `make` gives for these files, from the copy on disk called `name` where there is one."""
    path = cache_folder() / f"{name}-{_fingerprint(entries)}.pickle"
    try:
        with path.open("rb") as file:
            kept: T = pickle.load(file)
            return kept
    except Exception:  # absent, cut short or of another make: whatever it is, the files are the truth
        made = make()
        _keep(name, path, made)
        return made


def cache_folder() -> Path:
    """Where copies are kept: `FACETWISE_CACHE`, or the user's cache folder."""
    if folder := os.environ.get("FACETWISE_CACHE"):
        return Path(folder)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "facetwise"


def _fingerprint(entries: Iterable[Traversable]) -> str:
    package = Path(__file__).parents[1]
    code = sorted(path for folder in _CODE for path in (package / folder).rglob("*.py"))
    seen = hashlib.blake2b(f"{__version__} {sys.version}".encode(), digest_size=16)
    for entry in [*entries, *code]:
        path = Path(str(entry))
        if path.exists():
            status = path.stat()
            seen.update(f"{path} {status.st_size} {status.st_mtime_ns}".encode())
        else:  # inside an archive, where a file has neither size nor time
            seen.update(entry.read_bytes())
    return seen.hexdigest()


def _keep(name: str, path: Path, made: object) -> None:
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-")
        with os.fdopen(descriptor, "wb") as file:
            pickle.dump(made, file, pickle.HIGHEST_PROTOCOL)
        Path(temporary).replace(path)
        for older in path.parent.glob(f"{name}-*.pickle"):
            if older != path:
                older.unlink(missing_ok=True)
    except OSError:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
