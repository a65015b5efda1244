"""The worklist: what each example needs, filters and search, a new day, and a thousand patients in few queries."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facetwise.clinic.patients.standing import standing
from facetwise.examples import example_record

NEEDS = {
    "fever-after-infection": ["safety"],
    "diary-slept-through": ["diary_unjudgeable"],
    "two-positive-blocks": ["ablation"],
    "second-block-due": ["second_block"],
    "new-back-pain": [],
    "negative-block-sacroiliac-signs": ["decision"],
}


@pytest.mark.parametrize("example", NEEDS)
def test_what_a_patient_needs(example, today):
    needs = standing(example_record(example, today), today, 90).needs
    assert [str(one.kind) for one in needs if str(one.kind) != "documents_missing"] == NEEDS[example]


def test_a_block_that_is_only_too_early_comes_up_later(today):
    needs = standing(example_record("second-block-too-early", today), today, 90).needs
    assert [str(one.kind) for one in needs if one.since > today] == ["second_block"]


def test_a_follow_up_is_overdue_when_the_clinic_says_so(today):
    record = example_record("ablation-follow-up", today)
    kinds = {after: [str(one.kind) for one in standing(record, today, after).needs] for after in (1, 3000)}
    assert "follow_up" in kinds[1]
    assert "follow_up" not in kinds[3000]


@pytest.fixture
def demo(db, today):
    from facetwise.clinic.demo import load_demo
    from facetwise.clinic.models import User

    assert len(load_demo(today)) == 3
    assert load_demo(today) == {}
    return User.objects.get(username="demo-coordinator")


@pytest.fixture
def browser(demo, client):
    client.force_login(demo, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def shown(browser, **given) -> list[str]:
    return [patient.number for patient in browser.get(reverse("worklist"), given).context["page"]]


def test_filters_search_and_order(browser):
    everybody = shown(browser, when="all")
    assert len(everybody) == 20
    safety = shown(browser, kind="safety")
    assert safety == ["D-002"]
    tens = [number for number in everybody if number.startswith("D-01")]
    assert found(browser, "d-01", order="name") == sorted(tens, key=name_of)
    assert found(browser, "ana abr") == ["D-001"]
    assert found(browser, "nobody at all") == []
    assert found(browser, "", when="all") == everybody
    assert shown(browser, kind="nonsense", when="nonsense", order="nonsense", page="nonsense")


def found(browser, search: str, **given) -> list[str]:
    """Who is shown after a search, whose words stand in no address."""
    response = browser.post(reverse("search"), {"search": search, **given})
    assert not search or search.split()[0] not in response["Location"]
    return [patient.number for patient in browser.get(response["Location"]).context["page"]]


def test_a_view_is_kept_under_a_name_and_forgotten(browser, demo):
    def views() -> list[str]:
        return [f"{one.name}: {one.query}" for one in browser.get(reverse("worklist")).context["saved"]]

    kept = {"when": "later", "kind": "second_block", "order": "name"}
    browser.post(reverse("save-view"), {"name": " Second   blocks ", **kept})
    assert views() == ["Second blocks: when=later&kind=second_block&order=name"]
    browser.post(reverse("save-view"), {"name": "Second blocks", "when": "now", "kind": "<script>"})
    assert views() == ["Second blocks: when=now&order=since"]
    told = browser.post(reverse("save-view"), {"name": "  "}, follow=True).content.decode()
    assert "The view has no name" in told
    browser.post(reverse("forget-view", args=[demo.saved_views.get().pk]))
    assert views() == []


def test_nobody_sees_or_forgets_the_view_of_another(browser, demo, client):
    from facetwise.clinic.models import User

    browser.post(reverse("save-view"), {"name": "Mine", "when": "now"})
    view = demo.saved_views.get()
    client.force_login(
        User.objects.get(username="demo-clinician"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert list(client.get(reverse("worklist")).context["saved"]) == []
    assert client.post(reverse("forget-view", args=[view.pk])).status_code == 404
    assert demo.saved_views.count() == 1


def name_of(number: str) -> str:
    from facetwise.clinic.models import Patient

    return Patient.objects.get(number=number).name


def test_an_empty_list_says_what_to_do(browser):
    assert "Nobody matches" in browser.post(reverse("search"), {"search": "zzz"}, follow=True).content.decode()


def test_a_search_ends_with_the_next_way_to_the_list_and_cannot_lock_anybody_out(browser):
    browser.post(reverse("search"), {"search": "zzz"}, follow=True)
    assert len(shown(browser, when="all")) == 20
    assert shown(browser, when="all", found="1") != []
    for odd in ("x" * 60_000, "a " * 2_000, "nul\0nul"):
        assert browser.post(reverse("search"), {"search": odd}, follow=True).status_code == 200
    assert "End the search" not in browser.get(reverse("worklist")).content.decode()


def test_on_a_new_day_everybody_is_worked_out_anew(demo, today):
    from facetwise.clinic.actions.patients import refresh
    from facetwise.clinic.models import Clinic, Patient

    clinic = Clinic.objects.get()
    tomorrow = today + datetime.timedelta(days=1)
    assert refresh(clinic, today) == 0
    assert refresh(clinic, tomorrow, most=5) == 5
    assert refresh(clinic, tomorrow) == 15
    assert set(Patient.objects.values_list("stood_on", flat=True)) == {tomorrow}


def test_the_list_asks_the_database_as_little_of_many_as_of_few(browser, today):
    from facetwise.clinic.models import Clinic, Need, Patient

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("worklist"))
        asked = [one["sql"] for one in captured if one["sql"].startswith("SELECT")]
        return len([one for one in asked if not re.search("accessevent|advisory", one)])  # the trail: by length of keys

    few = queries()
    clinic = Clinic.objects.get()
    many = Patient.objects.bulk_create(
        Patient(clinic=clinic, number=f"M-{n}", name=f"Many {n}", stood_on=today) for n in range(1000)
    )
    Need.objects.bulk_create(Need(patient=one, kind="decision", since=today) for one in many)
    assert queries() == few
    assert browser.get(reverse("worklist")).context["page"].paginator.count > 1000


def test_what_cannot_wait_is_shown_where_the_step_is_put_off(browser, today):
    from facetwise.clinic.models import Need, Patient

    patient = Patient.objects.get(number="D-011")
    patient.put_off_until = today + datetime.timedelta(days=7)
    patient.save()
    assert "D-011" not in shown(browser)
    assert "D-011" in shown(browser, when="deferred")
    Need.objects.create(patient=patient, kind="diary_due", since=today, says="Call")
    page = browser.get(reverse("worklist")).context["page"]
    assert [[str(one.kind) for one in found.shown] for found in page if found.number == "D-011"] == [["diary_due"]]
    assert shown(browser, kind="diary_due") == ["D-011"]
    assert "D-011" not in shown(browser, kind="second_block")
