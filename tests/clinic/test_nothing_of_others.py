"""What belongs to one patient, person or clinic is reached under no other: every key here is one that there is."""

import pytest
from django.urls import reverse
from test_letters import sent as letter_sent

from facetwise.clinic.actions import people
from facetwise.clinic.actions.aids import keep_answers, send_aid
from facetwise.clinic.actions.patients import add_patient
from facetwise.clinic.actions.saved_views import save_view
from facetwise.clinic.models import PatientLink, Role
from facetwise.education import Answers
from facetwise.examples import example_record

OF_A_PATIENT = {  # name: method, key by what there is, and what its own people are answered
    "sent-letter": ("get", "letter", 200),
    "sent-letter-pdf": ("get", "letter", 200),
    "aid-answers": ("get", "answers", 200),
    "paper-diary": ("get", "procedure", 200),
    "remind-patient": ("get", "link", 200),
    "sides-apart": ("post", "procedure", 302),
    "revoke-link": ("post", "link", 302),
}
OF_A_PERSON = ("person", "change-role", "remove-person", "give-password", "unlock-person", "drop-second-factor")


@pytest.fixture
def kept(block, signed_in, today):
    """A letter, a link and answers of one patient; and another patient of the same clinic, with a like record."""
    block.send()
    clinician = block.people["clinician"]
    aid, _ = send_aid(block.patient, clinician, "en")
    block.keys = {
        "letter": letter_sent(signed_in("clinician"), block, "summary").pk,
        "answers": keep_answers(aid, Answers(own_question="When?")).pk,
        "procedure": block.procedure,
        "link": PatientLink.objects.get(patient=block.patient, procedure=block.procedure).pk,
    }
    record = example_record("first-block-ready", today)
    block.neighbour = add_patient(block.here, None, "H-2", "Nora Neighbour", record, today)
    return block


@pytest.mark.parametrize("name", OF_A_PATIENT)
def test_of_a_patient(name, kept, signed_in):
    method, key, answered = OF_A_PATIENT[name]

    def status(who, patient):
        address = reverse(name, args=[patient.pk, kept.keys[key]])
        return getattr(signed_in(who), method)(address, {"version": patient.version}).status_code

    others = [("clinician", kept.neighbour), ("stranger", kept.other), ("stranger", kept.patient)]
    told = [status(who, patient) for who, patient in others]
    if name == "sides-apart":  # says so on the page of the patient
        assert told == [302, 302, 404]
        assert [patient.revisions.count() for patient in (kept.neighbour, kept.other)] == [1, 1]
    else:
        assert told == [404, 404, 404]
    assert not PatientLink.objects.exclude(revoked_at=None).exists()
    assert status("clinician", kept.patient) == answered, "there is what the others were refused"


def test_views_of_another_person(clinic, signed_in):
    view = save_view(clinic.here, clinic.people["clinician"], "Mine", "when=all")
    address = reverse("forget-view", args=[view.pk])
    assert [signed_in(who).post(address).status_code for who in ("coordinator", "stranger")] == [404, 404]
    assert signed_in("clinician").post(address).status_code == 302


def test_invitations_of_another_person_and_clinic(clinic, signed_in):
    of_elsewhere = people.add_person(clinic.elsewhere, "elsewhere", "An Administrator", Role.ADMINISTRATOR, "x" * 20)
    clinic.people["of elsewhere"] = of_elsewhere
    asked = people.invite(clinic.here, "stranger", Role.COORDINATOR, clinic.people["administrator"])
    answer, withdraw = reverse("answer-invitation", args=[asked.pk]), reverse("withdraw-invitation", args=[asked.pk])
    for who in ("clinician", "administrator", "of elsewhere"):
        assert signed_in(who).post(answer, {"answer": "accept"}).status_code == 404
    assert signed_in("of elsewhere").post(withdraw).status_code == 404
    assert clinic.people["stranger"].memberships.count() == 1
    assert signed_in("administrator").post(withdraw).status_code == 302


@pytest.mark.parametrize("name", OF_A_PERSON)
def test_people_of_another_clinic(name, clinic, signed_in):
    of_elsewhere = people.add_person(clinic.elsewhere, "elsewhere", "An Administrator", Role.ADMINISTRATOR, "x" * 20)
    clinic.people["of elsewhere"] = of_elsewhere
    address = reverse(name, args=[clinic.people["coordinator"].pk])
    client = signed_in("of elsewhere")
    response = client.get(address) if name == "person" else client.post(address, {"role": "clinician"})
    assert response.status_code == 404
    assert clinic.people["coordinator"].memberships.get().role == Role.COORDINATOR
