"""What patients answered in the decision aid."""

import msgspec
from django.db import models

from facetwise.education import Answers


class AidAnswers(models.Model):
    """The answers as they were sent in at one moment. Whoever changes them adds a version; none is ever changed."""

    link = models.ForeignKey("clinic.PatientLink", on_delete=models.PROTECT, related_name="answers")
    version = models.PositiveIntegerField()
    answers = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["link", "version"], name="one_set_of_answers_a_version")]

    def __str__(self) -> str:
        return f"version {self.version} of the answers of link {self.link_id}"

    @property
    def given(self) -> Answers:
        """The answers themselves."""
        return msgspec.json.decode(self.answers, type=Answers)
