"""The dashboard on the screen: the one that was worked out last."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from facetwise.clinic.access import STAFF, StaffRequest, access_for
from facetwise.clinic.oversight import stored
from facetwise.clinic.trail.chain import note


@require_GET
@access_for(*STAFF)
def dashboard(request: HttpRequest) -> HttpResponse:
    """What became of the clinic's patients; everybody of the clinic sees it, for no single patient is in it."""
    clinic = cast(StaffRequest, request).clinic
    context = {
        "dashboard": stored.read(clinic), "asked": stored.is_asked(clinic), "problem": stored.problem(clinic),
        "least": stored.LEAST,
    }  # fmt: skip
    return render(request, "clinic/dashboard.html", context)


@require_POST
@access_for(*STAFF)
def work_out_again(request: HttpRequest) -> HttpResponse:
    """Ask for a new one, which the process beside the server works out soon."""
    staff = cast(StaffRequest, request)
    stored.ask(staff.clinic)
    note(staff.user.username, "dashboard asked for", clinic=staff.clinic)
    messages.success(request, "It is worked out anew, which takes a minute or two. Look again then.")
    return redirect("dashboard")
