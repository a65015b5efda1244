"""The audit trail on the screen, as a table of its own, and whether it is whole."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from facetwise.clinic.access import StaffRequest, access_for
from facetwise.clinic.people.models import Role
from facetwise.clinic.trail.chain import faults, last_digest, note
from facetwise.clinic.trail.filtering import Filter, filter_of, numbers_of, rows
from facetwise.clinic.trail.models import AccessEvent

ASKED = "trail"
"""Where a session keeps which rows were asked for. Numbers of patients stand in no address."""

PER_PAGE = 100
FAULTS_SHOWN = 20
AT_ONCE = 1000
COLUMNS = ("row", "when", "who", "what", "about", "patient number", "digest")


@require_http_methods(["GET", "POST"])
@access_for(Role.ADMINISTRATOR)
def trail_page(request: HttpRequest) -> HttpResponse:
    """Who read and wrote what in this clinic, the latest first; a form says which rows, until another one does."""
    if request.method == "POST":
        request.session[ASKED] = filter_of(request.POST)._asdict()
        return redirect("trail")
    return _shown(cast(StaffRequest, request), _asked(request))


@require_POST
@access_for(Role.ADMINISTRATOR)
def check(request: HttpRequest) -> HttpResponse:
    """Work out whether the chain is whole, which takes a while on a long trail, and say so above the rows."""
    staff = cast(StaffRequest, request)
    note(staff.user.username, "trail checked", clinic=staff.clinic)
    found = list(islice(faults(), FAULTS_SHOWN))
    checked = {"faults": found, "rows": AccessEvent.objects.count(), "digest": last_digest()}
    return _shown(staff, Filter(), {"checked": checked})


@require_POST
@access_for(Role.ADMINISTRATOR)
def export(request: HttpRequest) -> HttpResponseBase:
    """The rows that are shown as CSV, which leaves a row of its own."""
    staff = cast(StaffRequest, request)
    wanted = _asked(request)
    try:
        found = rows(staff.clinic, wanted)
        count = found.count()
    except ValueError:
        return _shown(staff, wanted)
    note(staff.user.username, "trail exported", f"{count} rows", staff.clinic)
    lines = chain([COLUMNS], _cells(staff, found.iterator(chunk_size=AT_ONCE)))
    name = f"trail-{timezone.localdate()}.csv"
    return StreamingHttpResponse(
        _csv(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _asked(request: HttpRequest) -> Filter:
    return filter_of(request.session.get(ASKED, {}))


def _shown(staff: StaffRequest, wanted: Filter, more: dict[str, object] | None = None) -> HttpResponse:
    wrong = ""
    try:
        found = rows(staff.clinic, wanted)
    except ValueError:
        found, wrong = AccessEvent.objects.none(), "One of the days is none. Write it as 2026-01-31."
    page = Paginator(found, PER_PAGE).get_page(staff.GET.get("page"))
    kinds = AccessEvent.objects.filter(clinic=staff.clinic).order_by("what").values_list("what", flat=True).distinct()
    numbers = numbers_of(staff.clinic, page.object_list)
    context = {
        "page": page, "wanted": wanted, "kinds": kinds, "filtered": any(wanted), "wrong": wrong,
        "events": [(one, numbers.get(one.pk, "")) for one in page.object_list],
        "people": staff.clinic.memberships.select_related("user").order_by("user__username"), **(more or {}),
    }  # fmt: skip
    return render(staff, "clinic/trail.html", context, status=422 if wrong else 200)


def _cells(staff: StaffRequest, found: Iterator[AccessEvent]) -> Iterator[tuple[object, ...]]:
    """The rows of the table, the numbers of their patients looked up many at a time."""
    while some := list(islice(found, AT_ONCE)):
        numbers = numbers_of(staff.clinic, some)
        for one in some:
            at = timezone.localtime(one.at).isoformat(timespec="seconds")
            yield one.pk, at, one.by, one.what, one.about, numbers.get(one.pk, ""), one.digest


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(lines: Iterable[tuple[object, ...]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    for line in lines:
        yield writer.writerow([_harmless(cell) for cell in line])


def _harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
