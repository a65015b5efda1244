"""Facts of the procedure that the next step proposes."""

import json
from typing import Any

from django.conf import settings
from django.db import models

from facetwise.clinic.patients.models import Patient
from facetwise.clinic.records.labels import label_of


def said_in_words(value: Any) -> str:
    """A value of a request's JSON as it is read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(said_in_words(one["name"]) for one in value)
    return value.replace("_", " ") if isinstance(value, str) else f"{value:g}"


class RequestFact(models.Model):
    """One fact of the request that a step proposes, such as where it will be done, as somebody said it.

    `name` is the request's field, `value` what it says as JSON; an empty one takes back what was said before. A fact
    is for its step, and as long as the last procedure in the record is of the day `after`: once another was done, it
    was about that one.

    Rows are never changed or removed: the database refuses it. The last of a name counts.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="request_facts")
    step = models.CharField(max_length=60)
    after = models.DateField(null=True)
    name = models.CharField(max_length=60)
    value = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    @property
    def question(self) -> str:
        """What it answers."""
        return label_of(f"request.{self.name}")

    @property
    def said(self) -> str:
        """The answer as it is read."""
        return said_in_words(json.loads(self.value)) if self.value else "not documented"

    def __str__(self) -> str:
        return f"fact {self.pk} of the request of patient {self.patient_id}"
