"""Views of the worklist that somebody keeps under a name."""

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """How somebody likes to see the worklist of a clinic: `query` is what follows the `?` of its address."""

    clinic = models.ForeignKey("clinic.Clinic", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["clinic", "user", "name"], name="one_view_of_a_name")]

    def __str__(self) -> str:
        return f"view {self.pk} of user {self.user_id}"
