"""Links: what a patient sees who follows one, and what staff do with those they sent."""

from typing import cast

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.links import (
    ask_for_link,
    expired_link,
    open_link,
    revoke_link,
    usable_link,
)
from facetwise.clinic.actions.reminders import remind
from facetwise.clinic.links.limits import limited_tries
from facetwise.clinic.links.models import PatientLink, Purpose
from facetwise.clinic.links.opening import gone, keep_open
from facetwise.clinic.links.texts import reminder_of, texts_of
from facetwise.clinic.once import is_first, new_form_key
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError

OPENS = {Purpose.DIARY: "diary", Purpose.DECISION_AID: "aid"}
"""The page that a link of each purpose opens."""


@require_http_methods(["GET", "POST"])
@limited_tries
def patient_link(request: HttpRequest, token: str) -> HttpResponse:
    """What a patient's link shows; only the form on it opens anything, for scanners of mail follow links."""
    link = usable_link(token)
    if link is None:
        expired = expired_link(token)
        return gone(request) if expired is None else _expired(request, expired, token)
    wrong = False
    if request.method == "POST":
        opened = open_link(token, request.POST.get("birth_year", ""))
        if opened is not None:
            keep_open(request, opened)
            return redirect(OPENS[Purpose(opened.purpose)])
        wrong = True
    shown = {"text": texts_of(link), "language": link.language, "wrong": wrong}
    return render(request, "clinic/link_open.html", shown, status=403 if wrong else 200)


@require_POST
@limited_tries
def ask_again(request: HttpRequest, token: str) -> HttpResponse:
    """The patient asks for a new link where this one has expired, and proves the birth year with it."""
    wrong = not ask_for_link(token, request.POST.get("birth_year", ""))
    link = expired_link(token)
    return gone(request) if link is None else _expired(request, link, token, wrong)


def _expired(request: HttpRequest, link: PatientLink, token: str, wrong: bool = False) -> HttpResponse:
    """An expired link: it opens nothing, but a new one can be asked for, once."""
    asked = link.asked_at is not None
    shown = {"text": texts_of(link), "language": link.language, "token": token, "asked": asked, "wrong": wrong}
    status = 403 if wrong else 200 if request.method == "POST" else 410
    return render(request, "clinic/link_expired.html", shown, status=status)


@require_POST
@access_for(*CARE)
def revoke(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Take a link back."""
    staff = cast(StaffRequest, request)
    revoke_link(_link(staff, pk, link), staff.user)
    messages.success(request, "The link opens nothing any more.")
    return redirect("patient", pk=pk)


@require_http_methods(["GET", "POST"])
@access_for(*CARE)
def remind_patient(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Remind a patient of a link, by mail or with a text to send. Nothing happens before the form is sent."""
    staff = cast(StaffRequest, request)
    found = _link(staff, pk, link)
    shown: dict[str, object] = {
        "patient": found.patient, "link": found, "sends_mail": settings.CLINIC_SENDS_MAIL, "form_key": new_form_key(),
    }  # fmt: skip
    if request.method == "GET":
        note(staff.user.username, "reminder looked at", f"patient {pk} link {link}", staff.clinic)
        return render(request, "clinic/remind.html", shown | {"email": found.email})
    email = request.POST.get("email", "").strip()
    if email and not is_first(request):
        messages.info(request, "That form was sent already. Here stands when the patient was last reminded.")
        return redirect("patient", pk=pk)

    def address_of(token: str) -> str:
        return request.build_absolute_uri(reverse("patient-link", args=[token]))

    try:
        address = remind(found, staff.user, email, address_of)
    except DocumentError as error:
        note(staff.user.username, "reminder looked at", f"patient {pk} link {link}", staff.clinic)
        return render(request, "clinic/remind.html", shown | {"email": email, "problems": error.problems}, status=422)
    said = reminder_of(found, address)
    return render(request, "clinic/reminded.html", shown | {"email": email, "said": said, "address": address})


def show_once(request: HttpRequest, link: PatientLink, token: str) -> HttpResponse:
    """A new link, as text and as a code to scan: it is not known any more afterwards."""
    address = request.build_absolute_uri(reverse("patient-link", args=[token]))
    code = segno.make(address, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff")
    shown = {"patient": link.patient, "link": link, "address": address, "code": code}
    return render(request, "clinic/link_sent.html", shown)


def _link(staff: StaffRequest, pk: int, link: int) -> PatientLink:
    """A link of a patient. Raises `Http404` for one of another, as for none at all."""
    patient = access_patient(staff, pk)
    found = PatientLink.objects.select_related("patient__clinic").filter(patient=patient, pk=link).first()
    if found is None:
        raise Http404
    return found
