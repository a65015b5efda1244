"""What is made from many documents kept on disk, so that a command need not parse them all anew.

A copy is named after what it was made from: the name, size and time of every document and of the code that reads it,
and the versions of Facetwise and Python. Any change gives another name, so that several installations keep their own
copies side by side; one that nobody used for a month is removed.
A copy that cannot be read is made again, and a disk that cannot be written costs time and nothing else. Reading a copy
can run what is in it: only this user's copies are read, in a folder of this user's, neither of which another may write.
"""

import datetime
import hashlib
import os
import pickle
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from facetwise import __version__

T = TypeVar("T")

KEPT_FOR_DAYS = 30
"""A copy that nobody used for so long belongs to an installation that is gone."""

_DAY = datetime.timedelta(days=1).total_seconds()
_CODE = ("rules", "records", "spine", "evidence", "documents")


def cached(name: str, entries: Iterable[Traversable], make: Callable[[], T], shape: type = object) -> T:
    """What `make` gives for these files, from the copy on disk called `name` where there is one of this `shape`."""
    try:
        path = cache_folder() / f"{name}-{_fingerprint(entries)}.pickle"
    except RuntimeError:  # a user without a home has nowhere to keep anything
        return make()
    try:
        kept: T = _kept(path, shape)
        return kept
    except Exception:  # absent, cut short or of another make: whatever it is, the files are the truth
        made = make()
        _keep(name, path, made)
        return made


def cache_folder() -> Path:
    """Where copies are kept: `FACETWISE_CACHE`, or the user's cache folder. Raises `RuntimeError` without a home."""
    if folder := os.environ.get("FACETWISE_CACHE"):
        return Path(folder)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "facetwise"


def only_ours(status: os.stat_result) -> bool:
    """Whether a file or folder is this user's, and nobody else may write it. Windows keeps a user's folders apart."""
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _kept(path: Path, shape: type) -> Any:
    """The copy at `path`. Raises whatever is wrong with it."""
    with path.open("rb") as file:
        if not (only_ours(path.parent.stat()) and only_ours(os.fstat(file.fileno()))):
            raise PermissionError(path)
        made_as, kept = pickle.load(file)
    if made_as != path.name or not isinstance(kept, shape):
        raise TypeError(path)
    if time.time() - path.stat().st_mtime > _DAY:
        path.touch()  # used: what nobody uses is removed
    return kept


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
        if not only_ours(path.parent.stat()):
            return  # it would never be read
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-")
        with os.fdopen(descriptor, "wb") as file:
            pickle.dump((path.name, made), file, pickle.HIGHEST_PROTOCOL)
        Path(temporary).replace(path)
        for older in path.parent.glob(f"{name}-*.pickle"):
            if time.time() - older.stat().st_mtime > KEPT_FOR_DAYS * _DAY:
                older.unlink(missing_ok=True)
    except OSError:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
