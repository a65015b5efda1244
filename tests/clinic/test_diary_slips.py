"""A slip on the phone is put right by an entry that takes its place: at its moment, once, and soon or not at all."""

import datetime
import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from msgspec.structs import replace

from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.diary.texts import which_treatment
from facetwise.clinic.models import DiaryEntry, PatientLink
from facetwise.examples import example_record
from facetwise.records import Kind, Procedure
from facetwise.spine import parse_sites

NOTHING = {"score": None, "provoked": None}


@pytest.fixture
def phone(block, client):
    """A phone with a diary that runs since two hours, and how it says something so many minutes ago."""
    block.opened(client)
    PatientLink.objects.update(given_at=timezone.now() - datetime.timedelta(hours=2))

    def say(ago=0, score=3, replaces=None, now=None, on=client, **changes):
        now = now or timezone.now()
        at = (now - datetime.timedelta(minutes=ago)).isoformat()
        entry = {"key": str(uuid.uuid4()), "at": at, "score": score, "provoked": True} | changes
        entry |= {"replaces": replaces} if replaces else {}
        return entry["key"], send(on, [entry], now)

    block.say = say
    block.current = lambda: [
        (one.score, one.side or "") for one in refreshed(block).documented.procedures[-1].diary.entries
    ]
    return block


def opens(client) -> str:
    return PatientLink.objects.get(pk=client.session["diary"]).opens


def send(client, entries, now=None):
    message = {"diary": opens(client), "now": (now or timezone.now()).isoformat(), "entries": entries}
    return client.post(reverse("diary-entries"), json.dumps(message), content_type="application/json").json()


def refreshed(block):
    block.patient.refresh_from_db()
    return block.patient


def test_a_correction_takes_the_place_and_the_moment_of_what_it_corrects(phone):
    slip, _ = phone.say(ago=8, score=8)
    right, answer = phone.say(score=2, replaces=slip)
    assert answer["kept"] == [right]
    assert phone.current() == [(2, "")]
    before, after = DiaryEntry.objects.order_by("id")
    assert (after.replaces, after.at, after.minutes) == (before, before.at, before.minutes)
    assert (before.score, after.late) == (8, False)
    assert after.device_at > before.device_at


def test_what_was_taken_back_counts_no_more_and_staff_see_both(phone, signed_in):
    phone.say(ago=40, score=5)
    slip, _ = phone.say(ago=1, score=8)
    phone.say(**NOTHING, replaces=slip)
    assert phone.current() == [(5, "")]
    shown = signed_in("clinician").get(reverse("patient", args=[phone.patient.pk])).content.decode()
    assert "<s>8</s>" in shown
    assert "taken back by the patient" in shown


def test_slip_and_correction_come_in_one_message_after_the_connection_is_back(phone, client):
    now = timezone.now()
    keys = [str(uuid.uuid4()) for _ in range(3)]
    ago = [(now - datetime.timedelta(minutes=minutes)).isoformat() for minutes in (63, 61, 60)]
    sent = [{"key": key, "at": at, "score": score} for key, at, score in zip(keys, ago, (8, 7, 2), strict=True)]
    sent[1]["replaces"], sent[2]["replaces"] = keys[0], keys[1]
    assert send(client, sent)["kept"] == keys
    assert send(client, sent)["kept"] == keys
    assert phone.current() == [(2, "")]
    assert DiaryEntry.objects.count() == 3
    told = client.get(reverse("diary-state"), {"diary": opens(client)}).json()["entries"]
    assert {one["key"]: one["replaces"] for one in told} == {keys[0]: None, keys[1]: keys[0], keys[2]: keys[1]}


def test_of_two_corrections_of_the_same_the_second_is_refused(phone):
    slip, _ = phone.say(score=8)
    phone.say(score=2, replaces=slip)
    other, answer = phone.say(score=9, replaces=slip)
    assert list(answer["refused"]) == [other]
    assert phone.current() == [(2, "")]


@pytest.mark.parametrize(("ago", "corrected"), [(9, True), (13, False), (60, False)])
def test_only_what_was_said_just_now_is_corrected(ago, corrected, phone):
    slip, _ = phone.say(ago=ago, score=8)
    _, answer = phone.say(score=2, replaces=slip)
    assert bool(answer["kept"]) is corrected
    assert phone.current() == [(2 if corrected else 8, "")]


def test_a_correction_cannot_be_of_a_time_to_come(phone):
    slip, _ = phone.say(score=8)
    assert phone.say(ago=-8, score=2, replaces=slip)[1]["kept"] == []


def test_a_wrong_clock_is_put_right_for_a_correction_too(phone):
    wrong = timezone.now() + datetime.timedelta(hours=5)
    slip, _ = phone.say(ago=5, score=8, now=wrong)
    assert phone.say(score=2, replaces=slip, now=wrong)[1]["refused"] == {}
    assert phone.current() == [(2, "")]


def test_what_is_not_this_phones_is_not_corrected(phone):
    """Neither one that staff typed in, nor one that is not there; but one that came by an earlier link of the diary."""
    slip, _ = phone.say(score=8)
    other = phone.opened(Client())
    PatientLink.objects.update(given_at=timezone.now() - datetime.timedelta(hours=2))
    assert phone.say(score=2, replaces=slip, on=other)[1]["refused"] == {}
    mine, _ = phone.say(score=6, on=other)
    DiaryEntry.objects.bulk_create(  # as staff type it in
        [DiaryEntry(link=PatientLink.objects.first(), key=uuid.uuid4(), device_at=timezone.now(), at=timezone.now(),
                    received_at=timezone.now(), minutes=1, score=1, by=phone.people["coordinator"])]
    )  # fmt: skip
    typed = DiaryEntry.objects.get(by__isnull=False)
    assert phone.say(score=2, replaces=str(typed.key), on=other)[1]["kept"] == []
    assert phone.say(score=2, replaces=str(uuid.uuid4()), on=other)[1]["kept"] == []
    assert phone.say(score=2, replaces=mine, on=other)[1]["refused"] == {}


def test_each_side_is_corrected_by_itself(phone, today):
    def both(record):
        done = replace(record.procedures[-1], sites=parse_sites("bilateral L4-5, L5-S1"))
        return replace(record, procedures=(*record.procedures[:-1], done))

    change_record(phone.patient, None, None, both, "Both sides", today)
    left, _ = phone.say(score=8, side="left")
    phone.say(score=4, side="right")
    phone.say(score=2, side="right", replaces=left)  # the side is that of what it corrects
    assert sorted(phone.current()) == [(2, "left"), (4, "right")]


@pytest.mark.parametrize(
    ("sites", "language", "told"),
    [
        ("left L4-5, L5-S1", "en", "Treated on 3 Jun 2026: lower back, left side"),
        ("bilateral C4-5", "en", "Treated on 3 Jun 2026: neck, both sides"),
        ("right T11-12 L1-2", "es", "Tratamiento del 3 jun 2026: parte alta de la espalda y parte baja de la espalda, "
         "lado derecho"),
        ("L4-5", "en", "Treated on 3 Jun 2026: lower back"),
        (None, "es", "Tratamiento del 3 jun 2026"),
    ],
)  # fmt: skip
def test_the_day_and_the_part_of_the_body_are_said_in_plain_words(sites, language, told):
    procedure = Procedure(
        kind=Kind.MEDIAL_BRANCH_BLOCK, date=datetime.date(2026, 6, 3), sites=parse_sites(sites) if sites else None
    )
    assert which_treatment(procedure, language) == told


def test_the_diary_says_which_treatment_it_is_of(block, client, today):
    block.opened(client)
    shown = client.get(reverse("diary")).content.decode()
    assert "lower back, left side" in shown
    assert "L4-5" not in shown


def test_a_paper_diary_is_offered_without_any_link(clinic, signed_in, today):
    """For every block or injection of the record that is ours to write, whatever was sent."""
    from msgspec.structs import replace

    from facetwise.clinic.actions.patients import add_patient

    record = example_record("second-block-due", today)
    bare = tuple(replace(one, diary=None, id=f"p{place}") for place, one in enumerate(record.procedures))
    patient = add_patient(clinic.here, None, "H-2", "Lena Juniper", replace(record, procedures=bare), today)
    shown = signed_in("coordinator").get(reverse("patient", args=[patient.pk])).content.decode()
    for one in bare:
        assert reverse("paper-diary", args=[patient.pk, one.id]) in shown
    assert "Send the diary" not in shown, "its day is over"


def test_after_a_block_the_next_page_leads_to_its_diary(clinic, signed_in, today):
    given = {"version": "1", "kind": "medial_branch_block", "date": str(today), "left_levels": ["L4-5"]}
    page = signed_in("coordinator").post(reverse("new-procedure", args=[clinic.patient.pk]), given, follow=True)
    shown, procedure = page.content.decode(), refreshed(clinic).documented.procedures[-1].id
    message = shown[shown.index("The procedure is in the record") :].split("</p>")[0]
    assert f'href="{reverse("patient", args=[clinic.patient.pk])}?diary={procedure}#send-diary"' in message
    assert reverse("paper-diary", args=[clinic.patient.pk, procedure]) in message
    assert shown.index('id="diaries"') < shown.index('id="next"'), "on a phone it comes first"
    opened = signed_in("coordinator").get(f"{reverse('patient', args=[clinic.patient.pk])}?diary={procedure}")
    assert '<details id="send-diary" open>' in opened.content.decode()


def test_after_an_ablation_no_diary_is_offered(clinic, signed_in, today):
    given = {"version": "1", "kind": "radiofrequency_ablation", "date": str(today), "left_levels": ["L4-5"]}
    page = signed_in("coordinator").post(reverse("new-procedure", args=[clinic.patient.pk]), given, follow=True)
    shown = page.content.decode()
    assert "The procedure is in the record." in shown
    assert "Send the diary" not in shown


def test_a_link_that_cannot_be_made_keeps_what_was_typed(block):
    response = block.send(given_at="2020-01-01T10:00", language="es")
    shown = response.content.decode()
    assert response.status_code == 422
    assert '<details id="send-diary" open>' in shown
    assert 'value="2020-01-01T10:00"' in shown
    assert '<option value="es" selected>' in shown
    assert "given_at:" not in shown
