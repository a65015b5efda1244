"""The reference evaluator over the event table: slow, and what every other engine must agree with."""

import datetime
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from facetwise.audit.events import DERIVED_OF_PRIOR, FACTS, Shape
from facetwise.audit.kernel.source import NOT_ASKED, NOTHING, STATUSES, UNDECIDED
from facetwise.audit.kernel.table import Events
from facetwise.records import FACET_KINDS, PRIOR_FIELDS, REQUEST_FIELDS, FollowUp, Kind, Planned, Procedure, Request
from facetwise.rules import Policy, View, assess_view
from facetwise.rules.expressions import Value
from facetwise.rules.facts import site_facts
from facetwise.rules.measures import Row, Rows
from facetwise.rules.regions import same_region, session_facts
from facetwise.rules.response import follow_up_facts
from facetwise.spine import SiteSet

EPOCH = datetime.date(1970, 1, 1)
_KINDS = REQUEST_FIELDS["kind"].values


def reference_statuses(policy: Policy, events: Events) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Which request each event is, and the status of every criterion, in the numbers that kernels write."""
    asked = np.full(len(events), NOTHING, np.int8)
    statuses = np.full((len(events), len(policy.criteria())), NOT_ASKED, np.int8)
    slots = {name: slot for slot, name in enumerate(policy.criteria())}
    requests = [rules.id for rules in policy.requests]
    for patient in range(len(events.starts) - 1):
        for row, view in _views(policy, events, patient):
            assessment = assess_view(view)
            if assessment.asked is None:
                asked[row] = UNDECIDED if assessment.missing or _undecided(policy, view) else NOTHING
                continue
            asked[row] = requests.index(assessment.asked)
            for finding in assessment.findings:
                statuses[row, slots[finding.criterion]] = STATUSES.index(finding.status)
    return asked, statuses


def _undecided(policy: Policy, view: View) -> bool:
    for rules in policy.requests:
        meant = rules.asked_when.truth(view.facts)
        if meant:
            return False
        if meant is None:
            return True
    return False


def _views(policy: Policy, events: Events, patient: int) -> Iterator[tuple[int, View]]:
    first, last = int(events.starts[patient]), int(events.starts[patient + 1])
    complete = bool(events.history_known[patient])
    for row in range(first, last):
        on = int(events.date[row])
        earlier = [other for other in range(first, last) if events.date[other] < on]
        together = [other for other in range(first, last) if events.date[other] == on and other != row]
        relations = {
            "prior": Rows([_row(policy, events, other, row) for other in earlier], complete),
            "same_day": Rows([_row(policy, events, other, row) for other in together]),
        }
        yield row, View(policy, _facts(policy, events, row, together, complete), relations)


def _facts(policy: Policy, events: Events, row: int, together: list[int], complete: bool) -> dict[str, Value]:
    """The facts of one event as a request."""
    request = Request(kind=_kind(events, row), date=_day(events, row), sites=_sites(events, row))
    others = [
        Planned(kind=_kind(events, other), date=_day(events, other), sites=_sites(events, other))
        for other in together
        if _kind(events, other) in FACET_KINDS
    ]
    return {
        **{name: _fact(events, name, row) for name in REQUEST_FIELDS},
        **site_facts(request.sites),
        **session_facts(request, others, policy.regions),
        "kind": _kind(events, row),
        "earlier_procedures_known": True if complete else None,
    }


def _row(policy: Policy, events: Events, row: int, request: int) -> Row:
    """One event as another one sees it."""
    on, sites, wanted = _day(events, request), _sites(events, row), _sites(events, request)
    known = sites is not None and wanted is not None
    facts = {name: _fact(events, name, row) for name in PRIOR_FIELDS if name not in DERIVED_OF_PRIOR}
    procedure = Procedure(kind=_kind(events, row), date=_day(events, row), follow_ups=_visits(events, row, on))
    facts |= follow_up_facts(procedure, on)
    facts |= {
        "kind": _kind(events, row),
        "days_before": (on - procedure.date).days,
        "months_before": int(events.month[request] - events.month[row])
        - bool(events.month_day[request] < events.month_day[row]),
        "levels": sites.levels.bit_count() if sites is not None else None,
        "overlaps_request": sites.overlaps(wanted) if known and sites and wanted else None,
        "covers_request": sites.covers(wanted) if known and sites and wanted else None,
        "same_region": same_region(wanted.levels, sites.levels, policy.regions) if sites and wanted else None,
    }
    sequence = int(events.sequence[row])
    return Row(facts, int(events.date[row]), sequence if sequence >= 0 else None, f"event {row}")


def _visits(events: Events, row: int, on: datetime.date) -> tuple[FollowUp, ...]:
    visits = []
    for visit in range(int(events.visit_starts[row]), int(events.visit_starts[row + 1])):
        day = EPOCH + datetime.timedelta(days=int(events.visit_day[visit]))
        if day <= on:
            relief, function = float(events.visit_relief[visit]), float(events.visit_function[visit])
            visits.append(
                FollowUp(
                    date=day,
                    relief_percent=relief if relief == relief else None,
                    function_improved_percent=function if function == function else None,
                )
            )
    return tuple(visits)


def _fact(events: Events, name: str, row: int) -> Value:
    if name not in events.facts:
        return None
    raw, column = events.facts[name][row].item(), FACTS[name]
    if column.shape is Shape.NUMBER:
        return float(raw) if raw == raw else None
    if column.shape is Shape.YES_NO:
        return None if raw == 1 else raw == 2
    return column.values[int(raw)] if raw >= 0 else None


def _kind(events: Events, row: int) -> Kind:
    return Kind(_KINDS[int(events.kind[row])])


def _day(events: Events, row: int) -> datetime.date:
    return EPOCH + datetime.timedelta(days=int(events.date[row]))


def _sites(events: Events, row: int) -> SiteSet | None:
    if events.left[row] < 0:
        return None
    return SiteSet(int(events.left[row]), int(events.right[row]), int(events.unsided[row]))
