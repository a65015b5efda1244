import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def stand_anew(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """What was put off is written down with where a patient stands; everybody is worked out anew."""
    apps.get_model("clinic", "Patient").objects.update(stood_on=None)


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0003_diary"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.RemoveField(
            model_name="patient",
            name="record",
        ),
        migrations.AddField(
            model_name="patient",
            name="put_off_until",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="savedview",
            name="clinic",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.clinic"),
        ),
        migrations.AddField(
            model_name="savedview",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("clinic", "user", "name"), name="one_view_of_a_name"),
        ),
        migrations.RunPython(stand_anew, migrations.RunPython.noop),
    ]
