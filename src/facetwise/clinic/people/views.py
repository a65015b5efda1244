"""The people of a clinic, for its administrator."""

from collections.abc import Callable
from typing import NamedTuple, cast

from allauth.mfa.models import Authenticator
from axes.conf import settings as axes_settings
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from facetwise.clinic.access import StaffRequest, access_for, access_person
from facetwise.clinic.actions.accounts import generated_password, give_password, take_second_factor_away, unlock
from facetwise.clinic.actions.people import add_person, change_role, invite, take_out, withdraw
from facetwise.clinic.people.models import Invitation, Membership, Role, User
from facetwise.documents import DocumentError, Problem


class Person(NamedTuple):
    """Somebody of the clinic, with how they sign in."""

    membership: Membership
    second_factor: bool
    locked_out: bool


@require_GET
@access_for(Role.ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    """Who works here, and who is asked to."""
    return _list(cast(StaffRequest, request))


@require_GET
@access_for(Role.ADMINISTRATOR)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person, and what an administrator may do for them."""
    staff = cast(StaffRequest, request)
    (shown,) = _persons([access_person(staff, pk)])
    context = {
        "person": shown, "roles": Role.choices, "own": pk == staff.user.pk,
        "elsewhere": shown.membership.user.memberships.exclude(clinic=staff.clinic).exists(),
    }  # fmt: skip
    return render(request, "clinic/person.html", context)


@never_cache
@require_POST
@access_for(Role.ADMINISTRATOR)
def add(request: HttpRequest) -> HttpResponse:
    """Make an account for somebody, and show its first password once."""
    staff = cast(StaffRequest, request)
    username, name, password = request.POST.get("username", ""), request.POST.get("name", ""), generated_password()
    try:
        role = _role(request)
        user = add_person(staff.clinic, username, name, role, password, staff.user, must_change=True)
    except DocumentError as error:
        return _list(staff, error, {"username": username, "name": name, "role": request.POST.get("role")})
    return _password_shown(staff, user, password)


@require_POST
@access_for(Role.ADMINISTRATOR)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask somebody with an account into the clinic; the answer is the same whether there is such an account or not."""
    staff = cast(StaffRequest, request)
    asked = request.POST.get("asked", "")
    try:
        invite(staff.clinic, asked, _role(request), staff.user)
    except DocumentError as error:
        return _list(staff, error, {"asked": asked, "role": request.POST.get("role")})
    messages.success(request, f"{asked.strip()} is asked. If there is such an account, it sees this at its next page.")
    return redirect("people")


@require_POST
@access_for(Role.ADMINISTRATOR)
def withdraw_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    staff = cast(StaffRequest, request)
    found = Invitation.objects.filter(clinic=staff.clinic, pk=pk).first()
    if found is None:
        raise Http404
    withdraw(found, staff.user)
    messages.success(request, "The invitation is taken back.")
    return redirect("people")


@require_POST
@access_for(Role.ADMINISTRATOR)
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what somebody is."""

    def change(membership: Membership, by: User) -> HttpResponse:
        change_role(membership, _role(request), by)
        messages.success(request, f"{membership.user.called} is {Role(request.POST['role']).label.lower()} now.")
        return redirect("home" if pk == by.pk else "people")

    return _done(cast(StaffRequest, request), pk, change)


@require_POST
@access_for(Role.ADMINISTRATOR)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody out of the clinic."""

    def take(membership: Membership, by: User) -> HttpResponse:
        take_out(membership, by)
        messages.success(request, f"{membership.user.called} works here no longer.")
        return redirect("home" if pk == by.pk else "people")

    return _done(cast(StaffRequest, request), pk, take)


@never_cache
@require_POST
@access_for(Role.ADMINISTRATOR)
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a new password, and show it once."""
    staff = cast(StaffRequest, request)
    return _done(staff, pk, lambda of, by: _password_shown(staff, of.user, give_password(of, by)))


@require_POST
@access_for(Role.ADMINISTRATOR)
def let_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody try again who was locked out."""

    def let(membership: Membership, by: User) -> HttpResponse:
        unlock(membership, by)
        messages.success(request, f"{membership.user.called} can sign in again shortly.")
        return redirect("person", pk=pk)

    return _done(cast(StaffRequest, request), pk, let)


@require_POST
@access_for(Role.ADMINISTRATOR)
def drop_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lost second factor away."""

    def drop(membership: Membership, by: User) -> HttpResponse:
        take_second_factor_away(membership, by)
        messages.success(request, f"{membership.user.called} signs in with the password alone for now.")
        return redirect("person", pk=pk)

    return _done(cast(StaffRequest, request), pk, drop)


def _done(staff: StaffRequest, pk: int, action: Callable[[Membership, User], HttpResponse]) -> HttpResponse:
    """What an action on somebody of the clinic answers; or that person's page with the reason why it cannot be."""
    membership = access_person(staff, pk)
    try:
        return action(membership, staff.user)
    except DocumentError as error:
        messages.error(staff, error.says)
        return redirect("person", pk=pk)


def _list(staff: StaffRequest, error: DocumentError | None = None, given: object = None) -> HttpResponse:
    """The list with the forms below it; with what was given and what is wrong with it where there is something."""
    memberships = Membership.objects.select_related("user").filter(clinic=staff.clinic).order_by("user__username")
    context = {
        "people": _persons(list(memberships)), "roles": Role.choices, "given": given or {},
        "invitations": Invitation.objects.filter(clinic=staff.clinic).select_related("by"),
        "problems": error.problems if error else (),
    }  # fmt: skip
    return render(staff, "clinic/people.html", context, status=422 if error else 200)


def _persons(memberships: list[Membership]) -> list[Person]:
    users = [one.user_id for one in memberships]
    with_factor = set(
        Authenticator.objects.filter(user__in=users, type=Authenticator.Type.TOTP).values_list("user", flat=True)
    )
    attempts = AccessAttempt.objects.filter(failures_since_start__gte=axes_settings.AXES_FAILURE_LIMIT)
    recent = attempts.filter(attempt_time__gte=timezone.now() - get_cool_off())
    locked = {name.lower() for name in recent.values_list("username", flat=True) if name}
    return [Person(one, one.user_id in with_factor, one.user.username.lower() in locked) for one in memberships]


def _password_shown(staff: StaffRequest, user: User, password: str) -> HttpResponse:
    return render(staff, "clinic/password_given.html", {"person": user, "password": password})


def _role(request: HttpRequest) -> Role:
    """The role of a form. Raises `DocumentError` for none."""
    try:
        return Role(request.POST.get("role", ""))
    except ValueError:
        known = ", ".join(Role.values)
        raise DocumentError([Problem("role", "There is no such role", f"Choose one: {known}")]) from None
