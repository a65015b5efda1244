"""Who may see and do what. Every view asks here, and nowhere else is it decided.

What belongs to another clinic is answered like what is not there at all.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import Clinic, Membership, Role, User
from facetwise.clinic.policies.models import LocalPolicy, last_versions

View = Callable[..., HttpResponseBase]

CHOSEN = "clinic"
"""Where the session keeps which clinic was chosen."""

CLINIC_OF_PAGE = "clinic_of_page"
"""The field of every form that says in which clinic its page was opened: another tab may have changed clinics since."""

STAFF = (Role.CLINICIAN, Role.COORDINATOR, Role.ADMINISTRATOR)
CARE = (Role.CLINICIAN, Role.COORDINATOR)
CLINICIANS = (Role.CLINICIAN,)
POLICY_WRITERS = (Role.CLINICIAN, Role.ADMINISTRATOR)
"""Who may change what the clinic asks of its own: the clinicians answer for it, and administrators keep it in order."""

_BEFORE_ANYTHING_ELSE = ("/accounts/", "/static/")
"""Where a person goes whose password is still to be changed, or whose second factor is still to be set up."""


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in and works in `clinic` as `role`; `memberships` are all of them."""

    user: User
    clinic: Clinic
    role: Role
    memberships: list[Membership]


class ClinicMiddleware:
    """Knows in which clinic a signed-in person works.

    Asks for a password of their own where one was given to them, and for the second factor where that clinic wants it.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            given = cast(StaffRequest, request)
            given.memberships = list(request.user.memberships.select_related("clinic").order_by("id"))
            membership = _chosen(given.memberships, request.session.get(CHOSEN))
            if membership is not None:
                given.clinic, given.role = membership.clinic, Role(membership.role)
            first = _first_of_all(given.user, membership)
            if first is not None and not request.path.startswith(_BEFORE_ANYTHING_ELSE):
                return redirect(first)
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")  # a browser keeps no page, and no 410 for ever
        return response


def _chosen(memberships: list[Membership], clinic: int | None) -> Membership | None:
    """The membership chosen in this session, or the first."""
    return next((one for one in memberships if one.clinic_id == clinic), memberships[0] if memberships else None)


def _first_of_all(user: User, membership: Membership | None) -> str | None:
    """The page that a person must see to before any other."""
    if user.password_must_change:
        return "account_change_password"
    if membership is not None and membership.clinic.second_factor_required and not is_mfa_enabled(user):
        return "mfa_activate_totp"
    return None


def access_for(*roles: Role) -> Callable[[View], View]:
    """Only for people of these roles: others are refused, strangers sent to sign in."""

    def decorator(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if getattr(request, "role", None) not in roles:
                raise PermissionDenied
            if request.method == "POST" and not _of_this_clinic(cast(StaffRequest, request)):
                return render(request, "clinic/other_clinic.html", status=409)
            return view(request, *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorator


def _of_this_clinic(request: StaffRequest) -> bool:
    """Whether a form was opened in the clinic where it is sent. Who works in one clinic alone need not say."""
    said = request.POST.get(CLINIC_OF_PAGE)
    return len(request.memberships) < 2 if said is None else said == str(request.clinic.pk)


def access_patient(request: StaffRequest, pk: int) -> Patient:
    """The patient with this key. Raises `Http404` for one of another clinic, as for none at all."""
    patient = Patient.objects.filter(clinic=request.clinic, pk=pk).first()
    if patient is None:
        raise Http404
    return patient


def access_local_policy(request: StaffRequest, name: str) -> LocalPolicy:
    """The last version of this clinic's policy. Raises `Http404` for one of another clinic, as for none at all."""
    last = last_versions(request.clinic.pk).filter(policy=name).first()
    if last is None:
        raise Http404
    return last


def access_person(request: StaffRequest, pk: int) -> Membership:
    """How the person with this key works in the clinic. Raises `Http404` for one of another clinic, as for nobody."""
    membership = Membership.objects.select_related("clinic", "user").filter(clinic=request.clinic, user_id=pk).first()
    if membership is None:
        raise Http404
    return membership


def access_patients(request: StaffRequest) -> Any:
    """The patients of the clinic, as a query set."""
    return Patient.objects.filter(clinic=request.clinic)
