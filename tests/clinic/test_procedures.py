"""Recording procedures: what is given is in the record, what is left out is not documented, what cannot be is told."""

import datetime

import pytest
from django.urls import reverse

from facetwise.records import Kind

GIVEN = {
    "version": "1",
    "kind": "medial_branch_block",
    "purpose": "diagnostic",
    "left_levels": ["L4-5", "L5-S1"],
    "anaesthetic": "bupivacaine",
    "concentration_percent": "0.5",
    "volume_ml": "0.3",
    "guidance": "fluoroscopy",
    "sedation": "none",
    "pain_before": "7",
}


def post(clinic, signed_in, today, **changes):
    given = {"date": str(today)} | GIVEN | changes
    return signed_in("coordinator").post(reverse("new-procedure", args=[clinic.patient.pk]), given)


def test_a_procedure_is_in_the_record_and_the_next_step_follows(clinic, signed_in, today):
    before = len(clinic.patient.documented.procedures or ())
    assert post(clinic, signed_in, today).status_code == 302
    clinic.patient.refresh_from_db()
    *_, done = clinic.patient.documented.procedures
    assert len(clinic.patient.documented.procedures) == before + 1
    assert (done.kind, done.date, str(done.sites)) == (Kind.MEDIAL_BRANCH_BLOCK, today, "left L4-5, L5-S1")
    assert (done.agents[0].name, done.agents[0].concentration_percent) == ("bupivacaine", 0.5)
    assert (done.pain_before.score, done.guidance, done.place) == (7, "fluoroscopy", None)
    assert done.id.startswith("procedure-")
    assert clinic.patient.version == 2
    assert "Recorded a medial branch block" in clinic.patient.revisions.first().why


def test_an_ablation_has_its_temperature_and_complications(clinic, signed_in, today):
    given = {"kind": "radiofrequency_ablation", "purpose": "", "anaesthetic": "", "ablation_mode": "thermal"}
    given |= {
        "temperature_c": "80",
        "lesion_seconds": "90",
        "complications": "bruise\n\nnumb skin",
        "right_levels": ["L4-5"],
    }
    assert post(clinic, signed_in, today, **given).status_code == 302
    clinic.patient.refresh_from_db()
    *_, done = clinic.patient.documented.procedures
    assert (done.temperature_c, done.lesion_seconds, done.ablation_mode) == (80, 90, "thermal")
    assert done.complications == ("bruise", "numb skin")
    assert (done.purpose, done.agents) == (None, None)
    assert str(done.sites) == "bilateral L4-5; left L5-S1"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"left_levels": []}, "No joint is picked"),
        ({"left_levels": ["L9-10"]}, "No joint is picked"),
        ({"date": "2999-01-01"}, "has not come yet"),
        ({"date": "yesterday"}, "valid date"),
        ({"pain_before": "11"}, "less than or equal to 10"),
        ({"kind": "appendectomy"}, "valid choice"),
        ({"kind": "radiofrequency_ablation", "temperature_c": "-3"}, "temperature_c"),
        ({"concentration_percent": "nan"}, "number"),
        ({"version": "7"}, "Somebody else changed"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(changes, told, clinic, signed_in, today):
    response = post(clinic, signed_in, today, **changes)
    assert response.status_code in (409, 422)
    shown = response.content.decode()
    assert told in shown
    if changes.get("left_levels") != [] and changes.get("left_levels") != ["L9-10"]:
        assert 'value="L4-5" checked' in shown
    clinic.patient.refresh_from_db()
    assert clinic.patient.version == 1


def test_an_early_day_of_the_past_is_taken(clinic, signed_in, today):
    assert post(clinic, signed_in, today, date=str(today - datetime.timedelta(days=400))).status_code == 302


def test_fields_of_another_kind_say_nothing(clinic, signed_in, today):
    post(clinic, signed_in, today, temperature_c="80", ablation_mode="thermal", steroid="dexamethasone", dose_mg="4")
    clinic.patient.refresh_from_db()
    *_, done = clinic.patient.documented.procedures
    assert (done.temperature_c, done.ablation_mode) == (None, None)
    assert [(one.name, one.dose_mg) for one in done.agents] == [("bupivacaine", None), ("dexamethasone", 4)]
    post(clinic, signed_in, today, version="2", kind="radiofrequency_ablation", steroid="dexamethasone")
    clinic.patient.refresh_from_db()
    *_, done = clinic.patient.documented.procedures
    assert [one.name for one in done.agents] == ["bupivacaine"]


def test_advice_follows_what_is_picked_and_nothing_is_written(clinic, signed_in, today):
    address = reverse("new-procedure", args=[clinic.patient.pk])
    given = {"date": str(today)} | GIVEN | {"advise": "1"}
    part = signed_in("clinician").post(address, given, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    for expected in ("L3 medial branch", "L5 dorsal ramus", "64493", "64494", "KX", "Billing lines"):
        assert expected in part
    whole = signed_in("clinician").post(address, given)
    assert whole.status_code == 200
    assert "L5 dorsal ramus" in whole.content.decode()
    clinic.patient.refresh_from_db()
    assert clinic.patient.version == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"left_levels": []}, "Pick a joint"),
        ({"kind": "nonsense"}, "Pick a joint"),
        ({"purpose": ""}, "Is it diagnostic or therapeutic?"),
        ({"date": "tomorrow"}, "64493"),
        ({"left_levels": ["L1-2"]}, "Not among them: left L1-2."),
        ({"pain_before": "99", "volume_ml": "much"}, "64493"),
        ({"kind": "radiofrequency_ablation", "left_levels": ["C1-2"]}, "not by medial branches"),
        ({"kind": "facet_joint_injection", "left_levels": ["C5-6"]}, "Joints to be injected"),
    ],
)
def test_advice_takes_a_form_that_is_half_filled_in(changes, told, clinic, signed_in, today):
    given = {"date": str(today)} | GIVEN | {"advise": "1"} | changes
    response = signed_in("clinician").post(reverse("new-procedure", args=[clinic.patient.pk]), given)
    assert response.status_code == 200
    shown = response.content.decode()
    assert told in shown
    assert 'role="alert"' not in shown


def test_sides_with_two_answers_are_judged_apart(clinic, signed_in, today):
    from msgspec.structs import replace

    from facetwise.clinic.actions.patients import change_record
    from facetwise.records import Diary, DiaryEntry

    post(clinic, signed_in, today, right_levels=["L4-5", "L5-S1"])
    clinic.patient.refresh_from_db()
    *_, done = clinic.patient.documented.procedures
    rated = Diary(entries=(DiaryEntry(minutes=60, score=1, side="left"), DiaryEntry(minutes=60, score=6, side="right")))

    def with_diary(record):
        kept = [one for one in record.procedures if one.id != done.id]
        return replace(record, procedures=(*kept, replace(done, diary=rated)))

    change_record(clinic.patient, None, None, with_diary, "Test", today)
    client, page = signed_in("clinician"), reverse("patient", args=[clinic.patient.pk])
    shown = client.get(page).content.decode()
    assert "The sides differ" in shown
    assert "unlikely to be the source" not in shown
    assert clinic.patient.needs.filter(kind="diary_unjudgeable").exists()
    apart = reverse("sides-apart", args=[clinic.patient.pk, done.id])
    assert "Somebody else changed" in client.post(apart, {"version": 1}, follow=True).content.decode()
    client.post(apart, {"version": 3})
    clinic.patient.refresh_from_db()
    *_, left, right = clinic.patient.documented.procedures
    assert (str(left.sites), str(right.sites)) == ("left L4-5, L5-S1", "right L4-5, L5-S1")
    shown = client.get(page).content.decode()
    assert "left L4-5, L5-S1: Peak relief 86% by scores" in shown
    assert "right L4-5, L5-S1: Peak relief 14% by scores" in shown
    assert "It treated one side" in client.post(apart, {"version": 4}, follow=True).content.decode()
