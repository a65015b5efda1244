"""The diary: for the staff who send it, and for the patient who keeps it."""

from typing import cast

import msgspec
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.diaries import (
    CORRECTED_WITHIN,
    NoSuchProcedure,
    procedure_named,
    send_diary,
    take_entries,
)
from facetwise.clinic.actions.links import see_link
from facetwise.clinic.diary.card import Sending
from facetwise.clinic.diary.measured import entries_of
from facetwise.clinic.diary.sides import sides_of
from facetwise.clinic.diary.texts import TEXTS, which_treatment
from facetwise.clinic.diary.times import read_moment, times_asked
from facetwise.clinic.diary.wire import Sent
from facetwise.clinic.links.models import Purpose
from facetwise.clinic.links.opening import gone, is_other, link_of
from facetwise.clinic.links.views import show_once
from facetwise.clinic.patients.page import page_of_patient
from facetwise.documents import DocumentError


@require_POST
@access_for(*CARE)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link to a diary and show it once, as text and as a code to scan."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    procedure, language = request.POST.get("procedure", ""), request.POST.get("language", "en")
    try:
        given_at = read_moment(request.POST.get("given_at", ""))
        link, token = send_diary(patient, staff.user, procedure, given_at, language)
    except ValueError as error:
        what = error.says if isinstance(error, DocumentError) else "Give the time when the anaesthetic was given."
        sending = Sending(procedure, request.POST.get("given_at", ""), language, what)
        return page_of_patient(staff, patient, 422, sending=sending)
    return show_once(request, link, token)


@require_GET
@ensure_csrf_cookie
def diary(request: HttpRequest) -> HttpResponse:
    """The diary itself, which goes on without a connection."""
    link = link_of(request, Purpose.DIARY)
    if link is None or link.given_at is None:
        return gone(request)
    try:
        treated = procedure_named(link.patient.documented, link.procedure)
    except NoSuchProcedure:
        return gone(request)
    see_link(link)
    settings = {
        "diary": link.opens,
        "given_at": link.given_at.isoformat(), "times": times_asked(link.patient.clinic),
        "sides": sides_of(treated), "correct_for": CORRECTED_WITHIN.total_seconds(),
        "text": TEXTS[link.language], "language": link.language,
    }  # fmt: skip
    shown = {
        "text": TEXTS[link.language], "language": link.language, "settings": settings, "sides": settings["sides"],
        "which": which_treatment(treated, link.language),
    }  # fmt: skip
    return render(request, "clinic/diary.html", shown)


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """What has arrived by any link of this diary and what it corrects, for a phone that has lost what it knew."""
    link = link_of(request, Purpose.DIARY)
    if link is None:
        return JsonResponse({"again": True}, status=410)
    if is_other(link, request.GET.get("diary", "")):
        return JsonResponse({"again": True}, status=409)
    arrived = [  # what was taken back, too: another phone may show it still
        {
            "key": str(one.key),
            "at": one.at.isoformat(),
            "score": one.score,
            "side": one.side,
            "asleep": one.asleep,
            "medicine": one.rescue_analgesic,
            "made": one.received_at.isoformat(),
            "replaces": str(one.replaces.key) if one.replaces is not None else None,
        }
        for one in entries_of(link.patient, link.procedure).select_related("replaces")
    ]
    return JsonResponse({"entries": arrived})


@require_POST
def entries(request: HttpRequest) -> HttpResponse:
    """Take entries from a phone. What has arrived already is confirmed again and kept once."""
    link = link_of(request, Purpose.DIARY)
    if link is None:
        return JsonResponse({"again": True}, status=410)
    try:
        sent = msgspec.json.decode(request.body, type=Sent)
    except msgspec.DecodeError as error:
        return JsonResponse({"error": str(error)}, status=422)
    if is_other(link, sent.diary):
        return JsonResponse({"again": True}, status=409)
    try:
        taken = take_entries(link, sent.entries, sent.now)
    except NoSuchProcedure:  # it was withdrawn
        return JsonResponse({"again": True}, status=410)
    return JsonResponse({"kept": taken.kept, "refused": taken.refused, "now": timezone.now().isoformat()})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from where it may serve the diary."""
    path = finders.find("clinic/diary-worker.js")
    with open(str(path), "rb") as file:
        return HttpResponse(file.read(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})
