"""Where a person lands."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from facetwise.clinic.access import CARE, StaffRequest
from facetwise.clinic.people.models import Role


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first page of each role; a person of no clinic is told so."""
    role = getattr(cast(StaffRequest, request), "role", None)
    if role is Role.ADMINISTRATOR:
        return redirect("people")
    if role in CARE:
        return redirect("worklist")
    return render(request, "clinic/no_clinic.html", status=403)


def healthy(request: HttpRequest) -> HttpResponse:
    """Whether the application and its database answer; for whoever watches the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
