"""Clinics, the people who work in them, and as what."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class Role(models.TextChoices):
    """What somebody is in a clinic."""

    CLINICIAN = "clinician", "Clinician"
    COORDINATOR = "coordinator", "Coordinator"
    ADMINISTRATOR = "administrator", "Administrator"


class User(AbstractUser):
    """Somebody who signs in. Patients do not. A password that somebody else chose is changed before anything else."""

    password_must_change = models.BooleanField(default=False)

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(Lower("username"), name="one_user_of_a_name")]

    @property
    def called(self) -> str:
        """How the person is named on the screen."""
        return self.get_full_name() or self.username


class Clinic(models.Model):
    """A clinic; nobody of another one sees its patients.

    `follow_up_after_days` is the clinic's own choice: after how long without a follow-up one is overdue. What stands
    for the diary is the clinic's choice too, and empty where it keeps to the cited figures: the minutes between scores
    in the first hour, the hours of the diary, and the relief in percent that is drawn as a line. `address` and
    `telephone` stand in its letterhead.
    """

    name = models.CharField(max_length=200, unique=True)
    second_factor_required = models.BooleanField(default=False)
    follow_up_after_days = models.PositiveSmallIntegerField(default=90)
    diary_first_hour_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    diary_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    relief_drawn_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    address = models.TextField(blank=True, default="")
    telephone = models.CharField(max_length=40, blank=True, default="")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That somebody works in a clinic, and as what."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "clinic"], name="one_role_in_a_clinic")]

    def __str__(self) -> str:
        return f"{self.user.username} in {self.clinic}: {self.role}"


class Invitation(models.Model):
    """That an administrator asks somebody who has an account already into the clinic.

    It names a user name, not a user: whether there is one shows only when somebody of that name accepts.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="invitations")
    username = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["username"]
        constraints = [models.UniqueConstraint(fields=["clinic", "username"], name="one_invitation_to_a_clinic")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
