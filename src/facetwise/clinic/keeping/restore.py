"""A clinic from its backup, in a place where there is none: all of it, held against the manifest, or nothing."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from facetwise.clinic.keeping.dumping import FLEETING, POSTGRES, count_rows, is_postgres, loaded_postgres
from facetwise.clinic.keeping.manifest import Manifest, unpack
from facetwise.documents import DocumentError, Problem


@contextmanager
def unpacked(file: Path, home: Path) -> Iterator[tuple[Manifest, Path]]:
    """The manifest of a backup, and a folder with its parts that becomes the clinic's home when the block ends well.

    Raises `DocumentError` for a damaged file, and a home where something is already.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise DocumentError([Problem("", f"{home} is not empty", "Restore into a new folder, then look at both")])
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{home.name}.", dir=home.parent) as name:  # mode 0700
        folder = Path(name) / "home"
        folder.mkdir(mode=0o700)
        manifest = unpack(file, folder)
        for path in folder.iterdir():
            path.chmod(0o600)
        yield manifest, folder
        folder.rename(home)


def put_in_place(manifest: Manifest, folder: Path) -> Iterator[str]:
    """Make the unpacked database this clinic's, bring it up to this version, and say what was done.

    Raises `DocumentError` where it cannot be, or does not agree with the manifest.
    """
    _require_known(manifest)
    _require_same_kind(manifest)
    with loaded_postgres(folder / POSTGRES) if is_postgres() else nullcontext():
        yield from _settle(manifest)
    (folder / POSTGRES).unlink(missing_ok=True)


def _require_known(manifest: Manifest) -> None:
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None).disk_migrations)
    if {(app, name) for app, names in manifest.migrations.items() for name in names} - known:
        what = f"The backup was made by Facetwise {manifest.software}, which is newer than this"
        raise DocumentError([Problem("", what, "Install that version or a later one, then restore")])


def _require_same_kind(manifest: Manifest) -> None:
    if (manifest.database == "postgresql") != is_postgres():
        remedy = (
            "Unset FACETWISE_CLINIC_DATABASE"
            if is_postgres()
            else "Make an empty PostgreSQL database and name it in FACETWISE_CLINIC_DATABASE"
        )
        raise DocumentError([Problem("", f"The backup is of a database of {manifest.database}", remedy)])
    if is_postgres() and count_rows():
        raise DocumentError([Problem("", "The PostgreSQL database is not empty", "Make a new one for this")])


def _settle(manifest: Manifest) -> Iterator[str]:
    from django.core.management import call_command
    from django.db import connection

    from facetwise.clinic.trail.chain import faults, last_digest, note

    kept = {name: count for name, count in manifest.rows.items() if name not in FLEETING}  # older ones counted all
    if count_rows() != kept or last_digest() != manifest.last_digest:
        raise DocumentError([Problem("", "What was restored does not agree with the manifest", "Take another copy")])
    with connection.cursor() as cursor:
        connection.check_constraints()
        if not is_postgres():
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchone() != ("ok",):
                raise DocumentError([Problem("", "The database in the backup is damaged", "Take another copy")])
    found = list(faults())
    if found and manifest.trail_whole:
        raise DocumentError([Problem("", f"The audit trail is not whole: {found[0]}", "Take another copy")])
    yield f"{sum(kept.values()):,} rows in {len(kept)} tables, as counted at {manifest.made_at}"
    if found:
        yield f"The audit trail was not whole already when the backup was made: {found[0]}"
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        for name in FLEETING:  # who was signed in then is not signed in here
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
    note("facetwise", "clinic restored", f"backup of {manifest.made_at}")
    connection.close()
