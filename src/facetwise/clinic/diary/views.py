"""The diary: for the staff who send it, and for the patient who keeps it."""

import datetime
from typing import cast

import msgspec
import segno
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.diaries import (
    is_usable,
    open_link,
    procedure_named,
    revoke_link,
    send_link,
    take_entries,
    usable_link,
)
from facetwise.clinic.diary.models import LANGUAGES, DiaryLink
from facetwise.clinic.diary.texts import TEXTS
from facetwise.clinic.diary.times import times_asked
from facetwise.clinic.diary.wire import Sent
from facetwise.clinic.patient_links.limits import limited_tries
from facetwise.documents import DocumentError

OF_SESSION = "diary"


@require_POST
@access_for(*CARE)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link and show it once, as text and as a code to scan."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    language = request.POST.get("language", "en")
    try:
        if language not in dict(LANGUAGES):
            raise ValueError(language)
        given_at = timezone.make_aware(datetime.datetime.fromisoformat(request.POST.get("given_at", "")))
        link, token = send_link(patient, staff.user, request.POST.get("procedure", ""), given_at, language)
    except ValueError as error:
        what = str(error) if isinstance(error, DocumentError) else "Give the time when the anaesthetic was given."
        messages.error(request, what)
        return redirect("patient", pk=pk)
    address = request.build_absolute_uri(reverse("diary-link", args=[token]))
    code = segno.make(address, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff")
    return render(
        request, "clinic/diary_sent.html", {"patient": patient, "link": link, "address": address, "code": code}
    )


@require_POST
@access_for(*CARE)
def revoke(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Take a link back."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    found = DiaryLink.objects.select_related("patient__clinic").filter(patient=patient, pk=link).first()
    if found is None:
        raise Http404
    revoke_link(found, staff.user)
    messages.success(request, "The link opens nothing any more.")
    return redirect("patient", pk=pk)


@require_http_methods(["GET", "POST"])
@limited_tries
def diary_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a patient's link shows; only the form on it opens the diary, for scanners of mail follow links."""
    link = usable_link(token)
    if link is None:
        return render(request, "clinic/diary_gone.html", {"texts": TEXTS}, status=410)
    texts = TEXTS[link.language]
    if request.method == "POST":
        opened = open_link(token, request.POST.get("birth_year", ""))
        if opened is not None:
            request.session.flush()
            request.session[OF_SESSION] = opened.pk
            request.session.set_expiry(opened.expires_at)
            return redirect("diary")
        return render(
            request, "clinic/diary_link.html", {"text": texts, "language": link.language, "wrong": True}, status=403
        )
    return render(request, "clinic/diary_link.html", {"text": texts, "language": link.language})


def _link_of(request: HttpRequest) -> DiaryLink | None:
    """The link that opened this session's diary, as long as it is usable."""
    found = (
        DiaryLink.objects.select_related("patient__clinic").filter(pk=int(request.session.get(OF_SESSION, 0))).first()
    )
    return found if found is not None and is_usable(found) else None


@require_GET
@ensure_csrf_cookie
def diary(request: HttpRequest) -> HttpResponse:
    """The diary itself, which goes on without a connection."""
    link = _link_of(request)
    if link is None:
        return render(request, "clinic/diary_gone.html", {"texts": TEXTS}, status=410)
    sites = procedure_named(link.patient.documented, link.procedure).sites
    both = sites is not None and bool(sites.left) and bool(sites.right)
    settings = {
        "given_at": link.given_at.isoformat(), "times": times_asked(link.patient.clinic),
        "sides": ["left", "right"] if both else [""], "text": TEXTS[link.language], "language": link.language,
    }  # fmt: skip
    shown = {"text": TEXTS[link.language], "language": link.language, "settings": settings, "sides": settings["sides"]}
    return render(request, "clinic/diary.html", shown)


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """What has arrived, for a phone that has lost what it knew."""
    link = _link_of(request)
    if link is None:
        return JsonResponse({"again": True}, status=410)
    arrived = [
        {"key": str(one.key), "at": one.at.isoformat(), "score": one.score, "side": one.side, "asleep": one.asleep}
        for one in link.entries.all()
    ]
    return JsonResponse({"entries": arrived})


@require_POST
def entries(request: HttpRequest) -> HttpResponse:
    """Take entries from a phone. What has arrived already is confirmed again and kept once."""
    link = _link_of(request)
    if link is None:
        return JsonResponse({"again": True}, status=410)
    try:
        sent = msgspec.json.decode(request.body, type=Sent)
    except msgspec.DecodeError as error:
        return JsonResponse({"error": str(error)}, status=422)
    taken = take_entries(link, sent.entries, sent.now)
    return JsonResponse({"kept": taken.kept, "refused": taken.refused, "now": timezone.now().isoformat()})


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from where it may serve the diary."""
    path = finders.find("clinic/diary-worker.js")
    with open(str(path), "rb") as file:
        return HttpResponse(file.read(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})
