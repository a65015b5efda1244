"""Observation: what was measured. `responses.py` decides where in the record a measurement belongs."""

import re
from typing import Any, NamedTuple

from facetwise.fhir.bundle import Bundle, Resource
from facetwise.fhir.codes import LOINC, OWN, PAIN_LOINC
from facetwise.fhir.draft import Draft
from facetwise.fhir.responses import Measured, Measurement, place_measurement
from facetwise.fhir.values import Concept, Quantity
from facetwise.fhir.words import (
    AFTER_WORDS,
    BEFORE_WORDS,
    FACES_WORDS,
    FUNCTION_IMPROVED_WORDS,
    FUNCTION_WORDS,
    PAIN_SCALE_WORDS,
    PAIN_WORDS,
    PART_OF_A_SCALE,
    RELIEF_HOURS_WORDS,
    RELIEF_WORDS,
    SPINE_PAIN_WORDS,
    matches,
    one_of,
)
from facetwise.records import Scale

_BAD = {
    "entered-in-error": "it was entered in error",
    "cancelled": "it was cancelled",
    "registered": "it has no result",
    "unknown": "its status is unknown",
}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)(?:\s*(?:-|–|to)\s*(\d+(?:\.\d+)?))?\s*(?:(?:/|out of)\s*10)?\s*(%|percent)?")
_HOURS = {"h": 1.0, "hr": 1.0, "hrs": 1.0, "hour": 1.0, "hours": 1.0, "d": 24.0, "day": 24.0, "days": 24.0,
          "min": 1 / 60, "minute": 1 / 60, "minutes": 1 / 60}  # fmt: skip
_PERCENT_UNITS = ("%", "percent", "")


class _Value(NamedTuple):
    """One number or a range, with its unit."""

    low: float
    high: float
    unit: str = ""


def read_observations(bundle: Bundle, draft: Draft) -> None:
    """Every Observation of pain, relief or function; all others are listed."""
    for resource in bundle.of_type("Observation"):
        concept = resource.concept("code")
        why_not = _BAD.get(resource.text("status") or "", "")
        measurement = None if why_not else _measurement(resource, concept)
        if why_not:
            resource.set_aside(f"Observation {concept}", why_not)
        elif isinstance(measurement, str):
            resource.set_aside(f"Observation {concept}", measurement)
        elif measurement is not None:
            place_measurement(measurement, bundle, draft)


def _measurement(resource: Resource, concept: Concept) -> Measurement | str:
    """What was measured, or why it cannot be used."""
    method = resource.concept("method")
    words = f"{concept.words}; {method.words}"
    what = _what(concept, words)
    if what is None:
        return "Facetwise does not use this observation"
    if what is Measured.PAIN and FACES_WORDS.search(words):
        return "the record has no such pain scale"
    site = resource.concept("bodySite")
    if site.texts and not SPINE_PAIN_WORDS.search(site.words) and not re.fullmatch(r"left|right", site.words):
        return f"it is about another part of the body: {site}"
    value = _value(resource)
    if value is None:
        return "it has no value that is a number"
    scale = _scale(what, concept, method, words)
    numbers = _numbers(what, value, words)
    if isinstance(numbers, str):
        return numbers
    if what is Measured.FUNCTION and scale is None:
        return "its scale is not known here"
    period = resource.child("effectivePeriod")
    when = resource.moment("effectiveDateTime") or resource.moment("effectiveInstant")
    side = next((one for one in ("left", "right") if re.search(rf"\b{one}\b", f"{site.words}; {words}")), None)
    return Measurement(
        resource=resource,
        what=what,
        numbers=numbers,
        when=when or (period.moment("start") if period else None),
        scale=scale,
        side=side if what in (Measured.PAIN, Measured.RELIEF) else None,
        place=concept.code_in(f"{OWN}observation") or "",
        before=bool(BEFORE_WORDS.search(words)) and not AFTER_WORDS.search(words),
        name=str(concept),
    )


def _what(concept: Concept, words: str) -> Measured | None:
    if own := concept.code_in(f"{OWN}observation"):
        return _OWN_MEASURED.get(own)
    if concept.code_in(LOINC) in PAIN_LOINC:
        return Measured.PAIN
    if FUNCTION_IMPROVED_WORDS.search(words):
        return Measured.FUNCTION_IMPROVED
    if RELIEF_HOURS_WORDS.search(words):
        return Measured.RELIEF_HOURS
    if RELIEF_WORDS.search(words) and "pain" in words:
        return Measured.RELIEF
    if matches(FUNCTION_WORDS, words) and not PART_OF_A_SCALE.search(words):
        return Measured.FUNCTION
    return Measured.PAIN if PAIN_WORDS.search(words) else None


_OWN_MEASURED = {
    "complaint.pain": Measured.PAIN,
    "complaint.function": Measured.FUNCTION,
    "procedures.pain_before": Measured.PAIN,
    "procedures.follow_ups.score": Measured.PAIN,
    "procedures.follow_ups.relief_percent": Measured.RELIEF,
    "procedures.follow_ups.function_improved_percent": Measured.FUNCTION_IMPROVED,
}
"""Facetwise's own codes, which also say the place in the record."""


def _scale(what: Measured, concept: Concept, method: Concept, words: str) -> Scale | None:
    own = method.code_in(f"{OWN}scale")
    if own in list(Scale):
        return Scale(own)
    if concept.code_in(f"{OWN}observation"):
        return None
    if what is Measured.FUNCTION:
        return one_of(FUNCTION_WORDS, words)
    by_code = PAIN_LOINC.get(concept.code_in(LOINC) or "")
    return by_code or next(iter(matches(PAIN_SCALE_WORDS, words)), None)


def _numbers(what: Measured, value: _Value, words: str) -> dict[str, float] | str:
    """The value in the record's unit, as `score`, or as `low` and `high`; or why it has none."""
    low, high, unit = value
    if what is Measured.FUNCTION:
        return {"score": low} if low == high else "a range is not a score of this scale"
    if what is Measured.RELIEF_HOURS:
        factor = _HOURS.get(unit, 1.0 if not unit and "hour" in words else 0.0)
        return {"score": low * factor} if factor and low == high else "its unit is not known: hours or days?"
    if what is Measured.PAIN:
        low, high = (low / 10, high / 10) if unit == "mm" else (low, high)
        if unit == "%" or high > 10 or low > high:
            return "it is no score from 0 to 10: on which scale was it measured?"
        return {"score": low} if low == high else {"low": low, "high": high}
    if unit not in _PERCENT_UNITS or low != high or not 0 <= low <= 100:
        return "it is no percentage from 0 to 100"
    return {"score": low}


def _value(resource: Resource) -> _Value | None:
    """The value, from whichever of FHIR's types it was given in. The resource lists what else it has."""
    quantity = resource.quantity("valueQuantity")
    if quantity is not None:
        return _checked(quantity.value, quantity.value, quantity.unit)
    number = resource.number("valueInteger")
    if number is not None:
        return _checked(number, number)
    span = resource.child("valueRange")
    if span is not None:
        ends: list[Quantity | None] = [span.quantity("low"), span.quantity("high")]
        return _checked(ends[0].value, ends[1].value, ends[0].unit) if ends[0] and ends[1] else None
    written: Any = resource.text("valueString")
    coded = resource.concept("valueCodeableConcept")
    for text in [written or "", *coded.texts]:
        match = _WRITTEN.fullmatch(text.strip().lower())
        if match:
            low, high = float(match.group(1)), float(match.group(2) or match.group(1))
            return _checked(low, high, "%" if match.group(3) else "")
    return None


def _checked(low: float, high: float, unit: str = "") -> _Value | None:
    return _Value(low, high, unit.strip("{}")) if low >= 0 else None
