"""Tables that can only be added to: the database itself refuses to change or remove their rows.

Migrations call this, those of the past too: what it makes of a table must stay what it is. On SQLite, Django makes a
table anew when a migration alters it, and its triggers are lost; such a migration has to call this again.
"""

from collections.abc import Mapping, Sequence

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSES = "EXECUTE FUNCTION clinic_append_only()"
"""On PostgreSQL, what a trigger does; migration 0002 makes the function."""


def refusal(table: str) -> str:
    """On SQLite, what a trigger does."""
    return f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or removed'); END"


def only_added_to(*tables: str) -> migrations.RunPython:
    """The step of a migration that lets rows of these tables be added and nothing else; undone, it lets them all."""

    def forbid(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            does = REFUSES if is_postgresql(editor) else refusal(table)
            for what in ("UPDATE", "DELETE"):
                editor.execute(f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table} FOR EACH ROW {does}")

    def allow(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in tables:
            for what in ("update", "delete"):
                drop_trigger(editor, table, f"no_{what}")

    return migrations.RunPython(forbid, allow)


def not_replaced(unique: Mapping[str, Sequence[Sequence[str]]]) -> migrations.RunPython:
    """The step of a migration after which rows are not replaced and not emptied out either.

    SQLite takes a row away without a trigger of DELETE where another is put in its place by INSERT OR REPLACE;
    PostgreSQL where a table is truncated. `unique` says of each table what is unique in it beside its id: a row that
    is the same in it would be replaced.
    """

    def forbid(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for table, columns in unique.items():
            if is_postgresql(editor):
                editor.execute(
                    f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {REFUSES}"
                )
                continue
            same = " OR ".join(" AND ".join(f'"{one}" = NEW."{one}"' for one in key) for key in [["id"], *columns])
            editor.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refusal(table)}"
            )

    def allow(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for table in unique:
            drop_trigger(editor, table, "no_truncate" if is_postgresql(editor) else "no_replace")

    return migrations.RunPython(forbid, allow)


def drop_trigger(editor: BaseDatabaseSchemaEditor, table: str, what: str) -> None:
    """Take a trigger away, named as they are here."""
    editor.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if is_postgresql(editor) else ""))


def is_postgresql(editor: BaseDatabaseSchemaEditor) -> bool:
    """Whether the database is PostgreSQL; else it is SQLite."""
    return editor.connection.vendor == "postgresql"
