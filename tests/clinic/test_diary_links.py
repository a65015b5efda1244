"""Links that have expired, and reminders: what the patient can ask for, and what staff send and see."""

import datetime
import html
import logging
import re
import socketserver
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from facetwise.clinic.links.texts import TEXTS
from facetwise.clinic.mail_server import mail_server


@pytest.fixture
def expired(block):
    """A link whose time is over: its address, and how a new one is asked for."""
    block.link_address = block.address()
    block.patient.links.update(expires_at=timezone.now())
    block.ask = lambda year=block.patient.birth_year: Client().post(f"{block.link_address}again/", {"birth_year": year})
    return block


def needs(block) -> list[str]:
    return [one.kind for one in block.patient.needs.all() if one.kind == "link_asked"]


def page_of(block, signed_in) -> str:
    return signed_in("coordinator").get(reverse("patient", args=[block.patient.pk])).content.decode()


def test_every_text_is_there_in_both_languages():
    assert TEXTS["en"].keys() == TEXTS["es"].keys()
    assert all(TEXTS["en"][name] != TEXTS["es"][name] for name in TEXTS["en"])


def test_an_expired_link_offers_to_ask_for_a_new_one(expired, client):
    response = client.get(expired.link_address)
    assert response.status_code == 410
    assert "Ask for a new link" in response.content.decode()
    assert needs(expired) == []


def test_only_the_form_asks(expired, client):
    """Scanners of mail follow links."""
    assert client.get(f"{expired.link_address}again/").status_code == 405
    client.head(expired.link_address)
    assert expired.patient.links.get().asked_at is None


def test_staff_see_that_a_new_link_is_asked_for_until_it_is_made(expired, signed_in):
    response = expired.ask()
    assert "The clinic sees that you want a new link" in response.content.decode()
    assert needs(expired) == ["link_asked"]
    listed = signed_in("coordinator").get(reverse("worklist"), {"kind": "link_asked"}).content.decode()
    assert "New link asked for" in listed
    assert "Kofi Castle" in listed
    assert "The patient asked for a new link" in page_of(expired, signed_in)
    expired.send()
    assert needs(expired) == []
    assert "The patient asked for a new link" not in page_of(expired, signed_in)


def test_staff_may_decide_to_send_no_other(expired, signed_in):
    expired.ask()
    link = expired.patient.links.get()
    signed_in("coordinator").post(reverse("revoke-link", args=[expired.patient.pk, link.pk]))
    assert needs(expired) == []
    assert "The patient asked for a new link" not in page_of(expired, signed_in)
    assert Client().get(expired.link_address).status_code == 410


def test_asking_again_changes_nothing(expired):
    from facetwise.clinic.models import AccessEvent

    expired.ask()
    first = expired.patient.links.get().asked_at
    assert expired.ask().status_code == 200
    assert expired.patient.links.get().asked_at == first
    assert AccessEvent.objects.filter(what="new link asked for").count() == 1
    assert needs(expired) == ["link_asked"]
    assert "Ask for a new link" not in Client().get(expired.link_address).content.decode()


def test_who_asks_proves_the_birth_year_and_five_wrong_ones_shut_the_link(expired):
    for year in range(1900, 1904):
        response = expired.ask(year)
        assert response.status_code == 403
        assert "That is not the year we have" in response.content.decode()
    assert expired.ask(1904).status_code == 410
    assert expired.ask().status_code == 410
    assert expired.patient.links.get().asked_at is None
    assert needs(expired) == []


def test_nothing_is_asked_through_a_link_that_works_or_was_taken_back(block, signed_in):
    address = block.address()
    year = {"birth_year": block.patient.birth_year}
    assert Client().post(f"{address}again/", year).status_code == 410
    link = block.patient.links.get()
    signed_in("coordinator").post(reverse("revoke-link", args=[block.patient.pk, link.pk]))
    block.patient.links.update(expires_at=timezone.now())
    assert Client().post(f"{address}again/", year).status_code == 410
    assert "Ask for a new link" not in Client().get(address).content.decode()
    assert block.patient.links.get().asked_at is None


# --- reminders ------------------------------------------------------------------------------------------------------


@pytest.fixture
def reminding(block, signed_in):
    """A diary that is open on a phone, and how its reminder is made."""
    block.first = block.address()
    block.on_the_phone = block.opened(Client(), block.first)
    block.link = block.patient.links.get()
    block.reminder = reverse("remind-patient", args=[block.patient.pk, block.link.pk])
    block.remind = lambda **given: signed_in("coordinator").post(block.reminder, given)
    return block


def text_in(response) -> str:
    return html.unescape(re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', response.content.decode(), re.S)[1])


def test_a_reminder_has_a_new_link_and_the_phone_goes_on(reminding, client, signed_in):
    response = reminding.remind()
    text = text_in(response)
    address = re.search(r"http://testserver(/d/[\w-]+/)", text)[1]
    assert address != reminding.first
    assert Client().get(reminding.first).status_code == 410
    assert reminding.on_the_phone.get(reverse("diary")).status_code == 200
    reminding.opened(client, address)
    link = reminding.patient.links.get()
    assert (link.pk, link.reminded_by.username) == (reminding.link.pk, "coordinator")
    assert "Last reminded" in page_of(reminding, signed_in)
    assert "Last opened" in page_of(reminding, signed_in)


def test_looking_at_the_form_reminds_nobody(reminding, signed_in):
    assert signed_in("coordinator").get(reminding.reminder).status_code == 200
    assert Client().get(reminding.first).status_code == 200
    assert reminding.patient.links.get().reminded_at is None


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_text_knows_nothing_of_the_patient(language, block, signed_in):
    block.address(language=language)
    link = block.patient.links.get()
    response = signed_in("coordinator").post(reverse("remind-patient", args=[block.patient.pk, link.pk]))
    text = text_in(response)
    assert TEXTS[language]["reminder"].split(":")[0] in text
    for told in ("Kofi", "Castle", "H-1", str(block.patient.birth_year), "pain", "dolor", "diary", "diario"):
        assert told not in re.sub(r"/d/[\w-]+/", "", text)
    shown = response.content.decode()
    sms = html.unescape(re.search(r'href="(sms:[^"]*)"', shown)[1])
    mail = html.unescape(re.search(r'href="(mailto:[^"]*)"', shown)[1])
    assert parse_qs(urlsplit(sms).query)["body"] == [text]
    assert parse_qs(urlsplit(mail).query) == {"subject": [TEXTS[language]["subject"]], "body": [text]}


def test_nobody_is_reminded_of_a_link_that_opens_nothing(reminding):
    reminding.patient.links.update(expires_at=timezone.now())
    response = reminding.remind()
    assert response.status_code == 422
    assert "Make a new link" in response.content.decode()
    assert reminding.patient.links.get().reminded_at is None


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a message needs; the server says what it refuses."""

    def handle(self) -> None:
        self.say("220 here")
        for line in self.rfile:
            command = line.decode().strip().upper()
            self.server.heard.append(command)
            if command == "DATA":
                self.say("354 go on")
                self.server.messages.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.say("250 ok")
            elif command == "QUIT":
                self.say("221 bye")
                return
            elif command.startswith(self.server.refuses):
                self.say("550 no <secret@example.org>")
            else:
                self.say("250 ok")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail(settings):
    """A mail server on this machine, which the clinic is told to use."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), _Mail) as server:
        server.heard, server.messages, server.refuses = [], [], "NOTHING"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.DEFAULT_FROM_EMAIL, settings.CLINIC_SENDS_MAIL = "clinic@example.org", True
        yield server
        server.shutdown()


def test_a_reminder_is_sent_by_mail(reminding, mail, client, caplog):
    with caplog.at_level(logging.DEBUG):
        response = reminding.remind(email="kofi@example.org")
    assert "It was sent to kofi@example.org" in response.content.decode()
    (message,) = mail.messages
    assert "From: clinic@example.org" in message
    assert "To: kofi@example.org" in message
    assert "Castle" not in message
    address = re.search(r"http://testserver(/d/[\w-]+/)", message.replace("=\r\n", ""))[1]
    reminding.opened(client, address)
    link = reminding.patient.links.get()
    assert link.email == "kofi@example.org"
    assert link.reminded_at is not None
    assert "kofi@example.org" not in caplog.text
    from facetwise.clinic.models import AccessEvent

    assert not [one for one in AccessEvent.objects.all() if "example.org" in one.about + one.what]


def test_a_double_click_sends_one_mail(reminding, mail, signed_in):
    browser = signed_in("coordinator")
    form = {"email": "kofi@example.org", "form_key": browser.get(reminding.reminder).context["form_key"]}
    assert browser.post(reminding.reminder, form).status_code == 200
    again = browser.post(reminding.reminder, form)
    assert (again.status_code, again["Location"]) == (302, reverse("patient", args=[reminding.patient.pk]))
    assert len(mail.messages) == 1
    assert browser.post(reminding.reminder, form | {"form_key": "another"}).status_code == 200
    assert len(mail.messages) == 2


def test_a_form_that_failed_can_be_sent_again(reminding, mail, signed_in):
    browser = signed_in("coordinator")
    key = browser.get(reminding.reminder).context["form_key"]
    failed = browser.post(reminding.reminder, {"email": "kofi", "form_key": key})
    form = {"email": "kofi@example.org", "form_key": failed.context["form_key"]}
    assert browser.post(reminding.reminder, form).status_code == 200
    assert len(mail.messages) == 1


def test_an_address_that_is_too_long_is_told_and_nothing_is_sent(reminding, mail):
    domain = ".".join(["a" * 60] * 4)
    nothing_was_sent(reminding, reminding.remind(email=f"kofi@{domain}.example.org"), "no e-mail address")
    assert mail.messages == []


@pytest.mark.parametrize("change", [{"failures": 5}, {"expires_at": timezone.now()}, {"revoked_at": timezone.now()}])
def test_a_link_that_is_shut_while_the_mail_is_on_its_way_stays_as_it_was(change, reminding, monkeypatch):
    from facetwise.clinic.actions import reminders

    digest = reminding.link.digest
    monkeypatch.setattr(reminders, "_send", lambda *_: reminding.patient.links.update(**change))
    response = reminding.remind(email="kofi@example.org")
    assert response.status_code == 422
    assert "meanwhile" in response.content.decode()
    link = reminding.patient.links.get()
    assert (link.digest, link.reminded_at, link.email) == (digest, None, "")


@pytest.mark.parametrize(
    ("refuses", "told"), [("RCPT", "does not take this address"), ("MAIL", "did not take the message")]
)
def test_mail_that_is_refused_is_told_and_nothing_is_marked_as_sent(refuses, told, reminding, mail, caplog):
    mail.refuses = refuses
    response = reminding.remind(email="kofi@example.org")
    nothing_was_sent(reminding, response, told)
    assert 'value="kofi@example.org"' in response.content.decode()
    assert "secret@example.org" not in response.content.decode() + caplog.text


def test_a_mail_server_that_is_not_there_is_told(reminding, mail, settings):
    mail.shutdown()
    mail.server_close()
    nothing_was_sent(reminding, reminding.remind(email="kofi@example.org"), "did not take the message")


@pytest.mark.parametrize("email", ["kofi", "kofi@", "kofi@example.org\nBcc: eve@example.org"])
def test_an_address_that_is_none_is_told(email, reminding, mail):
    nothing_was_sent(reminding, reminding.remind(email=email), "no e-mail address")
    assert mail.messages == []


def test_without_a_mail_server_no_mail_is_promised(reminding):
    nothing_was_sent(reminding, reminding.remind(email="kofi@example.org"), "has no mail server")


def nothing_was_sent(reminding, response, told) -> None:
    assert response.status_code == 422
    assert told in response.content.decode()
    link = reminding.patient.links.get()
    assert (link.reminded_at, link.email) == (None, "")
    assert Client().get(reminding.first).status_code == 200


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("smtp+tls://me:p%40ss@mail.example.org", ("mail.example.org", 587, "me", "p@ss", True, False)),
        ("smtps://mail.example.org:4650", ("mail.example.org", 4650, "", "", False, True)),
        ("smtp://localhost", ("localhost", 25, "", "", False, False)),
    ],
)
def test_how_a_mail_server_is_named(url, read):
    assert mail_server(url, "clinic@example.org") == (*read, "clinic@example.org")


@pytest.mark.parametrize(
    ("url", "sender"), [("mail.example.org", "a@b.org"), ("https://mail.example.org", "a@b.org"), ("smtp://x", None)]
)
def test_a_mail_server_that_is_named_wrongly_is_told(url, sender):
    with pytest.raises(ImproperlyConfigured, match="FACETWISE_CLINIC_MAIL"):
        mail_server(url, sender)


def test_no_mail_server_sends_no_mail():
    assert mail_server(None, "clinic@example.org") is None
    assert mail_server("", None) is None


# --- due ------------------------------------------------------------------------------------------------------------


def state(**changes):
    """A link of a diary, as what is needed is worked out from it."""
    from facetwise.clinic.links.models import Purpose
    from facetwise.clinic.links.needs import LinkState

    noon = timezone.make_aware(datetime.datetime(2026, 3, 2, 12))
    given = {
        "purpose": Purpose.DIARY, "procedure": "p", "given_at": noon, "made_at": noon, "asked_at": None,
        "expires_at": noon + datetime.timedelta(days=3), "last_at": None,
    }  # fmt: skip
    return LinkState(**given | changes), noon


def due(link, diary=None):
    from facetwise.clinic.links.needs import needs_of_links
    from facetwise.records import Kind, PainScore, Patient, Procedure, Record, Sedation

    block = Procedure(
        id="p", kind=Kind.MEDIAL_BRANCH_BLOCK, date=datetime.date(2026, 3, 2), pain_before=PainScore(score=8),
        diary=diary, sedation=Sedation.NONE,
    )  # fmt: skip
    return list(needs_of_links([link], Record(patient=Patient(id="x"), procedures=(block,))))


def hours_of(needs, noon):
    hour = datetime.timedelta(hours=1)
    return [((one.shown_from - noon) / hour, (one.shown_until - noon) / hour) for one in needs]


def test_a_diary_without_entries_is_due_after_an_hour_and_after_its_end():
    link, noon = state()
    assert hours_of(due(link), noon) == [(1, 8), (8, 72)]


def test_every_entry_gives_an_hour_and_one_that_can_be_judged_ends_it():
    from facetwise.records import Diary, DiaryEntry

    link, noon = state(last_at=timezone.make_aware(datetime.datetime(2026, 3, 2, 13, 30)))
    judged = Diary(entries=(DiaryEntry(minutes=90, score=1, provoked=True),))
    assert hours_of(due(link, judged), noon) == [(2.5, 8)]


def test_a_diary_that_entries_would_not_help_is_not_called_about():
    from facetwise.records import Diary, DiaryEntry

    link, noon = state(last_at=timezone.make_aware(datetime.datetime(2026, 3, 2, 19, 30)))
    slept = Diary(entries=(DiaryEntry(minutes=450, asleep=True),))
    assert hours_of(due(link, slept), noon) == []


def test_the_worklist_shows_it_when_its_hour_has_come(block, signed_in):
    def listed() -> str:
        return signed_in("coordinator").get(reverse("worklist"), {"when": "all"}).content.decode()

    block.send()
    assert block.patient.needs.filter(kind="diary_due").count() == 2
    assert "Diary due" not in listed().split("<tbody>")[1]
    now, minute = timezone.now(), datetime.timedelta(minutes=1)
    first = block.patient.needs.filter(kind="diary_due").earliest("shown_from")
    block.patient.needs.filter(pk=first.pk).update(shown_from=now - minute, since=timezone.localdate())
    assert "The diary runs now; nothing since" in listed()
    page = signed_in("coordinator").get(reverse("worklist"), {"kind": "diary_due"}).context["page"]
    assert [one.pk for one in page] == [block.patient.pk]
    block.patient.needs.filter(pk=first.pk).update(shown_until=now - minute)
    assert "Diary due" not in listed().split("<tbody>")[1]
