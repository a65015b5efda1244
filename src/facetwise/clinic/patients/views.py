"""The page of a patient, and what is done from it."""

import datetime
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facetwise.clinic.access import CARE, CLINICIANS, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.patients import Conflict, add_patient, change_record
from facetwise.clinic.actions.recommendations import Shown, answer_recommendation
from facetwise.clinic.aid.card import aid_card
from facetwise.clinic.diary.card import diary_card
from facetwise.clinic.diary.protocol import relief_drawn
from facetwise.clinic.patients.models import UnreadableRecord, Verdict
from facetwise.clinic.patients.questions import answered, question_of
from facetwise.clinic.patients.standing import standing_of
from facetwise.clinic.patients.timeline import timeline_svg
from facetwise.clinic.patients.uploading import record_of_upload
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError
from facetwise.records import Patient as Person
from facetwise.records import Record
from facetwise.reports.answers import next_page
from facetwise.reports.proposals import speaking
from facetwise.rules import Status

PATHWAY = "The pathway"
"""The section that the page of a patient shows by itself."""

UNFOLDED = ("Why", "Stop and look first", "Also possible", "How earlier procedures worked")


@require_GET
@access_for(*CARE)
def patient_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the patient stands, why, what is missing, and what each source says."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    today = timezone.localdate()
    note(staff.user.username, "patient read", f"patient {pk}", staff.clinic)
    try:
        answer = standing_of(patient, today).answer
    except UnreadableRecord as error:
        shown = {"patient": patient, "problems": error.problems, "revisions": patient.revisions.select_related("by")}
        return render(request, "clinic/unreadable.html", shown, status=422)
    page, said = next_page(answer), speaking(answer.proposal) if answer.proposal is not None else []
    return render(
        request,
        "clinic/patient.html",
        {
            "patient": patient,
            "answer": answer,
            "page": page,
            "pathway": [block for one in page.sections for block in one.blocks if one.title == PATHWAY],
            "sections": [one for one in page.sections if one.title != PATHWAY],
            "unfolded": UNFOLDED,
            "payers": [one for one in said if one.policy_kind == "payer"],
            "guidelines": [one for one in said if one.policy_kind == "guideline"],
            "local": [one for one in said if one.policy_kind == "local"],
            "questions": [field for one in answer.missing if (field := question_of(one))],
            "elsewhere": [one for one in answer.missing if question_of(one) is None],
            "timeline": timeline_svg(patient.documented, today, relief_drawn(staff.clinic)),
            "answers": patient.answers.select_related("by")[:5],
            "revisions": patient.revisions.select_related("by")[:5],
            "verdicts": Verdict.choices,
            "statuses": [str(status) for status in Status],
            "today": today,
            "letters": patient.letters.defer("page", "pdf").select_related("by")[:5],
            "diaries": diary_card(patient, answer),
            "aid": aid_card(patient),
        },
    )


@require_POST
@access_for(*CARE)
def answer_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the answer to a missing fact into the record."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    path, text, today = request.POST.get("path", ""), request.POST.get("answer", ""), timezone.localdate()

    def change(record: Record) -> Record:
        return answered(record, path, text, today)

    try:
        change_record(patient, staff.user, _number(request.POST.get("version")), change, f"Answered {path}", today)
    except DocumentError as error:
        messages.error(request, str(error))
    except Conflict:
        messages.error(request, _CONFLICT)
    else:
        messages.success(request, "The answer is in the record.")
    return redirect("patient", pk=pk)


_CONFLICT = (
    "Somebody else changed this record meanwhile. This is how it is now; nothing of yours was written. Do it again."
)


@require_POST
@access_for(*CLINICIANS)
def answer_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept, decline or defer the next step."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    try:
        shown = Shown(_number(request.POST.get("version")), request.POST.get("step", ""))
        verdict = Verdict(request.POST.get("verdict", ""))
        until = _day(request.POST.get("until", ""))
        reason, today = request.POST.get("reason", ""), timezone.localdate()
        answer = answer_recommendation(patient, staff.user, shown, verdict, reason, until, today)
    except ValueError as error:
        messages.error(request, str(error) if isinstance(error, DocumentError) else "Accept, decline or defer it.")
    except Conflict:
        messages.error(request, _CONFLICT)
    else:
        messages.success(request, f"{verdict.label}: {answer.step_title}.")
    return redirect("patient", pk=pk)


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
    return redirect("patient", pk=patient.pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else -1


def _day(text: str) -> datetime.date | None:
    """A day of a form; None for none. Raises `ValueError` for what is no day."""
    return datetime.date.fromisoformat(text) if text else None
