"""Recording a procedure."""

from collections.abc import Iterator
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.patients import Conflict
from facetwise.clinic.actions.procedures import judge_sides_apart, record_procedure
from facetwise.clinic.diary.card import DIARY_KINDS
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.procedures.forms import SIDES, ProcedureForm
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
        return _form(request, patient, ProcedureForm(initial=initial, today=today))
    form = ProcedureForm(request.POST, today=today)
    if "advise" in request.POST:
        return _advice(request, patient, form)
    if not form.is_valid():
        return _form(request, patient, form, 422)
    try:
        changed = record_procedure(patient, staff.user, form.cleaned_data["version"], form.procedure, today)
    except DocumentError as error:
        form.add_error(None, error.says)
        return _form(request, patient, form, 422)
    except Conflict as conflict:
        form.add_error(None, "Somebody else changed this record meanwhile. Look at it, then save this again.")
        form.data = request.POST.copy()
        form.data["version"] = str(conflict.patient.version)
        return _form(request, patient, form, 409)
    messages.success(request, _told(changed))
    return redirect("patient", pk=pk)


@require_POST
@access_for(*CARE)
def sides_apart(request: HttpRequest, pk: int, procedure: str) -> HttpResponse:
    """Judge the sides of a procedure each by itself."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    version = request.POST.get("version", "")
    try:
        judge_sides_apart(
            patient, staff.user, int(version) if version.isdecimal() else -1, procedure, timezone.localdate()
        )
    except DocumentError as error:
        messages.error(request, " ".join(f"{one.what}. {one.remedy}." for one in error.problems))
    except Conflict:
        messages.error(request, "Somebody else changed this record meanwhile. Look at it, then do it again.")
    else:
        messages.success(request, "Left and right are two procedures now, each judged by its own scores.")
    return redirect("patient", pk=pk)


def _told(patient: Patient) -> str:
    """That the procedure is in the record, and after a block or an injection the ways to its diary."""
    done = (patient.documented.procedures or ())[-1]
    told = "The procedure is in the record."
    if done.kind not in DIARY_KINDS or done.id is None:
        return told
    page, paper = reverse("patient", args=[patient.pk]), reverse("paper-diary", args=[patient.pk, done.id])
    return format_html(
        '{} <span class="choices"><a class="button" href="{}?diary={}#send-diary">Send the diary</a> '
        '<a class="button plain" href="{}">Type in a paper diary</a></span>',
        told, page, done.id, paper,
    )  # fmt: skip


def _advice(request: HttpRequest, patient: Patient, form: ProcedureForm) -> HttpResponse:
    """What follows from the joints that are picked so far; alone where only that part of the page is asked for."""
    planned = form.planned()
    sections = () if planned is None else advice_sections(patient.documented, planned)
    if "HX-Request" in request.headers:
        return render(request, "clinic/advice.html", {"advice": sections})
    return _form(request, patient, form, advice=sections)


def _form(
    request: HttpRequest,
    patient: object,
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
    problems = [] if advice is not None else list(_problems(form))
    shown = {"patient": patient, "form": form, "regions": regions, "advice": advice, "problems": problems}
    return render(request, "clinic/new_procedure.html", shown, status=status)


def _problems(form: ProcedureForm) -> Iterator[str]:
    """What is wrong with a form that was sent, each with its field."""
    yield from (str(error) for error in form.non_field_errors())
    for field in form.visible_fields():
        yield from (f"{field.label}: {error}" for error in field.errors)
