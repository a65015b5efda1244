"""Everything of a patient, to be handed over."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.keeping.export import export
from facetwise.clinic.trail.chain import note


@require_POST
@access_for(*CARE)
def export_patient(request: HttpRequest, pk: int) -> HttpResponse:
    """A zip of everything that is kept of the patient. That it was taken is in the trail, and in the zip."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    note(staff.user.username, "patient exported", f"patient {pk}", staff.clinic)
    headers = {"Content-Disposition": f'attachment; filename="patient-{pk}.zip"', "Cache-Control": "no-store"}
    return HttpResponse(export(patient), content_type="application/zip", headers=headers)
