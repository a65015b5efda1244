"""Signing in, out and in vain, in the audit trail of the clinic where the person works."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from facetwise.clinic.links.opening import shut
from facetwise.clinic.people.models import Membership, User
from facetwise.clinic.trail.chain import note


@receiver(user_logged_in)
def signed_in(user: User, request: HttpRequest, **_: Any) -> None:
    """Somebody is in; what a patient had open in the same browser is open no more."""
    shut(request)
    _note(user, "signed in")


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    """Somebody went."""
    if user is not None:
        _note(user, "signed out")


@receiver(user_login_failed)
def failed(credentials: dict[str, Any], **_: Any) -> None:
    """Somebody tried. A name that nobody has is not kept: it may be a password in the wrong field."""
    tried = User.objects.filter(username=credentials.get("username") or "").first()
    if tried is not None:
        _note(tried, "sign-in failed")


def _note(user: User, what: str) -> None:
    membership = Membership.objects.select_related("clinic").filter(user=user).order_by("id").first()
    note(user.username, what, f"user {user.pk}", membership.clinic if membership else None)
