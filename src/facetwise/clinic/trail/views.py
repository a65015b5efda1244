"""The audit trail on the screen."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from facetwise.clinic.access import StaffRequest, access_for
from facetwise.clinic.people.models import Role
from facetwise.clinic.trail.models import AccessEvent

PER_PAGE = 100


@require_GET
@access_for(Role.ADMINISTRATOR)
def trail_page(request: HttpRequest) -> HttpResponse:
    """Who read and wrote what in this clinic, the latest first."""
    staff = cast(StaffRequest, request)
    events = AccessEvent.objects.filter(clinic=staff.clinic).order_by("-id")
    if by := request.GET.get("by", "").strip():
        events = events.filter(by=by)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "clinic/trail.html", {"page": page, "by": by})
