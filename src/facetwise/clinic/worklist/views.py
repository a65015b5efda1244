"""The worklist: patients by what they need, found by name or number."""

import datetime
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patients
from facetwise.clinic.actions.patients import refresh
from facetwise.clinic.patients.models import Answer, Need, NeedKind, Patient, Verdict

PER_PAGE = 50
REFRESHED_AT_ONCE = 25
"""Standings of another day that one look at the list works out anew; `facetwise clinic serve` does the rest."""

ORDERS = {"since": "Longest first", "name": "Name"}
WHEN = {"now": "Today", "later": "Coming up", "deferred": "Deferred", "all": "All patients"}


@require_GET
@access_for(*CARE)
def worklist(request: HttpRequest) -> HttpResponse:
    """Who needs what, filtered, searched and sorted; every view of it has its own address."""
    staff = cast(StaffRequest, request)
    today = timezone.localdate()
    refresh(staff.clinic, today, REFRESHED_AT_ONCE)
    when = request.GET.get("when") if request.GET.get("when") in WHEN else "now"
    kind = request.GET.get("kind") if request.GET.get("kind") in NeedKind.values else ""
    search = request.GET.get("search", "").strip()
    order = request.GET.get("order") if request.GET.get("order") in ORDERS else "since"
    patients = _found(_deferring(access_patients(staff), today), search)
    chosen = _when(patients, str(when), today)
    counts = _counts(chosen, str(when), today)
    if kind:
        chosen = chosen.filter(Exists(_needs(str(when), today).filter(patient=OuterRef("pk"), kind=kind)))
    page = Paginator(_ordered(chosen, str(order), str(when), today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "when": when, "kind": kind, "search": search, "order": order, "orders": ORDERS.items(),
        "whens": WHEN.items(), "kinds": [(one.value, one.label, counts.get(one.value, 0)) for one in NeedKind],
        "today": today, "stale": access_patients(staff).exclude(stood_on=today).count(),
    }  # fmt: skip
    return render(request, "clinic/worklist.html", context)


def _deferring(patients: Any, today: datetime.date) -> Any:
    """Patients, each with whether its step is put off to a day to come."""
    last = Answer.objects.filter(patient=OuterRef("pk"), step=OuterRef("step")).order_by("-at", "-id")
    answered = patients.annotate(
        last_verdict=Subquery(last.values("verdict")[:1]), last_until=Subquery(last.values("until")[:1])
    )
    put_off = When(last_verdict=Verdict.DEFERRED, last_until__gt=today, then=Value(True))
    return answered.annotate(put_off=Case(put_off, default=Value(False)))


def _found(patients: Any, search: str) -> Any:
    for word in search.split():
        patients = patients.filter(Q(name__icontains=word) | Q(number__icontains=word))
    return patients


def _needs(when: str, today: datetime.date) -> QuerySet[Need]:
    now = timezone.now()
    shown = Need.objects.filter(
        Q(shown_from=None) | Q(shown_from__lte=now), Q(shown_until=None) | Q(shown_until__gt=now)
    )
    if when == "later":
        return shown.filter(since__gt=today)
    return shown.filter(since__lte=today) if when == "now" else shown


def _when(patients: Any, when: str, today: datetime.date) -> Any:
    if when == "all":
        return patients
    if when == "deferred":
        return patients.filter(put_off=True)
    return patients.filter(Exists(_needs(when, today).filter(patient=OuterRef("pk"))), put_off=False)


def _counts(patients: Any, when: str, today: datetime.date) -> dict[str, int]:
    """How many of the patients have a need of each kind."""
    needs = _needs(when, today).filter(patient__in=patients.values("pk")).order_by()
    return dict(needs.values_list("kind").annotate(Count("patient", distinct=True)))


def _ordered(patients: Any, order: str, when: str, today: datetime.date) -> QuerySet[Patient]:
    needs = Prefetch("needs", _needs(when, today).order_by("since"), to_attr="shown")
    found = patients.defer("record").prefetch_related(needs)
    if order == "name":
        return cast("QuerySet[Patient]", found.order_by("name", "number"))
    longest = _needs(when, today).filter(patient=OuterRef("pk")).order_by("since").values("since")[:1]
    return cast(
        "QuerySet[Patient]", found.annotate(longest=longest).order_by(F("longest").asc(nulls_last=True), "name")
    )
