"""The record while it is gathered from many resources: who said what, and which of two that disagree is later."""

import datetime
from typing import Any, NamedTuple

from facetwise.documents import DocumentError, Problem
from facetwise.fhir.bundle import Resource
from facetwise.fhir.values import Findings, Moment
from facetwise.records import FACET_KINDS, Kind, Record, read_record


class Claim(NamedTuple):
    """What one source says, and when it said so."""

    value: Any
    where: str
    when: Moment | None = None

    @property
    def order(self) -> tuple[datetime.date, datetime.datetime]:
        """Sorts claims by time; undated ones come first."""
        if self.when is None:
            return datetime.date.min, datetime.datetime.min
        return self.when.day, self.when.time.replace(tzinfo=None) if self.when.time else datetime.datetime.min


class Facts:
    """Named facts of one thing. Of two different claims the later dated one is kept and the other listed."""

    def __init__(self, findings: Findings, about: str = "") -> None:
        self.findings = findings
        self.about = about
        self.claims: dict[str, Claim] = {}

    def claim(self, name: str, value: Any, where: str, when: Moment | None = None) -> None:
        """Say that the fact `name` has this JSON value."""
        new = Claim(value, where, when)
        old = self.claims.setdefault(name, new)
        if old.value == new.value:
            return
        kept, dropped = (new, old) if new.order > old.order else (old, new)
        self.claims[name] = kept
        later = f"{kept.where} says otherwise and is " + ("dated later" if kept.order > dropped.order else "kept")
        self.findings.leave(dropped.where, f"{self.about}{name}", later)

    def value(self, name: str) -> Any:
        claim = self.claims.get(name)
        return None if claim is None else claim.value

    def values(self) -> dict[str, Any]:
        """Every fact as JSON."""
        return {name: claim.value for name, claim in self.claims.items()}


class DraftProcedure:
    """A procedure that was done, while its response is gathered."""

    def __init__(self, findings: Findings, where: str, resource: Resource | None = None) -> None:
        self.resource = resource
        self.where = where
        self.facts = Facts(findings, "procedure ")
        self.agents: list[dict[str, Any]] = []
        self.entries: list[tuple[dict[str, Any], str]] = []
        self.visits: dict[datetime.date, Facts] = {}
        self.start: Moment | None = None
        self.end: Moment | None = None

    @property
    def kind(self) -> Kind:
        return Kind(self.facts.value("kind"))

    def visit(self, day: datetime.date) -> Facts:
        """The facts of the follow-up on this day."""
        return self.visits.setdefault(day, Facts(self.facts.findings, "follow-up "))

    def gather(self) -> None:
        """Turn agents, diary entries and visits into facts, once all resources are read."""
        if self.agents:
            self.facts.claim("agents", self.agents, self.where, self.start)
        percent, hours = (self.facts.claims.pop(name, None) for name in ("relief_percent", "relief_hours"))
        if percent:
            stated = {"percent": percent.value} | ({"hours": hours.value} if hours else {})
            self.facts.claim("stated_relief", stated, percent.where, percent.when)
        elif hours:
            self.facts.findings.leave(hours.where, "hours of relief", "it is not said how much relief there was")
        if self.entries:
            self.facts.claim("diary", self._diary(), self.entries[0][1], self.start)
        if self.visits:
            visits = [{"date": day.isoformat(), **facts.values()} for day, facts in self.visits.items()]
            where = next(iter(next(iter(self.visits.values())).claims.values())).where
            self.facts.claim("follow_ups", visits, where, self.start)

    def _diary(self) -> dict[str, Any]:
        """The entries by time; the diary's scale is the one most entries have."""
        entries = sorted((dict(entry) for entry, _ in self.entries), key=lambda entry: entry["minutes"])
        scales = [entry["scale"] for entry in entries if "scale" in entry]
        usual = max(scales, key=scales.count, default=None)
        for entry in entries:
            if entry.get("scale") == usual:
                entry.pop("scale", None)
        return {"entries": entries} | ({"scale": usual} if usual else {})

    def without_lost_scores(self) -> dict[str, Any]:
        """The facts as JSON; scores that nothing from before the procedure can be compared with are listed instead."""
        value = self.facts.values()
        before, diary = value.get("pain_before") or {}, value.get("diary") or {}
        entries = diary.get("entries") or []
        if "score" in before or "low" in before or not any("score" in entry or "low" in entry for entry in entries):
            return value
        claim = self.facts.claims["diary"]
        native = bool(self.entries) and claim.where == self.entries[0][1]
        places = [where for entry, where in self.entries if "score" in entry or "low" in entry]
        for where in places if native else [claim.where]:
            why = "no score from before the procedure is known to compare it with: what was the pain just before?"
            self.facts.findings.leave(where, "a pain score after a procedure", why)
        stated = [
            {name: entry[name] for name in entry if name not in ("score", "low", "high", "scale")}
            for entry in entries
            if "stated_relief_percent" in entry
        ]
        del value["diary"]
        return value | ({"diary": {"entries": stated}} if stated else {})


class Draft:
    """Everything of the record that was found so far."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.facts = Facts(findings)
        self.lists: dict[str, list[Any]] = {}
        self.procedures: list[DraftProcedure] = []
        self.places: dict[str, str] = {}
        self.fallback_id = ""

    def add(self, path: str, values: list[Any], where: str) -> None:
        """Add to a list of the record, such as `complaint.pain`; what another source said already is not repeated."""
        there = self.lists.setdefault(path, [])
        known = list(there)
        for value in values:
            if value not in known:
                self.places[f"{path}[{len(there)}]"] = where
                there.append(value)

    def facet_procedures(self) -> list[DraftProcedure]:
        return [procedure for procedure in self.procedures if procedure.kind in FACET_KINDS]

    def procedure_of(self, resource: Resource | None) -> DraftProcedure | None:
        """The procedure that a resource became."""
        return next((one for one in self.procedures if resource and one.resource is resource), None)

    def record(self) -> Record:
        """The validated record. Raises `DocumentError` that names places in the bundle."""
        if self.fallback_id and "patient.id" not in self.facts.claims:
            self.facts.claim("patient.id", self.fallback_id, self.places.get("patient", ""))
        if "patient.id" not in self.facts.claims:
            remedy = "Give a pseudonym as Patient.id: it becomes the record's patient.id"
            raise DocumentError([Problem(self.places.get("patient", ""), "The Patient has no id", remedy)])
        value: dict[str, Any] = {}
        for path, claim in self.facts.claims.items():
            self.places[path] = claim.where
            _put(value, path, claim.value)
        for path, items in self.lists.items():
            _put(value, path, items)
        for number, procedure in enumerate(self.procedures):
            value.setdefault("procedures", []).append(procedure.without_lost_scores())
            self.places[f"procedures[{number}]"] = procedure.where
            for name, claim in procedure.facts.claims.items():
                self.places[f"procedures[{number}].{name}"] = claim.where
        try:
            return read_record(value)
        except DocumentError as error:
            raise DocumentError([self._in_the_bundle(problem) for problem in error.problems]) from None

    def _in_the_bundle(self, problem: Problem) -> Problem:
        """A problem of the record, said of the place in the bundle it came from, and without the value found."""
        nearest = max((path for path in self.places if problem.where.startswith(path)), key=len, default="")
        what = "The value is not accepted" if problem.what.startswith("Found ") else problem.what
        return Problem(self.places.get(nearest, ""), f"{problem.where}: {what}", problem.remedy)


def _put(value: dict[str, Any], path: str, item: Any) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        value = value.setdefault(parent, {})
    value[name] = item
