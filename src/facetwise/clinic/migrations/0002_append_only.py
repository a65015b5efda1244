"""The audit trail and the revisions of records can only be added to: the database itself refuses anything else."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("clinic_accessevent", "clinic_revision")

FUNCTION = """
CREATE FUNCTION clinic_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME; END
$$ LANGUAGE plpgsql
"""


def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    postgres = editor.connection.vendor == "postgresql"
    if postgres:
        editor.execute(FUNCTION, params=None)
    for table in TABLES:
        for what in ("UPDATE", "DELETE"):
            name = f"{table}_no_{what.lower()}"
            does = (
                "EXECUTE FUNCTION clinic_append_only()"
                if postgres
                else f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or removed'); END"
            )
            editor.execute(f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW {does}")


def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    postgres = editor.connection.vendor == "postgresql"
    for table in TABLES:
        for what in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_no_{what}" + (f" ON {table}" if postgres else ""))
    if postgres:
        editor.execute("DROP FUNCTION clinic_append_only()")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
