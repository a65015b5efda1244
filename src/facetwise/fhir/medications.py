"""What was injected with a procedure, sedatives given with it, and anticoagulants that the patient takes."""

import re
from typing import Any

from facetwise.fhir.bundle import Bundle, Resource
from facetwise.fhir.codes import AGENT_DRUGS, ANTICOAGULANTS, OWN, RXNORM, SEDATIVES, Drug
from facetwise.fhir.condition_claims import Conditions
from facetwise.fhir.draft import Claim, Draft, DraftProcedure
from facetwise.fhir.elements import Element
from facetwise.fhir.values import Concept, Moment
from facetwise.fhir.words import ELSEWHERE
from facetwise.records import AgentName

TYPES = ("MedicationAdministration", "MedicationStatement", "MedicationRequest")
_DONE = ("completed", "active", "in-progress", "")
_TAKEN = ("active", "intended", "completed", "in-progress", "")
_STOPPED = ("stopped", "on-hold", "not-taken", "cancelled")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_PER_ML = re.compile(r"(\d+(?:\.\d+)?)\s*mg\s*/\s*ml\b")
_MG = re.compile(r"(\d+(?:\.\d+)?)\s*mg\b(?!\s*/)")
_ML = re.compile(r"(?<!/)(?<!/ )\b(\d+(?:\.\d+)?)\s*(?:ml|cc)\b")
_PRODUCT = re.compile(r"vial|ampoule|ampule|syringe|bag\b|bottle|injectable|solution|injection")
"""Words of a product: the amount beside them is what the package holds, not what was given."""
_BETWEEN = re.compile(r"\s*(?:\+|;|,\s|\band\b|\bwith\b|\bplus\b|\s/\s)\s*")
_UNITS = {"mg": ("dose_mg", 1.0), "g": ("dose_mg", 1000.0), "ug": ("dose_mg", 0.001), "mcg": ("dose_mg", 0.001),
          "ml": ("volume_ml", 1.0), "cc": ("volume_ml", 1.0)}  # fmt: skip


def read_medications(bundle: Bundle, draft: Draft, conditions: Conditions) -> None:
    """Every medication resource: agents of procedures, sedatives, anticoagulants; all others are listed."""
    for resource in bundle.of_type(*TYPES):
        concept = _medication(resource, bundle)
        status = resource.text("status") or ""
        procedure = _procedure(resource, bundle, draft)
        if status == "entered-in-error":
            resource.set_aside(f"{resource.type} {concept}", "it was entered in error")
        elif drug := _named(ANTICOAGULANTS, concept):
            _anticoagulant(resource, drug[0], status, conditions)
        elif resource.type == "MedicationRequest" or status not in _DONE:
            resource.set_aside(f"{resource.type} {concept}", "it does not say that it was given with a procedure")
        elif drug := _named(SEDATIVES, concept):
            what = "was the patient sedated, and how deeply?" if procedure else "no procedure is named for it"
            resource.set_aside(f"sedative {concept}", what)
        elif procedure is None:
            resource.set_aside(
                f"{resource.type} {concept}",
                "it names no procedure of the record, and it is no anticoagulant known here",
            )
        else:
            _agents(resource, concept, procedure)


def agents_in(concept: Concept, doses: dict[str, float], said: str = "") -> list[dict[str, Any]]:
    """The agents a medication names, each with strength, dose and volume; `said` is the text of the dosage."""
    own = concept.code_in(f"{OWN}agentname")
    texts = concept.texts if own or not concept.texts else concept.texts[:1]
    pieces = _BETWEEN.split(texts[0].lower()) if texts and not own else [" ".join(texts).lower()]
    names = [(own if own in list(AgentName) else _agent_in(piece), piece) for piece in pieces]
    names = [(name, piece) for name, piece in names if name]
    if not names and (found := _named({name.value: drug for name, drug in AGENT_DRUGS.items()}, concept)):
        names = [(found[0], concept.words)]
    agents = []
    for name, piece in names:
        agent: dict[str, Any] = {"name": str(name), **_strength(piece)}
        given = _amounts(said.lower()) | doses if len(names) == 1 else {}
        agents.append(agent | (given or ({} if _PRODUCT.search(concept.words) else _amounts(piece))))
    return agents


def _agents(resource: Resource, concept: Concept, procedure: DraftProcedure) -> None:
    period = resource.child("effectivePeriod")
    given = resource.moment("effectiveDateTime") or (period.moment("start") if period else None)
    doses, said, route = _dosage(resource)
    agents = agents_in(concept, doses, said)
    if not agents:
        resource.set_aside(f"{resource.type} {concept}", "Facetwise does not know this agent")
    elif given and procedure.start and given.day != procedure.start.day:
        resource.set_aside(f"{resource.type} {concept}", "it was given on another day than its procedure")
    elif ELSEWHERE.search(f"{concept.words} {said.lower()} {route}"):
        resource.set_aside(f"{resource.type} {concept}", "it was not given at the joint or its nerves")
    else:
        procedure.agents += agents
        if len(agents) > 1 and doses:
            resource.leave("dose", "it is the dose of a mixture: how much of each was given?")


def _medication(resource: Resource, bundle: Bundle) -> Concept:
    """The medication's code, from the element or the Medication it refers to."""
    concept = resource.concept("medicationCodeableConcept")
    for address in resource.references("medicationReference"):
        medication = bundle.resolve(address, resource)
        if medication is not None and medication.type == "Medication":
            medication.used = True
            concept = medication.concept("code")
    return concept


def _procedure(resource: Resource, bundle: Bundle, draft: Draft) -> DraftProcedure | None:
    """The procedure a medication names, else the only facet procedure of the same encounter."""
    addresses = [
        address
        for name in ("partOf", "context", "supportingInformation", "reasonReference", "derivedFrom")
        for address in resource.references(name)
    ]
    named = [draft.procedure_of(bundle.resolve(address, resource)) for address in addresses]
    if found := [one for one in named if one]:
        return found[0]
    here = [one for one in draft.facet_procedures() if one.resource and set(_encounter(one.resource)) & set(addresses)]
    return here[0] if len(here) == 1 else None


def _encounter(resource: Resource) -> list[str]:
    return resource.references("encounter")


def _anticoagulant(resource: Resource, drug: str, status: str, conditions: Conditions) -> None:
    period = resource.child("effectivePeriod")
    start = resource.moment("effectiveDateTime") or (period.moment("start") if period else None)
    end = period.moment("end") if period else None
    asserted = resource.moment("dateAsserted") or resource.moment("authoredOn")
    if status not in (*_TAKEN, *_STOPPED):
        resource.set_aside(f"{resource.type} {drug}", f"its status does not say whether it is taken: {status}")
        return
    ended = end is not None or status in _STOPPED
    if status == "completed" and not ended:
        resource.set_aside(f"{resource.type} {drug}", "it is completed without an end: is it still taken?")
        return
    when: Moment | None = (end or asserted) if ended else (start or asserted)
    value = {"present": not ended, "note": drug} | ({"on": when.day.isoformat()} if when else {})
    conditions.claim("anticoagulant", drug, Claim(value, resource.where, when))
    resource.skip("dosage", "dosageInstruction", "intent", "dispenseRequest")


def _dosage(resource: Resource) -> tuple[dict[str, float], str, str]:
    """Dose and volume, the dosage's text, and its route in words."""
    single = isinstance(resource.value.get("dosage"), dict)
    dosages = [one for one in (resource.child("dosage"),) if one] if single else resource.children("dosage")
    doses: dict[str, float] = {}
    texts, routes = [], []
    for dosage in dosages:
        texts.append(dosage.text("text") or "")
        routes.append(dosage.concept("route").words)
        dosage.skip("sequence", "timing", "method", "site")
        for place, name in [(dosage, "dose"), *((part, "doseQuantity") for part in dosage.children("doseAndRate"))]:
            doses |= _dose(place, name)
    return doses, " ".join(texts), " ".join(routes)


def _dose(place: Element, name: str) -> dict[str, float]:
    quantity = place.quantity(name)
    if quantity is None:
        return {}
    field, factor = _UNITS.get(quantity.unit, ("", 1.0))
    if not field or quantity.value <= 0:
        why = "its unit is missing or unknown: mg or mL?" if not field else "it is not above zero"
        place.leave(f"{name} of the medication", why)
        return {}
    return {field: quantity.value if factor == 1 else round(quantity.value * factor, 9)}


def _strength(words: str) -> dict[str, float]:
    """The concentration in percent; 10 mg/mL is 1 percent."""
    if match := _PERCENT.search(words):
        percent = float(match.group(1))
    elif match := _PER_ML.search(words):
        percent = round(float(match.group(1)) / 10, 9)
    else:
        return {}
    return {"concentration_percent": percent} if percent > 0 else {}


def _amounts(words: str) -> dict[str, float]:
    found = {"dose_mg": _MG.search(words), "volume_ml": _ML.search(words)}
    return {name: float(match.group(1)) for name, match in found.items() if match and float(match.group(1)) > 0}


def _agent_in(words: str) -> str | None:
    return next((name.value for name, drug in AGENT_DRUGS.items() if re.search(drug.words, words)), None)


def _named(drugs: dict[str, Drug], concept: Concept) -> tuple[str, Drug] | None:
    """The drug of a table that a medication is, by RxNorm ingredient or by words."""
    codes = {coding.code for coding in concept.codings if coding.system == RXNORM}
    for name, drug in drugs.items():
        if (drug.rxnorm and drug.rxnorm in codes) or re.search(drug.words, concept.words):
            return name, drug
    return None
