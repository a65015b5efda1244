"""People who work in a clinic."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from facetwise.clinic.people.models import Clinic, Membership, Role, User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem


@transaction.atomic
def add_person(clinic: Clinic, username: str, name: str, role: Role, password: str) -> User:
    """Somebody new in a clinic. Raises `DocumentError` for a name that is taken and a password that is too weak."""
    if not username.strip():
        raise DocumentError([Problem("username", "It is empty", "Give a name to sign in with")])
    if User.objects.filter(username=username).exists():
        raise DocumentError([Problem("username", f'"{username}" is taken', "Give another")])
    first, _, last = name.strip().partition(" ")
    user = User(username=username, first_name=first, last_name=last)
    _require_strong(password, user)
    user.set_password(password)
    user.save()
    Membership.objects.create(user=user, clinic=clinic, role=role)
    note("facetwise", "person added", f"user {user.pk} as {role}", clinic)
    return user


@transaction.atomic
def change_password(username: str, password: str) -> None:
    """A new password for somebody. Raises `DocumentError` for nobody, and for one that is too weak."""
    user = User.objects.filter(username=username).first()
    if user is None:
        known = ", ".join(User.objects.order_by("username").values_list("username", flat=True)[:20])
        raise DocumentError([Problem("username", f'There is no "{username}"', f"Known are: {known or 'nobody yet'}")])
    _require_strong(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    note("facetwise", "password changed", f"user {user.pk}")


def _require_strong(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise DocumentError(Problem("password", one.rstrip("."), "Choose another") for one in error.messages) from None
