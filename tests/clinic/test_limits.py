"""Who tries links or passwords without knowing them is slowed, whichever process answers."""

import datetime
import io
import logging

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from served import Visitor, served

from facetwise.clinic.actions.tries import COUNTED_FOR, MOST_TRIES
from facetwise.clinic.models import FailedTry

UNKNOWN = "/d/no-such-token/"


def try_often(client, times=MOST_TRIES, **given):
    return [client.get(UNKNOWN, **given).status_code for _ in range(times)]


def test_an_address_that_tries_many_links_is_refused_for_a_while(client, db):
    assert set(try_often(client)) == {410}
    refused = client.get(UNKNOWN)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == COUNTED_FOR.total_seconds()
    shown = refused.content.decode()
    assert "quarter of an hour" in shown
    assert "cuarto de hora" in shown
    assert client.post(UNKNOWN, {"birth_year": "1970"}).status_code == 429
    assert client.get(UNKNOWN, REMOTE_ADDR="192.0.2.7").status_code == 410
    FailedTry.objects.update(at=timezone.now() - COUNTED_FOR - datetime.timedelta(seconds=1))
    assert client.get(UNKNOWN).status_code == 410
    assert FailedTry.objects.count() == 1


def test_no_address_is_kept(client, db):
    try_often(client, 1, REMOTE_ADDR="192.0.2.7")
    assert "192.0.2.7" not in FailedTry.objects.get().address


def test_what_the_server_in_front_says_counts_behind_https_alone(client, db, settings):
    try_often(client, HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert client.get(UNKNOWN, HTTP_X_FORWARDED_FOR="192.0.2.8").status_code == 429
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get(UNKNOWN, HTTP_X_FORWARDED_FOR="192.0.2.9, 192.0.2.8").status_code == 410


def test_links_that_open_are_not_counted(clinic, client, signed_in):
    page = signed_in("coordinator").get(reverse("worklist"))
    assert page.status_code == 200
    assert FailedTry.objects.count() == 0


def test_failed_sign_ins_are_counted_over_all_processes(tmp_path):
    with served(tmp_path) as clinic:
        for number in range(10):
            guess = Visitor(clinic.url)
            guess.get("/accounts/login/")
            guess.post("/accounts/login/", {"login": f"guess-{number}", "password": "wrong"})
        visitor = Visitor(clinic.url)
        visitor.get("/accounts/login/")
        right = {"login": "demo-clinician", "password": clinic.passwords["demo-clinician"]}
        _, page = visitor.post("/accounts/login/", right)
        assert "Too many failed" in page
        assert "Sign out" not in page


# --- how much may be sent at once -----------------------------------------------------------------------------------


BEFORE, LARGEST = 128 << 10, 8 << 20
"""Bytes: what is taken of somebody who is not signed in, and of staff."""


@pytest.mark.parametrize("address", ["/accounts/login/", "/diary/entries/", "/aid/", "/patients/new/", "/"])
def test_what_is_sent_before_sign_in_is_small(address, client, db):
    assert client.post(address, b"x" * BEFORE, content_type="text/plain").status_code not in (411, 413)
    refused = client.post(address, b"x" * (BEFORE + 1), content_type="text/plain")
    assert refused.status_code == 413
    assert "128 KB" in refused.content.decode()


def test_staff_may_send_more_but_not_everything(signed_in):
    browser, address = signed_in("coordinator"), reverse("new-patient")
    assert browser.post(address, b"x" * LARGEST, content_type="text/plain").status_code == 422
    assert browser.post(address, b"x" * (LARGEST + 1), content_type="text/plain").status_code == 413


@pytest.mark.parametrize("length", ["9" * 5000, "-1e9", "many"])
def test_a_length_that_is_none_is_refused(length, client, db):
    assert client.post("/aid/", b"", content_type="text/plain", CONTENT_LENGTH=length).status_code == 413


def test_a_body_that_does_not_say_its_length_is_refused(client, db):
    response = client.post("/aid/", content_type="text/plain", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert response.status_code == 411


def test_nothing_of_what_is_refused_is_read(client, db):
    """The body is handed over as a stream that must not be touched."""

    class Untouched(io.BytesIO):
        def read(self, *_):
            raise AssertionError("read")

    given = {"wsgi.input": Untouched(b"x"), "CONTENT_LENGTH": str(BEFORE + 1), "REQUEST_METHOD": "POST"}
    assert client.request(PATH_INFO="/accounts/login/", CONTENT_TYPE="text/plain", **given).status_code == 413


def test_no_token_of_a_link_is_logged(settings):
    console = logging.StreamHandler(io.StringIO())
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        console.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    console.handle(logging.LogRecord("django.request", logging.WARNING, "", 0, "Gone: %s", ("/d/a_B-3/",), None))
    assert console.stream.getvalue() == "Gone: /d/…/\n"
