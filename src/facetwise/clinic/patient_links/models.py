"""Tries of links that opened nothing, counted by where they came from."""

from django.db import models


class FailedTry(models.Model):
    """A link was tried and opened nothing. Of the address it came from a digest is kept, for as long as it counts."""

    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"])]

    def __str__(self) -> str:
        return f"failed try {self.pk}"
