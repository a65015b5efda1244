"""Who may see and do what. Every view asks here, and nowhere else is it decided.

What belongs to another clinic is answered like what is not there at all.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import Clinic, Membership, Role, User

View = Callable[..., HttpResponse]

STAFF = (Role.CLINICIAN, Role.COORDINATOR, Role.ADMINISTRATOR)
CARE = (Role.CLINICIAN, Role.COORDINATOR)
CLINICIANS = (Role.CLINICIAN,)

_WITHOUT_SECOND_FACTOR = ("/accounts/", "/static/")


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in and works in `clinic` as `role`."""

    user: User
    clinic: Clinic
    role: Role


class ClinicMiddleware:
    """Knows in which clinic a signed-in person works, and asks for the second factor where that clinic wants it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            membership = _membership(request)
            given = cast(StaffRequest, request)
            if membership is not None:
                given.clinic, given.role = membership.clinic, Role(membership.role)
                wanted = membership.clinic.second_factor_required and not is_mfa_enabled(request.user)
                if wanted and not request.path.startswith(_WITHOUT_SECOND_FACTOR):
                    return redirect("mfa_activate_totp")
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")  # a browser keeps no page, and no 410 for ever
        return response


def _membership(request: HttpRequest) -> Membership | None:
    """The membership chosen in this session, or the first."""
    memberships = Membership.objects.select_related("clinic").filter(user=cast(User, request.user)).order_by("id")
    chosen = request.session.get("clinic")
    return next((one for one in memberships if one.clinic_id == chosen), memberships.first())


def access_for(*roles: Role) -> Callable[[View], View]:
    """Only for people of these roles: others are refused, strangers sent to sign in."""

    def decorator(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if getattr(request, "role", None) not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return decorator


def access_patient(request: StaffRequest, pk: int) -> Patient:
    """The patient with this key. Raises `Http404` for one of another clinic, as for none at all."""
    patient = Patient.objects.filter(clinic=request.clinic, pk=pk).first()
    if patient is None:
        raise Http404
    return patient


def access_patients(request: StaffRequest) -> Any:
    """The patients of the clinic, as a query set."""
    return Patient.objects.filter(clinic=request.clinic)
