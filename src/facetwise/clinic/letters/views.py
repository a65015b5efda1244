"""Letters of a patient: chosen, looked at, printed, marked as sent, and opened again as they were sent."""

from typing import Any, NamedTuple, cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.letters import send_letter
from facetwise.clinic.drawing_styles import styles_in
from facetwise.clinic.letters.documents import Beside, Document, make_document
from facetwise.clinic.letters.forms import LetterForm, SentForm
from facetwise.clinic.letters.models import LetterKind, SentBy, SentLetter
from facetwise.clinic.letters.offers import Offer, offers, request_about
from facetwise.clinic.letters.typed import Typed, forget_others
from facetwise.clinic.once import is_first, new_form_key
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import Role
from facetwise.clinic.policies.in_use import policies_in_use
from facetwise.clinic.requested.known import known_of
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError
from facetwise.records import Request


class Desk(NamedTuple):
    """What stands before somebody who writes: the patient, what can be made, the form, and the document."""

    patient: Patient
    offers: tuple[Offer, ...]
    form: LetterForm | None
    document: Document | None


@require_http_methods(["GET", "POST"])
@access_for(*CARE)
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Which documents can be made, the one that is chosen as it would be sent, and what was sent."""
    staff = cast(StaffRequest, request)
    desk = _desk(staff, pk)
    return _show(request, desk, 200 if desk.document is not None or request.method == "GET" else 422)


@require_POST
@access_for(*CARE)
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as a PDF to keep."""
    staff = cast(StaffRequest, request)
    desk = _desk(staff, pk)
    if desk.document is None:
        return _show(request, desk, 422)
    note(staff.user.username, "letter made as pdf", f"patient {pk} {desk.document.kind}", staff.clinic)
    name = f"{desk.document.kind.replace('_', '-')}-{desk.document.as_of}.pdf"
    return _pdf(desk.document.pdf.data, f'attachment; filename="{name}"')


@require_POST
@access_for(*CARE)
def letter_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The document alone, to be printed."""
    staff = cast(StaffRequest, request)
    desk = _desk(staff, pk)
    if desk.document is None:
        return _show(request, desk, 422)
    note(staff.user.username, "letter opened to print", f"patient {pk} {desk.document.kind}", staff.clinic)
    return _page(desk.document.html)


@require_POST
@access_for(*CARE)
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the document that was looked at as sent. One that would be another now is shown again instead."""
    staff = cast(StaffRequest, request)
    desk, sent = _desk(staff, pk), SentForm(request.POST)
    if desk.document is None or not sent.is_valid():
        return _show(request, desk, 422, sent)
    if request.POST.get("shown") != desk.document.seen:
        messages.error(request, "It is not what you looked at any more. This is how it is now; nothing was kept.")
        return _show(request, desk, 409, sent)
    if not sent.require_confirmed(desk.document.doubts):
        return _show(request, desk, 422, sent)
    to, how = sent.cleaned_data["to"], SentBy(sent.cleaned_data["how"])
    _ = desk.document.pdf  # made before anybody has to wait for it
    with transaction.atomic():  # what cannot be kept was not sent
        if not is_first(request):
            messages.info(request, "That form was sent already; what is kept stands below.")
            return redirect("letters", pk=pk)
        send_letter(desk.patient, staff.user, desk.document, to, how)
    messages.success(request, f"Kept as sent: {desk.document.page.title}.")
    return redirect("letters", pk=pk)


@require_GET
@access_for(*CARE)
def sent_letter(request: HttpRequest, pk: int, letter: int) -> HttpResponse:
    """What was sent, as a page."""
    staff = cast(StaffRequest, request)
    return _page(_sent(staff, pk, letter).page)


@require_GET
@access_for(*CARE)
def sent_letter_pdf(request: HttpRequest, pk: int, letter: int) -> HttpResponse:
    """What was sent, as the PDF."""
    staff = cast(StaffRequest, request)
    return _pdf(bytes(_sent(staff, pk, letter).pdf), f'inline; filename="letter-{letter}.pdf"')


def _sent(staff: StaffRequest, pk: int, letter: int) -> SentLetter:
    """The sent letter with this key. Raises `Http404` for one of another patient, as for none at all."""
    patient = access_patient(staff, pk)
    found = patient.letters.filter(pk=letter).first()
    if found is None:
        raise Http404
    note(staff.user.username, "sent letter read", f"patient {pk} letter {letter}", staff.clinic)
    return found


def _desk(staff: StaffRequest, pk: int) -> Desk:
    """The document of what was asked for; without one where nothing was, or where it cannot be."""
    patient, today = access_patient(staff, pk), timezone.localdate()
    forget_others(staff.session, pk)
    record = patient.documented
    beside = Beside(policies_in_use(staff.clinic), known_of(patient, record))
    offered = offers(record, today)
    given = staff.POST if staff.method == "POST" else staff.GET
    offer = next((one for one in offered if one.kind == given.get("kind") and one.subjects), None)
    if offer is None:
        return Desk(patient, offered, None, None)
    typed = Typed(staff.session, patient.pk)
    subject = next(
        (one for one in (given.get("subject"), typed.subject(offer.kind)) if one in dict(offer.subjects)), offer.default
    )
    about: Request | None = None
    if offer.kind in (LetterKind.LETTER, LetterKind.PACKET):
        about = request_about(record, subject, today, beside.known)
    first = _first(staff, offer, subject, about) | typed.of(offer.kind, subject)
    form = LetterForm(staff.POST if staff.method == "POST" else first, offer=offer, patient=patient, request=about)
    if not form.is_valid():
        return Desk(patient, offered, form, None)
    if staff.method == "POST":
        typed.keep(form)
    try:
        return Desk(patient, offered, form, make_document(record, form.wanted(staff.clinic), today, beside))
    except DocumentError as error:
        form.add_error(None, error.says)
        return Desk(patient, offered, form, None)


def _first(staff: StaffRequest, offer: Offer, subject: str, about: Request | None) -> dict[str, Any]:
    """The form before anybody filled anything in: a clinician who writes signs, and the service is when proposed."""
    signs = staff.user.called if staff.role is Role.CLINICIAN else ""
    day = str(about.date) if about is not None else ""
    return {"kind": offer.kind, "subject": subject, "language": "en", "signed_by": signs, "date": day}


def _show(request: HttpRequest, desk: Desk, status: int, sent: SentForm | None = None) -> HttpResponse:
    staff, about = cast(StaffRequest, request), f"patient {desk.patient.pk}"
    if desk.document is not None:
        note(staff.user.username, "letter previewed", f"{about} {desk.document.kind}", staff.clinic)
    else:
        note(staff.user.username, "letters read", about, staff.clinic)
    shown = {
        "patient": desk.patient,
        "form_key": new_form_key(),
        "offers": desk.offers,
        "form": desk.form,
        "document": desk.document,
        "asks_a_payer": desk.form is not None and desk.form.offer.kind in (LetterKind.LETTER, LetterKind.PACKET),
        "sent_form": sent or SentForm(),
        "sent": desk.patient.letters.defer("page", "pdf").select_related("by"),
    }
    response = render(request, "clinic/letters.html", shown, status=status)
    if desk.document is not None:
        _allow_styles(response, desk.document.html)
    return response


def _page(text: str) -> HttpResponse:
    response = HttpResponse(text)
    _allow_styles(response, text)
    return response


def _allow_styles(response: HttpResponse, text: str) -> None:
    response._csp_update = {"style-src": styles_in(text)}  # type: ignore[attr-defined]


def _pdf(data: bytes, disposition: str) -> HttpResponse:
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": disposition})
