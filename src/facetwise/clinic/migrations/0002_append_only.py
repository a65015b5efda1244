"""The audit trail and the revisions of records can only be added to."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from facetwise.clinic.append_only import is_postgresql, only_added_to

FUNCTION = """
CREATE FUNCTION clinic_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME; END
$$ LANGUAGE plpgsql
"""


def make_function(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if is_postgresql(editor):
        editor.execute(FUNCTION, params=None)


def drop_function(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if is_postgresql(editor):
        editor.execute("DROP FUNCTION clinic_append_only()")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [
        migrations.RunPython(make_function, drop_function),
        only_added_to("clinic_accessevent", "clinic_revision"),
    ]
