"""Patients: the page, answers in place, two who write at once, and bad input that leaves everything as it was."""

import datetime
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from msgspec.structs import replace

from facetwise.clinic.patients.questions import answered, question_of
from facetwise.documents import DocumentError
from facetwise.examples import example_names, example_record
from facetwise.pathway import next_step
from facetwise.records import Goals, Record, write_json
from facetwise.rules import Missing


def page(client, patient) -> str:
    return client.get(reverse("patient", args=[patient.pk])).content.decode()


def add(clinic, today, example, number="H-2"):
    from facetwise.clinic.actions.patients import add_patient

    return add_patient(clinic.here, None, number, "Ana Abril", example_record(example, today), today)


def add_without_goals(clinic, today):
    """Somebody of whom nobody wrote down what is wanted, nor whether there is a cyst."""
    from facetwise.clinic.actions.patients import add_patient

    record = example_record("goals-not-settled", today)
    record = replace(record, goals=Goals(), conditions=replace(record.conditions, facet_cyst=None))
    return add_patient(clinic.here, None, "H-3", "Dara Ember", record, today)


@pytest.mark.parametrize("example", example_names())
def test_the_page_says_what_the_engine_says(example, clinic, signed_in, today):
    patient = add(clinic, today, example)
    answer = next_step(example_record(example, today), today)
    shown = page(signed_in("clinician"), patient)
    assert f'<h2 id="next">{answer.step.title}</h2>' in shown
    assert patient.step == answer.step.id
    for one in answer.missing:
        assert one.question in shown.replace("&#x27;", "'")
    if answer.red_flags_present:
        assert 'role="alert"' in shown


def test_an_answer_goes_into_the_record_and_the_next_step_follows(clinic, signed_in, today):
    patient = add_without_goals(clinic, today)
    assert patient.step == "choose_procedure"
    response = signed_in("coordinator").post(
        reverse("answer-question", args=[patient.pk]), {"version": 1, "path": "goals.wanted", "answer": "diagnosis"}
    )
    assert response.status_code == 302
    patient.refresh_from_db()
    assert (patient.version, patient.documented.goals.wanted) == (2, "diagnosis")
    assert patient.step == "first_block"
    assert [one.why for one in patient.revisions.all()] == ["Answered: Is diagnosis wanted, relief, or both?", "Added"]


@pytest.mark.parametrize(
    ("path", "answer", "told"),
    [
        ("goals.wanted", "a cake", 'Nothing was written. Found "a cake". Accepted: diagnosis, relief, both.<'),
        ("goals.wanted", "", "no answer"),
        ("procedures", "[]", "cannot be answered here"),
        ("complaint.severity", "mild", "answer already"),
        ("no.such.place", "x", "cannot be answered here"),
        ("complaint.onset", "tomorrow", "It has an answer already"),
        ("conditions.facet_cyst", "perhaps", "Answer yes or no"),
        ("goals.__class__", "x", "cannot be answered here"),
    ],
)
def test_a_bad_answer_is_told_and_nothing_is_written(path, answer, told, clinic, signed_in, today):
    patient = add_without_goals(clinic, today)
    before = patient.record
    response = signed_in("clinician").post(
        reverse("answer-question", args=[patient.pk]), {"version": 1, "path": path, "answer": answer}, follow=True
    )
    assert told in response.content.decode().replace("&quot;", '"')
    patient.refresh_from_db()
    assert (patient.version, patient.record) == (1, before)


def test_of_two_who_write_at_once_the_second_finds_out(clinic, signed_in, today):
    patient = add_without_goals(clinic, today)
    address = reverse("answer-question", args=[patient.pk])
    given = {"version": 1, "path": "goals.wanted", "answer": "diagnosis"}
    signed_in("clinician").post(address, given)
    response = signed_in("coordinator").post(address, given | {"answer": "relief"}, follow=True)
    assert "Somebody else changed this record" in response.content.decode()
    patient.refresh_from_db()
    assert (patient.version, patient.documented.goals.wanted) == (2, "diagnosis")


def test_every_question_of_the_examples_that_can_be_answered_in_place_can_be(today):
    asked = 0
    for name in example_names():
        record = example_record(name, today)
        for missing in next_step(record, today).missing:
            question = question_of(missing)
            if question is None:
                continue
            value = (
                question.choices[0][0] if question.choices else {"date": "2025-01-01"}.get(question.input_type, "text")
            )
            changed = answered(record, missing.path, value, today)
            assert changed != record
            asked += 1
    assert asked > 5


def test_a_condition_is_assessed_on_the_day_of_the_answer(today):
    record = Record(patient=example_record("sparse-referral", today).patient)
    changed = answered(record, "conditions.pregnancy", "false", today)
    assert changed.conditions.pregnancy is not None
    assert (changed.conditions.pregnancy.present, changed.conditions.pregnancy.on) == (False, today)
    with pytest.raises(DocumentError):
        answered(changed, "conditions.pregnancy", "true", today)
    assert question_of(Missing("", "", "conditions")) is None


def upload(client, content: bytes, number="N-1", name="Nora Grove"):
    file = SimpleUploadedFile("record.json", content, content_type="application/json")
    return client.post(reverse("new-patient"), {"number": number, "name": name, "record": file})


def test_a_record_is_uploaded_as_json_and_as_fhir(clinic, signed_in, today):
    from facetwise.clinic.models import Patient
    from facetwise.fhir import write_bundle

    client, record = signed_in("coordinator"), example_record("two-positive-blocks", today)
    assert upload(client, write_json(record)).status_code == 302
    assert upload(client, json.dumps(write_bundle(record)).encode(), "N-2").status_code == 302
    assert [one.step for one in Patient.objects.filter(number__startswith="N-")] == ["ablation", "ablation"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "record"), (b"[1]", "no record"), (b"{", "record"), (b'{"patient": {"id": ""}}', "patient"),
        (b'{"resourceType": "Bundle", "type": "collection", "entry": 7}', "entry"), (b"x" * (3 << 20), "too large"),
    ],
)  # fmt: skip
def test_a_bad_upload_is_told_and_nothing_is_stored(content, told, clinic, signed_in):
    from facetwise.clinic.models import Patient

    before = Patient.objects.count()
    response = upload(signed_in("coordinator"), content)
    assert response.status_code == 422
    assert told in response.content.decode().lower() or told in response.content.decode()
    assert "Nora Grove" in response.content.decode()
    assert Patient.objects.count() == before


def test_a_number_is_given_once(clinic, signed_in):
    response = signed_in("clinician").post(reverse("new-patient"), {"number": "H-1", "name": "Another"})
    assert response.status_code == 422
    assert "has it already" in response.content.decode()
    assert signed_in("stranger").post(reverse("new-patient"), {"number": "H-1", "name": "Another"}).status_code == 302


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"verdict": "accepted"}, "Accepted:"),
        ({"verdict": "declined"}, "no reason"),
        ({"verdict": "declined", "reason": "Too soon"}, "Declined:"),
        ({"verdict": "deferred", "reason": "Travels"}, "no day to come"),
        ({"verdict": "deferred", "reason": "Travels", "until": "2020-01-01"}, "no day to come"),
        ({"verdict": "deferred", "reason": "Travels", "until": "soon"}, "is no day"),
        ({"verdict": "perhaps"}, "Accept, decline or defer"),
        ({"verdict": "accepted", "version": "7"}, "Somebody else changed"),
    ],
)
def test_a_recommendation_is_answered(given, told, clinic, signed_in):
    response = signed_in("clinician").post(
        reverse("answer-step", args=[clinic.patient.pk]),
        {"version": 1, "step": clinic.patient.step} | given,
        follow=True,
    )
    assert told in response.content.decode()
    assert clinic.patient.answers.count() == (1 if told in ("Accepted:", "Declined:") else 0)


def test_a_deferred_patient_leaves_the_list_until_the_day(clinic, signed_in, today):
    client = signed_in("clinician")
    accepted = {"version": 1, "step": clinic.other.step, "verdict": "accepted"}
    signed_in("stranger").post(reverse("answer-step", args=[clinic.other.pk]), accepted)
    assert "Kofi Castle" in client.get(reverse("worklist")).content.decode()
    until = today + datetime.timedelta(days=10)
    given = {"version": 1, "step": clinic.patient.step, "verdict": "deferred", "reason": "Travels", "until": str(until)}
    client.post(reverse("answer-step", args=[clinic.patient.pk]), given)
    assert "Kofi Castle" not in client.get(reverse("worklist")).content.decode()
    assert "Kofi Castle" in client.get(reverse("worklist"), {"when": "deferred"}).content.decode()


def test_a_step_that_cannot_be_put_off_keeps_what_was_chosen(clinic, signed_in):
    """The form stays open, says in words what is wrong, and shows it at the form."""
    given = {"version": 1, "verdict": "deferred", "reason": "Travels", "until": ""}
    response = signed_in("clinician").post(reverse("answer-step", args=[clinic.patient.pk]), given)
    shown = response.content.decode()
    form = shown[shown.index('<details id="answer" open>') : shown.index("Write it down")]
    assert response.status_code == 422
    assert "Nothing was written. There is no day to come. Give the day on which to ask again." in form
    assert 'value="deferred" checked' in form
    assert ">Travels</textarea>" in form
    assert "until:" not in shown


def test_who_answers_what_has_changed_keeps_the_text_and_sees_how_it_is_now(clinic, signed_in):
    given = {"version": 7, "verdict": "declined", "reason": "Too soon"}
    response = signed_in("clinician").post(reverse("answer-step", args=[clinic.patient.pk]), given)
    assert response.status_code == 409
    assert ">Too soon</textarea>" in response.content.decode()


def test_a_bad_answer_stands_at_its_question(clinic, signed_in, today):
    patient = add_without_goals(clinic, today)
    given = {"version": 1, "path": "goals.wanted", "answer": "a cake"}
    response = signed_in("clinician").post(reverse("answer-question", args=[patient.pk]), given)
    shown = response.content.decode()
    assert response.status_code == 422
    assert shown.index("Nothing was written") > shown.index('id="missing"')
    assert "goals.wanted:" not in shown


def test_answers_to_earlier_steps_are_folded_away(clinic, signed_in):
    client, page = signed_in("clinician"), reverse("patient", args=[clinic.patient.pk])
    given = {"version": 1, "step": clinic.patient.step, "verdict": "declined", "reason": "Of this step"}
    client.post(f"{page}step/", given)
    shown = client.get(page).content.decode()
    assert "Of this step" in shown
    assert "Earlier answers" not in shown
    clinic.patient.answers.create(
        step="evaluation", step_title="Evaluation", version=1, verdict="accepted", reason="Of before",
        by=clinic.people["clinician"],
    )  # fmt: skip
    shown = client.get(page).content.decode()
    earlier = shown[shown.index("Earlier answers") :]
    assert "Of before" in earlier
    assert "Of before" not in shown[: shown.index("Earlier answers")]
    assert "Of this step" not in earlier


def test_days_are_written_one_way(clinic, signed_in, today):
    """Whatever a page forgets to say, and where it says it."""
    from django.template import Context, Template

    day = datetime.datetime(2026, 11, 25, 14, 5)
    written = Template("{{ day }}|{{ moment }}").render(Context({"day": day.date(), "moment": day}))
    assert written == "25 Nov 2026|25 Nov 2026, 14:05"
    shown = signed_in("clinician").get(reverse("patient", args=[clinic.patient.pk])).content.decode()
    timeline = shown[shown.index('<svg class="timeline"') : shown.index("Points are pain")]
    assert f"{today.day} {today:%b %Y}" in timeline
    assert str(today) not in timeline
