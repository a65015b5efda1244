"""The FHIR resources that `write_bundle` makes of parts of a record. None where a resource would lose something."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from facetwise.fhir.codes import LOINC, OWN
from facetwise.fhir.medications import agents_in
from facetwise.fhir.values import Coding, Concept
from facetwise.records import (
    Agent,
    Complaint,
    FunctionScore,
    PainScore,
    Procedure,
    Scale,
)

_UCUM = "http://unitsofmeasure.org"
_STATUS = "http://terminology.hl7.org/CodeSystem"
_FOLLOW_UP = {"score": "{score}", "relief_percent": "%", "function_improved_percent": "%"}
_WORDS = {
    "complaint.pain": "pain score",
    "complaint.function": "disability score",
    "procedures.pain_before": "pain score before the procedure",
    "procedures.follow_ups.score": "pain score at follow-up",
    "procedures.follow_ups.relief_percent": "percent pain relief at follow-up",
    "procedures.follow_ups.function_improved_percent": "percent improvement of function at follow-up",
}


def complaint_resource(complaint: Complaint) -> dict[str, Any]:
    """The complaint as a Condition. It must have a region."""
    region = str(complaint.region)
    resource: dict[str, Any] = {
        "resourceType": "Condition",
        "clinicalStatus": _status("condition-clinical", "active"),
        "code": {"coding": [{"system": f"{OWN}complaint", "code": region}], "text": f"facet joint pain, {region}"},
    }
    if complaint.severity is not None:
        resource["severity"] = {"text": complaint.severity.value}
    if complaint.sites is not None:
        resource["bodySite"] = [{"text": str(complaint.sites)}]
    if complaint.onset is not None:
        resource["onsetDateTime"] = complaint.onset.isoformat()
    return resource


def condition_resource(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """A condition of the record, given as JSON; one that is not there is a refuted Condition."""
    present = value["present"]
    resource: dict[str, Any] = {"resourceType": "Condition"}
    if present:
        resource["clinicalStatus"] = _status("condition-clinical", "active")
    resource["verificationStatus"] = _status("condition-ver-status", "confirmed" if present else "refuted")
    resource["code"] = _own("condition", name)
    if "sites" in value:
        resource["bodySite"] = [{"text": value["sites"]}]
    if "on" in value:
        resource["recordedDate"] = value["on"].isoformat()
    if "note" in value:
        resource["note"] = [{"text": value["note"]}]
    return resource


def procedure_resource(procedure: Procedure) -> dict[str, Any]:
    """A procedure without its response, its id and what was injected."""
    resource: dict[str, Any] = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": _own("kind", procedure.kind.value),
        "performedDateTime": procedure.date.isoformat(),
    }
    if procedure.purpose is not None:
        resource["reasonCode"] = [_own_word(procedure.purpose)]
    if procedure.sites is not None:
        resource["bodySite"] = [{"text": str(procedure.sites)}]
    if procedure.complications and all(_is_text(text) for text in procedure.complications):
        resource["complication"] = [{"text": text} for text in procedure.complications]
    if procedure.note:
        resource["note"] = [{"text": procedure.note}]
    used = [_own_word(word) for word in (procedure.guidance, procedure.ablation_mode) if word is not None]
    return resource | ({"usedCode": used} if used else {})


def agent_resources(procedure: Procedure) -> list[dict[str, Any]]:
    """One MedicationAdministration for each agent; none at all when one of them could not be read back."""
    written = [_agent(agent, procedure) for agent in procedure.agents or ()]
    return [resource for resource in written if resource] if all(written) else []


def pain_observation(pain: PainScore, place: str) -> dict[str, Any] | None:
    """A pain score for this place of the record; None when it has no value."""
    if pain.score is None and pain.low is None:
        return None
    code = _own("observation", place, _WORDS[place])
    if pain.scale is Scale.NRS:
        code["coding"].append({"system": LOINC, "code": "72514-3"})
    resource = _observation(code, pain.scale, pain.date.isoformat() if pain.date else None)
    if pain.score is not None:
        return resource | {"valueQuantity": _quantity(pain.score, "{score}")}
    if pain.low == pain.high:
        return None
    low, high = ({"value": value, "unit": "{score}"} for value in (pain.low, pain.high))
    return resource | {"valueRange": {"low": low, "high": high}}


def function_observations(scores: Iterable[FunctionScore]) -> list[dict[str, Any]]:
    """Disability scores; none when one of them is below zero, which no scale here can be."""
    code = _own("observation", "complaint.function", _WORDS["complaint.function"])
    found = []
    for score in scores:
        if score.score < 0:
            return []
        value = {"valueQuantity": _quantity(score.score, "{score}")}
        found.append(_observation(code, score.scale, score.date.isoformat()) | value)
    return found


def visit_observations(procedure: Procedure) -> list[dict[str, Any]]:
    """Follow-ups as one Observation for each number; none when two share a day or one has no number to carry."""
    visits = procedure.follow_ups or ()
    days = {visit.date for visit in visits}
    found = []
    for visit in visits:
        numbers = {name: getattr(visit, name) for name in _FOLLOW_UP if getattr(visit, name) is not None}
        if len(days) < len(visits) or not numbers or (visit.scale is not None and "score" not in numbers):
            return []
        for name, value in numbers.items():
            place = f"procedures.follow_ups.{name}"
            code = _own("observation", place, _WORDS[place])
            scale = visit.scale if name == "score" else None
            quantity = {"valueQuantity": _quantity(value, _FOLLOW_UP[name])}
            found.append(_observation(code, scale, visit.date.isoformat()) | quantity)
    return found


def _agent(agent: Agent, procedure: Procedure) -> dict[str, Any] | None:
    strength = f" {agent.concentration_percent:g}%" if agent.concentration_percent else ""
    name = f"{agent.name.value}{strength}"
    amounts = [(agent.dose_mg, "mg"), (agent.volume_ml, "mL")]
    given = [_quantity(value, unit) for value, unit in amounts if value is not None]
    said = ", ".join(f"{value:g} {unit}" for value, unit in amounts if value is not None)
    concept = Concept((Coding(f"{OWN}agentname", agent.name.value, ""),), name)
    doses = {"dose_mg" if given[0]["code"] == "mg" else "volume_ml": given[0]["value"]} if given else {}
    parts = {"concentration_percent": agent.concentration_percent, "dose_mg": agent.dose_mg}
    wanted = {"name": agent.name.value, **parts, "volume_ml": agent.volume_ml}
    if agents_in(concept, doses, said) != [{part: value for part, value in wanted.items() if value is not None}]:
        return None
    resource = {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationCodeableConcept": _own("agentname", agent.name.value, name),
        "effectiveDateTime": procedure.date.isoformat(),
    }
    return resource | ({"dosage": {"text": said, "dose": given[0]}} if given else {})


def _observation(code: dict[str, Any], scale: Scale | None, day: str | None) -> dict[str, Any]:
    resource = {"resourceType": "Observation", "status": "final", "code": code}
    resource |= {"effectiveDateTime": day} if day else {}
    return resource | ({"method": _own_word(scale)} if scale else {})


def _own(system: str, code: str, text: str = "") -> dict[str, Any]:
    return {"coding": [{"system": f"{OWN}{system}", "code": code}], "text": text or code.replace("_", " ")}


def _own_word(word: Enum) -> dict[str, Any]:
    return _own(type(word).__name__.lower(), str(word.value))


def _status(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{_STATUS}/{system}", "code": code}]}


def _quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": _UCUM, "code": unit}


def _is_text(text: str) -> bool:
    """Whether FHIR can hold it as the text of a concept: not empty, no space around it."""
    return bool(text) and text == text.strip()
