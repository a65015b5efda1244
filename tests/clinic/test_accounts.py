"""Pages about one's own account: our words, no mail promised, and signing in with a second factor to the end."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from browsers import DESK, PHONE, in_a_browser, is_it_you, page_of
from browsers import sign_in as sign_in_at
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

PASSWORD = "a-long-password-1"
FOREIGN = re.compile(r"e-?mail|two-factor|authenticat(e|ion)\b(?!\.)|sign up|deactivate|username", re.IGNORECASE)
"""Words of the stock pages."""


def code_of(secret: str) -> str:
    """What an authenticator app shows now, by RFC 6238."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def with_password(who: str = "clinician") -> tuple[Client, str]:
    """A browser after the password, and where it is sent."""
    client = Client()
    response = client.post(reverse("account_login"), {"login": who, "password": PASSWORD})
    assert response.status_code == 302
    return client, response["Location"]


def inside(secret: str) -> Client:
    """A browser that has just given both factors, and the code once more, as what changes an account asks for."""
    client, where = with_password()
    assert client.post(where, {"code": code_of(secret)}).status_code == 302
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302
    return client


def text_of(response) -> str:
    """What somebody reads of a page."""
    assert response.status_code == 200
    whole = response.content.decode()
    assert "</header>" in whole
    assert "clinic.css" in whole
    return re.sub(r"<[^>]+>", " ", whole[whole.index("<main") :])


@pytest.fixture
def secret(clinic) -> str:
    """The secret of the clinician, whose second factor is set up in between."""
    client, _ = with_password()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    shown = client.get(reverse("mfa_activate_totp"))
    assert not FOREIGN.search(text_of(shown))
    secret = re.search(r'class="secret">([A-Z2-7]+)<', shown.content.decode())[1]
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Incorrect code." in text_of(wrong)
    assert secret in wrong.content.decode()
    done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    cache.clear()  # each code is good once; half a minute later there is another
    return secret


def test_signing_in_takes_the_code_of_the_app(clinic, secret):
    client, where = with_password()
    assert where.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("worklist")).status_code == 302
    assert not FOREIGN.search(text_of(client.get(where)))
    assert "Incorrect code." in text_of(client.post(where, {"code": "000000"}))
    assert client.post(where, {"code": code_of(secret)})["Location"] == reverse("home")
    assert client.get(reverse("worklist")).status_code == 200
    assert client.get(reverse("account_login")).status_code == 302
    again, where = with_password()
    assert "Incorrect code." in text_of(again.post(where, {"code": code_of(secret)}))


def test_a_recovery_code_lets_in_once(clinic, secret):
    client = inside(secret)
    shown = client.get(reverse("mfa_view_recovery_codes"))
    assert "10 of 10 are left" in text_of(shown)
    codes = re.findall(r"<li><code>([^<]+)</code>", shown.content.decode())
    assert len(codes) == 10
    assert codes[0] in client.get(reverse("mfa_download_recovery_codes")).content.decode()
    for code, let_in in ((codes[0], True), (codes[0], False), (codes[1], True)):
        other, where = with_password()
        assert (other.post(where, {"code": code}).status_code == 302) is let_in
    assert "8 are left" in text_of(client.get(reverse("mfa_index")))
    assert "(8)" in text_of(client.get(reverse("mfa_generate_recovery_codes")))
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    other, where = with_password()
    assert other.post(where, {"code": codes[2]}).status_code == 200


def test_it_is_switched_off_again(clinic, secret):
    client = inside(secret)
    assert "Switch the second factor off?" in text_of(client.get(reverse("mfa_deactivate_totp")))
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    _, where = with_password()
    assert where == reverse("home")


@pytest.mark.parametrize(
    "name",
    [
        "account_login", "account_reset_password", "account_inactive", "account_logout", "account_change_password",
        "account_reauthenticate", "mfa_index", "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    ],
)  # fmt: skip
def test_every_page_is_ours_and_promises_no_mail(name, clinic, secret):
    client = Client() if name in ("account_login", "account_reset_password", "account_inactive") else inside(secret)
    text = text_of(client.get(reverse(name)))
    if name == "account_reset_password":
        assert "Facetwise sends no mail about passwords." in text
        assert "facetwise clinic set-password" in text
    assert not FOREIGN.search(text.replace("Facetwise sends no mail", "")), FOREIGN.search(text)


def test_whoever_signed_in_long_ago_does_so_again_before_anything_of_the_account_changes(clinic, signed_in):
    client = signed_in("clinician")
    response = client.get(reverse("mfa_activate_totp"), follow=True)
    assert response.redirect_chain[0][0].startswith(reverse("account_reauthenticate"))
    assert "Is it you?" in text_of(response)
    assert "Incorrect password." in text_of(client.post(reverse("account_reauthenticate"), {"password": "wrong"}))
    given = {"password": PASSWORD, "next": reverse("mfa_activate_totp")}
    assert client.post(reverse("account_reauthenticate"), given)["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "email/", "confirm-email/", "confirm-email/abc/", "password/set/", "password/reset/done/",
        "password/reset/key/1-abc/", "password/reset/key/done/", "login/code/confirm/", "social/login/error/",
        "3rdparty/", "sessions/",
    ],
)  # fmt: skip
def test_what_no_clinic_needs_is_not_there(address, clinic, signed_in):
    for client in (Client(), signed_in("clinician")):
        assert client.get(f"/accounts/{address}").status_code == 404
        assert client.post(f"/accounts/{address}", {"email": "a@b.c"}).status_code == 404


def test_the_sign_in_page_says_what_to_do_about_a_forgotten_password(client, clinic):
    assert reverse("account_reset_password") in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("account_reset_password"), {"email": "a@b.c"}).status_code == 405


@in_a_browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_second_factor_is_set_up_and_used_on_pages_that_hold(size, server, browser):
    from test_accessibility import faults

    found = []
    try:
        with page_of(browser, size) as page:
            sign_in_at(page, server, "demo-coordinator")
            page.goto(f"{server.url}/accounts/2fa/totp/activate/")
            found += faults(page)
            is_it_you(page, server, "demo-coordinator")
            for where in (".qr", ".secret"):
                box = page.locator(where).bounding_box()
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= size["width"]
            assert page.evaluate("document.querySelector('.qr').naturalWidth") > 0
            found += faults(page)
            page.get_by_label("Code of the app").fill(code_of(page.locator(".secret").inner_text()))
            page.get_by_role("button", name="Switch it on").click()
            recovery = page.locator(".codes code").first.inner_text()
            for path in ("", "reauthenticate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"):
                page.goto(f"{server.url}/accounts/2fa/{path}")
                found += faults(page)
                assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        with page_of(browser, size) as page:
            page.goto(f"{server.url}/accounts/login/")
            page.get_by_label("User name").fill("demo-coordinator")
            page.get_by_label("Password").fill(server.passwords["demo-coordinator"])
            page.get_by_role("button", name="Sign in").click()
            found += faults(page)
            page.get_by_label("Code").fill(recovery)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(re.compile("worklist"))
    finally:
        server.run("drop-second-factor", "demo-coordinator")
    assert found == []
