"""A record as a FHIR R4 collection Bundle, from which `read_bundle` reads the same record again, exactly.

What FHIR has resources for is written as those; the rest is one QuestionnaireResponse whose linkIds are record paths.
Codes of Facetwise's own (`urn:facetwise:…`) stand beside the text, so that nothing has to be guessed on the way back.
"""

import datetime
import re
import uuid
from typing import Any

import msgspec

from facetwise.fhir.codes import OWN
from facetwise.fhir.resources import (
    agent_resources,
    complaint_resource,
    condition_resource,
    function_observations,
    pain_observation,
    procedure_resource,
    visit_observations,
)
from facetwise.fhir.written_answers import response_items
from facetwise.records import Procedure, Record
from facetwise.records.reading import encode_sites

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, f"{OWN}record")


def write_bundle(record: Record) -> dict[str, Any]:
    """The record as a collection Bundle, as decoded JSON."""
    return _Writing(record).bundle()


class _Writing:
    """One Bundle being written. `rest` is the record as JSON, less what resources carry already."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.entries: list[dict[str, Any]] = []
        self.rest: dict[str, Any] = _plain(record)
        self.rest.pop("format", None)
        self.pins: dict[int, str] = {}
        self.subject = {"reference": self._address("Patient", 0)}

    def bundle(self) -> dict[str, Any]:
        self._patient()
        self._complaint()
        self._conditions()
        for number, procedure in enumerate(self.record.procedures or ()):
            self._procedure(number, procedure)
        if any(self.rest.get("procedures") or ()):
            self.rest["procedures"] = dict(enumerate(self.rest["procedures"]))
        elif self.record.procedures:
            del self.rest["procedures"]
        items = response_items(self.rest, self.pins)
        if items:
            response = {"resourceType": "QuestionnaireResponse", "status": "completed", "subject": self.subject}
            self._add(response | {"questionnaire": f"{OWN}questionnaire:record", "item": items})
        return {"resourceType": "Bundle", "type": "collection", "entry": self.entries}

    def _patient(self) -> None:
        patient: dict[str, Any] = {"resourceType": "Patient"}
        known = self.rest.pop("patient")
        if _ID.fullmatch(known["id"]):
            patient["id"] = known["id"]
        else:
            self.rest["patient"] = {"id": known["id"]}
        if "sex" in known:
            patient["gender"] = known["sex"]
        if "birth_year" in known:
            patient["birthDate"] = f"{known['birth_year']:04d}"
        self._add(patient)

    def _complaint(self) -> None:
        complaint, rest = self.record.complaint, self.rest.get("complaint", {})
        if complaint.region is not None:
            self._add_about(complaint_resource(complaint))
            _drop(rest, "region", "onset", "sites", "severity")
        scored = [pain_observation(one, "complaint.pain") for one in complaint.pain or ()]
        if scored and None not in scored and not _repeats(rest["pain"]):
            self._add_about(*(one for one in scored if one))
            _drop(rest, "pain")
        scores = function_observations(complaint.function or ())
        if scores and not _repeats(rest["function"]):
            self._add_about(*scores)
            _drop(rest, "function")
        if not rest:
            self.rest.pop("complaint", None)

    def _conditions(self) -> None:
        conditions = self.rest.get("conditions", {})
        for name in list(conditions):
            if conditions[name].get("note") != "":
                self._add_about(condition_resource(name, conditions.pop(name)))
        if not conditions:
            self.rest.pop("conditions", None)

    def _procedure(self, number: int, procedure: Procedure) -> None:
        rest = self.rest["procedures"][number]
        resource = procedure_resource(procedure)
        if procedure.id is not None and _ID.fullmatch(procedure.id):
            resource["id"] = procedure.id
            _drop(rest, "id")
        _drop(rest, "kind", "date", "sites", "purpose", "guidance", "ablation_mode")
        if "complication" in resource:
            _drop(rest, "complications")
        if "note" in resource:
            _drop(rest, "note")
        address = self._add_about(resource)
        whole = {"partOf": [{"reference": address}]}
        if agents := agent_resources(procedure):
            self._add_about(*(agent | whole for agent in agents))
            _drop(rest, "agents")
        if procedure.pain_before and (before := pain_observation(procedure.pain_before, "procedures.pain_before")):
            self._add_about(before | whole)
            _drop(rest, "pain_before")
        if visits := visit_observations(procedure):
            self._add_about(*(visit | whole for visit in visits))
            _drop(rest, "follow_ups")
        if rest:
            self.pins[number] = address

    def _add_about(self, *resources: dict[str, Any]) -> str:
        """Add resources about the patient; the address of the last one."""
        address = ""
        for resource in resources:
            address = self._add(resource | {"subject": self.subject})
        return address

    def _add(self, resource: dict[str, Any]) -> str:
        number = sum(entry["resource"]["resourceType"] == resource["resourceType"] for entry in self.entries)
        address = self._address(resource["resourceType"], number)
        self.entries.append({"fullUrl": address, "resource": resource})
        return address

    def _address(self, kind: str, number: int) -> str:
        """The same record gives the same addresses."""
        return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{self.record.patient.id}/{kind}/{number}')}"


def _plain(record: Record) -> dict[str, Any]:
    """The record as JSON values; dates stay dates, so that they are answered as such."""
    value: dict[str, Any] = _lists(msgspec.to_builtins(record, builtin_types=(datetime.date,), enc_hook=encode_sites))
    return value


def _lists(value: Any) -> Any:
    """The value with its tuples as lists."""
    if isinstance(value, dict):
        return {name: _lists(part) for name, part in value.items()}
    return [_lists(part) for part in value] if isinstance(value, tuple | list) else value


def _drop(part: dict[str, Any], *names: str) -> None:
    for name in names:
        part.pop(name, None)


def _repeats(items: list[Any]) -> bool:
    """Whether an item stands twice in a list; as two resources it would be read as one."""
    return any(item in items[:number] for number, item in enumerate(items))
