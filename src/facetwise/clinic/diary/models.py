"""A link that opens one diary, and the entries that came through it."""

from django.conf import settings
from django.db import models

LANGUAGES = [("en", "English"), ("es", "Español")]


class DiaryLink(models.Model):
    """A link to the diary of one procedure. The token itself is known to the patient alone; its digest is kept.

    `given_at` is the moment when the anaesthetic was given: every entry is so many minutes after it.
    """

    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="diary_links")
    procedure = models.CharField(max_length=60)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="en")
    given_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"diary link {self.pk}"


class DiaryEntry(models.Model):
    """What the patient said at one moment. `key` is made on the phone, so that no entry is kept twice.

    `device_at` is what the phone's clock said, `at` the same put right where that clock was wrong, `minutes` how long
    after the anaesthetic. One that came long after its moment is `late`; `by` is who typed in a paper diary.
    """

    link = models.ForeignKey(DiaryLink, on_delete=models.PROTECT, related_name="entries")
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

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["link", "key"], name="an_entry_is_kept_once")]

    def __str__(self) -> str:
        return f"entry {self.pk} of diary link {self.link_id}"
