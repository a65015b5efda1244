"""The worklist: patients by what they need, found by name or number."""

import datetime
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patients
from facetwise.clinic.actions.patients import refresh, stale
from facetwise.clinic.actions.saved_views import forget_view, save_view
from facetwise.clinic.patients.models import Need, NeedKind, Patient
from facetwise.clinic.trail.chain import note_patients
from facetwise.clinic.worklist.models import SavedView
from facetwise.documents import DocumentError

PER_PAGE = 25
REFRESHED_AT_ONCE = 5
"""Standings of another day that one look at the list works out anew; `facetwise clinic serve` does the rest."""

ORDERS = {"since": "Longest first", "name": "Name"}
WHEN = {"now": "Today", "later": "Coming up", "deferred": "Deferred", "all": "All patients"}

AT_ONCE = (NeedKind.SAFETY, NeedKind.UNREADABLE, NeedKind.DIARY_DUE, NeedKind.LINK_ASKED)
"""What does not wait where the next step is put off."""

SEARCHED, FOUND = "searched", "found"
"""Where a session keeps what was searched for, and what an address says instead: names of patients stand in none."""

LONGEST_SEARCH, MOST_WORDS = 100, 8


class View(NamedTuple):
    """What of the list is shown: of which time, of which need, in which order."""

    when: str
    kind: str
    order: str

    @property
    def query(self) -> str:
        """The view as the end of an address."""
        return urlencode({name: value for name, value in self._asdict().items() if value})


def view_of(given: QueryDict) -> View:
    """The view that was asked for; what is not known is as if it had not been said."""
    when, kind, order = given.get("when", ""), given.get("kind", ""), given.get("order", "")
    return View(
        when if when in WHEN else "now", kind if kind in NeedKind.values else "", order if order in ORDERS else "since"
    )


@require_GET
@access_for(*CARE)
def worklist(request: HttpRequest) -> HttpResponse:
    """Who needs what, filtered, searched and sorted."""
    staff = cast(StaffRequest, request)
    today = timezone.localdate()
    left = stale(staff.clinic, today).count()
    if left:
        left -= refresh(staff.clinic, today, REFRESHED_AT_ONCE)
    view, searched = view_of(request.GET), _searched(request)
    patients = _of_time(_found(access_patients(staff), searched), view.when, today)
    counts = _counts(patients, view.when, today)
    pages = Paginator(_ordered(patients, view, today), PER_PAGE)
    pages.count = counts.get(view.kind, 0) if view.kind else _count(patients, view.when, today)
    page = pages.get_page(request.GET.get("page"))
    page.object_list = _with_needs([pk for pk, *_ in page.object_list], view.when, today)
    note_patients(staff.user.username, "worklist read", [one.pk for one in page], staff.clinic)
    context = {
        "page": page, "view": view, "searched": searched,
        "here": view.query + (f"&{FOUND}=1" if searched else ""),
        "orders": ORDERS.items(), "today": today, "stale": left,
        "whens": [(value, label, view._replace(when=value, kind="").query) for value, label in WHEN.items()],
        "everything": view._replace(kind="").query,
        "kinds": [
            (one.value, one.label, counts[one.value], view._replace(kind=one.value).query)
            for one in NeedKind
            if one.value in counts
        ],
        "saved": SavedView.objects.filter(clinic=staff.clinic, user=staff.user),
    }  # fmt: skip
    return render(request, "clinic/worklist.html", context)


@require_POST
@access_for(*CARE)
def search(request: HttpRequest) -> HttpResponse:
    """Look for a patient among all; looking for nothing ends the search."""
    view = view_of(request.POST)
    words = request.POST.get("search", "").replace("\0", "")[:LONGEST_SEARCH].split()[:MOST_WORDS]
    if not words:
        return redirect(f"{reverse('worklist')}?{view.query}")
    request.session[SEARCHED] = " ".join(words)
    return redirect(f"{reverse('worklist')}?{view._replace(when='all', kind='').query}&{FOUND}=1")


@require_POST
@access_for(*CARE)
def save(request: HttpRequest) -> HttpResponse:
    """Keep the view that is shown under a name."""
    staff = cast(StaffRequest, request)
    view = view_of(request.POST)
    try:
        kept = save_view(staff.clinic, staff.user, request.POST.get("name", ""), view.query)
    except DocumentError as error:
        messages.error(request, error.says)
    else:
        messages.success(request, f"The view is kept as “{kept.name}”.")
    return redirect(f"{reverse('worklist')}?{view.query}")


@require_POST
@access_for(*CARE)
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view that was kept."""
    staff = cast(StaffRequest, request)
    if not forget_view(staff.clinic, staff.user, pk):
        raise Http404
    return redirect(f"{reverse('worklist')}?{view_of(request.POST).query}")


def _searched(request: HttpRequest) -> str:
    """What was searched for, on the pages of that search; every other way to the list ends it."""
    if FOUND not in request.GET:
        request.session.pop(SEARCHED, None)
    return str(request.session.get(SEARCHED, ""))


def _found(patients: Any, searched: str) -> Any:
    for word in searched.split():
        patients = patients.filter(Q(name__icontains=word) | Q(number__icontains=word))
    return patients


def _of_time(patients: Any, when: str, today: datetime.date) -> Any:
    """Those whose step is put off, where the view tells of them; else all: it tells of some of their needs."""
    return patients.filter(put_off_until__gt=today) if when == "deferred" else patients


def _when(when: str, today: datetime.date, need: str = "", patient: str = "") -> Q:
    """Which needs the view tells of; `need` and `patient` lead to the fields of either."""
    now = timezone.now()
    shown = Q(**{f"{need}shown_from": None}) | Q(**{f"{need}shown_from__lte": now})
    shown &= Q(**{f"{need}shown_until": None}) | Q(**{f"{need}shown_until__gt": now})
    if when in ("now", "later"):
        shown &= Q(**{f"{need}since__{'lte' if when == 'now' else 'gt'}": today})
        goes_on = Q(**{f"{patient}put_off_until": None}) | Q(**{f"{patient}put_off_until__lte": today})
        shown &= goes_on | Q(**{f"{need}kind__in": AT_ONCE})
    return shown


def _counts(patients: Any, when: str, today: datetime.date) -> dict[str, int]:
    """How many of the patients have a need of each kind."""
    kinds = patients.filter(_when(when, today, "needs__"), needs__kind__isnull=False).order_by()
    return dict(kinds.values_list("needs__kind").annotate(Count("pk", distinct=True)))


def _count(patients: Any, when: str, today: datetime.date) -> int:
    """How many patients the view lists without regard to what they need."""
    if when in ("now", "later"):
        patients = patients.filter(_when(when, today, "needs__"), needs__isnull=False).distinct()
    return int(patients.count())


def _ordered(patients: Any, view: View, today: datetime.date) -> Any:
    """The keys of patients in the order of the view, with what it goes by. Names and days only: there may be many.

    Whoever has a safety flag comes first in every order.
    """
    wanted = _when(view.when, today, "needs__")
    if view.kind:
        patients = patients.filter(wanted, needs__kind=view.kind)
    elif view.when in ("now", "later"):
        patients = patients.filter(wanted, needs__isnull=False)
    listed = patients.values_list("pk", "name", "number").annotate(longest=Min("needs__since", filter=wanted))
    safety = Exists(Need.objects.filter(patient=OuterRef("pk"), kind=NeedKind.SAFETY))
    first = [] if view.order == "name" else [F("longest").asc(nulls_last=True)]
    return listed.order_by(safety.desc(), *first, "name", "number")


def _with_needs(keys: list[int], when: str, today: datetime.date) -> list[Patient]:
    """The patients with these keys, in this order, each with the needs to show."""
    needs = Need.objects.filter(_when(when, today, patient="patient__")).order_by("since")
    found = Patient.objects.prefetch_related(Prefetch("needs", needs, to_attr="shown")).in_bulk(keys)
    return [found[key] for key in keys if key in found]
