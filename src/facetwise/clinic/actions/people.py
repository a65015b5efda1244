"""Who works in a clinic, and as what."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from facetwise.clinic.actions.accounts import require_strong
from facetwise.clinic.people.models import Clinic, Invitation, Membership, Role, User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem

LONGEST_NAME = 150


@transaction.atomic
def add_person(
    clinic: Clinic,
    username: str,
    name: str,
    role: Role,
    password: str,
    by: User | None = None,
    *,
    must_change: bool = False,
) -> User:
    """Somebody new in a clinic. With `must_change` the password is good for choosing another one only.

    Raises `DocumentError` for a name that is taken or cannot be, and a password that is too weak.
    """
    username = username.strip()
    if not username:
        raise DocumentError([Problem("username", "It is empty", "Give a name to sign in with")])
    if User.objects.filter(username__iexact=username).exists():
        raise DocumentError([Problem("username", f'"{username}" is taken', _OTHERWISE)])
    first, _, last = " ".join(name.split()).partition(" ")
    user = User(username=username, first_name=first, last_name=last, password_must_change=must_change)
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise DocumentError(
            Problem(where, one.rstrip("."), "Write another")
            for where, told in error.message_dict.items()
            for one in told
        ) from None
    require_strong(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # somebody else was faster
        raise DocumentError([Problem("username", f'"{username}" is taken', _OTHERWISE)]) from None
    Membership.objects.create(user=user, clinic=clinic, role=role)
    note(_named(by), "person added", f"user {user.pk} as {role}", clinic)
    return user


_OTHERWISE = "Give another. Who has an account is asked into the clinic, or added with create-user --existing"


@transaction.atomic
def add_membership(clinic: Clinic, username: str, role: Role) -> User:
    """Somebody who has an account works in this clinic too. Whoever runs the server may; an administrator invites.

    Raises `DocumentError` for nobody, and for somebody who works there already.
    """
    user = User.objects.filter(username__iexact=username.strip()).first()
    if user is None:
        raise DocumentError([Problem("username", f'There is no "{username}"', "Leave --existing out to add somebody")])
    if Membership.objects.filter(clinic=clinic, user=user).exists():
        remedy = "An administrator of the clinic changes the role under People"
        raise DocumentError([Problem("username", f'"{username}" works in {clinic} already', remedy)])
    Membership.objects.create(user=user, clinic=clinic, role=role)
    note("facetwise", "person added", f"user {user.pk} as {role}", clinic)
    return user


@transaction.atomic
def change_role(membership: Membership, role: Role, by: User) -> None:
    """Another role. Raises `DocumentError` where the clinic would be left without an administrator."""
    current = _alone(membership)
    if current.role == role:
        return
    _require_another_administrator(current)
    about = f"user {current.user_id} from {current.role} to {role}"
    current.role = role
    current.save(update_fields=["role"])
    note(by.username, "role changed", about, current.clinic)


@transaction.atomic
def take_out(membership: Membership, by: User) -> None:
    """Somebody works in the clinic no longer; the account and its trail stay.

    Raises `DocumentError` where the clinic would be left without an administrator.
    """
    current = _alone(membership)
    _require_another_administrator(current)
    current.delete()
    note(by.username, "person taken out", f"user {current.user_id}, was {current.role}", current.clinic)


def _alone(membership: Membership) -> Membership:
    """The membership as it is now; until the transaction ends nobody else changes who works in the clinic.

    Raises `DocumentError` where somebody else ended it meanwhile.
    """
    Clinic.objects.select_for_update(no_key=True).get(pk=membership.clinic_id)
    found = Membership.objects.select_related("clinic", "user").filter(pk=membership.pk).first()
    if found is None:
        raise DocumentError([Problem("", "This person works here no longer", "Somebody else took them out")])
    return found


def _require_another_administrator(membership: Membership) -> None:
    others = Membership.objects.filter(clinic=membership.clinic, role=Role.ADMINISTRATOR).exclude(pk=membership.pk)
    if membership.role == Role.ADMINISTRATOR and not others.exists():
        what = "This is the clinic's last administrator"
        raise DocumentError([Problem("role", what, "Make somebody else administrator first")])


@transaction.atomic
def invite(clinic: Clinic, username: str, role: Role, by: User) -> Invitation:
    """Ask somebody who has an account into the clinic, or ask again with another role.

    Nothing tells whether there is such an account: who has it sees the invitation, and joins by accepting it. Raises
    `DocumentError` for no name, and for somebody who works here already.
    """
    username = username.strip()
    if not username or len(username) > LONGEST_NAME or "\0" in username:
        what = "It is empty" if not username else "It is no user name"
        raise DocumentError([Problem("username", what, "Give the name that they sign in with")])
    if Membership.objects.filter(clinic=clinic, user__username__iexact=username).exists():
        raise DocumentError([Problem("username", f'"{username}" works here already', "Change the role in the list")])
    made, _ = Invitation.objects.update_or_create(
        clinic=clinic, username=username.lower(), defaults={"role": role, "by": by, "at": timezone.now()}
    )
    note(by.username, "person invited", f"invitation {made.pk} as {role}", clinic)
    return made


@transaction.atomic
def withdraw(invitation: Invitation, by: User) -> None:
    """Take an invitation back, or decline it, as whoever was invited."""
    what = "invitation declined" if by.username.lower() == invitation.username else "invitation withdrawn"
    about = f"invitation {invitation.pk}"
    invitation.delete()
    note(by.username, what, about, invitation.clinic)


@transaction.atomic
def accept(invitation: Invitation, user: User) -> Membership:
    """Join the clinic in the role of the invitation. Raises `DocumentError` for one that was withdrawn meanwhile."""
    current = Invitation.objects.select_for_update(of=("self",)).select_related("clinic").filter(pk=invitation.pk)
    if (found := current.first()) is None:
        raise DocumentError([Problem("", "This invitation was withdrawn", "Ask the clinic for another")])
    invitation = found
    membership, _ = Membership.objects.get_or_create(
        user=user, clinic=invitation.clinic, defaults={"role": invitation.role}
    )
    about = f"invitation {invitation.pk}: user {user.pk} as {membership.role}"
    invitation.delete()
    note(user.username, "invitation accepted", about, invitation.clinic)
    return membership


def _named(by: User | None) -> str:
    return by.username if by is not None else "facetwise"
