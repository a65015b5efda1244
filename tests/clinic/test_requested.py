"""What is asked of the next procedure itself: answered on the patient's page, kept until it is done, taken back."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from test_letters import shown as shown_letter

from facetwise.clinic.actions.patients import add_patient
from facetwise.clinic.models import AccessEvent, RequestFact
from facetwise.examples import example_names, example_record
from facetwise.pathway import next_step

PLACE, AFFIRMED = "request.place", "request.prior_authorization"


def page(client, patient) -> str:
    return client.get(reverse("patient", args=[patient.pk])).content.decode()


def answer(client, patient, path, *given, **further):
    patient.refresh_from_db()
    form = {"version": patient.version, "step": patient.step, "path": path, "answer": list(given)} | further
    return client.post(reverse("answer-question", args=[patient.pk]), form)


def missing(patient) -> bool:
    return patient.needs.filter(kind="documents_missing").exists()


@pytest.fixture
def coordinator(signed_in):
    return signed_in("coordinator")


def test_a_request_s_questions_are_answered_in_place_and_the_worklist_follows(clinic, coordinator):
    patient = clinic.patient
    assert missing(patient)
    assert 'name="path" value="request.place"' in page(coordinator, patient)
    assert answer(coordinator, patient, PLACE, "hospital_outpatient").status_code == 302
    assert answer(coordinator, patient, AFFIRMED, "true").status_code == 302
    assert not missing(patient)
    told = page(coordinator, patient)
    assert 'name="path" value="request.place"' in told.split("Said of the next procedure")[1]
    assert "<strong>hospital outpatient</strong>" in told
    assert 'Medicare, prior authorization</a>: <span class="status met">' in told
    assert patient.version == 1, "the record is as it was"
    assert list(AccessEvent.objects.filter(what="request answered").values_list("about", flat=True)) == [
        f"patient {patient.pk} confirming_block place",
        f"patient {patient.pk} confirming_block prior_authorization",
    ]


def test_an_answer_is_taken_back_and_the_question_is_asked_again(clinic, coordinator):
    patient = clinic.patient
    answer(coordinator, patient, PLACE, "office")
    assert "office" in page(coordinator, patient).split("Said of the next procedure")[1]
    assert answer(coordinator, patient, PLACE, take_back="1").status_code == 302
    told = page(coordinator, patient)
    assert "Said of the next procedure" not in told
    assert 'name="path" value="request.place"' in told
    assert [one.said for one in RequestFact.objects.all()] == ["office", "not documented"]
    for change in (RequestFact.objects.all().delete, lambda: RequestFact.objects.update(value="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_was_said_is_of_the_procedure_that_comes_next_and_of_none_after_it(clinic, coordinator, today):
    patient = clinic.patient
    answer(coordinator, patient, PLACE, "office")
    given = {
        "version": "1", "kind": "medial_branch_block", "purpose": "diagnostic", "date": str(today), "pain_before": "8",
        "left_levels": ["L4-5", "L5-S1"], "anaesthetic": "lidocaine", "sedation": "none", "guidance": "fluoroscopy",
    }  # fmt: skip
    coordinator.post(reverse("new-procedure", args=[patient.pk]), given)
    patient.refresh_from_db()
    assert patient.version == 2
    assert "Said of the next procedure" not in page(coordinator, patient)


def test_a_letter_says_what_was_said_of_the_request_and_asks_for_it_no_more(clinic, coordinator):
    assert "place" in shown_letter(coordinator, clinic, "letter").context["form"].fields
    answer(coordinator, clinic.patient, PLACE, "office")
    response = shown_letter(coordinator, clinic, "letter")
    assert "place" not in response.context["form"].fields


@pytest.mark.parametrize(
    ("path", "given", "told"),
    [
        (PLACE, ["the moon"], "the moon"),
        (PLACE, [""], "There is no answer"),
        (PLACE, [], "There is no answer"),
        (AFFIRMED, ["maybe"], "Answer yes or no"),
        ("request.lesion_seconds", ["long"], "is no number"),
        ("request.lesion_seconds", ["-3"], "Nothing was written"),
        ("request.agents", ["water"], "water"),
        ("request.same_session", ["x"], "cannot be answered here"),
        ("request.nonsense", ["x"], "cannot be answered here"),
    ],
)
def test_what_a_request_cannot_say_is_refused(path, given, told, clinic, coordinator):
    response = answer(coordinator, clinic.patient, path, *given)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not RequestFact.objects.exists()


def test_who_answers_what_is_not_there_any_more_is_told_so(clinic, coordinator):
    assert answer(coordinator, clinic.patient, PLACE, "office", version="7").status_code == 409
    stale = answer(coordinator, clinic.patient, PLACE, "office", step="ablation")
    assert stale.status_code == 422
    assert "The next step is another one by now" in stale.content.decode()
    assert not RequestFact.objects.exists()


@pytest.mark.parametrize("example", example_names())
def test_every_question_of_a_request_can_be_answered(example, clinic, coordinator, today):
    from facetwise.clinic.requested.questions import request_question

    patient = add_patient(clinic.here, None, "E-9", "Elia Example", example_record(example, today), today)
    for one in next_step(patient.documented, today).missing:
        if not one.path.startswith("request."):
            continue
        question = request_question(one)
        given = question.choices[0][0] if question.choices else "90"
        assert answer(coordinator, patient, one.path, given).status_code == 302, one.path
        assert page(coordinator, patient).count(f'value="{one.path}"') == 1, "asked no more, and can be taken back"


def test_what_is_added_of_long_ago_asks_nothing_again(clinic, coordinator):
    patient = clinic.patient
    answer(coordinator, patient, PLACE, "office")
    old = {"version": "1", "kind": "facet_joint_injection", "date": "2016-03-01", "left_levels": ["L4-5"]}
    coordinator.post(reverse("new-procedure", args=[patient.pk]), old)
    patient.refresh_from_db()
    assert patient.version == 2
    assert "<strong>office</strong>" in page(coordinator, patient)
