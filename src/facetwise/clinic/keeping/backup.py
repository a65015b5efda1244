"""A backup of a clinic while it is served: the database as of one moment, the secret key, and a manifest."""

import datetime
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from facetwise import __version__
from facetwise.clinic.keeping.dumping import dump, is_postgres
from facetwise.clinic.keeping.manifest import NAME, Manifest, part_of
from facetwise.clinic.secret_key import FILE
from facetwise.clinic.trail.chain import faults, note
from facetwise.documents import DocumentError, Problem


def back_up(file: Path, overwrite: bool) -> Manifest:
    """Write a backup. Raises `DocumentError` where there is a file already, or the database cannot be copied."""
    require_free(file, overwrite)
    with (
        tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as folder,
        write_privately(file, overwrite) as target,
    ):
        return _write(target, Path(folder))


@contextmanager
def write_privately(file: Path, overwrite: bool) -> Iterator[IO[bytes]]:
    """A file for its owner alone, which gets its name only when it is whole and on the disk.

    Raises `DocumentError` where there is one already.
    """
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # mode 0600
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        require_free(file, overwrite)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def require_free(file: Path, overwrite: bool) -> None:
    """Raise `DocumentError` where there is a file already that may not be overwritten, or no folder for one."""
    if not file.parent.is_dir():
        raise DocumentError([Problem("", f"There is no folder {file.parent}", "Make it")])
    if file.exists() and not overwrite:
        raise DocumentError([Problem("", f"{file} is there already", "Give another name, or --overwrite")])


def _write(target: IO[bytes], folder: Path) -> Manifest:
    note("facetwise", "backup made")
    whole = next(faults(), None) is None
    dumped = dump(folder)
    parts = {dumped.path.name: dumped.path}
    if (key := settings.HOME / FILE).exists():
        parts[FILE] = key
    manifest = Manifest(
        software=__version__,
        made_at=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        database="postgresql" if is_postgres() else "sqlite",
        migrations=_migrations(),
        rows=dumped.rows,
        last_digest=dumped.last_digest,
        trail_whole=whole,
        parts={name: part_of(path) for name, path in parts.items()},
    )
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(NAME, msgspec.json.format(msgspec.json.encode(manifest)))
        for name, path in parts.items():
            archive.write(path, name)
    return manifest


def _migrations() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found
