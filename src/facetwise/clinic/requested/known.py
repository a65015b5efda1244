"""The facts that count now, by the step whose request they are of."""

import datetime
import json
from typing import Any

from facetwise.clinic.patients.models import Patient
from facetwise.clinic.requested.models import RequestFact
from facetwise.pathway import KnownOfRequests
from facetwise.records import Record


def facts_of(patient: Patient, record: Record) -> list[RequestFact]:
    """What was said last of each field and not taken back, of what is yet to be done."""
    said = patient.request_facts.filter(after=last_day(record)).select_related("by").order_by("id")
    last = {(one.step, one.name): one for one in said}
    return [one for one in last.values() if one.value]


def last_day(record: Record) -> datetime.date | None:
    """The day of the last procedure; None where there is none."""
    return max((one.date for one in record.procedures or ()), default=None)


def known_of(patient: Patient, record: Record) -> KnownOfRequests:
    """What was said of the requests of steps."""
    known: dict[str, dict[str, Any]] = {}
    for one in facts_of(patient, record):
        known.setdefault(one.step, {})[one.name] = json.loads(one.value)
    return known
