"""The clinics of whoever is signed in: choosing one, and answering invitations to others."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_POST

from facetwise.clinic.access import CHOSEN, CLINIC_OF_PAGE, StaffRequest
from facetwise.clinic.actions.people import accept, withdraw
from facetwise.clinic.people.models import Invitation, User
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError


def header(request: HttpRequest) -> dict[str, Any]:
    """What every page needs: how many invitations wait for whoever is signed in, and the field of its forms."""
    clinic = getattr(request, "clinic", None)
    field = format_html('<input type="hidden" name="{}" value="{}">', CLINIC_OF_PAGE, clinic.pk) if clinic else ""
    return {"invited": SimpleLazyObject(lambda: _invitations(request).count()), "clinic_of_page": field}


@require_GET
@login_required
def own_clinics(request: HttpRequest) -> HttpResponse:
    """The clinics where a person works, and those that ask."""
    staff = cast(StaffRequest, request)
    shown = {"memberships": staff.memberships, "invitations": _invitations(request)}
    return render(request, "clinic/own_clinics.html", shown)


@require_POST
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Go on in another clinic. One where the person does not work is answered like none."""
    chosen = request.POST.get("clinic", "")
    memberships = cast(StaffRequest, request).memberships
    found = next((one for one in memberships if str(one.clinic_id) == chosen), None)
    if found is None:
        raise Http404
    request.session[CHOSEN] = found.clinic_id
    note(found.user.username, "clinic chosen", f"user {found.user_id}", found.clinic)
    messages.success(request, f"You are in {found.clinic.name} now, as {found.get_role_display().lower()}.")
    return redirect("home")


@require_POST
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline an invitation."""
    found = _invitations(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.POST.get("answer") != "accept":
        withdraw(found, cast(User, request.user))
        return redirect("own-clinics")
    try:
        request.session[CHOSEN] = accept(found, cast(User, request.user)).clinic_id
    except DocumentError as error:
        messages.error(request, error.says)
        return redirect("own-clinics")
    messages.success(request, f"You work in {found.clinic.name} now, too.")
    return redirect("home")


def _invitations(request: HttpRequest) -> Any:
    """Those that wait for this account. One made after an invitation cannot be the one that was meant."""
    found = Invitation.objects.select_related("clinic", "by")
    if not request.user.is_authenticated:
        return found.none()
    return found.filter(username=request.user.username.lower(), at__gte=request.user.date_joined)
