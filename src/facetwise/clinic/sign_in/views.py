"""Where a person lands."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

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


OF_OTHER_SITES = "email|confirm-email|password/set|password/reset/.|login/code|phone|social|3rdparty|sessions"
"""What allauth has for sites where accounts come with a mail address, as the start of addresses: none is here."""


def not_here(request: HttpRequest, *_: str) -> HttpResponse:
    """What a clinic has no need of. Raises `Http404`."""
    raise Http404


@require_GET
def forgotten(request: HttpRequest) -> HttpResponse:
    """Who gives a new password to somebody who forgot theirs: no mail does."""
    return render(request, "account/forgotten.html")


def healthy(request: HttpRequest) -> HttpResponse:
    """Whether the application and its database answer; for whoever watches the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
