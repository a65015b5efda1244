"""Uploading claims: looked at first, added when somebody says so. Nothing is stored in between."""

from typing import cast

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from facetwise.audit.mapping.meaning_of_codes import meanings
from facetwise.clinic.access import CARE, StaffRequest, access_for
from facetwise.clinic.actions.claims import add_claimed
from facetwise.clinic.claims.reading import MOST_BYTES, Read, read_upload
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem

MOST_PROBLEMS = 100
LONGEST_LOOK = 60 * 60
_SALT = "facetwise.claims"


@require_http_methods(["GET", "POST"])
@access_for(*CARE)
def upload_claims(request: HttpRequest) -> HttpResponse:
    """The form; what an upload would add; and, once that was seen and confirmed, its adding.

    What was looked at goes to the browser and comes back signed, so that the server keeps nothing meanwhile.
    """
    staff = cast(StaffRequest, request)
    if request.method == "GET":
        return _form(request)
    try:
        if "looked_at" in request.POST:
            return _add(staff, request.POST["looked_at"])
        file = request.FILES.get("claims")
        if file is None or (file.size or 0) > MOST_BYTES:
            what, remedy = ("There is no file", "Choose one") if file is None else _TOO_LARGE
            raise DocumentError([Problem("", what, remedy)])
        return _preview(staff, file.read(), request.POST.get("injections_are", ""))
    except DocumentError as error:
        more = max(0, len(error.problems) - MOST_PROBLEMS)
        return _form(request, {"problems": error.problems[:MOST_PROBLEMS], "more": more}, 422)


_TOO_LARGE = ("The file is too large", f"Send at most {MOST_BYTES >> 20} MB at once")


def _form(request: HttpRequest, told: dict[str, object] | None = None, status: int = 200) -> HttpResponse:
    convention = meanings().conventions["injection_kind"].says
    return render(request, "clinic/claims.html", {"convention": convention, **(told or {})}, status=status)


def _preview(staff: StaffRequest, data: bytes, injections_are: str) -> HttpResponse:
    read = read_upload(data, injections_are, staff.clinic, timezone.localdate())
    text = data.decode("utf-8-sig")
    looked_at = signing.dumps([staff.clinic.pk, injections_are, text], salt=_SALT, compress=True)
    if len(looked_at) > MOST_BYTES - (MOST_BYTES >> 4):
        raise DocumentError([Problem("", *_TOO_LARGE)])
    with transaction.atomic():
        for one in read.patients:
            note(staff.user.username, "claims compared", f"patient {one.patient.pk}", staff.clinic)
    return _show(staff, read, looked_at)


def _show(staff: StaffRequest, read: Read, looked_at: str, told: str = "") -> HttpResponse:
    context = _counted(read) | {"looked_at": looked_at, "told": told}
    return render(staff, "clinic/claims_preview.html", context, status=422 if told else 200)


def _counted(read: Read) -> dict[str, object]:
    new, known = sum(len(one.new) for one in read.patients), sum(len(one.known) for one in read.patients)
    return {"read": read, "left_out": read.left_out.items(), "new": new, "known": known}


def _add(staff: StaffRequest, looked_at: str) -> HttpResponse:
    try:
        clinic, injections_are, text = signing.loads(looked_at, salt=_SALT, max_age=LONGEST_LOOK)
    except signing.BadSignature:
        clinic = None
    if clinic != staff.clinic.pk:
        raise DocumentError([Problem("", "What was looked at is not known any more", "Upload the file again")])
    read = read_upload(text.encode(), injections_are, staff.clinic, timezone.localdate())
    if read.skipped and staff.POST.get("skip") != str(read.skipped):
        told = "Nothing was added. Tick that the rows of people who are not patients here are skipped, or stop."
        return _show(staff, read, looked_at, told)
    added = add_claimed(read.patients, staff.user, timezone.localdate())
    messages.success(staff, f"{added} procedure{'' if added == 1 else 's'} added to the records.")
    return redirect("claims")
