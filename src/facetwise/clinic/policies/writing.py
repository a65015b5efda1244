"""Writing local policies on the screen: a new one, a version, the versions, one from before, out of use and back."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facetwise.clinic.access import POLICY_WRITERS, STAFF, StaffRequest, access_for, access_local_policy
from facetwise.clinic.actions.policies import restore_policy, store_policy, use_policy
from facetwise.clinic.policies.checking import MOST_BYTES, Checked, checked, text_of
from facetwise.clinic.policies.models import LocalPolicy
from facetwise.clinic.policies.starting import Draft, copy_of, template_for
from facetwise.clinic.policies.versions import difference
from facetwise.documents import DocumentError, Problem
from facetwise.rules import load_library

LONGEST_NUMBER = 9
"""Digits of a version."""


@require_http_methods(["GET", "POST"])
@access_for(*POLICY_WRITERS)
def new_policy(request: HttpRequest) -> HttpResponse:
    """Write a new policy, from a template or a copy of one of the library. Raises `Http404` for a copy of none."""
    staff = cast(StaffRequest, request)
    if request.method == "POST":
        return _written(staff, None)
    copied = request.GET.get("from", "")
    draft = copy_of(load_library()[copied], staff.clinic) if copied in load_library() else None
    if copied and draft is None:
        raise Http404
    return _form(staff, None, draft or template_for(staff.clinic), {"copied": copied})


@require_http_methods(["GET", "POST"])
@access_for(*POLICY_WRITERS)
def change_policy(request: HttpRequest, name: str) -> HttpResponse:
    """Write a new version of a policy."""
    staff = cast(StaffRequest, request)
    last = access_local_policy(staff, name)
    if request.method == "POST":
        return _written(staff, last)
    return _form(staff, last, Draft(last.text, last.cases), {"version": last.version})


def _written(staff: StaffRequest, last: LocalPolicy | None) -> HttpResponse:
    """Check what was sent, and store it where that is asked for; what is wrong with it is told, and nothing is lost."""
    given, why = staff.POST, staff.POST.get("why", "")
    changing, seen = (last.policy if last else None), _number(given.get("version"))
    draft = Draft(given.get("text", ""), given.get("cases", ""))
    known = {"why": why, "version": seen}
    try:
        draft = Draft(*(text_of(given.get(one, ""), staff.FILES.get(f"{one}_file"), one) for one in ("text", "cases")))
        if given.get("do") != "store":
            return _form(staff, last, draft, known | {"checked": checked(staff.clinic, *draft, changing)})
        row, found = store_policy(staff.clinic, staff.user, *draft, why, changing, seen)
    except DocumentError as error:
        return _form(staff, last, draft, known | {"problems": error.problems}, status=422)
    messages.success(staff, f"Version {row.version} of {row.policy} is stored. {_said(found)}")
    return redirect("policy", name=row.policy)


def _said(found: Checked) -> str:
    untried = len(found.untried)
    return f"{found.cases} cases come out" + (f"; {untried} things are tried by none of them." if untried else ".")


def _form(
    staff: StaffRequest, last: LocalPolicy | None, draft: Draft, known: dict[str, Any], status: int = 200
) -> HttpResponse:
    copies = [] if last else [one for one in load_library().values() if one.kind != "pathway" and not one.contractor]
    context = {"last": last, "draft": draft, "copies": copies, "most": MOST_BYTES >> 10, **known}
    return render(staff, "clinic/write_policy.html", context, status=status)


@require_GET
@access_for(*STAFF)
def versions(request: HttpRequest, name: str) -> HttpResponse:
    """Who wrote which version when and why, and what changed between two. Raises `Http404` for none."""
    staff = cast(StaffRequest, request)
    last = access_local_policy(staff, name)
    rows = LocalPolicy.objects.filter(clinic=staff.clinic, policy=name).select_related("by").order_by("-version")
    by_version = {row.version: row for row in rows}
    after = _number(request.GET.get("after")) if "after" in request.GET else last.version
    before = _number(request.GET.get("before")) if "before" in request.GET else max(after - 1, 1)
    if before not in by_version or after not in by_version:
        raise Http404
    old, new = by_version[before], by_version[after]
    compared = (("Policy", difference(old.text, new.text)), ("Cases", difference(old.cases, new.cases)))
    context = {
        "name": name, "rows": rows, "last": last, "before": before, "after": after, "compared": compared,
        "writes": staff.role in POLICY_WRITERS,
    }  # fmt: skip
    return render(request, "clinic/policy_versions.html", context)


@require_POST
@access_for(*POLICY_WRITERS)
def restore(request: HttpRequest, name: str) -> HttpResponse:
    """Store a version from before once more, as the last one."""
    staff = cast(StaffRequest, request)
    access_local_policy(staff, name)
    seen, restored = _number(request.POST.get("version")), _number(request.POST.get("restored"))
    try:
        row = restore_policy(staff.clinic, staff.user, name, restored, seen)
    except DocumentError as error:
        _tell(request, error.problems)
    else:
        messages.success(request, f"Version {restored} holds again, as version {row.version}.")
    return redirect("policy-versions", name=name)


@require_POST
@access_for(*POLICY_WRITERS)
def use(request: HttpRequest, name: str) -> HttpResponse:
    """Take a policy out of use, or put it back."""
    staff = cast(StaffRequest, request)
    access_local_policy(staff, name)
    active, seen = request.POST.get("active") == "yes", _number(request.POST.get("version"))
    try:
        use_policy(staff.clinic, staff.user, name, active, request.POST.get("why", ""), seen)
    except DocumentError as error:
        _tell(request, error.problems)
    else:
        messages.success(request, f"{name} is {'in' if active else 'out of'} use.")
    return redirect("policy", name=name)


def _tell(request: HttpRequest, problems: Sequence[Problem]) -> None:
    messages.error(request, "Nothing was stored. " + " ".join(str(one) for one in problems))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= LONGEST_NUMBER else -1
