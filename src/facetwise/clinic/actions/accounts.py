"""How people sign in: passwords, lock-outs, second factors."""

import secrets

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from facetwise.clinic.people.models import Membership, User
from facetwise.clinic.trail.chain import note
from facetwise.clinic.trail.of_people import note_of_person
from facetwise.documents import DocumentError, Problem


def generated_password() -> str:
    """A password that nobody has used or will keep: it is shown once, and changed at the first sign-in."""
    return secrets.token_urlsafe(12)


@transaction.atomic
def change_password(username: str, password: str) -> None:
    """A new password for somebody. Raises `DocumentError` for nobody, and for one that is too weak."""
    user = _user(username)
    require_strong(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    note_of_person("facetwise", "password changed", user)


@transaction.atomic
def drop_second_factor(username: str) -> None:
    """A second factor taken away by whoever runs the server. Raises `DocumentError` for nobody."""
    user = _user(username)
    Authenticator.objects.filter(user=user).delete()
    note_of_person("facetwise", "second factor taken away", user)


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        known = ", ".join(User.objects.order_by("username").values_list("username", flat=True)[:20])
        raise DocumentError([Problem("username", f'There is no "{username}"', f"Known are: {known or 'nobody yet'}")])
    return user


@transaction.atomic
def change_own_password(user: User, password: str) -> None:
    """The password that somebody chose for themselves."""
    user.set_password(password)
    user.password_must_change = False
    user.save(update_fields=["password", "password_must_change"])
    note_of_person(user.username, "password changed", user)


@transaction.atomic
def give_password(membership: Membership, by: User) -> str:
    """A new password for somebody of the clinic, to be told once and changed at the next sign-in.

    Their sessions end. Raises `DocumentError` for the administrator's own account and one that opens another clinic.
    """
    user = _of_this_clinic_alone(membership, by, "Change yours under Password")
    password = generated_password()
    user.set_password(password)
    user.password_must_change = True
    user.save(update_fields=["password", "password_must_change"])
    note(by.username, "password given", f"user {user.pk}", membership.clinic)
    return password


@transaction.atomic
def take_second_factor_away(membership: Membership, by: User) -> None:
    """A lost second factor asks for nothing any more, nor do its recovery codes.

    Raises `DocumentError` for the administrator's own account and one that opens another clinic.
    """
    user = _of_this_clinic_alone(membership, by, "Change yours under Second factor")
    Authenticator.objects.filter(user=user).delete()
    note(by.username, "second factor taken away", f"user {user.pk}", membership.clinic)


@transaction.atomic
def unlock(membership: Membership, by: User) -> None:
    """Somebody who was locked out after wrong passwords may try again."""
    AccessAttempt.objects.filter(username__iexact=membership.user.username).delete()
    note(by.username, "person unlocked", f"user {membership.user_id}", membership.clinic)


def require_strong(password: str, user: User) -> None:
    """Raise `DocumentError` for a password that is too weak."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DocumentError(Problem("password", one.rstrip("."), "Choose another") for one in error.messages) from None


def _of_this_clinic_alone(membership: Membership, by: User, own: str) -> User:
    """Whoever gets into an account gets into all its clinics, so none of them disposes of it alone.

    Nor does a session that somebody left open dispose of its own account: what asks for the old password does.
    """
    user = membership.user
    if user.pk == by.pk:
        raise DocumentError([Problem("account", "This is your own account", own)])
    if user.memberships.exclude(pk=membership.pk).exists():
        remedy = "Whoever runs the server does it: facetwise clinic set-password, or drop-second-factor"
        raise DocumentError([Problem("account", "It opens another clinic, too", remedy)])
    return user
