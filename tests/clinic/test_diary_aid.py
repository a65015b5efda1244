"""The decision aid answered on the phone: sent, filled in, changed, kept version by version, and read by staff."""

import re

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from facetwise.education import Importance

FILLED = {
    "value-relief_soon": "a_lot", "value-no_needle": "not_at_all", "ready-knows_options": "yes",
    "ready-has_support": "no", "question": ["my_risks", "cost"], "own_question": "May I drive\r\nhome?",
    "leaning": "not_sure",
}  # fmt: skip


@pytest.fixture
def sent(clinic, signed_in):
    """The aid sent to a patient, and open on a phone."""

    def send(language="en") -> str:
        response = signed_in("coordinator").post(reverse("send-aid", args=[clinic.patient.pk]), {"language": language})
        return re.search(r"/d/[\w-]+/", response.content.decode())[0]

    def phone(language="en") -> Client:
        client = Client()
        response = client.post(send(language), {"birth_year": str(clinic.patient.birth_year)})
        assert response["Location"] == reverse("aid")
        return client

    clinic.send_aid, clinic.phone = send, phone
    return clinic


def answer(client, filled):
    """What the browser sends of the form that it was shown."""
    opens = re.search(r'name="opens" value="(\w+)"', client.get(reverse("aid")).content.decode())
    return client.post(reverse("aid"), filled | {"opens": opens[1] if opens else ""})


def versions(clinic):
    from facetwise.clinic.models import AidAnswers

    return list(AidAnswers.objects.filter(link__patient=clinic.patient).order_by("version"))


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", ("A facet joint injection", "What matters to me?", "Send my answers", "I am not sure yet")),
     ("es", ("Una inyección en la articulación", "¿Qué me importa a mí?", "Enviar mis respuestas", "Todavía no sé"))],
)  # fmt: skip
def test_the_patient_sees_the_options_and_a_form(language, told, sent):
    response = sent.phone(language).get(reverse("aid"))
    shown = response.content.decode()
    assert response.status_code == 200
    assert all(one in shown for one in told)
    assert f'lang="{language}"' in shown
    assert 'maxlength="1000"' in shown
    assert "Kofi" not in shown
    assert "<script" not in shown
    assert "style=" not in shown
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "sha256" in policy


def test_answers_are_kept_and_stand_in_the_form_again(sent):
    phone = sent.phone()
    response = answer(phone, FILLED)
    assert response.status_code == 302
    (kept,) = versions(sent)
    assert kept.given.values == {"relief_soon": Importance.A_LOT, "no_needle": Importance.NOT_AT_ALL}
    assert kept.given.ready == {"knows_options": True, "has_support": False}
    assert kept.given.questions == ("my_risks", "cost")
    assert kept.given.own_question == "May I drive\nhome?"
    assert kept.given.leaning == "not_sure"
    shown = phone.get(reverse("aid")).content.decode()
    assert "are with the clinic" in shown
    checked = re.findall(r'name="([\w-]+)" value="([\w-]+)" checked', shown)
    assert sorted(checked) == sorted(
        [("value-relief_soon", "a_lot"), ("value-no_needle", "not_at_all"), ("ready-knows_options", "yes"),
         ("ready-has_support", "no"), ("question", "my_risks"), ("question", "cost"), ("leaning", "not_sure")]
    )  # fmt: skip
    assert "May I drive\nhome?</textarea>" in shown


def test_changed_answers_are_another_version_and_the_same_are_none(sent):
    phone = sent.phone()
    for filled in (FILLED, FILLED, FILLED | {"leaning": "block"}):
        answer(phone, filled)
    assert [(one.version, one.given.leaning) for one in versions(sent)] == [(1, "not_sure"), (2, "block")]
    with pytest.raises(DatabaseError), transaction.atomic():
        type(versions(sent)[0]).objects.update(answers="{}")


def test_nothing_answered_is_an_answer_and_no_no(sent, signed_in):
    answer(sent.phone(), {})
    (kept,) = versions(sent)
    shown = signed_in("clinician").get(reverse("aid-answers", args=[sent.patient.pk, kept.pk])).content.decode()
    assert "Not answered" in shown
    assert "Does not matter" not in shown


def test_a_question_that_is_too_long_loses_nothing(sent):
    phone = sent.phone("es")
    response = answer(phone, FILLED | {"own_question": "a" * 1001})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "No se envió nada" in shown
    assert "a" * 1001 in shown
    assert 'value="a_lot" checked' in shown
    assert versions(sent) == []
    assert answer(phone, FILLED | {"own_question": "a" * 1000}).status_code == 302


@pytest.mark.parametrize(
    "forged", [{"leaning": "surgery"}, {"value-relief_soon": "enormously"}, {"question": "who_are_you"}]
)
def test_what_no_form_sends_is_refused(forged, sent):
    assert answer(sent.phone(), forged).status_code == 422
    assert versions(sent) == []


def test_what_a_patient_writes_is_text(sent, signed_in):
    answer(sent.phone(), {"own_question": "<script>alert(1)</script></textarea>"})
    (kept,) = versions(sent)
    for who, address in (
        (sent.phone(), reverse("aid")),
        (signed_in("clinician"), reverse("patient", args=[sent.patient.pk])),
        (signed_in("clinician"), reverse("aid-answers", args=[sent.patient.pk, kept.pk])),
    ):
        assert "<script>alert" not in who.get(address).content.decode()


def test_staff_see_the_summary_and_the_page_and_leave_a_trail(sent, signed_in):
    from facetwise.clinic.models import AccessEvent

    answer(sent.phone("es"), FILLED)
    (kept,) = versions(sent)
    shown = signed_in("clinician").get(reverse("patient", args=[sent.patient.pk])).content.decode()
    assert "I am not sure yet" in shown
    assert "To feel some relief soon" in shown
    page = signed_in("clinician").get(reverse("aid-answers", args=[sent.patient.pk, kept.pk])).content.decode()
    for told in ("Leans towards", "Matters a lot", "May I drive home?", "no order and no consent", "Español"):
        assert told in page
    told = set(AccessEvent.objects.values_list("what", flat=True))
    assert {"decision aid link made", "decision aid opened", "decision aid answered", "decision aid read"} <= told


def test_answers_of_another_patient_are_not_there(sent, signed_in):
    answer(sent.phone(), FILLED)
    (kept,) = versions(sent)
    assert signed_in("stranger").get(reverse("aid-answers", args=[sent.other.pk, kept.pk])).status_code == 404


def test_a_new_link_to_the_aid_leaves_the_diary_open(block, sent):
    phone = block.opened(Client())
    phone.post(sent.send_aid(), {"birth_year": str(sent.patient.birth_year)})
    assert phone.get(reverse("aid")).status_code == 200
    assert phone.get(reverse("diary")).status_code == 200
    assert sent.patient.links.filter(revoked_at=None).count() == 2


def test_a_link_to_the_aid_opens_no_diary(sent):
    phone = sent.phone()
    assert phone.get(reverse("diary")).status_code == 410
    assert phone.get(reverse("diary-state")).status_code == 410


def test_an_aid_sent_again_shuts_the_one_before_and_answers_go_on_being_read(sent, signed_in):
    first = sent.phone()
    answer(first, FILLED)
    sent.phone()
    assert first.get(reverse("aid")).status_code == 410
    assert answer(first, FILLED).status_code == 410
    assert (
        "I am not sure yet" in signed_in("clinician").get(reverse("patient", args=[sent.patient.pk])).content.decode()
    )


def test_a_birth_year_that_is_not_documented_is_told(clinic, signed_in):
    type(clinic.patient).objects.filter(pk=clinic.patient.pk).update(birth_year=None)
    address = reverse("send-aid", args=[clinic.patient.pk])
    shown = signed_in("coordinator").post(address, {"language": "en"}, follow=True).content.decode()
    assert "The birth year is not documented" in shown
    assert clinic.patient.links.count() == 0


@pytest.mark.parametrize("said", ["maybe", "Yes", "true", "0"])
def test_an_answer_that_is_neither_yes_nor_no_is_refused(said, sent):
    assert answer(sent.phone(), FILLED | {"ready-has_support": said}).status_code == 422
    assert versions(sent) == []


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Understand your procedure"), ("es", "Conozca su procedimiento")]
)
def test_the_patient_reads_what_explains_the_procedure_under_the_same_link(language, title, sent):
    phone = sent.phone(language)
    assert f'<a href="{reverse("understand")}">{title}</a>' in phone.get(reverse("aid")).content.decode()
    response = phone.get(reverse("understand"))
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()
    assert sent.patient.name not in response.content.decode()


def test_before_a_serious_cause_is_excluded_nothing_is_sent(clinic, signed_in, today):
    from facetwise.clinic.actions.patients import add_patient
    from facetwise.examples import example_record

    record = example_record("fever-after-infection", today)
    patient = add_patient(clinic.here, None, "X-1", "Ben Harbour", record, today)
    client = signed_in("coordinator")
    shown = client.get(reverse("patient", args=[patient.pk])).content.decode()
    assert "It is not sent now: a serious cause is documented" in shown
    told = client.post(reverse("send-aid", args=[patient.pk]), {"language": "en"}, follow=True).content.decode()
    assert "A serious cause is documented, which comes before any choice" in told
    assert not patient.links.exists()
