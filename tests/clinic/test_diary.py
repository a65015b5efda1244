"""The diary's link and what comes through it: once each, at its time, into the record; and who is kept out."""

import datetime
import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from facetwise.clinic.diary.texts import TEXTS
from facetwise.clinic.diary.times import times_asked


def entry(at, score=2, **changes):
    return {"key": str(uuid.uuid4()), "at": at.isoformat(), "score": score, "provoked": True} | changes


def opens(client) -> str:
    """What the diary's page says of itself."""
    from facetwise.clinic.models import PatientLink

    return PatientLink.objects.get(pk=client.session["diary"]).opens


def post(client, *entries, now=None, diary=None):
    message = {"diary": diary or opens(client), "now": (now or timezone.now()).isoformat(), "entries": entries}
    return client.post(reverse("diary-entries"), json.dumps(message), content_type="application/json")


def test_the_protocol_asks_often_in_the_first_hour_and_then_hourly():
    assert times_asked() == [15, 30, 45, 60, 120, 180, 240, 300, 360, 420, 480]


def test_every_text_is_there_in_both_languages():
    assert TEXTS["en"].keys() == TEXTS["es"].keys()
    assert all(TEXTS["en"][name] != TEXTS["es"][name] for name in TEXTS["en"])


def test_entries_come_into_the_record_and_the_block_is_judged(block, client, signed_in):
    block.opened(client)
    sent = [entry(block.given_at + datetime.timedelta(minutes=minutes), 1) for minutes in (20, 35, 45)]
    response = post(client, *sent)
    assert response.status_code == 200
    assert sorted(response.json()["kept"]) == sorted(one["key"] for one in sent)
    block.patient.refresh_from_db()
    diary = block.patient.documented.procedures[-1].diary
    assert [(one.minutes, one.score) for one in diary.entries] == [(20, 1), (35, 1), (45, 1)]
    shown = signed_in("clinician").get(reverse("patient", args=[block.patient.pk])).content.decode()
    assert "Block left L4-5, L5-S1, 88 % relief" in shown


def test_the_same_entry_twice_is_kept_once(block, client):
    block.opened(client)
    one = entry(timezone.now())
    assert post(client, one, one).json()["kept"] == [one["key"], one["key"]]
    assert post(client, one).json()["kept"] == [one["key"]]
    assert block.patient.links.get().entries.count() == 1
    assert [row["key"] for row in client.get(reverse("diary-state"), {"diary": opens(client)}).json()["entries"]] == [
        one["key"]
    ]


def test_a_wrong_clock_is_put_right_and_both_times_are_kept(block, client):
    block.opened(client)
    wrong = timezone.now() + datetime.timedelta(hours=5)
    post(client, entry(wrong - datetime.timedelta(minutes=10)), now=wrong)
    (kept,) = block.patient.links.get().entries.all()
    assert abs(kept.at - (timezone.now() - datetime.timedelta(minutes=10))) < datetime.timedelta(minutes=1)
    assert kept.device_at - kept.at > datetime.timedelta(hours=4)
    assert not kept.late


def test_what_came_long_after_its_moment_is_marked_late(block, client):
    block.opened(client)
    post(client, entry(block.given_at + datetime.timedelta(minutes=5)), entry(timezone.now()))
    late = [one.late for one in block.patient.links.get().entries.all()]
    assert late == [timezone.now() - block.given_at > datetime.timedelta(minutes=20), False]


@pytest.mark.parametrize("minutes", [-90, 25 * 60, 3 * 24 * 60])
def test_a_time_that_cannot_be_is_refused_and_the_others_are_kept(minutes, block, client):
    block.opened(client)
    wrong, right = entry(block.given_at + datetime.timedelta(minutes=minutes)), entry(timezone.now())
    answer = post(client, wrong, right).json()
    assert (answer["kept"], list(answer["refused"])) == ([right["key"]], [wrong["key"]])


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"now": "2026-01-01T00:00:00Z"}', b'{"diary": "x", "now": "2026-01-01T00:00:00", "entries": []}',
     b'{"diary": "x", "now": "2026-01-01T00:00:00Z", "entries": [{"key": "x", "at": "2026-01-01T00:00:00Z"}]}',
     b'{"diary": "x", "now": "2026-01-01T00:00:00Z", "entries": [], "more": 1}'],
)  # fmt: skip
def test_a_message_that_is_none_is_told_and_nothing_is_kept(body, block, client):
    block.opened(client)
    response = client.post(reverse("diary-entries"), body, content_type="application/json")
    assert response.status_code == 422
    assert block.patient.links.get().entries.count() == 0


def test_scores_out_of_range_are_told(block, client):
    block.opened(client)
    assert post(client, entry(timezone.now(), 11)).status_code == 422


def test_following_a_link_opens_nothing(block, client):
    """Scanners of mail follow links."""
    address = block.address()
    response = client.get(address)
    assert response.status_code == 200
    assert client.get(reverse("diary")).status_code == 410
    assert block.patient.links.get().opened_at is None
    shown = response.content.decode()
    assert "Kofi" not in shown
    assert str(block.patient.birth_year) not in shown


def test_a_forwarded_link_is_shut_after_five_wrong_years(block, client):
    address = block.address()
    for year in range(1900, 1905):
        assert client.post(address, {"birth_year": str(year)}).status_code == 403
    assert client.post(address, {"birth_year": str(block.patient.birth_year)}).status_code == 410
    assert client.get(reverse("diary")).status_code == 410


def test_a_link_taken_back_or_expired_or_replaced_shuts_the_diary(block, client, signed_in):
    address = block.address()
    block.opened(client, address)
    link = block.patient.links.get()
    signed_in("coordinator").post(reverse("revoke-link", args=[block.patient.pk, link.pk]))
    assert client.get(address).status_code == 410
    assert post(client, entry(timezone.now())).status_code == 410

    other = block.address()
    phone = block.opened(Client(), other)
    block.patient.links.filter(revoked_at=None).update(expires_at=timezone.now())
    assert phone.get(reverse("diary")).status_code == 410
    assert phone.get(reverse("diary-state")).status_code == 410

    third = block.address()
    block.send()
    assert Client().get(third).status_code == 410


def test_only_a_digest_of_the_token_is_kept(block):
    address = block.address()
    token = address.split("/")[2]
    link = block.patient.links.get()
    assert token not in [str(value) for value in vars(link).values()]
    assert len(link.digest) == 64


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"procedure": "none"}, "no such procedure"),
        ({"given_at": "2020-01-01T10:00"}, "not given then"),
        ({"given_at": "noon"}, "Give the time"),
        ({"given_at": ""}, "Give the time"),
        ({"language": "fr"}, "Accepted: en, es"),
    ],
)
def test_a_link_that_cannot_be_is_told(changes, told, block, signed_in):
    browser = signed_in("coordinator")
    given = {"procedure": block.procedure, "language": "en", "given_at": f"{block.given_at:%Y-%m-%dT%H:%M}"} | changes
    shown = browser.post(reverse("send-diary", args=[block.patient.pk]), given, follow=True).content.decode()
    assert block.patient.links.count() == 0
    assert told in shown


def test_the_diary_knows_no_name_and_no_staff_session(block, client, signed_in):
    phone = block.opened(signed_in("coordinator"))
    shown = phone.get(reverse("diary")).content.decode()
    assert "Kofi" not in shown
    assert "Here" not in shown
    assert phone.get(reverse("worklist")).status_code == 302


def test_both_sides_are_rated_apart_when_both_were_treated(block, client, signed_in, today):
    given = {
        "version": "2", "kind": "medial_branch_block", "date": str(today), "pain_before": "8",
        "left_levels": ["L4-5"], "right_levels": ["L4-5"],
    }  # fmt: skip
    signed_in("coordinator").post(reverse("new-procedure", args=[block.patient.pk]), given)
    block.patient.refresh_from_db()
    procedure = block.patient.documented.procedures[-1].id
    block.opened(client, block.address(procedure=procedure, language="es"))
    shown = client.get(reverse("diary")).content.decode()
    assert "Lado izquierdo" in shown
    assert 'name="scoreright"' in shown
    now = timezone.now()
    post(client, entry(now, 3, side="left"), entry(now, 6, side="right"))
    block.patient.refresh_from_db()
    diary = block.patient.documented.procedures[-1].diary
    assert [(one.side, one.score) for one in diary.entries] == [("left", 3), ("right", 6)]


def test_the_first_load_of_the_diary_is_small(block, client):
    block.opened(client)
    sizes = [len(client.get(reverse("diary")).content), len(client.get(reverse("diary-worker")).content)]
    from django.contrib.staticfiles import finders

    for name in ("diary.css", "diary-store.js", "diary-entries.js", "diary-sending.js", "diary.js", "icon.svg"):
        with open(finders.find(f"clinic/{name}"), "rb") as file:
            sizes.append(len(file.read()))
    assert sum(sizes) < 100_000


def test_scores_wait_for_the_pain_before(block, client, signed_in, today):
    from msgspec.structs import replace

    from facetwise.clinic.actions.diaries import diary_written, send_diary, take_entries
    from facetwise.clinic.actions.patients import change_record
    from facetwise.clinic.diary.wire import SentEntry

    def without_pain_before(record):
        *others, last = record.procedures
        return replace(record, procedures=(*others, replace(last, pain_before=None)))

    pain = block.patient.documented.procedures[-1].pain_before
    change_record(block.patient, None, None, without_pain_before, "Test", today)
    link, _ = send_diary(block.patient, block.people["clinician"], block.procedure, block.given_at, "en")
    at = block.given_at + datetime.timedelta(minutes=40)
    taken = take_entries(link, [SentEntry(uuid.uuid4(), at, 3)], timezone.now())
    assert len(taken.kept) == 1
    block.patient.refresh_from_db()
    *_, done = block.patient.documented.procedures
    assert done.diary is None
    assert len(diary_written(block.patient, replace(done, pain_before=pain)).diary.entries) == 1
    page = signed_in("clinician").get(reverse("patient", args=[block.patient.pk]))
    assert page.status_code == 200


def test_a_diary_of_a_procedure_that_was_withdrawn_is_over(block, client, signed_in):
    from facetwise.clinic.actions.diaries import send_diary
    from facetwise.clinic.models import PatientLink
    from facetwise.documents import DocumentError

    seen = type(block.patient).objects.get(pk=block.patient.pk)
    place = len(block.patient.documented.procedures) - 1
    address = reverse("withdraw-procedure", args=[block.patient.pk, place])
    block.opened(client)
    block.patient.refresh_from_db()
    diary = opens(client)
    signed_in("clinician").post(address, {"version": block.patient.version, "reason": "twice"})
    with pytest.raises(DocumentError, match="no such procedure"):
        send_diary(seen, block.people["clinician"], block.procedure, block.given_at, "en")
    PatientLink.objects.update(revoked_at=None)
    assert client.get(reverse("diary")).status_code == 410
    assert post(client, entry(timezone.now()), diary=diary).status_code == 410


def test_a_diary_takes_so_many_entries_and_says_when_it_is_full(block, client, monkeypatch):
    from facetwise.clinic.models import AccessEvent

    monkeypatch.setattr("facetwise.clinic.actions.diaries.MOST_ENTRIES", 3)
    block.opened(client)
    sent = [entry(block.given_at + datetime.timedelta(minutes=minutes)) for minutes in range(20, 25)]
    answer = post(client, *sent).json()
    assert len(answer["kept"]) == 3
    assert set(answer["refused"].values()) == {"The diary is full"}
    (by, about) = AccessEvent.objects.values_list("by", "about").get(what="diary entries arrived")
    assert by.startswith("link ")
    assert about.endswith(": 3 entries")


def test_scores_that_nobody_can_judge_yet_say_what_they_wait_for(block, client, signed_in):
    from msgspec.structs import replace

    from facetwise.clinic.actions.patients import change_record

    def without(record):
        *others, done = record.procedures
        return replace(record, procedures=(*others, replace(done, pain_before=None)))

    change_record(block.patient, None, None, without, "Test", timezone.localdate())
    block.opened(client)
    post(client, entry(block.given_at + datetime.timedelta(minutes=35)))
    shown = signed_in("clinician").get(reverse("patient", args=[block.patient.pk])).content.decode()
    assert "These scores cannot be judged: the pain just before is not documented" in shown
