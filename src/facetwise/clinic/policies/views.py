"""Policies to look at: the list, one of them, and several side by side."""

import datetime
from collections.abc import Sequence
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from facetwise.clinic.access import POLICY_WRITERS, STAFF, StaffRequest, access_for
from facetwise.clinic.days import day_of
from facetwise.clinic.policies.browsing import KINDS, Wanted, entries, wanted
from facetwise.clinic.policies.in_use import Read, local_policies, policies_of
from facetwise.documents import DocumentError, Problem
from facetwise.records import Contractor
from facetwise.reports.comparison_page import changes_page, comparison_page
from facetwise.reports.page import Page
from facetwise.reports.policy_page import policy_page
from facetwise.rules import Policy, contractor_name, load_library, payer_name, payers
from facetwise.rules.comparing import changes_between, compare_policies, series_of


@require_GET
@access_for(*STAFF)
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy of the library and of this clinic, filtered and searched."""
    staff, today = cast(StaffRequest, request), timezone.localdate()
    local = local_policies(staff.clinic)
    problems: Sequence[Problem] = ()
    try:
        looked_for = wanted(request.GET.dict(), today)
    except DocumentError as error:
        problems, looked_for = error.problems, Wanted(today)
    found = entries(looked_for, local, today)
    context = {
        "found": found.items(), "count": sum(map(len, found.values())), "wanted": looked_for, "problems": problems,
        "kinds": KINDS.items(), "payers": [(one, payer_name(one)) for one in payers()],
        "writes": staff.role in POLICY_WRITERS,
        "contractors": [(str(one), contractor_name(one)) for one in Contractor],
        "resting": [one for one in local if not one.row.active or one.policy is None], "today": today,
    }  # fmt: skip
    return render(request, "clinic/policies.html", context, status=422 if problems else 200)


@require_GET
@access_for(*STAFF)
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """One policy on a day, with everything that it asks and where that stands."""
    staff = cast(StaffRequest, request)
    local = _local(staff, name)
    shown = load_library().get(name) or (local.policy if local is not None else None)
    if shown is None and local is None:
        raise Http404
    problems: Sequence[Problem] = ()
    try:
        on = day_of(request.GET.get("on", ""), "on") or timezone.localdate()
    except DocumentError as error:
        problems, on = error.problems, timezone.localdate()
    context: dict[str, Any] = {"local": local, "on": on, "problems": problems, "writes": staff.role in POLICY_WRITERS}
    if shown is not None:
        context |= {
            "shown": policy_page(shown),
            "in_force": shown.in_force(on),
            "payer": payer_name(shown.payer or ""),
            "revisions": _revisions(shown, on),
        }
    return render(request, "clinic/policy.html", context, status=422 if problems else 200)


def _local(staff: StaffRequest, name: str) -> Read | None:
    """The last version of this clinic's policy of that name, in use or not; None for none and for the library's."""
    if name in load_library():
        return None
    return next((one for one in local_policies(staff.clinic) if one.row.policy == name), None)


def _revisions(shown: Policy, on: datetime.date) -> list[dict[str, Any]]:
    """The policies that replace each other with this one, oldest first; and what its text was revised from."""
    library = load_library()
    members = [one for one in library.values() if series_of(one) == series_of(shown)] if shown.payer else []
    if (revised := library.get(shown.revises or "")) is not None and revised not in members:
        members.append(revised)
    members = [one for one in members if one.id != shown.id]
    return [
        {"policy": one, "in_force": one.in_force(on)}
        for one in sorted([*members, shown], key=lambda one: one.effective_from or datetime.date.min)
    ]


@require_GET
@access_for(*STAFF)
def compare(request: HttpRequest) -> HttpResponse:
    """Policies side by side by topic; with another day what changed until then. Raises `Http404` for an unknown one."""
    staff = cast(StaffRequest, request)
    known = policies_of(staff.clinic)
    names = list(dict.fromkeys(str(name) for name in request.GET.getlist("policy")))
    if any(name not in known for name in names):
        raise Http404
    chosen: list[Policy] = [known[name] for name in names]
    page: Page | None = None
    problems: Sequence[Problem] = ()
    on: datetime.date = timezone.localdate()
    later: datetime.date | None = None
    try:
        on = day_of(request.GET.get("on", ""), "on") or on
        later = day_of(request.GET.get("with", ""), "with")
    except DocumentError as error:
        problems = error.problems
    else:
        page = _compared(chosen, list(known.values()), on, later)
    context = {
        "page": page, "chosen": [(one, one.in_force(on)) for one in chosen], "on": on, "later": later,
        "problems": problems,
    }  # fmt: skip
    return render(request, "clinic/compare_policies.html", context, status=422 if problems else 200)


def _compared(chosen: list[Policy], known: list[Policy], on: datetime.date, later: datetime.date | None) -> Page | None:
    """The comparison; None for less than two policies, where no other day is given."""
    if later is None:
        return comparison_page(compare_policies(chosen), None, matrix=True) if len(chosen) > 1 else None
    series = {series_of(one) for one in chosen}
    asked = [one for one in known if (series_of(one) in series if chosen else one.contractor is None)]
    return changes_page(changes_between(asked, on, later), on, later)
