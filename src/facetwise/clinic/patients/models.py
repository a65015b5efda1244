"""A patient of a clinic: the record, every record before it, where the patient stands, and what was answered."""

from typing import cast

from django.conf import settings
from django.db import models

from facetwise.documents import DocumentError
from facetwise.records import Record, read_record


class UnreadableRecord(DocumentError):
    """A patient's record cannot be read by this version."""

    def __init__(self, patient: "Patient", error: DocumentError) -> None:
        super().__init__(error.problems)
        self.patient = patient


class Patient(models.Model):
    """A patient of a clinic, known there by a number and a name.

    `version` counts the revisions of the record, the last of which is the record: who changes one that is not the last
    any more finds out. `step` and what follows it say where the patient stood on `stood_on`; they are worked out anew
    after every change and on every new day. `put_off_until` is the day to which a clinician deferred that step.
    """

    clinic = models.ForeignKey("clinic.Clinic", on_delete=models.PROTECT, related_name="patients")
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    stood_on = models.DateField(null=True)
    step = models.CharField(max_length=60, blank=True)
    step_title = models.CharField(max_length=200, blank=True)
    put_off_until = models.DateField(null=True)

    class Meta:
        ordering = ["name", "number"]
        constraints = [models.UniqueConstraint(fields=["clinic", "number"], name="one_number_in_a_clinic")]
        indexes = [models.Index(fields=["clinic", "name"]), models.Index(fields=["clinic", "stood_on"])]

    def __str__(self) -> str:
        return f"patient {self.pk}"

    @property
    def record(self) -> str:
        """The record as it is now, as Facetwise JSON."""
        return self.revisions.get(version=self.version).record

    @property
    def documented(self) -> Record:
        """The record as it is now. Raises `UnreadableRecord` for one that an older version wrote otherwise."""
        read = self.__dict__.get("_read")
        if read is None or read[0] != self.version:  # a record never changes, only the version of the patient does
            try:
                read = self.__dict__["_read"] = self.version, read_record(self.record.encode())
            except DocumentError as error:
                raise UnreadableRecord(self, error) from None
        return cast(Record, read[1])


class Revision(models.Model):
    """A record as it was written, by whom, when and why. The last one is the patient's record."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    record = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    why = models.CharField(max_length=300)

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["patient", "version"], name="one_record_a_version")]

    def __str__(self) -> str:
        return f"version {self.version} of patient {self.patient_id}"


class NeedKind(models.TextChoices):
    """What a patient may need, the most urgent first."""

    SAFETY = "safety", "Safety flag"
    UNREADABLE = "unreadable", "Record not readable"
    DIARY_DUE = "diary_due", "Diary due"
    LINK_ASKED = "link_asked", "New link asked for"
    DIARY_UNJUDGEABLE = "diary_unjudgeable", "Block not judged"
    DOCUMENTS_MISSING = "documents_missing", "Documents missing"
    ABLATION = "ablation", "Ablation supported"
    SECOND_BLOCK = "second_block", "Second block possible"
    REPEAT = "repeat", "Repeat possible"
    FOLLOW_UP = "follow_up", "Follow-up overdue"
    DECISION = "decision", "Next step to be decided"


LONGEST_SAID = 400


class Need(models.Model):
    """Something that a patient needs, from `since` on. `says` is in words for the worklist.

    One that is there for some hours only is written beforehand, with the moments between which it is shown.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=30, choices=NeedKind.choices)
    since = models.DateField()
    says = models.CharField(max_length=LONGEST_SAID, blank=True)
    shown_from = models.DateTimeField(null=True)
    shown_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["since"]
        indexes = [
            models.Index(fields=["kind", "since"]),
            models.Index(fields=["patient", "since", "kind", "shown_from", "shown_until"], name="clinic_need_listed"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of patient {self.patient_id}"


class Verdict(models.TextChoices):
    """What a clinician makes of a recommendation."""

    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    DEFERRED = "deferred", "Deferred"


class Answer(models.Model):
    """What a clinician made of the next step that was shown: the step, the record's version, and why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="answers")
    step = models.CharField(max_length=60)
    step_title = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    reason = models.CharField(max_length=500, blank=True)
    until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.step} of patient {self.patient_id}"
