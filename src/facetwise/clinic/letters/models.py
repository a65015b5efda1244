"""What was sent to whom, exactly as it was sent. Rows are added and never changed: triggers refuse anything else."""

import hashlib
import json

from django.conf import settings
from django.db import models


class LetterKind(models.TextChoices):
    """Which document."""

    LETTER = "letter", "Letter of medical necessity"
    PACKET = "packet", "Prior authorization packet"
    DIARY_REPORT = "diary_report", "Pain diary report"
    ADDENDUM = "addendum", "Procedure note addendum"
    SUMMARY = "summary", "Summary for the patient"


class SentBy(models.TextChoices):
    """Which way a document went."""

    FAX = "fax", "Fax"
    POST = "post", "Post"
    PORTAL = "portal", "Portal"
    BY_HAND = "by_hand", "By hand"


class SentLetter(models.Model):
    """A document that was sent: the page and the PDF byte by byte, of which version of the record, to whom and how.

    `digest` is the SHA-256 of the PDF, `page_digest` that of the page. The audit trail holds the `seal` over both.
    """

    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=LetterKind.choices)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    as_of = models.DateField()
    open_places = models.PositiveSmallIntegerField()
    page = models.TextField()
    page_digest = models.CharField(max_length=64)
    pdf = models.BinaryField()
    digest = models.CharField(max_length=64)
    to = models.CharField(max_length=200)
    how = models.CharField(max_length=20, choices=SentBy.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"letter {self.pk} of patient {self.patient_id}"

    @property
    def is_intact(self) -> bool:
        """Whether the page and the PDF are those that were sent."""
        return digest_of(self.page.encode()) == self.page_digest and digest_of(bytes(self.pdf)) == self.digest

    @property
    def seal(self) -> str:
        """What the audit trail holds of it: a digest over the page, the PDF, whose it is, and where it went."""
        told = [self.patient_id, self.version, self.page_digest, self.digest, self.to, self.how, self.by_id]
        return digest_of(json.dumps(told, ensure_ascii=False).encode())


def digest_of(data: bytes) -> str:
    """The SHA-256 of what is sent."""
    return hashlib.sha256(data).hexdigest()
