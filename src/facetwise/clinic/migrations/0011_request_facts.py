"""What is said of procedures before they are done, which is only added to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from facetwise.clinic.append_only import not_replaced, only_added_to


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0010_append_only_whole"),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=60)),
                ("after", models.DateField(null=True)),
                ("name", models.CharField(max_length=60)),
                ("value", models.TextField(blank=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="request_facts", to="clinic.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        only_added_to("clinic_requestfact"),
        not_replaced({"clinic_requestfact": []}),
    ]
