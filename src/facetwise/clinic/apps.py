"""The Django application."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    """One application with one set of migrations; its models stand with the features they belong to."""

    name = "facetwise.clinic"
    label = "clinic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for who signs in."""
        from facetwise.clinic.sign_in import noting  # noqa: F401
