"""A link that opens one thing for one patient."""

from django.conf import settings
from django.db import models
from django.utils.crypto import salted_hmac

LANGUAGES = [("en", "English"), ("es", "Español")]


class Purpose(models.TextChoices):
    """What a link opens. One of `PAPER` was never told to anybody: it holds a diary that was typed in from paper."""

    DIARY = "diary", "Pain diary"
    DECISION_AID = "decision_aid", "Decision aid"
    PAPER = "paper", "Paper diary"


class PatientLink(models.Model):
    """A link for a patient. The token itself is known to the patient alone; its digest is kept.

    For a diary, `procedure` is the one that it is of, and `given_at` the moment when the anaesthetic was given: every
    entry is so many minutes after it. For the decision aid both are empty. `opened_at` is when it was opened first,
    `seen_at` when last, `heard_at` when something came through it. `asked_at` is when the patient asked for a new one
    in its stead. `email` is where reminders go; it stands nowhere else.
    """

    patient = models.ForeignKey("clinic.Patient", on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.DIARY)
    procedure = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="en")
    given_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    reminded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"link {self.pk}"

    @property
    def opens(self) -> str:
        """What it opens, by an id that tells nothing: that of a link that takes the place of another is the same."""
        about = f"{self.purpose} {self.patient_id} {self.procedure}"
        return salted_hmac("facetwise.clinic.links", about, algorithm="sha256").hexdigest()


class FailedTry(models.Model):
    """A link was tried and opened nothing. Of the address it came from a digest is kept, for as long as it counts."""

    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"])]

    def __str__(self) -> str:
        return f"failed try {self.pk}"
