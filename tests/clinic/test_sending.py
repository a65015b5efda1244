"""What somebody must see before a letter goes out, what is kept for the next one, and what may be said in it."""

import datetime

import pytest
from django.urls import reverse
from msgspec.structs import replace
from test_letters import FILLED, filled, page, shown
from test_policies import CASES
from test_policies import POLICY as OF_ITSELF

from facetwise.clinic.actions.patients import add_patient
from facetwise.clinic.actions.policies import store_policy
from facetwise.clinic.letters.documents import Wanted, make_document
from facetwise.clinic.letters.models import LetterKind
from facetwise.clinic.models import SentLetter
from facetwise.examples import example_record
from facetwise.letters import Parties
from facetwise.pathway import next_step
from facetwise.records import Condition

CHANCES = "How likely it is"


@pytest.fixture
def refused(clinic, today):
    """A patient for whom more levels are asked for than the contractor's policy allows."""
    record = example_record("third-level-requested", today)
    return add_patient(clinic.here, None, "X-1", "Ana Abril", record, today)


@pytest.mark.parametrize("kind", ["letter", "packet"])
def test_chances_stand_in_it_only_where_somebody_wants_them(kind, clinic, signed_in):
    client = signed_in("clinician")
    assert CHANCES not in shown(client, clinic, kind).context["document"].html
    wanted = shown(client, clinic, kind, chances="on")
    assert CHANCES in wanted.context["document"].html
    assert 'name="chances"' in wanted.content.decode()


def test_where_a_serious_cause_is_documented_there_are_no_chances(clinic, today):
    record, done = clinic.patient.documented, clinic.patient.documented.procedures[0]
    wanted = Wanted(LetterKind.LETTER, done.id, "", "en", Parties(), {}, chances=True)
    assert CHANCES in make_document(record, wanted, today).html
    flag = Condition(present=True, on=done.date - datetime.timedelta(days=1))
    flagged = replace(record, conditions=replace(record.conditions, infection=flag))
    assert CHANCES not in make_document(flagged, wanted, today).html


def test_what_each_policy_says_stands_above_the_preview(clinic, signed_in, refused):
    response = shown(signed_in("clinician"), clinic, "letter", of=refused)
    told = [one for one in response.context["document"].verdicts if one.refuses]
    assert told
    text = response.content.decode()
    above = text[text.index("What is asked of it") : text.index("<iframe")]
    for one in told:
        assert one.title in above
        assert one.criteria
        assert all(says.replace("'", "&#x27;") in above for says in one.criteria)
    assert 'status not-met">not met' in above


def test_a_letter_that_is_refused_or_not_filled_in_is_kept_once_that_is_confirmed(clinic, signed_in, refused):
    client = signed_in("clinician")
    given = filled(shown(client, clinic, "letter", of=refused), confirmed="", credentials="", to="Medicare")
    address = page(clinic, "send-letter", of=refused)
    response = client.post(address, given)
    assert response.status_code == 422
    text, doubts = response.content.decode(), response.context["document"].doubts
    assert "open places and" in doubts
    assert "not met" in doubts
    assert f"It goes out with {doubts}" in text
    assert "Tick that it goes out like this" in text
    assert 'value="Medicare"' in text
    assert not SentLetter.objects.exists()
    assert client.post(address, given | {"confirmed": "1"}).status_code == 302
    assert SentLetter.objects.count() == 1


def test_what_has_nothing_open_asks_for_no_confirmation(clinic, signed_in):
    client = signed_in("coordinator")
    response = shown(client, clinic, "summary")
    assert 'name="confirmed"' not in response.content.decode()
    assert client.post(page(clinic, "send-letter"), filled(response, confirmed="")).status_code == 302


def test_the_date_of_service_reaches_the_request_and_the_verdicts(clinic, signed_in, today):
    client = signed_in("clinician")
    record = example_record("second-block-too-early", today)
    early = add_patient(clinic.here, None, "X-2", "Nils Early", record, today)
    first = shown(client, clinic, "letter", of=early)
    assert first.context["form"]["date"].value() == str(today)
    (earliest,) = next_step(record, today).proposal.earliest
    then = shown(client, clinic, "letter", of=early, date=str(earliest.date))
    document = then.context["document"]
    assert str(earliest.date) in document.html
    assert document.as_of == today
    verdicts = [
        next(one.status for one in response.context["document"].verdicts if one.policy == earliest.policy)
        for response in (first, then)
    ]
    assert verdicts == ["not documented", "met"]


def test_a_day_that_has_passed_is_none_for_what_is_yet_to_be_done(clinic, signed_in, today):
    client = signed_in("clinician")
    given = filled(shown(client, clinic, "letter"), date=str(today - datetime.timedelta(days=1)))
    response = client.post(page(clinic, "letters"), given)
    assert response.status_code == 422
    assert "has passed. For what was done, choose it under About." in response.content.decode()
    (done,) = clinic.patient.documented.procedures
    assert 'name="date"' not in shown(client, clinic, "letter", subject=done.id).content.decode()


def test_what_was_typed_for_a_letter_is_there_for_the_packet(clinic, signed_in):
    client = signed_in("clinician")
    response = shown(client, clinic, "letter", **FILLED)
    assert "?" not in response.request["QUERY_STRING"]
    form = shown(client, clinic, "packet").context["form"]
    for name, value in FILLED.items():
        assert form[name].value() == value
    addendum = shown(client, clinic, "addendum").context["form"]
    assert addendum["credentials"].value() == "MD"
    assert shown(signed_in("clinician"), clinic, "packet").context["form"]["member_number"].value() is None


def test_what_was_typed_of_one_procedure_is_not_said_of_another(clinic, signed_in):
    client = signed_in("clinician")
    (done,) = clinic.patient.documented.procedures
    shown(client, clinic, "letter", **FILLED)
    form = client.get(page(clinic, "letters"), {"kind": "packet", "subject": done.id}).context["form"]
    assert form["member_number"].value() == FILLED["member_number"]
    assert "diagnosis" not in form.fields or not form["diagnosis"].value()


@pytest.mark.parametrize("how", ["another patient", "signing out"])
def test_what_was_typed_is_forgotten(how, clinic, signed_in, refused):
    client = signed_in("clinician")
    shown(client, clinic, "letter", **FILLED)
    if how == "another patient":
        assert FILLED["member_number"] not in shown(client, clinic, "packet", of=refused).content.decode()
    else:
        client.post(reverse("account_logout"))
        client.force_login(clinic.people["clinician"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert FILLED["member_number"] not in shown(client, clinic, "packet").content.decode()


def test_payers_are_called_by_their_names(clinic, signed_in):
    client = signed_in("clinician")
    choices = dict(shown(client, clinic, "letter").context["form"].fields["payer"].choices)
    assert choices["bcbs_alabama"] == "Blue Cross Blue Shield of Alabama and Credence"
    assert choices["unitedhealthcare"] == "UnitedHealthcare"
    assert "eviCore" in shown(client, clinic, "letter", payer="evicore_cigna").context["document"].html
    listed = client.get(reverse("policies")).content.decode()
    assert '<option value="alabama_medicaid">Alabama Medicaid</option>' in listed
    chosen = client.get(reverse("policies"), {"payer": "alabama_medicaid"})
    assert chosen.context["count"] == 1
    for text in (listed, chosen.content.decode()):
        assert ">alabama_medicaid<" not in text


def test_a_payer_s_policy_of_the_clinic_is_in_the_letter_and_what_it_asks_of_itself_beside_it(clinic, signed_in):
    by = clinic.people["clinician"]
    store_policy(clinic.here, by, OF_ITSELF, CASES, "Decided")
    of_a_payer = OF_ITSELF.replace("id: stricter", "id: acme-own").replace("Longer pain", "Acme's rule")
    of_a_payer = of_a_payer.replace("kind: local\nissuer: Here", "kind: payer\npayer: acme\nissuer: Acme")
    of_a_payer = of_a_payer.replace("- id: long_pain", "- topic: pain_duration\n        id: long_pain")
    store_policy(clinic.here, by, of_a_payer, CASES.replace("stricter", "acme-own"), "They wrote")
    document = shown(signed_in("clinician"), clinic, "letter", payer="acme").context["document"]
    assert [(one.title, one.verdict) for one in document.verdicts] == [
        ("Acme's rule", "not met (unverified)"),
        ("Longer pain", "not met (unverified)"),
    ]
    assert "Acme (Local policy of Here)" in document.html
    assert "Longer pain" not in document.html
