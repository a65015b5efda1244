"""Procedures of a record from elsewhere may be called anything: no page breaks, and nothing gets into its markup."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from msgspec.structs import replace

from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.models import Patient, PatientLink, Revision
from facetwise.clinic.patients.plain_ids import is_plain, with_plain_ids
from facetwise.examples import example_record
from facetwise.records import write_json

ODD = ["Procedure/123", 'x"><script>alert(1)</script>', "z" * 61, "a b", "é", "proc.1", "", "a\n", None]


@pytest.fixture
def record(today):
    return example_record("second-block-due", today)


def with_id(record, id_):
    return replace(record, procedures=(*record.procedures[:-1], replace(record.procedures[-1], id=id_)))


@pytest.mark.parametrize("id_", ODD)
def test_a_patient_of_any_ids_is_opened(id_, clinic, signed_in, record):
    file = SimpleUploadedFile("record.json", write_json(with_id(record, id_)))
    staff = signed_in("coordinator")
    response = staff.post(reverse("new-patient"), {"number": "O-1", "name": "Odd One", "record": file})
    assert response.status_code == 302, response.content.decode()
    patient = Patient.objects.get(number="O-1")
    shown = staff.get(reverse("patient", args=[patient.pk]))
    assert shown.status_code == 200
    assert "<script>alert(1)" not in shown.content.decode()
    stored = patient.documented.procedures
    assert all(is_plain(one.id) for one in stored)
    assert [replace(one, id=None) for one in stored] == [replace(one, id=None) for one in record.procedures]
    assert staff.get(reverse("paper-diary", args=[patient.pk, stored[-1].id])).status_code == 200


@pytest.mark.parametrize("id_", ODD)
def test_the_same_record_gets_the_same_ids(id_, record):
    odd = with_id(record, id_)
    first, renamed = with_plain_ids(odd)
    assert with_plain_ids(odd) == (first, renamed)
    assert with_plain_ids(first) == (first, {})
    assert renamed == ({} if id_ is None else {id_: first.procedures[-1].id})


def test_every_procedure_without_an_id_gets_its_own(record):
    same = replace(record.procedures[-1], id=None)
    changed, _ = with_plain_ids(replace(record, procedures=(same, same, same)))
    assert len({one.id for one in changed.procedures}) == 3


def test_a_record_of_before_opens_and_keeps_its_diary_when_it_changes(clinic, signed_in, record, today):
    """Stored with an odd id, as it could be once, with a link for it."""
    odd = write_json(with_id(record, "a b/c")).decode()
    Revision.objects.create(patient=clinic.patient, version=2, record=odd, why="of before")
    Patient.objects.filter(pk=clinic.patient.pk).update(version=2)
    link = PatientLink.objects.create(
        patient=clinic.patient, procedure="a b/c", by=clinic.people["coordinator"], digest="x",
        expires_at=datetime.datetime.now(datetime.UTC),
    )  # fmt: skip
    page = reverse("patient", args=[clinic.patient.pk])
    assert signed_in("coordinator").get(page).status_code == 200
    patient = Patient.objects.get(pk=clinic.patient.pk)
    older = lambda given: replace(given, patient=replace(given.patient, birth_year=1950))  # noqa: E731
    changed = change_record(patient, None, 2, older, "changed", today)
    link.refresh_from_db()
    assert link.procedure == Patient.objects.get(pk=changed.pk).documented.procedures[-1].id
    assert is_plain(link.procedure)
    assert signed_in("coordinator").get(page).status_code == 200


def test_the_drawing_of_a_diary_takes_any_name(today):
    from facetwise.diary import diary_svg, score_block

    block = next(one for one in example_record("second-block-due", today).procedures if one.diary is not None)
    drawn = diary_svg(block, score_block(block), name='"><script>')
    assert "<script>" not in drawn
