"""A diary's link becomes a patient's link, which may be to the decision aid, too; entries and answers are only added.

On SQLite, Django makes a table anew when a later migration alters it, and its triggers are lost: such a migration has
to forbid changes again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from facetwise.clinic.append_only import only_added_to


class Migration(migrations.Migration):
    dependencies = [("clinic", "0008_shared_counts")]
    operations = [
        migrations.RenameModel("DiaryLink", "PatientLink"),
        migrations.AlterField(
            "patientlink",
            "patient",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="links", to="clinic.patient"),
        ),
        migrations.AddField(
            "patientlink",
            "purpose",
            models.CharField(
                choices=[("diary", "Pain diary"), ("decision_aid", "Decision aid"), ("paper", "Paper diary")],
                default="diary",
                max_length=20,
            ),
        ),
        migrations.AlterField("patientlink", "procedure", models.CharField(blank=True, max_length=60)),
        migrations.AlterField("patientlink", "given_at", models.DateTimeField(null=True)),
        migrations.AddField("patientlink", "seen_at", models.DateTimeField(null=True)),
        migrations.AddField("patientlink", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField("patientlink", "reminded_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "patientlink",
            "reminded_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField("patientlink", "email", models.EmailField(blank=True, max_length=254)),
        migrations.AddField(
            "diaryentry",
            "replaces",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="clinic.diaryentry",
            ),
        ),
        migrations.CreateModel(
            name="AidAnswers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("answers", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="clinic.patientlink"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("link", "version"), name="one_set_of_answers_a_version")
                ],
            },
        ),
        migrations.AddField("need", "shown_from", models.DateTimeField(null=True)),
        migrations.AddField("need", "shown_until", models.DateTimeField(null=True)),
        migrations.AlterField(
            "need",
            "kind",
            models.CharField(
                choices=[
                    ("safety", "Safety flag"),
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
        only_added_to("clinic_diaryentry", "clinic_aidanswers"),
        migrations.AddIndex(
            "need",
            models.Index(fields=["patient", "since", "kind", "shown_from", "shown_until"], name="clinic_need_listed"),
        ),
    ]
