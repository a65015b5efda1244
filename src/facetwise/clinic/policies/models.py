"""What a clinic writes of its own. Rows are added and never changed: triggers of the database refuse anything else."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet


class LocalPolicy(models.Model):
    """A clinic's policy as it was at one version, with its cases. The last version is the one that holds.

    Its text is the language of the library. Taking it out of use and putting it back are versions of their own, with
    the same text and another `active`.
    """

    clinic = models.ForeignKey("clinic.Clinic", on_delete=models.PROTECT, related_name="local_policies")
    policy = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField()
    cases = models.TextField()
    active = models.BooleanField(default=True)
    why = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["policy", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "policy", "version"], name="one_text_a_version"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of {self.policy}"


def last_versions(clinic_id: int) -> QuerySet[LocalPolicy]:
    """The version of each of a clinic's policies that holds, in the order of their ids."""
    later = LocalPolicy.objects.filter(
        clinic=OuterRef("clinic"), policy=OuterRef("policy"), version__gt=OuterRef("version")
    )
    return LocalPolicy.objects.filter(~Exists(later), clinic=clinic_id).order_by("policy")
