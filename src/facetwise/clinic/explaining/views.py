"""The page for the patient, to be shown on the screen or printed."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.drawing_styles import styles_in
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
    plan = plan_of_record(patient.documented, timezone.localdate())
    make = education_page if what == "understand" else decision_aid
    text = html(make(Language(language), plan))
    note(staff.user.username, "patient information read", f"patient {pk}", staff.clinic)
    response = HttpResponse(text)
    response._csp_update = {"style-src": styles_in(text)}  # type: ignore[attr-defined]
    return response
