"""The record: read and written section by section, its versions compared, and an older one restored."""

from typing import Any, NamedTuple, cast

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from facetwise.clinic.access import CARE, StaffRequest, access_for, access_patient
from facetwise.clinic.actions.patients import Conflict
from facetwise.clinic.actions.records import restore_version, write_section
from facetwise.clinic.patients.models import Patient, Revision
from facetwise.clinic.records.comparing import Difference, changed_since, differences
from facetwise.clinic.records.forms import Asked
from facetwise.clinic.records.sections import (
    BY_KEY,
    OTHERS_ABSENT,
    PROCEDURES,
    SECTIONS,
    Section,
    SectionForm,
    choices_for,
    others_absent,
)
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem
from facetwise.records import read_record, write_json
from facetwise.rules.situation import label_of

_CONFLICT = Problem(
    "",
    "Somebody else changed this record meanwhile, and nothing of yours was written",
    "The other sections show how it is now; what you typed is still here. Look at it, then save again",
)
HISTORY_SHOWN = 20


@require_http_methods(["GET", "POST"])
@access_for(*CARE)
def record_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every section of the record as a form; one of them is saved at a time."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    if request.method == "GET":
        return _page(staff, patient)
    key = request.POST.get("section", "")
    if key == PROCEDURES:
        return _no_procedures(staff, patient)
    if key not in BY_KEY:
        return _page(staff, patient, status=422)
    section = BY_KEY[key]
    sent = others_absent(section, request.POST) if OTHERS_ABSENT in request.POST else request.POST
    form = section.form_of(_tree(patient), _asked(staff, patient), sent)
    if not form.is_valid():
        return _page(staff, patient, (key, form), 422)
    try:
        write_section(
            patient, staff.user, _version(request), section.path, form.json(), section.title, timezone.localdate()
        )
    except DocumentError as error:
        for problem in error.problems:
            form.add_problem(problem)
        return _page(staff, patient, (key, form), 422)
    except Conflict:
        current = access_patient(staff, pk)
        form.add_problem(_CONFLICT)
        for one in changed_since(current, _version(request), section.path):
            form.add_problem(Problem("", f"Changed meanwhile: {one}", "Saving again undoes it"))
        return _page(staff, current, (key, form), 409)
    return _saved(pk, key)


@require_GET
@access_for(*CARE)
def version_page(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """What a version changed, and what it would change to make it the record again."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    revision = _revision(patient, version)
    note(staff.user.username, "record version read", f"patient {pk} version {version}", staff.clinic)
    before = patient.revisions.filter(version=version - 1).first()
    shown: dict[str, Any] = {"patient": patient, "revision": revision, "before": before}
    try:
        shown |= {
            "changed": _between(before, revision),
            "back": _between(_revision(patient, patient.version), revision),
        }
    except DocumentError as error:
        shown |= {"problems": error.problems}
    return render(request, "clinic/record_version.html", shown)


@require_POST
@access_for(*CARE)
def restore(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Make an older version the record again."""
    staff = cast(StaffRequest, request)
    patient = access_patient(staff, pk)
    _revision(patient, version)
    try:
        restore_version(patient, staff.user, _version(request), version, timezone.localdate())
    except DocumentError as error:
        messages.error(request, error.says)
        return redirect("record-version", pk=pk, version=version)
    except Conflict:
        messages.error(request, "Somebody else changed this record meanwhile. Nothing was restored. Look at it again.")
        return redirect("record-version", pk=pk, version=version)
    messages.success(request, f"The record is again as version {version} had it.")
    return redirect("record", pk=pk)


class Shown(NamedTuple):
    """A section as the page shows it, and whether it was just saved."""

    section: Section
    form: SectionForm
    saved: bool


def _page(
    request: StaffRequest, patient: Patient, sent: tuple[str, SectionForm] | None = None, status: int = 200
) -> HttpResponse:
    """The page, one section as it was sent and refused."""
    note(request.user.username, "record read", f"patient {patient.pk}", request.clinic)
    tree, asked = _tree(patient), _asked(request, patient)
    saved = request.GET.get("saved", "")
    forms = [
        Shown(one, sent[1] if sent and sent[0] == one.key else one.form_of(tree, asked), saved == one.key)
        for one in SECTIONS
    ]
    procedures = list(enumerate(patient.documented.procedures or ()))
    given = {
        "patient": patient,
        "sections": forms,
        "refused": sent[0] if sent else "",
        "procedures": [
            (place, one, label_of(one)) for place, one in sorted(procedures, key=lambda of: of[1].date, reverse=True)
        ],
        "none_before": patient.documented.procedures == (),
        "procedures_saved": saved == PROCEDURES,
        "revisions": patient.revisions.select_related("by").defer("record")[:HISTORY_SHOWN],
    }
    return render(request, "clinic/record.html", given, status=status)


def _no_procedures(request: StaffRequest, patient: Patient) -> HttpResponse:
    """Write that there were no earlier procedures, or that it is not documented; only where none is recorded."""
    if patient.documented.procedures:
        return _page(request, patient, status=422)
    value: Any = [] if request.POST.get("none") == "none" else None
    try:
        write_section(
            patient, request.user, _version(request), PROCEDURES, value, "Earlier procedures", timezone.localdate()
        )
    except Conflict:
        messages.error(request, f"{_CONFLICT.what}. Look at it, then save again.")
        return redirect("record", pk=patient.pk)
    return _saved(patient.pk, PROCEDURES)


def _saved(pk: int, key: str) -> HttpResponse:
    return redirect(f"{reverse('record', args=[pk])}?saved={key}#{key}")


def _tree(patient: Patient) -> dict[str, Any]:
    tree: dict[str, Any] = msgspec.json.decode(write_json(patient.documented))
    return tree


def _asked(request: StaffRequest, patient: Patient) -> Asked:
    return Asked(timezone.localdate(), patient.birth_year, choices_for(request.clinic, _tree(patient)))


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() else -1


def _revision(patient: Patient, version: int) -> Revision:
    """A version of the record. Raises `Http404` for one that there never was."""
    revision = patient.revisions.select_related("by").filter(version=version).first()
    if revision is None:
        raise Http404
    return revision


def _between(one: Revision | None, other: Revision) -> list[Difference]:
    """What differs from one version to the other; nothing where there is no one before. Raises `DocumentError`."""
    if one is None:
        return []
    return differences(read_record(one.record.encode()), read_record(other.record.encode()))
