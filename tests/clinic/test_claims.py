"""Claims uploaded: seen before anything is stored, added once, told by row where they cannot be."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from facetwise.clinic.models import AccessEvent, Revision
from facetwise.records import Kind

HEADER = "beneficiary,date,code,modifiers,units,claim\n"


def rows(today, *more):
    before = today - datetime.timedelta(days=400)
    return (
        HEADER
        + f"H-1,{before},64493,KX LT,1,C7\nH-1,{before},64494,KX LT,1,C7\nH-1,{before},99213,,1,C7\n"
        + "".join(more)
    )


def upload(client, text, **given):
    file = SimpleUploadedFile("claims.csv", text.encode() if isinstance(text, str) else text)
    return client.post(reverse("claims"), {"claims": file, "injections_are": "medial_branch_block"} | given)


def confirm(client, preview, **given):
    looked_at = re.search(r'name="looked_at" value="([^"]+)"', preview.content.decode())[1]
    return client.post(reverse("claims"), {"looked_at": looked_at} | given, follow=True)


def test_a_preview_stores_nothing_and_confirming_adds_once(clinic, signed_in, today):
    coordinator = signed_in("coordinator")
    before = clinic.patient.record
    preview = upload(coordinator, rows(today))
    shown = preview.content.decode()
    assert "1 procedure would be added, 0 are in the records already" in shown
    assert "medial branch block, lumbar or sacral" in shown
    assert "99213 (1)" in shown
    clinic.patient.refresh_from_db()
    assert clinic.patient.record == before
    assert AccessEvent.objects.order_by("-id").first().what == "claims compared"

    assert "1 procedure added to the records." in confirm(coordinator, preview).content.decode()
    clinic.patient.refresh_from_db()
    (added,) = [one for one in clinic.patient.documented.procedures if "C7" in (one.note or "")]
    assert (added.kind, added.purpose, added.sites) == (Kind.MEDIAL_BRANCH_BLOCK, "diagnostic", None)
    assert added.pain_before is added.agents is added.sedation is added.place is None
    assert Revision.objects.filter(patient=clinic.patient).count() == 2

    again = confirm(coordinator, preview)
    assert "0 procedures added" in again.content.decode()
    shown = upload(coordinator, rows(today)).content.decode()
    assert "0 procedures would be added, 1 is in the records already" in shown
    assert "looked_at" not in shown
    assert Revision.objects.filter(patient=clinic.patient).count() == 2


def test_what_the_clinic_recorded_itself_is_there_already(clinic, signed_in):
    """The record knows the joints and whether it was the joint or its nerves; the claim does not."""
    block = next(one for one in clinic.patient.documented.procedures if one.kind is Kind.MEDIAL_BRANCH_BLOCK)
    text = HEADER + f"H-1,{block.date},64493,LT,1,C1\n"
    shown = upload(signed_in("coordinator"), text, injections_are="facet_joint_injection").content.decode()
    assert "0 procedures would be added, 1 is" in shown
    neck = HEADER + f"H-1,{block.date},64490,LT,1,C1\n"
    assert "1 procedure would be added" in upload(signed_in("coordinator"), neck).content.decode()


def test_every_problem_is_told_by_row_and_nothing_is_stored(clinic, signed_in, today):
    later = today + datetime.timedelta(days=1)
    text = rows(today, f"H-1,{later},64493,,1,C\n", "E-1,2024-01-02,64493,,1,C\n", "H-1,2024-01-02,64493,,1,C\n")
    text += "H-1,2.1.2024,6449,,1,C\nE-2,2024-01-02,x,,1,C\n"
    response = upload(signed_in("coordinator"), text)
    assert response.status_code == 422
    told = response.content.decode()
    assert "line 5, column 2 date" in told
    assert "line 6, column 1 beneficiary: No patient of this clinic has the number" in told
    assert "line 8, column 2 date" in told
    assert "line 8, column 3 code" in told
    assert "line 9, column 1 beneficiary" in told
    assert "line 9, column 3 code" in told
    assert Revision.objects.filter(patient=clinic.patient).count() == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no claim lines"),
        ("date,code\n2024-01-02,64493\n", "This column is missing"),
        (HEADER + "H-1,2.1.2024,64493,,1,C\n", "is no date"),
        (HEADER + "H-1,2024-01-02,6449,,1,C\n", "is no procedure code"),
        (HEADER + ",2024-01-02,64493,,1,C\n", "names nobody"),
        (HEADER + "H-1,2024-01-02,64493,,1\n", "has 5 cells"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ("x" * (2 << 20) + "x", "too large"),
    ],
)
def test_a_file_that_is_none_is_told(text, told, clinic, signed_in):
    response = upload(signed_in("coordinator"), text)
    assert response.status_code == 422
    assert told in response.content.decode()


def test_what_was_looked_at_is_of_one_clinic_and_cannot_be_made_up(clinic, signed_in, today):
    preview = upload(signed_in("coordinator"), rows(today))
    assert "Upload the file again" in confirm(signed_in("stranger"), preview).content.decode()
    response = signed_in("coordinator").post(reverse("claims"), {"looked_at": "made-up"})
    assert response.status_code == 422
    clinic.patient.refresh_from_db()
    assert clinic.patient.version == 1


def test_rows_of_people_who_are_not_patients_here_are_skipped_once_somebody_says_so(clinic, signed_in, today):
    coordinator = signed_in("coordinator")
    preview = upload(
        coordinator,
        rows(today, "E-1,2024-01-02,64493,,1,C\n", "E-1,2024-01-03,64493,,1,C\n", "Z,2024-01-02,64493,,1,C\n"),
    )
    assert preview.status_code == 200
    shown = preview.content.decode()
    assert "3 rows of 2 people who are not patients here" in shown
    assert "Skip 3 rows of people who are not patients here" in shown
    assert "E-1: 2 rows" in shown
    assert "1 procedure would be added" in shown

    refused = confirm(coordinator, preview)
    assert refused.status_code == 422
    assert "Nothing was added. Tick" in refused.content.decode()
    assert confirm(coordinator, refused, skip="2").status_code == 422
    clinic.patient.refresh_from_db()
    assert clinic.patient.version == 1
    assert "1 procedure added" in confirm(coordinator, refused, skip="3").content.decode()
    clinic.patient.refresh_from_db()
    assert len(clinic.patient.documented.procedures) == 2
    clinic.other.refresh_from_db()
    assert clinic.other.version == 1


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        (["3/5/2024", "03/25/2024"], "The first one was read as 5 March 2024."),
        (["4/4/2024"], "The first one was read as 4 April 2024."),
        (["3/5/2024", "04/06/2024"], "line 2, column 2 date: Every date of the file may have the month first or the day"),
        (["3/5/2024", "25/03/2024"], "line 3, column 2 date: &quot;25/03/2024&quot; is no date with the month first"),
        (["2024-03-05", "03/25/2024"], "line 3, column 2 date: &quot;03/25/2024&quot; is no date. Write it YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_dates_with_the_month_first_are_read_where_nothing_else_can_be_meant(dates, told, clinic, signed_in):
    text = HEADER + "".join(f"H-1,{day},64493,LT,1,C\n" for day in dates)
    response = upload(signed_in("coordinator"), text)
    assert response.status_code == (200 if "read as" in told else 422)
    assert told in response.content.decode()


def test_the_preview_says_which_next_step_would_change(clinic, signed_in, today):
    coordinator = signed_in("coordinator")
    ablated = HEADER + f"H-1,{today - datetime.timedelta(days=3)},64635,LT,1,C9\n"
    preview = upload(coordinator, ablated)
    (one,) = preview.context["read"].patients
    assert one.step == clinic.patient.step_title != one.then
    assert f"{one.step} → <strong>{one.then}</strong>" in preview.content.decode()
    confirm(coordinator, preview)
    clinic.patient.refresh_from_db()
    assert clinic.patient.step_title == one.then
    assert "(stays)" in upload(coordinator, ablated).content.decode()
