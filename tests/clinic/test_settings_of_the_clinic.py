"""The settings of a clinic: within their limits, in the trail, and what they change."""

import pytest
from django.urls import reverse

from facetwise.clinic.diary.times import times_asked
from facetwise.clinic.trail.models import AccessEvent

GIVEN = {
    "name": "Here", "follow_up_after_days": "90", "diary_first_hour_minutes": "", "diary_hours": "",
    "relief_drawn_percent": "",
}  # fmt: skip


@pytest.fixture
def save(clinic, signed_in):
    administrator = signed_in("administrator")
    return lambda **changes: administrator.post(reverse("settings"), GIVEN | changes)


def changes(clinic):
    return list(AccessEvent.objects.filter(clinic=clinic.here, what="setting changed").values_list("by", "about"))


def test_what_is_left_empty_keeps_to_the_cited_figures(clinic, save, signed_in):
    assert save().status_code == 302
    clinic.here.refresh_from_db()
    assert changes(clinic) == []
    assert times_asked(clinic.here) == times_asked() == [15, 30, 45, 60, 120, 180, 240, 300, 360, 420, 480]
    shown = signed_in("administrator").get(reverse("settings")).content.decode()
    assert "15, the cited figure" in shown
    assert "UW Health" in shown


def test_the_protocol_of_a_clinic_changes_when_its_diaries_ask(clinic, save):
    save(diary_first_hour_minutes="20", diary_hours="6")
    clinic.here.refresh_from_db()
    assert times_asked(clinic.here) == [20, 40, 60, 120, 180, 240, 300, 360]
    assert times_asked(clinic.elsewhere) == times_asked()


def test_a_diary_asks_as_its_clinic_wants(clinic, save, signed_in, client, today):
    import datetime

    from django.utils import timezone

    from facetwise.clinic.actions.diaries import send_diary
    from facetwise.clinic.actions.patients import change_record
    from facetwise.records import Kind, Procedure, Record

    def with_block(record: Record) -> Record:
        from msgspec.structs import replace

        done = Procedure(id="p", kind=Kind.MEDIAL_BRANCH_BLOCK, date=today)
        return replace(record, procedures=(*(record.procedures or ()), done))

    save(diary_first_hour_minutes="30", diary_hours="6")
    patient = change_record(clinic.patient, None, None, with_block, "Test", today)
    now = timezone.now()
    at = max(now - datetime.timedelta(minutes=5), timezone.localtime(now).replace(hour=0, minute=0, second=0))
    _, token = send_diary(patient, clinic.people["clinician"], "p", at, "en")
    client.post(reverse("patient-link", args=[token]), {"birth_year": str(patient.birth_year)})
    assert '"times": [30, 60, 120, 180, 240, 300, 360]' in client.get(reverse("diary")).content.decode()


def test_the_line_of_relief_is_drawn_where_the_clinic_wants_it(clinic, save, signed_in):
    page = reverse("patient", args=[clinic.patient.pk])
    assert "80 % relief</text>" in signed_in("clinician").get(page).content.decode()
    save(relief_drawn_percent="50")
    shown = signed_in("clinician").get(page).content.decode()
    assert "50 % relief</text>" in shown
    assert "80 % relief</text>" not in shown
    assert ">50% relief<" in shown, "the diary is drawn with it"
    assert ">80% relief<" in shown, "and with the relief that it is judged by"


def test_another_wait_for_follow_ups_counts_at_once(clinic, save, signed_in, today):
    from facetwise.clinic.actions.patients import add_patient
    from facetwise.clinic.models import Need
    from facetwise.examples import example_record

    record = example_record("ablation-follow-up", today)  # ablated 65 days ago
    patient = add_patient(clinic.here, None, "F-1", "Nora Oak", record, today)
    overdue = Need.objects.filter(patient=patient, kind="follow_up")
    assert not overdue.exists()
    save(follow_up_after_days="60")
    signed_in("clinician").get(reverse("worklist"))
    assert overdue.exists()


def test_changes_are_in_the_trail_with_the_values_before_and_after(clinic, save):
    save(follow_up_after_days="60", diary_hours="24", second_factor_required="on", name="  Here  again ")
    assert changes(clinic) == [
        ("administrator", "name: Here to Here again"),
        ("administrator", "second_factor_required: False to True"),
        ("administrator", "follow_up_after_days: 90 to 60"),
        ("administrator", "diary_hours: the cited figure to 24"),
    ]
    clinic.here.refresh_from_db()
    assert (clinic.here.name, clinic.here.follow_up_after_days) == ("Here again", 60)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "Elsewhere"},
        {"follow_up_after_days": "0"},
        {"follow_up_after_days": "366"},
        {"follow_up_after_days": ""},
        {"diary_first_hour_minutes": "7"},
        {"diary_hours": "5"},
        {"diary_hours": "25"},
        {"diary_hours": "x"},
        {"relief_drawn_percent": "60"},
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(wrong, clinic, save):
    response = save(**({"diary_first_hour_minutes": "30"} | wrong))
    assert response.status_code == 422
    assert 'class="message-error"' in response.content.decode()
    clinic.here.refresh_from_db()
    assert (clinic.here.name, clinic.here.diary_first_hour_minutes, changes(clinic)) == ("Here", None, [])
