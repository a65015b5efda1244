"""The decision aid: sent by staff, answered by the patient, read by staff."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.aids import LONGEST_QUESTION, keep_answers, send_aid
from facetwise.clinic.actions.links import see_link
from facetwise.clinic.aid.form import answers_of
from facetwise.clinic.aid.models import AidAnswers
from facetwise.clinic.drawing_styles import styles_in
from facetwise.clinic.links.models import Purpose
from facetwise.clinic.links.opening import gone, is_other, link_of, other
from facetwise.clinic.links.texts import moment, texts_of
from facetwise.clinic.links.views import show_once
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError
from facetwise.education import Answers, Language, decision_aid, plan_of_record, summary_for_clinician
from facetwise.education.html import Sheet, html


@require_POST
@access_for(*CARE)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link to the decision aid and show it once."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    try:
        link, token = send_aid(patient, staff.user, request.POST.get("language", ""))
    except DocumentError as error:
        messages.error(request, error.says)
        return redirect("patient", pk=pk)
    return show_once(request, link, token)


@require_http_methods(["GET", "POST"])
def aid(request: HttpRequest) -> HttpResponse:
    """The decision aid as a form for the patient; what was sent before stands in it and can be changed."""
    link = link_of(request, Purpose.DECISION_AID)
    if link is None:
        return gone(request)
    language, text = Language(link.language), texts_of(link)
    page = decision_aid(language, plan_of_record(link.patient.documented, timezone.localdate()))
    last = link.answers.first()
    answers, told = last.given if last is not None else Answers(), ""
    if request.method == "POST":
        if is_other(link, request.POST.get("opens", "")):
            return other(request)
        try:
            answers = answers_of(request.POST, page)
            keep_answers(link, answers)
        except DocumentError:
            told = text["answers_not_sent"].format(most=LONGEST_QUESTION)
        else:
            return redirect("aid")
    see_link(link)
    if last is not None and not told:
        told = text["answers_sent"].format(at=moment(last.at), until=moment(link.expires_at))
    sheet = Sheet(
        action=reverse("aid"),
        hidden=(("csrfmiddlewaretoken", get_token(request)), ("opens", link.opens)),
        submit=text["send_answers"],
        told=told,
        longest_question=LONGEST_QUESTION,
        answers=answers,
        further=(reverse("understand"), text["understand"]),
    )
    shown = html(page, sheet)
    response = HttpResponse(shown, status=422 if request.method == "POST" else 200)
    response._csp_update = {"style-src": styles_in(shown)}  # type: ignore[attr-defined]
    return response


@require_GET
@access_for(*CARE)
def answered(request: HttpRequest, pk: int, answers: int) -> HttpResponse:
    """What the patient answered, laid out for the clinician, with every version that was sent."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    mine = AidAnswers.objects.filter(link__patient=patient).select_related("link")
    found = mine.filter(pk=answers).first()
    if found is None:
        raise Http404
    note(staff.user.username, "decision aid read", f"patient {pk} version {found.version}", staff.clinic)
    shown = {"patient": patient, "found": found, "summary": summary_for_clinician(found.given), "versions": mine}
    return render(request, "clinic/aid_answers.html", shown)
