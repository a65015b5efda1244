"""Signing in, out and in vain, and second factors, in the audit trail of every clinic where the person works."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from facetwise.clinic.links.opening import shut
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.of_people import note_of_person

_NAMES = {Authenticator.Type.TOTP: "second factor", Authenticator.Type.RECOVERY_CODES: "recovery codes"}


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
    tried = User.objects.filter(username__iexact=credentials.get("username") or "").first()
    if tried is not None:
        _note(tried, "sign-in failed")


@receiver(authenticator_added)
def second_factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Somebody has set one up; recovery codes come with the first."""
    _note(user, f"{_NAMES[authenticator.type]} set up")


@receiver(authenticator_removed)
def second_factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Somebody has taken one away."""
    _note(user, f"{_NAMES[authenticator.type]} removed")


@receiver(authenticator_reset)
def second_factor_reset(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Somebody has made new recovery codes."""
    _note(user, f"{_NAMES[authenticator.type]} made anew")


@receiver(authenticator_used)
def second_factor_used(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Somebody has used a recovery code; to use an app is every day's sign-in."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _note(user, "recovery code used")


@receiver(authentication_failed)
def second_factor_failed(user: User, **_: Any) -> None:
    """Somebody has given a code that is wrong."""
    _note(user, "second factor failed")


def _note(user: User, what: str) -> None:
    note_of_person(user.username, what, user)
