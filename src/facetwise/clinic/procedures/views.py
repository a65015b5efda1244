"""Recording a procedure."""

from collections.abc import Iterator
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.patients import Conflict
from facetwise.clinic.actions.procedures import record_procedure
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.procedures.forms import SIDES, ProcedureForm
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError
from facetwise.reports.page import Section
from facetwise.reports.procedure_advice import advice_sections
from facetwise.spine import LEVELS, Region, region_of


@require_http_methods(["GET", "POST"])
@access_for(*CARE)
def new_procedure(request: HttpRequest, pk: int) -> HttpResponse:
    """A procedure that was done, with its joints picked on a drawn spine."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    today = timezone.localdate()
    if request.method == "GET":
        initial = {"version": patient.version, "date": today}
        return _form(staff, patient, ProcedureForm(initial=initial, today=today))
    form = ProcedureForm(request.POST, today=today)
    if "advise" in request.POST:
        return _advice(staff, patient, form)
    if not form.is_valid():
        return _form(staff, patient, form, 422)
    try:
        record_procedure(patient, staff.user, form.cleaned_data["version"], form.procedure, today)
    except DocumentError as error:
        form.add_error(None, str(error))
        return _form(staff, patient, form, 422)
    except Conflict as conflict:
        form.add_error(None, "Somebody else changed this record meanwhile. Look at it, then save this again.")
        form.data = request.POST.copy()
        form.data["version"] = str(conflict.patient.version)
        return _form(staff, patient, form, 409)
    messages.success(request, "The procedure is in the record.")
    return redirect("patient", pk=pk)


def _advice(staff: StaffRequest, patient: Patient, form: ProcedureForm) -> HttpResponse:
    """What follows from the joints that are picked so far; alone where only that part of the page is asked for."""
    planned = form.planned()
    sections = () if planned is None else advice_sections(patient.documented, planned)
    if "HX-Request" in staff.headers:
        _note(staff, patient)
        return render(staff, "clinic/advice.html", {"advice": sections})
    return _form(staff, patient, form, advice=sections)


def _note(staff: StaffRequest, patient: Patient) -> None:
    note(staff.user.username, "procedure form read", f"patient {patient.pk}", staff.clinic)


def _form(
    staff: StaffRequest,
    patient: Patient,
    form: ProcedureForm,
    status: int = 200,
    advice: tuple[Section, ...] | None = None,
) -> HttpResponse:
    picked = form.picked()
    regions = [
        (
            region.value,
            [
                (level, [(side, f"{side} {level}" in picked) for side in SIDES])
                for level in LEVELS
                if region_of(level) is region
            ],
        )
        for region in Region
    ]
    _note(staff, patient)
    problems = [] if advice is not None else list(_problems(form))
    shown = {"patient": patient, "form": form, "regions": regions, "advice": advice, "problems": problems}
    return render(staff, "clinic/new_procedure.html", shown, status=status)


def _problems(form: ProcedureForm) -> Iterator[str]:
    """What is wrong with a form that was sent, each with its field."""
    yield from (str(error) for error in form.non_field_errors())
    for field in form.visible_fields():
        yield from (f"{field.label}: {error}" for error in field.errors)
