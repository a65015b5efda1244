"""The page for the patient, to be shown on the screen or printed."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.links import see_link
from facetwise.clinic.drawing_styles import styles_in
from facetwise.clinic.links.models import Purpose
from facetwise.clinic.links.opening import gone, link_of
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.trail.chain import note
from facetwise.education import Language, decision_aid, education_page, plan_of_record
from facetwise.education.html import html

WHAT = ("understand", "decide")


@require_GET
@access_for(*CARE)
def for_the_patient(request: HttpRequest, pk: int, what: str, language: str) -> HttpResponse:
    """*Understand your procedure*, or the decision aid, in English or Spanish. Raises `Http404` for anything else."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    if what not in WHAT or language not in [one.value for one in Language]:
        raise Http404
    note(staff.user.username, "patient information read", f"patient {pk}", staff.clinic)
    return _page(patient, what, Language(language))


@require_GET
def understand(request: HttpRequest) -> HttpResponse:
    """*Understand your procedure* for the patient, as long as a link to the decision aid is open."""
    link = link_of(request, Purpose.DECISION_AID)
    if link is None:
        return gone(request)
    see_link(link)
    return _page(link.patient, "understand", Language(link.language))


def _page(patient: Patient, what: str, language: Language) -> HttpResponse:
    plan = plan_of_record(patient.documented, timezone.localdate())
    make = education_page if what == "understand" else decision_aid
    text = html(make(language, plan))
    response = HttpResponse(text)
    response._csp_update = {"style-src": styles_in(text)}  # type: ignore[attr-defined]
    return response
