"""Every page for everybody: what each may see is a table, and no address is left out of it."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

EVERYBODY = ["clinician", "coordinator", "administrator", "stranger", None]
SIGN_IN = 302
PAGES = {  # name, method: status for clinician, coordinator, administrator, stranger from another clinic, nobody
    ("worklist", "get"): (200, 200, 403, 200, SIGN_IN),
    ("search", "post"): (302, 302, 403, 302, SIGN_IN),
    ("save-view", "post"): (302, 302, 403, 302, SIGN_IN),
    ("forget-view", "post"): (404, 404, 403, 404, SIGN_IN),
    ("new-patient", "get"): (200, 200, 403, 200, SIGN_IN),
    ("new-patient", "post"): (422, 422, 403, 422, SIGN_IN),
    ("claims", "get"): (200, 200, 403, 200, SIGN_IN),
    ("claims", "post"): (422, 422, 403, 422, SIGN_IN),
    ("patient", "get"): (200, 200, 403, 404, SIGN_IN),
    ("answer-question", "post"): (409, 409, 403, 404, SIGN_IN),
    ("answer-step", "post"): (422, 403, 403, 404, SIGN_IN),
    ("new-procedure", "get"): (200, 200, 403, 404, SIGN_IN),
    ("new-procedure", "post"): (422, 422, 403, 404, SIGN_IN),
    ("correct-procedure", "get"): (200, 200, 403, 404, SIGN_IN),
    ("correct-procedure", "post"): (422, 422, 403, 404, SIGN_IN),
    ("withdraw-procedure", "post"): (302, 302, 403, 404, SIGN_IN),
    ("record", "get"): (200, 200, 403, 404, SIGN_IN),
    ("record", "post"): (422, 422, 403, 404, SIGN_IN),
    ("record-version", "get"): (200, 200, 403, 404, SIGN_IN),
    ("restore-record", "post"): (302, 302, 403, 404, SIGN_IN),
    ("letters", "get"): (200, 200, 403, 404, SIGN_IN),
    ("letters", "post"): (422, 422, 403, 404, SIGN_IN),
    ("letter-pdf", "post"): (422, 422, 403, 404, SIGN_IN),
    ("letter-print", "post"): (422, 422, 403, 404, SIGN_IN),
    ("send-letter", "post"): (422, 422, 403, 404, SIGN_IN),
    ("sent-letter", "get"): (404, 404, 403, 404, SIGN_IN),
    ("sent-letter-pdf", "get"): (404, 404, 403, 404, SIGN_IN),
    ("for-the-patient", "get"): (200, 200, 403, 404, SIGN_IN),
    ("sides-apart", "post"): (302, 302, 403, 404, SIGN_IN),
    ("export-patient", "post"): (200, 200, 403, 404, SIGN_IN),
    ("send-diary", "post"): (422, 422, 403, 404, SIGN_IN),
    ("paper-diary", "get"): (404, 404, 403, 404, SIGN_IN),
    ("paper-diary", "post"): (404, 404, 403, 404, SIGN_IN),
    ("send-aid", "post"): (302, 302, 403, 404, SIGN_IN),
    ("aid-answers", "get"): (404, 404, 403, 404, SIGN_IN),
    ("revoke-link", "post"): (404, 404, 403, 404, SIGN_IN),
    ("remind-patient", "get"): (404, 404, 403, 404, SIGN_IN),
    ("remind-patient", "post"): (404, 404, 403, 404, SIGN_IN),
    ("patient-link", "get"): (410, 410, 410, 410, 410),
    ("patient-link", "post"): (410, 410, 410, 410, 410),
    ("ask-again", "post"): (410, 410, 410, 410, 410),
    ("aid", "get"): (410, 410, 410, 410, 410),
    ("aid", "post"): (410, 410, 410, 410, 410),
    ("understand", "get"): (410, 410, 410, 410, 410),
    ("diary", "get"): (410, 410, 410, 410, 410),
    ("diary-state", "get"): (410, 410, 410, 410, 410),
    ("diary-entries", "post"): (410, 410, 410, 410, 410),
    ("diary-worker", "get"): (200, 200, 200, 200, 200),
    ("account_reset_password", "get"): (200, 200, 200, 200, 200),
    ("policies", "get"): (200, 200, 200, 200, SIGN_IN),
    ("compare-policies", "get"): (200, 200, 200, 200, SIGN_IN),
    ("policy", "get"): (200, 200, 200, 404, SIGN_IN),
    ("policy-versions", "get"): (200, 200, 200, 404, SIGN_IN),
    ("new-policy", "get"): (200, 403, 200, 200, SIGN_IN),
    ("new-policy", "post"): (422, 403, 422, 422, SIGN_IN),
    ("change-policy", "get"): (200, 403, 200, 404, SIGN_IN),
    ("change-policy", "post"): (422, 403, 422, 404, SIGN_IN),
    ("restore-policy", "post"): (302, 403, 302, 404, SIGN_IN),
    ("use-policy", "post"): (302, 403, 302, 404, SIGN_IN),
    ("people", "get"): (403, 403, 200, 403, SIGN_IN),
    ("add-person", "post"): (403, 403, 422, 403, SIGN_IN),
    ("ask-person", "post"): (403, 403, 422, 403, SIGN_IN),
    ("withdraw-invitation", "post"): (403, 403, 404, 403, SIGN_IN),
    ("person", "get"): (403, 403, 200, 403, SIGN_IN),
    ("change-role", "post"): (403, 403, 302, 403, SIGN_IN),
    ("remove-person", "post"): (403, 403, 302, 403, SIGN_IN),
    ("give-password", "post"): (403, 403, 200, 403, SIGN_IN),
    ("unlock-person", "post"): (403, 403, 302, 403, SIGN_IN),
    ("drop-second-factor", "post"): (403, 403, 302, 403, SIGN_IN),
    ("own-clinics", "get"): (200, 200, 200, 200, SIGN_IN),
    ("choose-clinic", "post"): (404, 404, 404, 404, SIGN_IN),
    ("answer-invitation", "post"): (404, 404, 404, 404, SIGN_IN),
    ("settings", "get"): (403, 403, 200, 403, SIGN_IN),
    ("settings", "post"): (403, 403, 422, 403, SIGN_IN),
    ("dashboard", "get"): (200, 200, 200, 200, SIGN_IN),
    ("dashboard-again", "post"): (302, 302, 302, 302, SIGN_IN),
    ("trail", "get"): (403, 403, 200, 403, SIGN_IN),
    ("trail", "post"): (403, 403, 302, 403, SIGN_IN),
    ("trail-export", "post"): (403, 403, 200, 403, SIGN_IN),
    ("trail-check", "post"): (403, 403, 200, 403, SIGN_IN),
    ("home", "get"): (302, 302, 302, 302, SIGN_IN),
    ("healthy", "get"): (200, 200, 200, 200, 200),
}
FURTHER = {
    "correct-procedure": [0],
    "withdraw-procedure": [0],
    "record-version": [1],
    "restore-record": [1],
    "forget-view": [0],
    "patient-link": ["no-such-token"],
    "ask-again": ["no-such-token"],
    "for-the-patient": ["understand", "es"],
    "paper-diary": ["no-such-procedure"],
    "aid-answers": [0],
    "sides-apart": ["no-such-procedure"],
    "revoke-link": [0],
    "remind-patient": [0],
    "sent-letter": [0],
    "sent-letter-pdf": [0],
    "withdraw-invitation": [0],
    "answer-invitation": [0],
}
OF_A_PERSON = ("person", "change-role", "remove-person", "give-password", "unlock-person", "drop-second-factor")
OF_A_PATIENT = (
    "sides-apart",
    "letters",
    "letter-pdf",
    "letter-print",
    "send-letter",
    "sent-letter",
    "sent-letter-pdf",
    "export-patient",
    "send-diary",
    "paper-diary",
    "send-aid",
    "aid-answers",
    "revoke-link",
    "remind-patient",
    "patient",
    "answer-question",
    "answer-step",
    "new-procedure",
    "correct-procedure",
    "withdraw-procedure",
    "record",
    "record-version",
    "restore-record",
    "for-the-patient",
)
OF_A_LOCAL_POLICY = ("policy", "policy-versions", "change-policy", "restore-policy", "use-policy")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: " ".join(page))
def test_who_may_see_a_page(page, clinic, signed_in):
    name, method = page
    first = [clinic.patient.pk] if name in OF_A_PATIENT else []
    if name in OF_A_LOCAL_POLICY:
        first = [local_policy(clinic)]
    first += [clinic.people["coordinator"].pk] if name in OF_A_PERSON else []
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


def local_policy(clinic) -> str:
    from facetwise.clinic.actions.policies import store_policy
    from facetwise.clinic.policies.starting import template_for

    row, _ = store_policy(clinic.here, clinic.people["clinician"], *template_for(clinic.here), "To be seen")
    return row.policy


def test_no_address_is_left_out():
    def named(patterns):
        for one in patterns:
            if isinstance(one, URLResolver):
                if "allauth" not in str(one.urlconf_name):
                    yield from named(one.url_patterns)
            elif isinstance(one, URLPattern):
                yield one.name

    assert set(named(get_resolver().url_patterns)) - {"account_signup", None} == {name for name, _ in PAGES}


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


def test_who_guesses_is_locked_out_however_the_name_is_written(clinic, client):
    from axes.models import AccessAttempt, AccessLog

    login = reverse("account_login")
    for name in ("clinician", "CLINICIAN", "Clinician", "cliNician", "clinicIan"):
        client.post(login, {"login": name, "password": "wrong"})
    client.post(login, {"login": "clinician", "password": "a-long-password-1"})
    assert "_auth_user_id" not in client.session
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["clinician"]
    assert not AccessLog.objects.exists()


def test_a_name_that_nobody_has_is_kept_nowhere(clinic, client):
    """It may be a password in the wrong field; tries under it are counted all the same."""
    from axes.models import AccessAttempt

    for name in ("My-Secret-Password", "my-secret-password"):
        client.post(reverse("account_login"), {"login": name, "password": "wrong"})
    (attempt,) = AccessAttempt.objects.values()
    assert attempt["failures_since_start"] == 2
    assert attempt["username"].startswith("unknown ")
    assert "secret" not in str(attempt).lower()


def test_what_a_page_says_next_stands_in_no_cookie(clinic, signed_in):
    client = signed_in("clinician")
    given = {"version": "1", "step": clinic.patient.step, "verdict": "accepted"}
    response = client.post(reverse("answer-step", args=[clinic.patient.pk]), given)
    assert "messages" not in response.cookies
    assert "message-success" in client.get(response["Location"]).content.decode()
