"""Condition and AllergyIntolerance: the complaint itself, and what speaks against a procedure."""

import re
from typing import Any, NamedTuple

from facetwise.fhir.body_sites import read_sites
from facetwise.fhir.bundle import Bundle, Resource
from facetwise.fhir.codes import (
    CAVEAT_CODES,
    COMPLAINT_CODES,
    CONDITION_CAVEATS,
    ICD_10,
    ICD_CONDITIONS,
    OWN,
    SEVERITY_CODES,
    SNOMED,
    SNOMED_CONDITIONS,
    longest_prefix,
)
from facetwise.fhir.condition_claims import Conditions
from facetwise.fhir.draft import Claim, Draft
from facetwise.fhir.values import Concept, Moment
from facetwise.fhir.words import ALLERGY_WORDS, COMPLAINT_WORDS, CONDITION_WORDS, DOUBTFUL_WORDS, matches
from facetwise.records import Severity
from facetwise.spine import Region

_ICD_LOOKS = re.compile(r"[A-TV-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
_UNSURE = ("unconfirmed", "provisional", "differential")
_OVER = ("inactive", "remission", "resolved")


class _Meaning(NamedTuple):
    """What a code or a text says: the name of a condition, or the region of a complaint; and by which code."""

    condition: str = ""
    region: Region | None = None
    code: str = ""
    why_not: str = "Facetwise does not use this condition"


def read_conditions(bundle: Bundle, draft: Draft, conditions: Conditions) -> None:
    """Every Condition and AllergyIntolerance of the bundle."""
    complaints: list[tuple[Resource, Region, Moment | None]] = []
    for resource in bundle.of_type("Condition"):
        concept = resource.concept("code")
        meaning = _meaning(concept)
        why_not = _not_established(resource, concept, meaning)
        if why_not:
            resource.set_aside(f"Condition {concept}", why_not)
        elif meaning.region is not None:
            complaints.append((resource, meaning.region, resource.moment("recordedDate")))
        else:
            _condition(resource, concept, meaning, conditions)
    _read_complaints(complaints, draft)
    for resource in bundle.of_type("AllergyIntolerance"):
        _allergy(resource, conditions)


def _not_established(resource: Resource, concept: Concept, meaning: _Meaning) -> str:
    verification, clinical = resource.status("verificationStatus"), resource.status("clinicalStatus")
    if verification == "entered-in-error":
        return "it was entered in error"
    if verification in _UNSURE:
        return f"its verificationStatus is {verification}: was it confirmed or refuted?"
    if not meaning.condition and meaning.region is None:
        return meaning.why_not
    if meaning.region is not None and (clinical in _OVER or verification == "refuted"):
        return "it is over or refuted, so it is not the present complaint"
    return ""


def _meaning(concept: Concept) -> _Meaning:
    """Own code, then ICD-10, then SNOMED CT, then words."""
    if own := concept.code_in(f"{OWN}condition"):
        return _Meaning(condition=own) if own in Conditions.NAMES else _Meaning()
    if own := concept.code_in(f"{OWN}complaint"):
        return _Meaning(region=Region(own)) if own in list(Region) else _Meaning()
    icd = [
        one.code for one in concept.codings if one.system in ICD_10 or (not one.system and _ICD_LOOKS.match(one.code))
    ]
    for code in icd:
        if (found := longest_prefix(ICD_CONDITIONS, code)) and found[1]:
            late = re.fullmatch(r"[SM]\S+S", code) and len(code.replace(".", "")) == 7
            return _Meaning(why_not="it is a late effect, not present now") if late else _Meaning(found[1], code=code)
        if place := longest_prefix(COMPLAINT_CODES, code):
            return _Meaning(region=place[1], why_not="this code leaves the region open: neck, mid back or low back?")
    if icd:
        return _Meaning()
    for coding in concept.codings:
        if coding.system == SNOMED and coding.code in SNOMED_CONDITIONS:
            return _Meaning(SNOMED_CONDITIONS[coding.code])
    words = concept.words
    names, regions = matches(CONDITION_WORDS, words), matches(COMPLAINT_WORDS, words)
    if (names or regions) and DOUBTFUL_WORDS.search(words):
        return _Meaning(why_not="its words leave open whether it is there")
    if names:
        return _Meaning(names[0])
    if len(regions) > 1:
        return _Meaning(why_not="it names more than one region: which one hurts?")
    return _Meaning(region=regions[0]) if regions else _Meaning()


def _condition(resource: Resource, concept: Concept, meaning: _Meaning, conditions: Conditions) -> None:
    value, when = _presence(resource)
    fallback = concept.texts if meaning.condition in ("fusion", "anterior_lumbar_fusion") else []
    value["sites"] = read_sites(resource, resource.concepts("bodySite"), fallback)
    value["note"] = resource.notes()
    value = {name: part for name, part in value.items() if part is not None}
    conditions.claim(meaning.condition, meaning.code or str(concept), Claim(value, resource.where, when))
    caveat = CONDITION_CAVEATS.get(meaning.condition)
    sure = concept.code_in(f"{OWN}condition") or not value["present"]
    if caveat and not sure and meaning.code.startswith(CAVEAT_CODES[meaning.condition]):
        resource.leave(str(concept), caveat)


def _presence(resource: Resource) -> tuple[dict[str, Any], Moment | None]:
    """Whether it is there and since when that is known: recorded, else begun; a past one is dated by its end."""
    period = resource.child("abatementPeriod")
    ended = resource.moment("abatementDateTime") or (period.moment("end") if period else None)
    over = resource.status("clinicalStatus") in _OVER or ended is not None
    if resource.status("verificationStatus") == "refuted":
        over, when = True, resource.moment("recordedDate")
    elif over:
        when = ended
    else:
        when = resource.moment("recordedDate") or resource.moment("onsetDateTime")
    return {"present": not over, "on": when.day.isoformat() if when else None}, when


def _read_complaints(complaints: list[tuple[Resource, Region, Moment | None]], draft: Draft) -> None:
    """The latest recorded complaint gives the region; the others of that region add what they know."""
    if not complaints:
        return
    latest = max(complaints, key=lambda one: Claim(None, "", one[2]).order)
    for resource, region, when in complaints:
        if region is not latest[1]:
            why = f"{latest[0].where} names another region and is " + ("dated later" if latest[2] else "kept")
            resource.set_aside(f"complaint.region {region}", why)
            continue
        period = resource.child("onsetPeriod")
        onset = resource.moment("onsetDateTime") or (period.moment("start") if period else None)
        severity = resource.concept("severity")
        facts = {
            "region": region.value,
            "onset": onset.day.isoformat() if onset else None,
            "sites": read_sites(resource, resource.concepts("bodySite")),
            "severity": _severity(severity),
        }
        if facts["severity"] is None and severity != Concept():
            resource.leave(f"severity {severity}", "it is not one of mild, moderate and severe")
        for name, value in facts.items():
            if value is not None:
                draft.facts.claim(f"complaint.{name}", value, resource.where, when)


def _severity(concept: Concept) -> str | None:
    codes = [SEVERITY_CODES[coding.code] for coding in concept.codings if coding.code in SEVERITY_CODES]
    found = codes or [severity for severity in Severity if severity.value == concept.words]
    return found[0].value if found else None


def _allergy(resource: Resource, conditions: Conditions) -> None:
    concept = resource.concept("code")
    names = matches(ALLERGY_WORDS, concept.words)
    meaning = _Meaning(names[0] if names else "", why_not="Facetwise does not use this allergy")
    if names and DOUBTFUL_WORDS.search(concept.words):
        meaning = _Meaning(why_not="its words leave open whether it is there")
    if why_not := _not_established(resource, concept, meaning):
        resource.set_aside(f"AllergyIntolerance {concept}", why_not)
        return
    value, when = _presence(resource)
    value["note"] = resource.notes()
    value = {name: part for name, part in value.items() if part is not None}
    conditions.claim(meaning.condition, str(concept), Claim(value, resource.where, when))
