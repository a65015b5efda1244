"""Who works in a clinic: added, asked in, changed and taken out by its administrator; passwords that are given."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from facetwise.clinic.people.models import Invitation, Role, User
from facetwise.clinic.trail.models import AccessEvent

LOGIN = "/accounts/login/"
OWN = "my own long password"


@pytest.fixture
def administrator(signed_in):
    return signed_in("administrator")


def password_in(response) -> str:
    return re.search(r'id="given-password" readonly value="([^"]+)"', response.content.decode())[1]


def sign_in(username: str, password: str) -> Client:
    browser = Client()
    browser.post(LOGIN, {"login": username, "password": password})
    return browser


def change(browser: Client, old: str, new: str):
    return browser.post(reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new})


def add(administrator, **changes):
    return administrator.post(
        reverse("add-person"), {"username": "new", "name": "Ana Brook", "role": "clinician"} | changes
    )


def role_of(clinic, username: str) -> str | None:
    return clinic.here.memberships.filter(user__username=username).values_list("role", flat=True).first()


def trail_of(clinic, what: str) -> list[tuple[str, str]]:
    return list(AccessEvent.objects.filter(clinic=clinic.here, what=what).values_list("by", "about"))


def test_a_first_password_is_shown_once_and_opens_nothing_but_choosing_another(clinic, administrator):
    response = add(administrator)
    password = password_in(response)
    assert "no-store" in response["Cache-Control"]
    assert password not in administrator.get(reverse("people")).content.decode()

    browser = sign_in("new", password)
    for page in ("home", "worklist", "dashboard", "own-clinics"):
        assert browser.get(reverse(page))["Location"] == reverse("account_change_password")
    assert "somebody else has seen it" in browser.get(reverse("account_change_password")).content.decode()
    assert "the password that you have" in change(browser, password, password).content.decode()
    assert browser.get(reverse("worklist")).status_code == 302
    assert change(browser, password, OWN)["Location"] == reverse("home")
    assert browser.get(reverse("worklist")).status_code == 200
    user = clinic.here.memberships.get(user__username="new").user
    assert trail_of(clinic, "person added")[-1] == ("administrator", f"user {user.pk} as clinician")
    assert trail_of(clinic, "password changed") == [("new", f"user {user.pk}")]
    assert not any(password in str(row) or OWN in str(row) for row in AccessEvent.objects.values_list())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"username": ""}, "It is empty"),
        ({"username": "Clinician"}, "is taken"),
        ({"username": "two words"}, "valid username"),
        ({"role": "cook"}, "no such role"),
        ({"role": ""}, "no such role"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(changes, told, clinic, administrator):
    before = clinic.here.memberships.count()
    response = add(administrator, **changes)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert 'value="Ana Brook"' in response.content.decode()
    assert clinic.here.memberships.count() == before


def test_the_list_tells_how_everybody_signs_in(clinic, administrator):
    for _ in range(5):
        Client().post(LOGIN, {"login": "Coordinator", "password": "wrong"})
    shown = administrator.get(reverse("people")).content.decode()
    assert shown.count("Locked out") == 1
    assert "A Stranger" not in shown
    administrator.post(reverse("unlock-person", args=[clinic.people["coordinator"].pk]))
    assert "Locked out" not in administrator.get(reverse("people")).content.decode()
    assert len(trail_of(clinic, "person unlocked")) == 1


def test_who_is_unlocked_signs_in_again(clinic, administrator):
    from django.core.cache import cache

    for _ in range(5):
        Client().post(LOGIN, {"login": "coordinator", "password": "wrong"})
    cache.clear()  # a limit of five minutes, beside the lock-out of an hour
    assert "_auth_user_id" not in sign_in("coordinator", "a-long-password-1").session
    administrator.post(reverse("unlock-person", args=[clinic.people["coordinator"].pk]))
    cache.clear()
    assert "_auth_user_id" in sign_in("coordinator", "a-long-password-1").session


def test_a_role_is_changed_and_counts_at_once(clinic, administrator, signed_in):
    coordinator = signed_in("coordinator")
    pk = clinic.people["coordinator"].pk
    administrator.post(reverse("change-role", args=[pk]), {"role": "administrator"})
    assert coordinator.get(reverse("worklist")).status_code == 403
    assert coordinator.get(reverse("trail")).status_code == 200
    assert trail_of(clinic, "role changed") == [("administrator", f"user {pk} from coordinator to administrator")]
    administrator.post(reverse("change-role", args=[pk]), {"role": "cook"})
    assert role_of(clinic, "coordinator") == "administrator"


def test_the_last_administrator_stays(clinic, administrator):
    pk = clinic.people["administrator"].pk
    for page, given in (("change-role", {"role": "clinician"}), ("remove-person", {})):
        administrator.post(reverse(page, args=[pk]), given)
        assert role_of(clinic, "administrator") == "administrator"
        assert "last administrator" in administrator.get(reverse("person", args=[pk])).content.decode()
    administrator.post(reverse("change-role", args=[clinic.people["coordinator"].pk]), {"role": "administrator"})
    administrator.post(reverse("change-role", args=[pk]), {"role": "clinician"})
    assert role_of(clinic, "administrator") == "clinician"


def test_who_is_taken_out_sees_nothing_and_their_trail_stays(clinic, administrator, signed_in):
    clinician = signed_in("clinician")
    clinician.get(reverse("patient", args=[clinic.patient.pk]))
    administrator.post(reverse("remove-person", args=[clinic.people["clinician"].pk]))
    assert clinician.get(reverse("worklist")).status_code == 403
    assert clinician.get(reverse("patient", args=[clinic.patient.pk])).status_code == 403
    clinic.people["clinician"].refresh_from_db()
    assert trail_of(clinic, "patient read")
    assert trail_of(clinic, "person taken out")


def test_a_new_password_ends_sessions_and_must_be_changed(clinic, administrator, signed_in):
    clinician = signed_in("clinician")
    assert clinician.get(reverse("worklist")).status_code == 200
    password = password_in(administrator.post(reverse("give-password", args=[clinic.people["clinician"].pk])))
    assert clinician.get(reverse("worklist"))["Location"].startswith(LOGIN)
    browser = sign_in("clinician", password)
    assert browser.get(reverse("worklist"))["Location"] == reverse("account_change_password")


def test_a_lost_second_factor_is_taken_away(clinic, administrator):
    from allauth.mfa.models import Authenticator

    user = clinic.people["clinician"]
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={})
    assert 'data-label="Second factor">on' in administrator.get(reverse("people")).content.decode()
    administrator.post(reverse("drop-second-factor", args=[user.pk]))
    assert not Authenticator.objects.filter(user=user).exists()
    assert trail_of(clinic, "second factor taken away") == [("administrator", f"user {user.pk}")]


@pytest.mark.parametrize("page", ["give-password", "drop-second-factor"])
def test_nobody_gets_into_another_clinic_by_way_of_an_account(page, clinic, administrator):
    from allauth.mfa.models import Authenticator

    user = clinic.people["clinician"]
    clinic.elsewhere.memberships.create(user=user, role="clinician")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    before = type(user).objects.get(pk=user.pk).password
    assert administrator.post(reverse(page, args=[user.pk])).status_code == 302
    assert type(user).objects.get(pk=user.pk).password == before
    assert Authenticator.objects.filter(user=user).exists()
    assert "another clinic" in administrator.get(reverse("person", args=[user.pk])).content.decode()


@pytest.mark.parametrize("page", ["give-password", "drop-second-factor"])
def test_a_session_left_open_does_not_take_the_account_over(page, clinic, administrator):
    administrator.post(reverse(page, args=[clinic.people["administrator"].pk]))
    assert administrator.get(reverse("people")).status_code == 200
    assert not trail_of(clinic, "password given")
    assert not trail_of(clinic, "second factor taken away")


@pytest.mark.parametrize("page", ["person", "change-role", "remove-person", "give-password", "unlock-person"])
def test_people_of_another_clinic_are_not_there(page, clinic, administrator):
    method = administrator.get if page == "person" else administrator.post
    assert method(reverse(page, args=[clinic.people["stranger"].pk])).status_code == 404


def ask(administrator, name):
    return administrator.post(reverse("ask-person"), {"asked": name, "role": "coordinator"}, follow=True)


def test_asking_somebody_in_tells_nothing_of_accounts(clinic, administrator):
    there, nobody = ask(administrator, "stranger"), ask(administrator, "strange1")
    told = [one.content.decode().partition("<main")[2].replace("strange1", "stranger") for one in (there, nobody)]
    assert "A Stranger" not in told[0]
    assert "stranger is asked" in told[0]
    assert told[1].count("Take back") == 2
    shown = nobody.content.decode()
    rows = re.findall(r"<p>(\w+), as (\w+) <span", shown)
    assert rows == [("strange1", "coordinator"), ("stranger", "coordinator")]


def test_who_accepts_works_in_both_clinics_and_chooses(clinic, administrator, signed_in):
    ask(administrator, "Stranger")
    stranger = signed_in("stranger")
    assert "1 invitation" in stranger.get(reverse("worklist")).content.decode()
    (invitation,) = clinic.here.invitations.all()
    stranger.post(reverse("answer-invitation", args=[invitation.pk]), {"answer": "accept"})
    assert role_of(clinic, "stranger") == "coordinator"
    assert clinic.here.invitations.count() == 0

    worklist = stranger.get(reverse("worklist")).content.decode()
    assert "Kofi Castle" in stranger.get(reverse("patient", args=[clinic.patient.pk])).content.decode()
    assert "Lena Juniper" not in worklist
    step = reverse("answer-step", args=[clinic.patient.pk])
    assert stranger.post(step, {"clinic_of_page": clinic.here.pk}).status_code == 403  # a coordinator here

    stranger.post(reverse("choose-clinic"), {"clinic": clinic.elsewhere.pk})
    assert stranger.get(reverse("patient", args=[clinic.patient.pk])).status_code == 404
    there = {"clinic_of_page": clinic.elsewhere.pk}
    assert stranger.post(step, there).status_code == 404
    assert "Lena Juniper" in stranger.get(reverse("patient", args=[clinic.other.pk])).content.decode()
    assert (
        stranger.post(reverse("answer-step", args=[clinic.other.pk]), there).status_code == 422
    )  # a clinician there, of no version


def test_nobody_chooses_a_clinic_where_they_do_not_work(clinic, signed_in):
    coordinator = signed_in("coordinator")
    for given in (str(clinic.elsewhere.pk), "", "0", "x"):
        assert coordinator.post(reverse("choose-clinic"), {"clinic": given}).status_code == 404
    assert coordinator.get(reverse("patient", args=[clinic.other.pk])).status_code == 404


def test_an_invitation_is_for_whom_it_names_and_can_be_declined_or_taken_back(clinic, administrator, signed_in):
    ask(administrator, "stranger")
    (invitation,) = clinic.here.invitations.all()
    answer = reverse("answer-invitation", args=[invitation.pk])
    assert signed_in("coordinator").post(answer, {"answer": "accept"}).status_code == 404
    signed_in("stranger").post(answer, {"answer": "decline"})
    assert role_of(clinic, "stranger") is None
    assert trail_of(clinic, "invitation declined") == [("stranger", f"invitation {invitation.pk}")]
    ask(administrator, "stranger")
    administrator.post(reverse("withdraw-invitation", args=[clinic.here.invitations.get().pk]))
    assert clinic.here.invitations.count() == 0


def test_an_account_made_after_an_invitation_is_not_the_one_that_was_meant(clinic, administrator):
    from facetwise.clinic.actions.people import add_person
    from facetwise.clinic.models import Role

    ask(administrator, "nobody")
    add_person(clinic.elsewhere, "nobody", "No Body", Role.CLINICIAN, OWN)
    browser = sign_in("nobody", OWN)
    assert "invitation" not in browser.get(reverse("worklist")).content.decode()
    pk = clinic.here.invitations.get().pk
    assert browser.post(reverse("answer-invitation", args=[pk]), {"answer": "accept"}).status_code == 404


def test_who_works_here_is_not_asked_in(clinic, administrator):
    assert administrator.post(reverse("ask-person"), {"asked": "CLINICIAN", "role": "clinician"}).status_code == 422


def test_an_invitation_that_was_withdrawn_meanwhile_opens_nothing(clinic):
    from facetwise.clinic.actions.people import accept, invite, withdraw
    from facetwise.documents import DocumentError

    administrator, stranger = clinic.people["administrator"], clinic.people["stranger"]
    seen = invite(clinic.here, "stranger", Role.ADMINISTRATOR, administrator)
    withdraw(Invitation.objects.get(), administrator)
    with pytest.raises(DocumentError, match="withdrawn"):
        accept(seen, stranger)
    seen = invite(clinic.here, "stranger", Role.ADMINISTRATOR, administrator)
    invite(clinic.here, "stranger", Role.COORDINATOR, administrator)
    assert accept(seen, stranger).role == Role.COORDINATOR


def test_who_was_taken_out_by_another_is_told_so(clinic):
    from facetwise.clinic.actions.people import take_out
    from facetwise.documents import DocumentError

    membership, administrator = clinic.people["coordinator"].memberships.get(), clinic.people["administrator"]
    take_out(membership, administrator)
    membership.pk = membership.pk or 0
    with pytest.raises(DocumentError, match="no longer"):
        take_out(membership, administrator)


def test_names_differ_by_more_than_their_case(clinic):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="CLINICIAN")


def test_a_form_of_another_clinic_is_not_stored_in_this_one(clinic, signed_in):
    from facetwise.clinic.models import Patient

    stranger = clinic.people["stranger"]
    stranger.memberships.create(clinic=clinic.here, role=Role.CLINICIAN)
    client = signed_in("stranger")
    page = client.get(reverse("new-patient")).content.decode()
    (of_page,) = set(re.findall(r'name="clinic_of_page" value="(\d+)"', page))
    assert of_page == str(clinic.elsewhere.pk)
    client.post(reverse("choose-clinic"), {"clinic": clinic.here.pk})
    given = {"number": "N-1", "name": "Nora New"}
    for said in ({"clinic_of_page": of_page}, {}):
        response = client.post(reverse("new-patient"), given | said)
        assert response.status_code == 409
        assert "Nothing was written" in response.content.decode()
    assert not Patient.objects.filter(number="N-1").exists()
    client.post(reverse("new-patient"), given | {"clinic_of_page": clinic.here.pk})
    assert Patient.objects.get(number="N-1").clinic == clinic.here


def test_every_form_of_staff_says_its_clinic():
    from pathlib import Path

    import facetwise.clinic

    templates = Path(facetwise.clinic.__file__).parent / "templates" / "clinic"
    without = {
        page.name
        for page in templates.glob("*.html")
        if "{% csrf_token %}" in (text := page.read_text()).replace("{% csrf_token %}{{ clinic_of_page }}", "")
        and "diary_base.html" not in text
    }
    assert without == set()


def test_every_clinic_that_an_account_opens_is_told_of_a_new_password(clinic):
    from facetwise.clinic.actions.accounts import change_own_password, change_password, drop_second_factor

    clinic.elsewhere.memberships.create(user=clinic.people["clinician"], role=Role.COORDINATOR)
    user = clinic.people["clinician"]
    change_own_password(user, OWN)
    change_password("clinician", OWN + "x")
    drop_second_factor("clinician")
    for place in (clinic.here, clinic.elsewhere):
        told = AccessEvent.objects.filter(clinic=place, about=f"user {user.pk}").values_list("by", "what")
        assert {
            ("clinician", "password changed"),
            ("facetwise", "password changed"),
            ("facetwise", "second factor taken away"),
        } <= set(told)
