"""What was sent, which can only be added to, and what stands in a clinic's letterhead."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from facetwise.clinic.append_only import only_added_to


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0006_people_and_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="address",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="clinic",
            name="telephone",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.CreateModel(
            name="SentLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("letter", "Letter of medical necessity"),
                            ("packet", "Prior authorization packet"),
                            ("diary_report", "Pain diary report"),
                            ("addendum", "Procedure note addendum"),
                            ("summary", "Summary for the patient"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("language", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("as_of", models.DateField()),
                ("open_places", models.PositiveSmallIntegerField()),
                ("page", models.TextField()),
                ("page_digest", models.CharField(max_length=64)),
                ("pdf", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("to", models.CharField(max_length=200)),
                (
                    "how",
                    models.CharField(
                        choices=[("fax", "Fax"), ("post", "Post"), ("portal", "Portal"), ("by_hand", "By hand")],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        only_added_to("clinic_sentletter"),
    ]
