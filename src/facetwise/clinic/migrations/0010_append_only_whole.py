"""Rows that are only added are not replaced and not emptied out either, and a record may be unreadable.

SQLite takes a row away without a trigger of DELETE where another is put in its place by INSERT OR REPLACE; PostgreSQL
where a table is truncated.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from facetwise.clinic.append_only import REFUSES, drop_trigger, is_postgresql, refusal

TABLES = {  # and what is unique in each beside its id: a row that is the same in it would be replaced
    "clinic_accessevent": [["digest"]],
    "clinic_revision": [["patient_id", "version"]],
    "clinic_localpolicy": [["clinic_id", "policy", "version"]],
    "clinic_sentletter": [],
    "clinic_diaryentry": [["link_id", "key"], ["replaces_id"]],
    "clinic_aidanswers": [["link_id", "version"]],
}


def forbid(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for table, unique in TABLES.items():
        if is_postgresql(editor):
            editor.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {REFUSES}"
            )
        else:
            same = " OR ".join(
                " AND ".join(f'"{one}" = NEW."{one}"' for one in columns) for columns in [["id"], *unique]
            )
            editor.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refusal(table)}"
            )


def allow(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        drop_trigger(editor, table, "no_truncate" if is_postgresql(editor) else "no_replace")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0009_patient_links")]
    operations = [
        migrations.AlterField(
            "need",
            "kind",
            models.CharField(
                choices=[
                    ("safety", "Safety flag"),
                    ("unreadable", "Record not readable"),
                    ("diary_due", "Diary due"),
                    ("link_asked", "New link asked for"),
                    ("diary_unjudgeable", "Block not judged"),
                    ("documents_missing", "Documents missing"),
                    ("ablation", "Ablation supported"),
                    ("second_block", "Second block possible"),
                    ("repeat", "Repeat possible"),
                    ("follow_up", "Follow-up overdue"),
                    ("decision", "Next step to be decided"),
                ],
                max_length=30,
            ),
        ),
        migrations.RunPython(forbid, allow),
    ]
