"""Recording a procedure, correcting it, and taking it out of the record."""

from collections.abc import Iterator
from typing import Any, cast

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.patients import Conflict
from facetwise.clinic.actions.procedures import (
    change_procedure,
    judge_sides_apart,
    record_procedure,
    withdraw_procedure,
)
from facetwise.clinic.diary.card import DIARY_KINDS
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.procedures.correcting import corrected, initial_of
from facetwise.clinic.procedures.forms import ProcedureForm
from facetwise.clinic.records.comparing import changed_since
from facetwise.clinic.records.forms import Asked, Rows, all_valid
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError
from facetwise.records import FollowUp, Procedure, Record
from facetwise.reports.page import Section
from facetwise.reports.procedure_advice import advice_sections
from facetwise.reports.proposals import words
from facetwise.rules.facts import red_flags_in

_CONFLICT = "Somebody else changed this record meanwhile. Look at it, then save this again."


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
    except (DocumentError, Conflict) as error:
        return _refused(request, patient, form, error)
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
        messages.error(request, error.says)
    except Conflict:
        messages.error(request, "Somebody else changed this record meanwhile. Look at it, then do it again.")
    else:
        messages.success(request, "Left and right are two procedures now, each judged by its own scores.")
    return redirect("patient", pk=pk)


@require_http_methods(["GET", "POST"])
@access_for(*CARE)
def correct_procedure(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """A recorded procedure in the same form, with the visits after it."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    today, before = timezone.localdate(), _procedure_at(patient, place)
    form = ProcedureForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(before) | {"version": patient.version},
        today=today,
        recorded=before.kind,
    )
    visits = _visits(request, patient, before)
    shown: dict[str, Any] = {"place": place, "visits": visits, "before": before}
    if "advise" in request.POST:
        return _advice(request, patient, form, **shown)
    if request.method == "GET":
        return _form(request, patient, form, **shown)
    if not all_valid((form, *visits.rows)) or not visits.is_valid():
        return _form(request, patient, form, 422, **shown)

    def change(stored: Procedure) -> Procedure:
        follow_ups = msgspec.convert(visits.json(), tuple[FollowUp, ...] | None)
        return msgspec.structs.replace(corrected(stored, form), follow_ups=follow_ups)

    try:
        change_procedure(patient, staff.user, form.cleaned_data["version"], place, change, today)
    except Conflict as conflict:
        return _conflicted(request, conflict, form, **shown)
    except DocumentError as error:
        return _refused(request, patient, form, error, **shown)
    messages.success(request, "The procedure is corrected.")
    return redirect(reverse("record", args=[pk]) + "#procedures")


@require_POST
@access_for(*CARE)
def withdraw(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Take a procedure out of the record, for a reason."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    _procedure_at(patient, place)
    version = request.POST.get("version", "")
    try:
        seen = int(version) if version.isdecimal() else -1
        withdraw_procedure(patient, staff.user, seen, place, request.POST.get("reason", ""), timezone.localdate())
    except DocumentError as error:
        messages.error(request, error.says)
        return redirect("correct-procedure", pk=pk, place=place)
    except Conflict:
        messages.error(request, "Somebody else changed this record meanwhile. Nothing was withdrawn. Look at it again.")
    else:
        messages.success(request, "The procedure is withdrawn. Earlier versions of the record still have it.")
    return redirect("record", pk=pk)


def _procedure_at(patient: Patient, place: int) -> Procedure:
    """The procedure at a place of the record's list. Raises `Http404` for none."""
    procedures = patient.documented.procedures or ()
    if place >= len(procedures):
        raise Http404
    return procedures[place]


def _visits(request: HttpRequest, patient: Patient, before: Procedure) -> Rows:
    """The visits after a procedure, one a row."""
    written = None if before.follow_ups is None else msgspec.to_builtins(before.follow_ups)
    return Rows(
        request.POST if request.method == "POST" else None,
        part=FollowUp,
        path="procedures[].follow_ups",
        names=FollowUp.__struct_fields__,
        asked=Asked(timezone.localdate(), patient.birth_year, {}),
        written=None if written is None else list(written),
        prefix="follow_ups",
    )


def _conflicted(request: HttpRequest, conflict: Conflict, form: ProcedureForm, **shown: Any) -> HttpResponse:
    """The form again; not where another procedure stands at the place by now, or it cannot be told from others."""
    named = request.POST.get("procedure", "")
    if named and named == shown["before"].id:
        return _refused(request, conflict.patient, form, conflict, **shown)
    messages.error(request, "Somebody else changed the procedures meanwhile. Nothing was written. Look at them again.")
    return redirect("record", pk=conflict.patient.pk)


def _refused(
    request: HttpRequest, patient: Patient, form: ProcedureForm, error: DocumentError | Conflict, **shown: Any
) -> HttpResponse:
    """The form again with all that was typed, and why nothing was written."""
    if isinstance(error, Conflict):
        form.add_error(None, _CONFLICT)
        seen = request.POST.get("version", "")
        for changed in changed_since(error.patient, int(seen) if seen.isdecimal() else -1, "procedures"):
            form.add_error(None, f"Changed meanwhile: {changed}. Saving again as it is here undoes it.")
        form.data = request.POST.copy()
        form.data["version"] = str(error.patient.version)
        return _form(request, patient, form, 409, **shown)
    for one in error.problems:
        form.add_error(None, one.says)
    return _form(request, patient, form, 422, **shown)


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


def _advice(request: HttpRequest, patient: Patient, form: ProcedureForm, **shown: Any) -> HttpResponse:
    """What follows from the joints that are picked so far; alone where only that part of the page is asked for."""
    planned = form.planned()
    sections = () if planned is None else advice_sections(_without(patient.documented, shown.get("place")), planned)
    if "HX-Request" in request.headers:
        _note(request, patient)
        return render(request, "clinic/advice.html", {"advice": sections})
    return _form(request, patient, form, advice=sections, **shown)


def _without(record: Record, place: int | None) -> Record:
    """The record without the procedure that is being corrected, which would be billed beside itself."""
    if place is None:
        return record
    kept = tuple(one for number, one in enumerate(record.procedures or ()) if number != place)
    return msgspec.structs.replace(record, procedures=kept)


def _note(request: HttpRequest, patient: Patient) -> None:
    staff = cast(StaffRequest, request)
    note(staff.user.username, "procedure form read", f"patient {patient.pk}", staff.clinic)


def _form(
    request: HttpRequest,
    patient: Patient,
    form: ProcedureForm,
    status: int = 200,
    advice: tuple[Section, ...] | None = None,
    **shown: Any,
) -> HttpResponse:
    _note(request, patient)
    problems = [] if advice is not None else list(_problems(form, shown.get("visits")))
    given = {
        "patient": patient, "form": form, "advice": advice, "problems": problems,
        "red_flags": ", ".join(map(words, red_flags_in(patient.documented.conditions))), **shown,
    }  # fmt: skip
    return render(request, "clinic/new_procedure.html", given, status=status)


def _problems(form: ProcedureForm, visits: Rows | None) -> Iterator[str]:
    """What is wrong with a form that was sent, each with its field."""
    yield from (str(error) for error in form.non_field_errors())
    for one in (form, *(visits.rows if visits is not None else ())):
        for field in one.visible_fields():
            yield from (f"{field.label}: {error}" for error in field.errors)
    yield from visits.problems if visits is not None else ()
