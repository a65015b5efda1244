"""The entries of pain diaries."""

from django.conf import settings
from django.db import models


class DiaryEntry(models.Model):
    """What was said of the pain at one moment. `key` is made where it was said, so that no entry is kept twice.

    `device_at` is what the phone's clock said, `at` the same put right where that clock was wrong, `minutes` how long
    after the anaesthetic; a correction from a phone has the moment of what it corrects. One that came
    long after its moment is `late`; `by` is who typed in a paper diary.

    Rows are never changed or removed: the database refuses it. A correction is an entry of its own that `replaces`
    one; whoever reads the diary takes those that no other replaces.
    """

    link = models.ForeignKey("clinic.PatientLink", on_delete=models.PROTECT, related_name="entries")
    key = models.UUIDField()
    device_at = models.DateTimeField()
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    side = models.CharField(max_length=5, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    provoked = models.BooleanField(null=True)
    asleep = models.BooleanField(default=False)
    rescue_analgesic = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["link", "key"], name="an_entry_is_kept_once")]

    def __str__(self) -> str:
        return f"entry {self.pk} of link {self.link_id}"

    @property
    def says_nothing(self) -> bool:
        """Whether it only takes back what it replaces."""
        return self.score is None and not self.asleep and not self.rescue_analgesic
