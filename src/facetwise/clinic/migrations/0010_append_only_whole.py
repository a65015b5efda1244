"""Rows that are only added are not replaced and not emptied out either, and a record may be unreadable."""

from django.db import migrations, models

from facetwise.clinic.append_only import not_replaced

TABLES: dict[
    str, list[list[str]]
] = {  # and what is unique in each beside its id: a row that is the same in it would be replaced
    "clinic_accessevent": [["digest"]],
    "clinic_revision": [["patient_id", "version"]],
    "clinic_localpolicy": [["clinic_id", "policy", "version"]],
    "clinic_sentletter": [],
    "clinic_diaryentry": [["link_id", "key"], ["replaces_id"]],
    "clinic_aidanswers": [["link_id", "version"]],
}


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
        not_replaced(TABLES),
    ]
