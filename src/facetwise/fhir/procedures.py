"""Procedure: what was done, when, where and how. Only what was completed on a known day becomes a procedure."""

import re
from enum import Enum
from typing import Any, TypeVar

from facetwise.fhir.body_sites import read_sites
from facetwise.fhir.bundle import Bundle, Resource
from facetwise.fhir.codes import CPT_MODERATE_SEDATION, CPT_SIDES, OWN
from facetwise.fhir.draft import Draft, DraftProcedure
from facetwise.fhir.kinds import decide_kind, names_target, procedure_codes
from facetwise.fhir.values import NO_PLACE, Concept
from facetwise.fhir.words import (
    CPT_WORDING,
    GUIDANCE_WORDS,
    MODE_WORDS,
    PURPOSE_WORDS,
    SEDATION_WORDS,
    matches,
)
from facetwise.records import FACET_KINDS, AblationMode, Guidance, Kind, Purpose, Sedation

Word = TypeVar("Word", bound=Enum)

_BY_NERVE = (Kind.MEDIAL_BRANCH_BLOCK, Kind.RADIOFREQUENCY_ABLATION)
_TEMPERATURE = re.compile(r"\b(\d{2,3})\s*(?:°\s*c?\b|degrees? c\b|degrees? celsius|celsius|deg c\b)")
_STATUSES = {
    "entered-in-error": "it was entered in error",
    "not-done": "it was not done",
    "preparation": "it is planned, not done",
    "in-progress": "it is not finished",
    "on-hold": "it is not finished",
    "stopped": "it was stopped before its end",
    "": "its status is missing: was it done?",
}


def read_procedures(bundle: Bundle, draft: Draft) -> None:
    """Every completed procedure of a kind that Facetwise knows, in the order of the bundle."""
    sedations: list[tuple[Resource, Concept]] = []
    for resource in bundle.of_type("Procedure"):
        concept = resource.concept("code")
        status = resource.text("status") or ""
        if status != "completed":
            resource.set_aside(
                f"Procedure {concept}", _STATUSES.get(status, "its status does not say that it was done")
            )
        elif any(code in CPT_MODERATE_SEDATION for code, _ in procedure_codes(concept)):
            sedations.append((resource, concept))
        else:
            _read(resource, concept, draft)
    for resource, concept in sedations:
        _sedation(resource, concept, bundle, draft)


def _read(resource: Resource, concept: Concept, draft: Draft) -> None:
    reasons, used = resource.concepts("reasonCode"), resource.concepts("usedCode")
    note = resource.notes()
    bodies = resource.concepts("bodySite")
    beside = [
        "; ".join(one.words for one in bodies),
        *(one.words for one in used),
        *(one.words for one in reasons),
        note or "",
    ]
    kind, why = decide_kind(resource, concept, beside)
    if kind is None:
        resource.set_aside(f"Procedure {concept}", why)
        return
    period = resource.child("performedPeriod")
    start = resource.moment("performedDateTime") or (period.moment("start") if period else None)
    if start is None:
        resource.set_aside(f"Procedure {concept}", "it has no day: when was it done?")
        return
    procedure = DraftProcedure(draft.findings, resource.where, resource)
    procedure.start, procedure.end = start, period.moment("end") if period else None
    draft.procedures.append(procedure)
    modifier, purposes = _extensions(resource)
    modifier = modifier or next((side for _, side in procedure_codes(concept) if side), "")
    facts = {
        "id": resource.id or None,
        "kind": kind.value,
        "date": start.day.isoformat(),
        "sites": read_sites(resource, bodies, concept.texts, by_nerve=kind in _BY_NERVE, side=modifier),
        "complications": [one.text or str(one) for one in resource.concepts("complication")] or None,
        "note": note,
    }
    for name, value in (facts | _manner(resource, concept, kind, reasons, used, purposes)).items():
        if value is not None:
            procedure.facts.claim(name, value, resource.where, start)
    resource.skip("partOf", "usedReference")


def _manner(
    resource: Resource, concept: Concept, kind: Kind, reasons: list[Concept], used: list[Concept], purposes: list[str]
) -> dict[str, Any]:
    """Purpose, guidance, sedation and technique, by own codes and by words; what says nothing of them is listed."""
    said = [text.lower() for text in concept.texts if not CPT_WORDING.search(text.lower())]
    facts: dict[str, Any] = {
        "purpose": _word(resource, Purpose, PURPOSE_WORDS, [*reasons, *_as_concepts([*said, *purposes])]),
        "guidance": _word(resource, Guidance, GUIDANCE_WORDS, [*used, *_as_concepts(said)]),
        "sedation": _word(resource, Sedation, SEDATION_WORDS, [*used, *_as_concepts(said)]),
    }
    if any(code.startswith("021") and code.endswith("T") for code, _ in procedure_codes(concept)):
        facts["guidance"] = facts["guidance"] or Guidance.ULTRASOUND.value
    modes = MODE_WORDS if kind is Kind.RADIOFREQUENCY_ABLATION else ()
    facts["ablation_mode"] = _word(resource, AblationMode, modes, [*used, *_as_concepts(said)])
    if modes:
        warmth = next((found for text in [*said, *(one.words for one in used)] if (found := _warmth(text))), None)
        facts["temperature_c"] = warmth
    for one in reasons:
        if not matches(PURPOSE_WORDS, one.words) and not _own(Purpose, one) and not names_target(one.words):
            resource.leave(f"reasonCode {one}", NO_PLACE)
    for one in used:
        told = matches(GUIDANCE_WORDS + SEDATION_WORDS + modes, one.words) or names_target(one.words)
        if not (told or _own(Guidance, one) or _own(AblationMode, one) or _warmth(one.words)):
            resource.leave(f"usedCode {one}", NO_PLACE)
    return facts


def _word(
    resource: Resource, words: type[Word], table: tuple[tuple[str, Word], ...], said: list[Concept]
) -> str | None:
    """The one word that is said; two different ones are listed instead."""
    own = next((value for one in said if (value := _own(words, one))), None)
    found = [own] if own else list(dict.fromkeys(value for one in said for value in matches(table, one.words)))
    if len(found) > 1:
        named = " and ".join(str(value.value) for value in found)
        resource.leave(f"{words.__name__.lower()}: {named}", "both are named: which one was it?")
    return str(found[0].value) if len(found) == 1 else None


def _own(words: type[Word], concept: Concept) -> Word | None:
    """A word given in Facetwise's own code system."""
    code = concept.code_in(OWN + words.__name__.lower())
    return next((word for word in words if word.value == code), None)


def _as_concepts(texts: list[str]) -> list[Concept]:
    return [Concept(text=text) for text in texts]


def _warmth(words: str) -> int | None:
    match = _TEMPERATURE.search(words)
    return int(match.group(1)) if match and 0 < int(match.group(1)) <= 150 else None


def _extensions(resource: Resource) -> tuple[str, list[str]]:
    """The side a modifier gives, and words for the purpose; every other extension is listed."""
    side, purposes = "", []
    for extension in resource.children("extension"):
        url = extension.text("url") or "no url"
        concept = extension.concept("valueCodeableConcept")
        coding = extension.coding("valueCoding")
        texts = [extension.text("valueString") or "", extension.text("valueCode") or "", concept.words]
        texts += [one.code for one in concept.codings] + ([coding.code, coding.display] if coding else [])
        modifier = next((CPT_SIDES[text.upper()] for text in texts if text.upper() in CPT_SIDES), "")
        purpose = [text.lower() for text in texts if matches(PURPOSE_WORDS, text.lower())]
        if modifier and "modifier" in url.lower():
            side = modifier
        elif purpose:
            purposes += purpose
        else:
            extension.leave(f"extension {url}", NO_PLACE)
    return side, purposes


def _sedation(resource: Resource, concept: Concept, bundle: Bundle, draft: Draft) -> None:
    """Sedation billed beside a procedure: it belongs to the procedure it is part of, else to those of its day."""
    wholes = [draft.procedure_of(bundle.resolve(one, resource)) for one in resource.references("partOf")]
    period = resource.child("performedPeriod")
    when = resource.moment("performedDateTime") or (period.moment("start") if period else None)
    same_day = [one for one in draft.procedures if when and one.start and one.start.day == when.day]
    sedated = [one for one in wholes if one] or [one for one in same_day if one.kind in FACET_KINDS]
    if not sedated:
        resource.set_aside(f"Procedure {concept}", "sedation for a procedure that is not in the record")
    for procedure in sedated:
        procedure.facts.claim("sedation", Sedation.MODERATE.value, resource.where, when)
