"""A database into a file and back, each by its own means, so that what is written meanwhile does no harm."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

from django.db import connection, transaction

from facetwise.documents import DocumentError, Problem

SQLITE, POSTGRES = "clinic.sqlite3", "clinic.pgdump"

FLEETING = ("django_session", "clinic_cache")
"""Tables that no clinic needs again: who was signed in, and what limits counted. They are not counted in a backup."""

_LAST = "SELECT digest FROM clinic_accessevent ORDER BY id DESC LIMIT 1"


def is_postgres() -> bool:
    """Whether this clinic is on PostgreSQL."""
    return connection.vendor == "postgresql"


class Dumped(NamedTuple):
    """A database as a file: all of it as of one moment, with its rows by table and the digest of the trail's last."""

    path: Path
    rows: dict[str, int]
    last_digest: str


def dump(folder: Path) -> Dumped:
    """The database as it stands at one moment, as a file in the folder. Raises `DocumentError` where it cannot be."""
    return _dump_postgres(folder / POSTGRES) if is_postgres() else _dump_sqlite(folder / SQLITE)


def _dump_sqlite(path: Path) -> Dumped:
    """SQLite's own copy in one step: readers and writers go on, and none of it is half."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        cast(Any, connection.connection).backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        names = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {
            name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if not name.startswith("sqlite_") and name not in FLEETING
        }
        return Dumped(path, rows, copy.execute(_LAST).fetchone()[0])


def _dump_postgres(path: Path) -> Dumped:
    """pg_dump of a snapshot, in which the rows are counted, too."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone() or ("",)
        _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={path}")
        cursor.execute(_LAST)
        return Dumped(path, count_rows(), (cursor.fetchone() or ("",))[0])


def count_rows() -> dict[str, int]:
    """Rows by table, of those that are kept."""
    counts = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name in FLEETING:
                continue
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            counts[name] = int((cursor.fetchone() or (0,))[0])
    return counts


@contextmanager
def loaded_postgres(path: Path) -> Iterator[None]:
    """The dump in the empty database of this clinic; empty again where the block fails."""
    before = _functions()
    try:
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-acl", str(path))
        yield
    except BaseException:
        with transaction.atomic(), connection.cursor() as cursor:
            for name in connection.introspection.table_names(cursor):
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE")
            for name in _functions() - before:
                cursor.execute(f"DROP FUNCTION {name} CASCADE")
        raise


def _functions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        )
        return {name for (name,) in cursor.fetchall()}


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's programs on this clinic's database; the password goes by the environment."""
    from psycopg.conninfo import make_conninfo

    given = dict(connection.get_connection_params())
    password = str(given.pop("password", ""))
    for ours in ("cursor_factory", "context", "prepare_threshold"):
        given.pop(ours, None)
    where = shutil.which(program)
    if where is None:
        remedy = "Install PostgreSQL's client programs, such as postgresql-client, of the server's version or later"
        raise DocumentError([Problem("", f"{program} is not installed, which backups of PostgreSQL need", remedy)])
    told = os.environ | ({"PGPASSWORD": password} if password else {})
    command = [where, *arguments, f"--dbname={make_conninfo(**given)}"]
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0].removeprefix(f"{program}: ")
        remedy = "Mend that, and do it again; nothing was kept"
        raise DocumentError([Problem("", f"{program} did not end well: {said}", remedy)])
