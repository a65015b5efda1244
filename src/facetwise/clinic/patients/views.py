"""What is done from the page of a patient."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facetwise.clinic.access import CARE, CLINICIANS, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.patients import Conflict, add_patient, change_record
from facetwise.clinic.actions.recommendations import Shown, answer_recommendation
from facetwise.clinic.actions.requested import say_of_request
from facetwise.clinic.days import day_of
from facetwise.clinic.diary.card import Sending
from facetwise.clinic.patients.models import Patient, Verdict
from facetwise.clinic.patients.page import Given, page_of_patient
from facetwise.clinic.patients.questions import answered
from facetwise.clinic.patients.uploading import record_of_upload
from facetwise.clinic.records.labels import label_of
from facetwise.clinic.requested.questions import REQUEST
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.records import Patient as Person
from facetwise.records import Record


@require_GET
@access_for(*CARE)
def patient_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a patient; `?diary=` opens the form for a link to the diary of that procedure."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    note(staff.user.username, "patient read", f"patient {pk}", staff.clinic)
    diary = request.GET.get("diary", "")
    return page_of_patient(staff, patient, sending=Sending(diary) if diary else None)


@require_POST
@access_for(*CARE)
def answer_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the answer to a missing fact into the record; one of the next procedure's is kept until it is done."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    path, text, today = request.POST.get("path", ""), request.POST.get("answer", ""), timezone.localdate()
    if path.startswith(REQUEST):
        return _answer_request(staff, patient, path)

    def change(record: Record) -> Record:
        return answered(record, path, text, today)

    try:
        change_record(
            patient, staff.user, _number(request.POST.get("version")), change, f"Answered: {label_of(path)}", today
        )
    except DocumentError as error:
        return page_of_patient(staff, patient, 422, Given(error.says, path=path, answer=text))
    except Conflict as conflict:
        return page_of_patient(staff, conflict.patient, 409, Given(_CONFLICT, path=path, answer=text))
    messages.success(request, "The answer is in the record.")
    return _back(pk)


def _answer_request(staff: StaffRequest, patient: Patient, path: str) -> HttpResponse:
    """Keep what is said of the procedure that the next step proposes, or take it back."""
    given = None if "take_back" in staff.POST else staff.POST.getlist("answer")
    shown, answer = _shown(staff), " ".join(given or ())
    try:
        say_of_request(patient, staff.user, shown, path, given, timezone.localdate())
    except DocumentError as error:
        return page_of_patient(staff, patient, 422, Given(error.says, path=path, answer=answer))
    except Conflict as conflict:
        return page_of_patient(staff, conflict.patient, 409, Given(_CONFLICT, path=path, answer=answer))
    messages.success(staff, "It is taken back." if given is None else "The answer is kept for the next procedure.")
    return _back(patient.pk)


_CONFLICT = (
    "Somebody else changed this record meanwhile. This is how it is now; nothing of yours was written. Do it again."
)


@require_POST
@access_for(*CLINICIANS)
def answer_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept, decline or defer the next step."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    typed = {name: request.POST.get(name, "") for name in ("verdict", "reason", "until")}
    shown = _shown(staff)
    try:
        verdict, until = _verdict(typed["verdict"]), day_of(typed["until"], "until")
        today = timezone.localdate()
        answer = answer_recommendation(patient, staff.user, shown, verdict, typed["reason"], until, today)
    except DocumentError as error:
        return page_of_patient(staff, patient, 422, Given(error.says, **typed))
    except Conflict as conflict:
        return page_of_patient(staff, conflict.patient, 409, Given(_CONFLICT, **typed))
    messages.success(request, f"{verdict.label}: {answer.step_title}.")
    return _back(pk)


def _back(pk: int) -> HttpResponse:
    """To the top of the page, where it says what was done: else a browser stays where the form was."""
    return redirect(f"{reverse('patient', args=[pk])}#main")


def _shown(request: HttpRequest) -> Shown:
    """What the page showed that a form was on."""
    return Shown(_number(request.POST.get("version")), request.POST.get("step", ""))


def _verdict(text: str) -> Verdict:
    if text not in Verdict.values:
        raise DocumentError([Problem("verdict", "Nothing is chosen", "Accept, decline or defer it")])
    return Verdict(text)


@require_http_methods(["GET", "POST"])
@access_for(*CARE)
def new_patient(request: HttpRequest) -> HttpResponse:
    """A new patient, with a record from elsewhere or an empty one."""
    staff = cast(StaffRequest, request)
    if request.method == "GET":
        return render(request, "clinic/new_patient.html")
    number, name = request.POST.get("number", ""), request.POST.get("name", "")
    try:
        uploaded = request.FILES.get("record")
        record = record_of_upload(uploaded) if uploaded else Record(patient=Person(id=number.strip() or "new"))
        patient = add_patient(staff.clinic, staff.user, number, name, record, timezone.localdate())
    except DocumentError as error:
        given = {"number": number, "name": name, "problems": error.problems}
        return render(request, "clinic/new_patient.html", given, status=422)
    return redirect("patient" if uploaded else "record", pk=patient.pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else -1
