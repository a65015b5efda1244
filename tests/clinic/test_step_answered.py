"""What is answered is the step that was shown, and the worklist follows the answer."""

import datetime
import re

import pytest
from django.urls import reverse

from facetwise.clinic.actions.patients import add_patient, change_record, refresh
from facetwise.clinic.models import Answer, Need, Patient
from facetwise.examples import example_record
from facetwise.records import read_record, write_json


def shown(client, patient) -> dict[str, str]:
    """What the form on the patient's page sends along."""
    page = client.get(reverse("patient", args=[patient.pk])).content.decode()
    form = page.partition("Accept, decline or defer")[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(version|step)" value="([^"]*)"', form))


def answered(client, patient, given) -> str:
    return client.post(reverse("answer-step", args=[patient.pk]), given, follow=True).content.decode()


def kinds(patient) -> dict[str, str]:
    return dict(Need.objects.filter(patient=patient).values_list("kind", "says"))


def patient_of(clinic, example, today, number="N-1") -> Patient:
    return add_patient(clinic.here, None, number, "Nora Birch", example_record(example, today), today)


def test_what_is_answered_is_the_step_that_was_shown_not_the_one_kept_from_yesterday(clinic, signed_in, today):
    patient, client = clinic.patient, signed_in("clinician")
    Patient.objects.filter(pk=patient.pk).update(
        step="of_yesterday", step_title="Of yesterday", stood_on=today - datetime.timedelta(days=1)
    )
    given = shown(client, patient)
    assert given == {"version": "1", "step": patient.step}
    answered(client, patient, given | {"verdict": "deferred", "reason": "Travels", "until": str(today.replace(year=today.year + 1, day=1))})  # fmt: skip
    (answer,) = Answer.objects.filter(patient=patient)
    assert (answer.step, answer.step_title) == (patient.step, patient.step_title)
    refresh(clinic.here, today)
    patient.refresh_from_db()
    assert patient.put_off_until == answer.until


@pytest.mark.parametrize("step", ["of_yesterday", None])
def test_another_step_than_the_one_shown_is_not_answered(step, clinic, signed_in):
    given = {"version": "1", "verdict": "accepted"} | ({"step": step} if step else {})
    told = answered(signed_in("clinician"), clinic.patient, given)
    assert "The next step is another one by now" in told
    assert not clinic.patient.answers.exists()


def test_a_version_that_is_not_the_last_is_refused_where_the_patient_is_held(clinic, signed_in, today):
    """Also by the action itself, which alone holds the patient."""
    from facetwise.clinic.actions.patients import Conflict
    from facetwise.clinic.actions.recommendations import Shown, answer_recommendation
    from facetwise.clinic.patients.models import Verdict

    old = Patient.objects.get(pk=clinic.patient.pk)
    change_record(clinic.patient, None, None, with_birth_year, "Changed", today)
    with pytest.raises(Conflict):
        answer_recommendation(old, clinic.people["clinician"], Shown(1, old.step), Verdict.ACCEPTED, "", None, today)


def with_birth_year(record):
    text = re.sub(rb'"birth_year": ?\d+', b'"birth_year":1951', write_json(record))
    return read_record(text)


@pytest.mark.parametrize(
    ("example", "kind"), [("two-positive-blocks", "ablation"), ("negative-block-sacroiliac-signs", "decision")]
)
def test_after_accepting_nothing_is_left_to_decide_and_the_rest_is_to_be_scheduled(
    example, kind, clinic, signed_in, today
):
    patient, client = patient_of(clinic, example, today), signed_in("clinician")
    before = kinds(patient)
    assert kind in before
    answered(client, patient, shown(client, patient) | {"verdict": "accepted"})
    after = kinds(patient)
    assert "decision" not in after
    if kind == "ablation":
        assert after["ablation"] == f"{before['ablation']}: accepted, to be scheduled"
    assert after.keys() == before.keys() - {"decision"}
    refresh_on(clinic, today + datetime.timedelta(days=1))
    assert "decision" not in kinds(patient)
    change_record(patient, None, None, with_birth_year, "Changed", today)
    assert kinds(patient) == before


@pytest.mark.parametrize("example", ["two-positive-blocks", "second-block-due", "negative-block-sacroiliac-signs"])
def test_what_was_declined_is_proposed_no_more_until_the_record_changes(example, clinic, signed_in, today):
    patient, client = patient_of(clinic, example, today), signed_in("clinician")
    before = kinds(patient)
    answered(client, patient, shown(client, patient) | {"verdict": "declined", "reason": "Does not want it"})
    assert not kinds(patient).keys() & {"ablation", "second_block", "repeat", "follow_up", "decision"}
    assert kinds(patient).keys() >= before.keys() & {"safety", "documents_missing", "diary_due", "diary_unjudgeable"}
    change_record(patient, None, None, with_birth_year, "Changed", today)
    assert kinds(patient) == before


def test_a_safety_flag_is_not_answered_away(clinic, signed_in, today):
    patient, client = patient_of(clinic, "fever-after-infection", today), signed_in("clinician")
    answered(client, patient, shown(client, patient) | {"verdict": "declined", "reason": "No"})
    assert "safety" in kinds(patient)


def refresh_on(clinic, day) -> None:
    assert refresh(clinic.here, day) >= 1


@pytest.mark.parametrize("order", ["since", "name"])
def test_safety_comes_first_in_every_order(order, clinic, signed_in, today):
    urgent = add_patient(clinic.here, None, "Z-1", "Zoe Zimmer", example_record("fever-after-infection", today), today)
    listed = signed_in("coordinator").get(reverse("worklist"), {"order": order}).context["page"]
    assert next(iter(listed)).pk == urgent.pk
    assert len(listed) == 2
