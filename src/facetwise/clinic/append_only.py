"""Tables that can only be added to: the database itself refuses to change or remove their rows.

Migrations call this, those of the past too: what it makes of a table must stay what it is. On SQLite, Django makes a
table anew when a migration alters it, and its triggers are lost; such a migration has to call this again.
"""

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


def drop_trigger(editor: BaseDatabaseSchemaEditor, table: str, what: str) -> None:
    """Take a trigger away, named as they are here."""
    editor.execute(f"DROP TRIGGER {table}_{what}" + (f" ON {table}" if is_postgresql(editor) else ""))


def is_postgresql(editor: BaseDatabaseSchemaEditor) -> bool:
    """Whether the database is PostgreSQL; else it is SQLite."""
    return editor.connection.vendor == "postgresql"
