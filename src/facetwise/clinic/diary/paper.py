"""Typing in a diary that was kept on paper."""

import datetime
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.diaries import procedure_named
from facetwise.clinic.actions.paper_diaries import type_in, typed_entries
from facetwise.clinic.diary.measured import diary_of, entries_of
from facetwise.clinic.diary.paper_form import PaperRows, rows_of
from facetwise.clinic.diary.sides import sides_of
from facetwise.clinic.diary.times import read_moment
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.records import Procedure


@require_http_methods(["GET", "POST"])
@access_for(*CARE)
def paper_diary(request: HttpRequest, pk: int, procedure: str) -> HttpResponse:
    """The table of a paper diary with what is typed in already. Saving it twice enters nothing twice."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    try:
        done = procedure_named(patient.documented, procedure)
    except DocumentError:
        raise Http404 from None
    link = diary_of(patient, procedure)
    given_at = link.given_at if link is not None else None
    if request.method == "GET":
        rows = PaperRows(
            initial=rows_of(typed_entries(patient, procedure), given_at, patient.clinic),
            form_kwargs=_kwargs(done, given_at),
        )
        return _page(request, patient, done, given_at, rows, ())
    problems: tuple[Problem, ...] = ()
    known = given_at is not None
    try:
        given_at = given_at or _given_at(request.POST.get("given_at", ""))
    except DocumentError as error:
        problems = error.problems
    rows = PaperRows(request.POST, form_kwargs=_kwargs(done, given_at))
    if rows.is_valid() and given_at is not None:
        shown = entries_of(patient, procedure).filter(by__isnull=False)
        before = {one.pk: one for one in shown}
        typed = [one for row in rows for one in row.typed(given_at, before)]
        try:
            count = type_in(patient, staff.user, procedure, given_at, typed)
        except DocumentError as error:
            problems = error.problems
        else:
            told = f"{count} entr{'y' if count == 1 else 'ies'} added." if count else "Nothing was new."
            if done.pain_before is None:
                told += " Scores wait for the pain just before, without which nobody can judge them: add it."
            messages.success(request, f"The paper diary is kept. {told}")
            return redirect("patient", pk=pk)
    return _page(request, patient, done, given_at if known else None, rows, problems)


def _kwargs(done: Procedure, given_at: datetime.datetime | None) -> dict[str, object]:
    return {"sides": sides_of(done), "given_at": given_at}


def _given_at(text: str) -> datetime.datetime:
    try:
        return read_moment(text)
    except ValueError:
        remedy = "Give the day and the time: every entry is so long after it"
        raise DocumentError([Problem("Anaesthetic", "When it was given is not documented", remedy)]) from None


def _page(
    request: HttpRequest,
    patient: Patient,
    done: Procedure,
    given_at: datetime.datetime | None,
    rows: object,
    problems: tuple[Problem, ...],
) -> HttpResponse:
    staff, wrong = cast(StaffRequest, request), request.method == "POST"
    note(staff.user.username, "paper diary read", f"patient {patient.pk}", staff.clinic)
    phone = entries_of(patient, done.id or "").filter(by=None).count()
    shown = {
        "patient": patient, "procedure": done, "given_at": given_at, "rows": rows, "problems": problems,
        "wrong": wrong, "phone": phone, "typed_given_at": request.POST.get("given_at", ""),
    }  # fmt: skip
    return render(request, "clinic/paper_diary.html", shown, status=422 if wrong else 200)
