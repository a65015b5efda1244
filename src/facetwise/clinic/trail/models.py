"""What the audit trail holds. Rows are added and never changed: triggers of the database refuse anything else."""

from django.db import models


class AccessEvent(models.Model):
    """Somebody read or wrote something. `digest` is over this row and the digest of the row before.

    `what` is a word such as `patient read`; `about` names the row that it was about, by its number and never by what
    stands in it.
    """

    at = models.DateTimeField()
    clinic = models.ForeignKey("clinic.Clinic", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=150)
    what = models.CharField(max_length=60)
    about = models.CharField(max_length=100, blank=True)
    before = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["clinic", "-id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}: {self.what} {self.about}"
