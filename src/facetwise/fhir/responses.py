"""Where a measurement belongs: before a procedure, in the diary after it, at a follow-up, or to the complaint."""

from enum import StrEnum
from typing import Any, NamedTuple

from facetwise.fhir.bundle import Bundle, Resource
from facetwise.fhir.draft import Draft, DraftProcedure
from facetwise.fhir.values import Moment
from facetwise.records import Scale

DIARY_MINUTES = 24 * 60
"""For so long after a procedure a timed score is a diary entry; later it is a follow-up."""


class Measured(StrEnum):
    """What an observation measured."""

    PAIN = "pain"
    RELIEF = "relief in percent"
    RELIEF_HOURS = "hours of relief"
    FUNCTION = "function"
    FUNCTION_IMPROVED = "improvement of function in percent"


class Measurement(NamedTuple):
    """One observation, understood. `numbers` has a `score`, or `low` and `high`."""

    resource: Resource
    what: Measured
    numbers: dict[str, float]
    when: Moment | None
    scale: Scale | None
    side: str | None
    place: str
    before: bool
    name: str


class _Relation(NamedTuple):
    """How a measurement stands to a procedure: `before`, `minutes` after it, on a `later` day, or unknown."""

    before: bool = False
    minutes: int | None = None
    later: bool = False


def place_measurement(measurement: Measurement, bundle: Bundle, draft: Draft) -> None:
    """Put a measurement into the draft, or list why it fits nowhere."""
    resource = measurement.resource
    addresses = [address for name in ("partOf", "focus") for address in resource.references(name)]
    named = [found for address in addresses if (found := bundle.resolve(address, resource))]
    procedures = [one for target in named if (one := draft.procedure_of(target))]
    if measurement.what is Measured.FUNCTION:
        _function(measurement, draft)
    elif measurement.place:
        _own_place(measurement, procedures, draft)
    elif procedures:
        _about(measurement, procedures[0], linked=True)
    elif any(target.type == "Procedure" for target in named):
        _aside(measurement, "its procedure is not in the record")
    else:
        _by_date(measurement, draft)


def _by_date(measurement: Measurement, draft: Draft) -> None:
    """An observation that names no procedure: by the procedures of its day, else by the latest facet procedure."""
    when, facet = measurement.when, draft.facet_procedures()
    if when is None:
        if facet or measurement.what is not Measured.PAIN:
            _aside(measurement, "it has no date: was it before or after the procedure?")
        else:
            _complaint(measurement, draft)
        return
    same_day = [one for one in facet if one.start and one.start.day == when.day]
    same_day = same_day or [one for one in draft.procedures if one.start and one.start.day == when.day]
    earlier = [one for one in facet if one.start and one.start.day < when.day]
    if len(same_day) > 1:
        _aside(measurement, "there were several procedures that day: which one does it belong to?")
    elif same_day:
        _about(measurement, same_day[0], linked=False)
    elif earlier:
        latest = max(one.start.day for one in earlier if one.start)
        of_that_day = [one for one in earlier if one.start and one.start.day == latest]
        if len(of_that_day) > 1:
            _aside(measurement, "there were several procedures on the last day before it: which one is it about?")
        else:
            _about(measurement, of_that_day[0], linked=False)
    elif measurement.what is Measured.PAIN:
        _complaint(measurement, draft)
    else:
        _aside(measurement, "no procedure comes before it")


def _about(measurement: Measurement, procedure: DraftProcedure, *, linked: bool) -> None:
    """A measurement about a known procedure."""
    relation = _relation(measurement, procedure, linked=linked)
    score, where, when = measurement.numbers.get("score"), measurement.resource.where, measurement.when
    if measurement.what is Measured.RELIEF_HOURS:
        procedure.facts.claim("relief_hours", score, where, when)
    elif measurement.what is Measured.PAIN and relation.before:
        procedure.facts.claim("pain_before", _pain(measurement), where, when)
    elif relation.minutes is not None and measurement.what in (Measured.PAIN, Measured.RELIEF):
        _diary_entry(measurement, procedure, relation.minutes)
    elif relation.later and when is not None and score is not None:
        _follow_up(measurement, procedure, when)
    elif measurement.what is Measured.RELIEF and not relation.before:
        procedure.facts.claim("relief_percent", score, where, when)
    elif relation.later:
        _aside(measurement, "a follow-up holds one score, not a range")
    else:
        _aside(measurement, "it cannot be told whether it was before or after the procedure: at what time was it?")


def _relation(measurement: Measurement, procedure: DraftProcedure, *, linked: bool) -> _Relation:
    when, start = measurement.when, procedure.start
    if measurement.before and linked:
        return _Relation(before=True)
    if when is None or start is None:
        return _Relation()
    waited, after = start.minutes_to(when), (procedure.end or start).minutes_to(when)
    if after is not None and after > 0:
        return _Relation(minutes=int(after)) if after <= DIARY_MINUTES else _Relation(later=True)
    if waited is not None:
        return _Relation(before=waited < 0)
    if when.day == start.day:
        return _Relation(before=measurement.before)
    return _Relation(before=when.day < start.day, later=when.day > start.day)


def _diary_entry(measurement: Measurement, procedure: DraftProcedure, minutes: int) -> None:
    """Add to the entry of that minute and side; a second, different score of the same minute is listed."""
    relief = measurement.what is Measured.RELIEF
    new: dict[str, Any] = (
        {"stated_relief_percent": measurement.numbers["score"]}
        if relief
        else measurement.numbers | ({"scale": measurement.scale.value} if measurement.scale else {})
    )
    if measurement.side:
        new["side"] = measurement.side
    for entry, _ in procedure.entries:
        if entry["minutes"] == minutes and entry.get("side") == measurement.side:
            if any(entry.get(name, value) != value for name, value in new.items()) or _mixed(entry, new):
                _aside(measurement, "the diary has another score at the same minute")
            else:
                entry.update(new)
            return
    procedure.entries.append(({"minutes": minutes, **new}, measurement.resource.where))


def _mixed(entry: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether one would give a score and the other a range."""
    both = entry.keys() | new.keys()
    return "score" in both and "low" in both


def _follow_up(measurement: Measurement, procedure: DraftProcedure, when: Moment) -> None:
    visit, where = procedure.visit(when.day), measurement.resource.where
    score = measurement.numbers["score"]
    if measurement.what is Measured.RELIEF:
        visit.claim("relief_percent", score, where, when)
    elif measurement.what is Measured.FUNCTION_IMPROVED:
        visit.claim("function_improved_percent", score, where, when)
    else:
        visit.claim("score", score, where, when)
        if measurement.scale:
            visit.claim("scale", measurement.scale.value, where, when)


def _own_place(measurement: Measurement, procedures: list[DraftProcedure], draft: Draft) -> None:
    """What Facetwise wrote itself says where it belongs."""
    if measurement.place == "complaint.pain":
        _complaint(measurement, draft)
    elif not procedures:
        _aside(measurement, "its procedure is not in the record")
    elif measurement.place == "procedures.pain_before":
        where, when = measurement.resource.where, measurement.when
        procedures[0].facts.claim("pain_before", _pain(measurement), where, when)
    elif measurement.when is None or "score" not in measurement.numbers:
        _aside(measurement, "a follow-up needs a date and one number")
    else:
        _follow_up(measurement, procedures[0], measurement.when)


def _complaint(measurement: Measurement, draft: Draft) -> None:
    draft.add("complaint.pain", [_pain(measurement)], measurement.resource.where)


def _function(measurement: Measurement, draft: Draft) -> None:
    if measurement.when is None:
        _aside(measurement, "it has no date: when was the scale filled in?")
    elif measurement.scale:
        score = {"scale": measurement.scale.value, "score": measurement.numbers["score"]}
        value = {"date": measurement.when.day.isoformat(), **score}
        draft.add("complaint.function", [value], measurement.resource.where)


def _pain(measurement: Measurement) -> dict[str, Any]:
    dated = {"date": measurement.when.day.isoformat()} if measurement.when else {}
    scale = {"scale": measurement.scale.value} if measurement.scale else {}
    return dated | scale | measurement.numbers


def _aside(measurement: Measurement, why: str) -> None:
    measurement.resource.set_aside(f"{measurement.what} ({measurement.name})", why)
