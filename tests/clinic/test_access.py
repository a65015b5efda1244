"""Every page for everybody: what each may see is a table, and no address is left out of it."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

EVERYBODY = ["clinician", "coordinator", "administrator", "stranger", None]
SIGN_IN = 302
PAGES = {  # name, method: status for clinician, coordinator, administrator, stranger from another clinic, nobody
    ("worklist", "get"): (200, 200, 403, 200, SIGN_IN),
    ("new-patient", "get"): (200, 200, 403, 200, SIGN_IN),
    ("new-patient", "post"): (422, 422, 403, 422, SIGN_IN),
    ("claims", "get"): (200, 200, 403, 200, SIGN_IN),
    ("claims", "post"): (422, 422, 403, 422, SIGN_IN),
    ("patient", "get"): (200, 200, 403, 404, SIGN_IN),
    ("answer-question", "post"): (302, 302, 403, 404, SIGN_IN),
    ("answer-step", "post"): (302, 403, 403, 404, SIGN_IN),
    ("new-procedure", "get"): (200, 200, 403, 404, SIGN_IN),
    ("new-procedure", "post"): (422, 422, 403, 404, SIGN_IN),
    ("for-the-patient", "get"): (200, 200, 403, 404, SIGN_IN),
    ("export-patient", "post"): (200, 200, 403, 404, SIGN_IN),
    ("send-diary", "post"): (302, 302, 403, 404, SIGN_IN),
    ("revoke-diary", "post"): (404, 404, 403, 404, SIGN_IN),
    ("diary-link", "get"): (410, 410, 410, 410, 410),
    ("diary-link", "post"): (410, 410, 410, 410, 410),
    ("diary", "get"): (410, 410, 410, 410, 410),
    ("diary-state", "get"): (410, 410, 410, 410, 410),
    ("diary-entries", "post"): (410, 410, 410, 410, 410),
    ("diary-worker", "get"): (200, 200, 200, 200, 200),
    ("trail", "get"): (403, 403, 200, 403, SIGN_IN),
    ("home", "get"): (302, 302, 302, 302, SIGN_IN),
    ("healthy", "get"): (200, 200, 200, 200, 200),
}
FURTHER = {"diary-link": ["no-such-token"], "for-the-patient": ["understand", "es"], "revoke-diary": [0]}
OF_A_PATIENT = (
    "export-patient",
    "send-diary",
    "revoke-diary",
    "patient",
    "answer-question",
    "answer-step",
    "new-procedure",
    "for-the-patient",
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: " ".join(page))
def test_who_may_see_a_page(page, clinic, signed_in):
    name, method = page
    first = [clinic.patient.pk] if name in OF_A_PATIENT else []
    address = reverse(name, args=[*first, *FURTHER.get(name, [])])
    answered = []
    for who in EVERYBODY:
        response = getattr(signed_in(who), method)(address)
        answered.append(response.status_code)
        if response.status_code == SIGN_IN and who is None:
            assert response["Location"].startswith(reverse("account_login"))
        assert {"no-store", "no-cache"} & set(response["Cache-Control"].split(", ")), "pages are kept by no browser"
        if response.status_code in (403, 404):
            assert b"Kofi" not in response.content
    assert tuple(answered) == PAGES[page]


def test_no_address_is_left_out():
    def named(patterns):
        for one in patterns:
            if isinstance(one, URLResolver):
                if "allauth" not in str(one.urlconf_name):
                    yield from named(one.url_patterns)
            elif isinstance(one, URLPattern):
                yield one.name

    assert set(named(get_resolver().url_patterns)) - {"account_signup"} == {name for name, _ in PAGES}


def test_a_person_of_no_clinic_is_told_so(clinic, signed_in):
    clinic.people["coordinator"].memberships.all().delete()
    response = signed_in("coordinator").get(reverse("home"))
    assert response.status_code == 403
    assert b"no clinic" in response.content


def test_a_clinic_may_ask_for_the_second_factor(clinic, signed_in):
    clinic.here.second_factor_required = True
    clinic.here.save()
    response = signed_in("clinician").get(reverse("worklist"))
    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_activate_totp")
    assert signed_in("clinician").get(reverse("account_logout")).status_code == 200
    assert signed_in("stranger").get(reverse("worklist")).status_code == 200


def test_nobody_registers(client, db):
    assert client.get("/accounts/signup/").status_code == 302
    assert client.post("/accounts/signup/", {"username": "eve"}).status_code == 302


def test_who_guesses_passwords_is_locked_out(clinic, client):
    login = reverse("account_login")
    for _ in range(5):
        client.post(login, {"login": "clinician", "password": "wrong"})
    response = client.post(login, {"login": "clinician", "password": "a-long-password-1"})
    assert response.status_code in (200, 403, 429)
    assert "_auth_user_id" not in client.session


def test_the_right_password_opens(clinic, client):
    response = client.post(reverse("account_login"), {"login": "clinician", "password": "a-long-password-1"})
    assert response.status_code == 302
    assert client.get(reverse("home"))["Location"] == reverse("worklist")


def test_pages_let_no_foreign_script_in(clinic, signed_in):
    response = signed_in("clinician").get(reverse("patient", args=[clinic.patient.pk]))
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    text = response.content.decode()
    assert "<script" not in text
    assert "style=" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
