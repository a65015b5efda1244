"""The decision aid on the page of a patient: the links to it, and what was answered last."""

from typing import Any

from facetwise.clinic.aid.models import AidAnswers
from facetwise.clinic.links.models import Purpose
from facetwise.clinic.links.shown import links_shown
from facetwise.clinic.patients.models import Patient
from facetwise.education import Answers, Importance, summary_for_clinician


def aid_card(patient: Patient) -> dict[str, Any]:
    """What `clinic/aid.html` shows."""
    last = AidAnswers.objects.filter(link__patient=patient).select_related("link").first()
    said = last.given if last is not None else Answers()
    summary = summary_for_clinician(said) if last is not None else None
    links = patient.links.filter(purpose=Purpose.DECISION_AID).select_related("by", "reminded_by")
    return {
        "answers": last,
        "summary": summary,
        "matters": summary.values[0] if summary is not None and Importance.A_LOT in said.values.values() else None,
        "links": links_shown(links[:3]),
    }
