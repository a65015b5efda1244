"""Two links in one browser, and a patient where staff were signed in: what belongs to one never reaches the other."""

import datetime
import json
import re
import uuid

import pytest
from conftest import PASSWORD, address_in
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from facetwise.clinic.actions.patients import add_patient
from facetwise.clinic.models import AccessEvent, DiaryEntry
from facetwise.examples import example_record


@pytest.fixture
def two(block, signed_in, today):
    """A second patient with a block, diary and decision aid sent to both."""
    block.second = add_patient(
        block.here, None, "H-2", "Lena Juniper", example_record("second-block-due", today), today
    )
    given = {"version": "1", "kind": "medial_branch_block", "date": str(today), "left_levels": ["L4-5"]}
    given["pain_before"] = "8"
    staff = signed_in("coordinator")
    staff.post(reverse("new-procedure", args=[block.second.pk]), given)
    block.second.refresh_from_db()
    sent = {"procedure": block.second.documented.procedures[-1].id, "given_at": f"{block.given_at:%Y-%m-%dT%H:%M}"}

    def open_second(client, name="send-diary") -> Client:
        address = address_in(staff.post(reverse(name, args=[block.second.pk]), sent | {"language": "en"}))
        assert client.post(address, {"birth_year": block.second.birth_year}).status_code == 302
        return client

    block.open_second = open_second
    return block


def settings_of(client) -> dict:
    page = client.get(reverse("diary")).content.decode()
    return json.loads(re.search(r'<script id="settings" type="application/json">(.*?)</script>', page, re.S)[1])


def send(client, diary, **changes):
    now = timezone.now().isoformat()
    entry = {"key": str(uuid.uuid4()), "at": now, "score": 3, "provoked": True} | changes
    message = {"diary": diary, "now": now, "entries": [entry]}
    return client.post(reverse("diary-entries"), json.dumps(message), content_type="application/json")


def scores(patient) -> list[int]:
    return [one.score for one in DiaryEntry.objects.filter(link__patient=patient)]


def test_a_page_that_is_still_open_writes_into_no_other_patient(two, client):
    first = settings_of(two.opened(client))["diary"]
    second = settings_of(two.open_second(client))["diary"]
    assert first != second
    assert send(client, first, score=9).status_code == 409
    assert client.get(reverse("diary-state"), {"diary": first}).status_code == 409
    assert (scores(two.patient), scores(two.second)) == ([], [])
    assert send(client, second, score=4).status_code == 200
    assert (scores(two.patient), scores(two.second)) == ([], [4])


def test_a_message_that_names_no_diary_is_refused(two, client):
    two.opened(client)
    now = timezone.now().isoformat()
    message = json.dumps({"now": now, "entries": []})
    assert client.post(reverse("diary-entries"), message, content_type="application/json").status_code == 422


def test_an_aid_that_is_still_open_answers_for_no_other_patient(two, client, signed_in):
    address = address_in(signed_in("coordinator").post(reverse("send-aid", args=[two.patient.pk]), {"language": "es"}))
    client.post(address, {"birth_year": two.patient.birth_year})
    opens = re.search(r'name="opens" value="(\w+)"', client.get(reverse("aid")).content.decode())[1]
    two.open_second(client, "send-aid")
    response = client.post(reverse("aid"), {"own_question": "I am Kofi", "opens": opens})
    assert response.status_code == 409
    shown = response.content.decode()
    assert "open your link again" in shown
    assert "abra otra vez su enlace" in shown
    assert not any(link.answers.exists() for link in two.second.links.all())


def test_what_a_page_says_of_itself_tells_nothing(two, client):
    diary = settings_of(two.opened(client))["diary"]
    assert re.fullmatch(r"[0-9a-f]{64}", diary)


def test_a_page_under_an_earlier_link_of_the_same_procedure_goes_on(two, client):
    """What waits on a phone when staff send another link for the same procedure arrives by that one, once."""
    first = settings_of(two.opened(client))["diary"]
    key = str(uuid.uuid4())
    assert send(client, first, key=key).status_code == 200
    two.opened(client)
    assert settings_of(client)["diary"] == first
    assert send(client, first, key=key).json()["kept"] == [key]
    assert len(scores(two.patient)) == 1
    assert [one["key"] for one in client.get(reverse("diary-state"), {"diary": first}).json()["entries"]] == [key]


# --- staff and patients in one browser ------------------------------------------------------------------------------


def test_a_link_signs_staff_out_and_the_trail_says_so(block, signed_in):
    browser = signed_in("coordinator")
    block.opened(browser)
    assert browser.get(reverse("worklist")).status_code == 302
    assert AccessEvent.objects.filter(by="coordinator", what="signed out").count() == 1


def test_who_signs_in_shuts_what_a_patient_had_open(block, client):
    block.opened(client)
    client.post(reverse("account_login"), {"login": "coordinator", "password": PASSWORD})
    assert client.get(reverse("worklist")).status_code == 200
    assert client.get(reverse("diary")).status_code == 410
    assert client.session.get_expire_at_browser_close()


def test_a_birth_year_that_is_removed_opens_nothing(block, client):
    address = block.address()
    type(block.patient).objects.update(birth_year=None)
    for year in ("None", "", " None "):
        assert client.post(address, {"birth_year": year}).status_code == 403
    assert client.get(reverse("diary")).status_code == 410


# --- the time of the anaesthetic ------------------------------------------------------------------------------------


def minutes(block) -> list[int]:
    block.patient.refresh_from_db()
    diary = block.patient.documented.procedures[-1].diary
    return [one.minutes for one in diary.entries] if diary else []


def test_a_corrected_time_of_the_anaesthetic_moves_every_entry(block, client, signed_in):
    phone = block.opened(client)
    given_at = timezone.localtime(block.patient.links.get().given_at)
    if given_at + datetime.timedelta(minutes=12) > timezone.now():
        pytest.skip("too early in the day")
    at = (given_at + datetime.timedelta(minutes=10)).isoformat()
    before = (given_at + datetime.timedelta(minutes=2)).isoformat()
    send(phone, settings_of(phone)["diary"], at=at)
    send(phone, settings_of(phone)["diary"], at=before)
    assert minutes(block) == [2, 10]
    other = f"{given_at + datetime.timedelta(minutes=4):%Y-%m-%dT%H:%M}"
    address = block.address(given_at=other)
    assert minutes(block) == [6]
    shown = signed_in("clinician").get(reverse("patient", args=[block.patient.pk])).content.decode()
    assert "does not count" in shown
    assert "−0:02 h" in shown
    phone = block.opened(client, address)
    send(phone, settings_of(phone)["diary"], at=(given_at + datetime.timedelta(minutes=11)).isoformat())
    assert minutes(block) == [6, 7]
    block.send()
    assert minutes(block) == [2, 10, 11]


# --- entries that cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"asleep": True}, "asleep"),
        ({"side": "right"}, "right side was not treated"),
        ({"at": "9999-12-31T23:59:59Z"}, "day after the procedure"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "day after the procedure"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_its_reason(changes, told, block, client):
    phone = block.opened(client)
    taken = send(phone, settings_of(phone)["diary"], **changes).json()
    assert taken["kept"] == []
    (why,) = taken["refused"].values()
    assert told in why


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
def test_a_clock_at_the_end_of_the_calendar_breaks_nothing(now, block, client):
    phone = block.opened(client)
    entries = [{"key": str(uuid.uuid4()), "at": at} for at in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00")]
    message = json.dumps({"diary": settings_of(phone)["diary"], "now": now, "entries": entries})
    response = phone.post(reverse("diary-entries"), message, content_type="application/json")
    assert response.status_code == 200
    assert entries[1 if now.startswith("9") else 0]["key"] in response.json()["refused"]


def test_the_side_that_was_treated_may_be_named(block, client):
    phone = block.opened(client)
    assert send(phone, settings_of(phone)["diary"], side="left").json()["kept"]
