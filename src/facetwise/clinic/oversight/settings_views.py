"""The settings of a clinic, for its administrator."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from facetwise.clinic.access import StaffRequest, access_for
from facetwise.clinic.actions.clinics import change_settings
from facetwise.clinic.oversight.settings_form import DIARY, SettingsForm
from facetwise.clinic.people.models import Clinic, Role


@require_http_methods(["GET", "POST"])
@access_for(Role.ADMINISTRATOR)
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show the settings, or write those that were changed."""
    staff = cast(StaffRequest, request)
    clinic = Clinic.objects.get(pk=staff.clinic.pk)  # a form writes into the row that it is given, right or wrong
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=clinic)
    if request.method == "POST" and form.is_valid():
        count = change_settings(clinic, form.cleaned_data, staff.user)
        messages.success(request, "Saved." if count else "Nothing was different.")
        return redirect("settings")
    fields = [field for field in form.visible_fields() if field.name not in DIARY]
    context = {"form": form, "fields": fields, "diary": [form[name] for name in DIARY]}
    return render(request, "clinic/settings.html", context, status=422 if form.errors else 200)
