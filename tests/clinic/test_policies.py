"""Policies on the screen: the library as it is, a clinic's own written and asked, and nothing of another clinic's."""

import datetime
import json
import os
import re
import subprocess
import sys
import time
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from facetwise.clinic.actions.patients import add_patient
from facetwise.examples import example_names, example_record
from facetwise.pathway import next_step
from facetwise.reports.proposals import speaking
from facetwise.rules import load_library

POLICY = """id: stricter
kind: local
issuer: Here
title: Longer pain
sources:
  minutes: {title: Minutes, certainty: unverified}
requests:
  block:
    title: Block
    asked_when: kind = 'medial_branch_block'
    criteria:
      - id: long_pain
        says: Pain for at least 500 months.
        test: pain_months >= 500
        cites: {source: minutes}
"""
CASES = """policy: stricter
cases:
  - says: Long enough.
    request: block
    facts: {pain_months: '500'}
    expect: {long_pain: met}
  - says: A month too short.
    request: block
    facts: {pain_months: '499'}
    expect: {long_pain: not met}
  - says: Not documented.
    request: block
    expect: {long_pain: not documented}
"""


@pytest.fixture
def writer(clinic, signed_in):
    return signed_in("clinician")


def sent(client, text=POLICY, cases=CASES, do="store", why="Decided", name=None, **further):
    address = reverse("change-policy", args=[name]) if name else reverse("new-policy")
    return client.post(address, {"text": text, "cases": cases, "do": do, "why": why, **further})


def stored():
    from facetwise.clinic.models import LocalPolicy

    return list(LocalPolicy.objects.order_by("id"))


def shown(response) -> str:
    return unescape(response.content.decode())


def test_every_policy_of_the_library_is_shown_whole(clinic, signed_in):
    client = signed_in("coordinator")
    for name, policy in load_library().items():
        response = client.get(reverse("policy", args=[name]), {"on": "2026-11-24"})
        text = shown(response)
        assert response.status_code == 200, name
        for criterion in [*policy.criteria().values(), *(step.here_when for step in policy.steps)]:
            assert criterion.says in text, (name, criterion.id)
            assert text.count(f'id="criterion-{criterion.id}"') == 1, (name, criterion.id)
            assert criterion.citation.title in text, (name, criterion.id)
            assert criterion.note in text, (name, criterion.id)
            if criterion.citation.url.startswith("http"):
                assert f'href="{criterion.citation.url}"' in text, (name, criterion.id)
        assert "style=" not in text
        assert "<script" not in text


def test_the_list_holds_what_is_in_force_on_a_day(clinic, signed_in):
    def listed(**given):
        response = signed_in("coordinator").get(reverse("policies"), given)
        assert response.status_code == 200
        return {entry.policy.id for entries in dict(response.context["found"]).values() for entry in entries}

    assert listed(on="") == set(load_library())
    assert "medicare-facet-2021" in listed(on="2022-01-01")
    assert "medicare-facet-2024" not in listed(on="2022-01-01")
    assert listed(on="2026-11-24", kind="guideline") == {
        one.id for one in load_library().values() if one.kind == "guideline"
    }
    assert listed(on="2026-11-24", payer="aetna") == {"aetna-cpb-0016"}
    of_ohio = listed(on="2026-11-24", state="OH")
    assert of_ohio == {"medicare-cgs-l38773-2024", "medicare-hospital-outpatient-2023"}
    assert listed(on="2026-11-24", contractor="cgs") == of_ohio
    assert listed(on="", search="thoracic investigational") >= {"bcbs-alabama"}
    assert listed(search="no such word anywhere") == set()


def test_a_day_that_is_none_is_told(clinic, signed_in):
    client = signed_in("coordinator")
    for name, args in (("policies", []), ("policy", ["aetna-cpb-0016"]), ("compare-policies", [])):
        response = client.get(reverse(name, args=args), {"on": "2026-02-30"})
        assert response.status_code == 422
        assert "2026-02-30" in shown(response)


def test_a_policy_that_was_not_in_force_leads_to_the_one_that_was(clinic, signed_in):
    text = shown(signed_in("clinician").get(reverse("policy", args=["medicare-facet-2024"]), {"on": "2022-01-01"}))
    assert "Not in force on 1 Jan 2022" in text
    assert "/policies/medicare-facet-2021/?on=2022-01-01" in text


def test_what_a_source_says_twice_is_told(clinic, signed_in):
    text = shown(signed_in("clinician").get(reverse("policy", args=["multisociety-cervical-2021"])))
    assert "The guideline contradicts itself." in text
    assert "The same source also speaks on this topic" in text


def test_policies_are_compared(clinic, signed_in):
    client, address = signed_in("administrator"), reverse("compare-policies")
    assert "Nothing is chosen" in shown(client.get(address))
    assert "One more is needed" in shown(client.get(address, {"policy": "aetna-cpb-0016"}))
    assert client.get(address, {"policy": ["aetna-cpb-0016", "no-such"]}).status_code == 404
    text = shown(client.get(address, {"policy": ["aetna-cpb-0016", "medicare-facet-2024"], "on": "2026-11-24"}))
    assert "≠" in text
    assert load_library()["aetna-cpb-0016"].issuer in text
    changed = shown(client.get(address, {"policy": "medicare-facet-2024", "on": "2024-06-01", "with": "2024-09-01"}))
    assert "What changed" in changed
    assert "medicare-facet-2021" in changed


def test_the_patient_leads_to_the_policies(clinic, writer):
    response = writer.get(reverse("patient", args=[clinic.patient.pk]))
    told = [one for one, *_ in [*response.context["payers"], *response.context["guidelines"]]]
    assert {one.policy_kind for one in told} == {"payer", "guideline"}
    for one in told:
        assert f'<a href="/policies/{one.policy}/">{one.issuer}</a>' in shown(response)


@pytest.mark.parametrize("example", example_names())
def test_every_statement_on_the_page_of_a_patient_opens_where_it_stands(example, clinic, signed_in, writer, today):
    patient = add_patient(clinic.here, None, "E-9", "Elia Example", example_record(example, today), today)
    page = shown(writer.get(reverse("patient", args=[patient.pk])))
    behind = page[page.index("Everything behind it") :]
    opened = {(policy, anchor) for policy, anchor in re.findall(r'href="/policies/([\w-]+)/#(criterion-\w+)"', behind)}
    answer = next_step(patient.documented, today)
    said = speaking(answer.proposal) if answer.proposal else []
    assert opened == {
        ("facet-pathway", f"criterion-{answer.step.because.criterion}"),
        *((one.policy, f"criterion-{finding.criterion}") for one in said for finding in one.findings),
    }
    for policy in {policy for policy, _ in opened}:
        text = shown(writer.get(reverse("policy", args=[policy])))
        assert all(f'id="{anchor}"' in text for of, anchor in opened if of == policy)


def test_a_local_policy_is_checked_and_stored(clinic, writer):
    checked = sent(writer, do="check")
    assert checked.status_code == 200
    assert "3 cases come out" in shown(checked)
    assert stored() == []
    assert sent(writer).status_code == 302
    (row,) = stored()
    assert (row.policy, row.version, row.active, row.by.username) == ("stricter", 1, True, "clinician")
    assert row.text == POLICY
    page = shown(writer.get(reverse("policy", args=["stricter"])))
    assert "Local policy of Here" in page
    assert "Pain for at least 500 months." in page


def test_the_template_and_every_copy_can_be_checked(clinic, writer):
    first = writer.get(reverse("new-policy")).context["draft"]
    assert sent(writer, *first, do="check").context["checked"].untried == []
    for policy in load_library().values():
        response = writer.get(reverse("new-policy"), {"from": policy.id})
        if policy.kind == "pathway":
            assert response.status_code == 404
            continue
        outcome = sent(writer, *response.context["draft"], do="check")
        assert outcome.status_code == 200, (policy.id, outcome.context["problems"])
        assert outcome.context["checked"].policy.kind == "local"
        assert outcome.context["checked"].policy.criteria().keys() == policy.criteria().keys()


BOMB = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(20))
MALFORMED = {
    "duplicate key": (POLICY + "title: Twice\n", "given twice"),
    "unknown field": (POLICY + "colour: red\n", "colour"),
    "alias bomb": (BOMB, "aliases are not read"),
    "unknown fact": (POLICY.replace("pain_months", "pain_moons"), "pain_moons"),
    "never met": (POLICY.replace(">= 500", ">= 5 and pain_months < 4"), "can never be met"),
    "no YAML": ("id: [", "Not YAML"),
    "a control character": (POLICY + "# \x00", "Not YAML"),
    "empty": ("", "empty"),
    "a list": ("- id", "Found a list"),
    "no source": (POLICY.replace("source: minutes", "source: none"), "none"),
    "of the library": (POLICY.replace("id: stricter", "id: aetna-cpb-0016"), "The library has a policy"),
    "a page": (POLICY.replace("id: stricter", "id: compare"), "No policy can be called"),
    "a long id": (POLICY.replace("id: stricter", f"id: {'x' * 61}"), "at most 60"),
    "a guideline": (POLICY.replace("kind: local", "kind: guideline"), "topic"),
    "the pathway": (POLICY.replace("kind: local", "kind: pathway"), "of kind pathway"),
    "a long title": (POLICY.replace("Longer pain", "x" * 201), "too long"),
    "nothing asked": (POLICY.partition("sources:")[0], "asks nothing"),
    "a revision of none": (POLICY + "revises: no-such\n", "no-such"),
    "a deep test": (POLICY.replace("pain_months >= 500", "(" * 3000 + "true" + ")" * 3000), "."),
    "too many ways": (
        POLICY.replace(
            "test: pain_months >= 500",
            "at_least: 20\n        of: [" + ", ".join(f"{{says: A, test: pain_months > {n}}}" for n in range(40)) + "]",
        ),
        "more ways than can be checked",
    ),
    "a colliding payer": (
        POLICY.replace("kind: local", "kind: payer\npayer: aetna").replace("id: long_pain", "topic: pain_duration\n        id: long_pain"),
        "both in force",
    ),
}  # fmt: skip


def test_what_is_malformed_is_told_and_nothing_is_stored(clinic, writer):
    for wrong, (text, said) in MALFORMED.items():
        started = time.monotonic()
        response = sent(writer, text)
        assert response.status_code == 422, wrong
        assert said in shown(response), (wrong, response.context["problems"])
        assert time.monotonic() - started < 10, wrong
        assert stored() == []
        assert response.context["draft"].text.split() == text.split(), wrong


def test_problems_say_their_line(clinic, writer):
    text = shown(sent(writer, MALFORMED["unknown fact"][0]))
    assert "Policy, line 14" in text
    assert "Did you mean pain_months" in text


WRONG_CASES = (
    ("", "There are no cases"),
    (CASES.replace("not met", "met"), "expected met, found not met"),
    (CASES.replace("stricter", "another"), 'The cases are of "another"'),
    ("policy: stricter\ncases: []\n", "There are no cases"),
    (CASES.replace("long_pain:", "short_pain:"), "no such criterion"),
    (CASES + "more: true\n", "more"),
    (BOMB, "aliases are not read"),
)


def test_cases_that_do_not_come_out_are_told(clinic, writer):
    for cases, said in WRONG_CASES:
        response = sent(writer, cases=cases)
        assert response.status_code == 422, said
        assert said in shown(response)
        assert "Cases" in shown(response)
        assert stored() == []


def test_what_no_case_tries_is_noted(clinic, writer):
    only_met = CASES.partition("  - says: A month")[0]
    response = sent(writer, cases=only_met, do="check")
    assert "long_pain: no case is not met" in shown(response)
    assert sent(writer, cases=only_met).status_code == 302


def test_a_file_takes_the_place_of_the_text(clinic, writer):
    def uploaded(data, **given):
        return sent(writer, "", text_file=SimpleUploadedFile("own.yaml", data), **given)

    assert "too long" in shown(uploaded(b"#" * (3 << 20)))
    assert "not UTF-8" in shown(uploaded(POLICY.encode("utf-16")))
    assert "not UTF-8" in shown(uploaded(b"\xff\xfe\xfa"))
    assert stored() == []
    assert uploaded(b"\xef\xbb\xbf" + POLICY.replace("\n", "\r\n").encode()).status_code == 302
    assert stored()[0].text == POLICY


def test_a_text_too_large_for_a_form_is_refused(clinic, writer):
    assert "too long" in shown(sent(writer, "#" * (1 << 20)))
    response = sent(writer, "#" * (3 << 20))
    assert response.status_code == 400
    assert "Nothing was stored" in shown(response)
    assert stored() == []


def test_a_reason_is_asked_for(clinic, writer):
    for why in ("", "  ", "x" * 301, "a\x00b"):
        assert sent(writer, why=why).status_code == 422
    assert stored() == []


def test_an_id_is_given_once_in_a_clinic(clinic, writer, signed_in):
    assert sent(writer).status_code == 302
    again = sent(writer)
    assert again.status_code == 422
    assert "This clinic has a policy" in shown(again)
    assert sent(signed_in("stranger")).status_code == 302  # nobody learns what another clinic has
    other = sent(writer, POLICY.replace("id: stricter", "id: other"), name="stricter", version=1)
    assert "This is a version of stricter" in shown(other)


def test_nobody_sees_the_policy_of_another_clinic(clinic, writer, signed_in):
    sent(writer)
    stranger = signed_in("stranger")
    assert stranger.get(reverse("policy", args=["stricter"])).status_code == 404
    assert stranger.get(reverse("policy-versions", args=["stricter"])).status_code == 404
    compared = stranger.get(reverse("compare-policies"), {"policy": ["stricter", "aetna-cpb-0016"]})
    assert compared.status_code == 404
    assert "Longer pain" not in shown(stranger.get(reverse("policies"), {"on": ""}))
    assert "Longer pain" in shown(writer.get(reverse("policies"), {"on": ""}))
    assert "Longer pain" not in shown(stranger.get(reverse("patient", args=[clinic.other.pk])))


def test_versions_are_kept_compared_and_restored(clinic, writer):
    sent(writer)
    shorter = POLICY.replace(">= 500", ">= 400")
    fitting = CASES.replace("'500'", "'400'").replace("'499'", "'399'")
    assert sent(writer, shorter, fitting, name="stricter", version=1, why="Too long").status_code == 302
    text = shown(writer.get(reverse("policy-versions", args=["stricter"])))
    assert "Too long" in text
    assert "<del>" in text
    assert "pain_months >= 400" in text
    response = writer.post(reverse("restore-policy", args=["stricter"]), {"restored": 1, "version": 2})
    assert response.status_code == 302
    assert [(row.version, row.text) for row in stored()] == [(1, POLICY), (2, shorter), (3, POLICY)]
    for given in (
        {"restored": 9, "version": 3},
        {"restored": 1, "version": 2},
        {"restored": "9" * 5000, "version": 3},
        {},
    ):
        writer.post(reverse("restore-policy", args=["stricter"]), given)
    assert len(stored()) == 3
    assert writer.get(reverse("policy-versions", args=["stricter"]), {"before": 7}).status_code == 404


def test_who_saw_an_older_version_is_told(clinic, writer):
    sent(writer)
    sent(writer, name="stricter", version=1, why="Again")
    late = sent(writer, POLICY + "# mine\n", name="stricter", version=1)
    assert late.status_code == 422
    assert "Somebody else has changed" in shown(late)
    assert "# mine" in shown(late)
    assert len(stored()) == 2


def test_versions_are_never_changed(clinic, writer):
    sent(writer)
    (row,) = stored()
    for change in (lambda: row.delete(), lambda: row.save()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_local_policy_answers_for_the_patients_of_its_clinic(clinic, writer, signed_in):
    from facetwise.clinic.models import Patient

    page = reverse("patient", args=[clinic.patient.pk])
    assert "What this clinic asks" not in shown(writer.get(page))
    needs = {one.kind for one in clinic.patient.needs.all()}
    assert "second_block" in needs
    sent(writer)
    assert list(Patient.objects.filter(stood_on=None)) == [clinic.patient]  # the other clinic's still stands
    text = shown(writer.get(page))
    assert (
        '<a href="/policies/stricter/">Local policy of Here</a>, Longer pain: <span class="status not-met">not met'
        in text
    )
    writer.get(reverse("worklist"))
    clinic.patient.refresh_from_db()
    assert clinic.patient.stood_on is not None
    needs = {one.kind: one.says for one in clinic.patient.needs.all()}
    assert "second_block" not in needs
    assert "not by: Longer pain" in needs["decision"]


def test_a_policy_is_taken_out_of_use_and_put_back(clinic, writer):
    def use(active, **given):
        writer.post(reverse("use-policy", args=["stricter"]), {"active": active, "why": "A meeting", **given})
        return "What this clinic asks" in shown(writer.get(reverse("patient", args=[clinic.patient.pk])))

    sent(writer)
    writer.get(reverse("worklist"))
    assert use("no", version=1) is False
    clinic.patient.refresh_from_db()
    assert clinic.patient.stood_on is None
    assert "out of use" in shown(writer.get(reverse("policies")))
    assert "It is out of use" in shown(writer.get(reverse("policy", args=["stricter"])))
    assert use("yes", version=1) is False  # it is at version 2
    assert use("yes", version=2) is True
    assert [row.active for row in stored()] == [True, False, True]


def test_a_local_policy_of_a_payer_is_asked_of_its_patients_alone(clinic, writer, today):
    from facetwise.clinic.patients.standing import standing
    from facetwise.clinic.policies.in_use import policies_in_use
    from facetwise.examples import example_record

    sent(writer, POLICY.replace("kind: local", "kind: local\npayer: aetna"))
    record = example_record("second-block-due", today)
    found = standing(record, today, 90, policies_in_use(clinic.here)).answer
    assert "stricter" not in [one.id for one in found.policies]


def test_what_can_no_longer_be_read_is_told_and_not_asked(clinic, writer):
    from facetwise.clinic.models import LocalPolicy

    LocalPolicy.objects.create(
        clinic=clinic.here, policy="old", version=1, text=POLICY.replace("pain_months", "gone"), cases=CASES,
        why="Long ago", by=clinic.people["clinician"],
    )  # fmt: skip
    assert writer.get(reverse("patient", args=[clinic.patient.pk])).status_code == 200
    assert writer.get(reverse("worklist")).status_code == 200
    assert "cannot be read any more" in shown(writer.get(reverse("policies")))
    assert "cannot be used any more" in shown(writer.get(reverse("policy", args=["old"])))


OTHER_PROCESS = {
    "begin": "clinic, by = Clinic.objects.create(name='Here'), User.objects.create(username='clinician')\n"
    "store_policy(clinic, by, *json.loads(sys.stdin.read()), 'First')\n",
    "change": "clinic, by = Clinic.objects.get(), User.objects.get()\n"
    "store_policy(clinic, by, *json.loads(sys.stdin.read()), 'Second', 'stricter', 1)\n",
    "serve": "clinic = Clinic.objects.get()\n"
    "for line in sys.stdin: print(policies_in_use(clinic)[0].criteria()['long_pain'].says, flush=True)\n",
}


def test_another_process_sees_a_new_version_at_once(tmp_path):
    """A process that has read the first version answers by the second as soon as it is stored elsewhere."""
    environment = {name: value for name, value in os.environ.items() if name != "FACETWISE_CLINIC_DATABASE"}
    environment |= {"FACETWISE_CLINIC_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "facetwise.clinic.settings"}
    imports = (
        "import django, json, sys; django.setup()\n"
        "from facetwise.clinic.models import Clinic, User\n"
        "from facetwise.clinic.actions.policies import store_policy\n"
        "from facetwise.clinic.policies.in_use import policies_in_use\n"
    )

    def command(what):
        return [sys.executable, "-c", imports + OTHER_PROCESS[what]]

    def run(arguments, given=""):
        subprocess.run(arguments, input=given, text=True, env=environment, check=True, capture_output=True)

    run([sys.executable, "-m", "django", "migrate"])
    run(command("begin"), json.dumps([POLICY, CASES]))
    with subprocess.Popen(
        command("serve"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as other:

        def asked() -> str:
            other.stdin.write("?\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        assert asked() == "Pain for at least 500 months."
        run(command("change"), json.dumps([POLICY.replace("at least 500 months", "five hundred months"), CASES]))
        assert asked() == "Pain for five hundred months."
        other.stdin.close()


def test_a_number_given_again_after_a_rollback_means_the_new_text(clinic):
    from facetwise.clinic.actions.policies import store_policy
    from facetwise.clinic.policies.in_use import policies_in_use

    by = clinic.people["clinician"]
    with transaction.atomic():
        store_policy(clinic.here, by, POLICY, CASES, "Undone")
        assert policies_in_use(clinic.here)[0].title == "Longer pain"
        transaction.set_rollback(True)
    store_policy(clinic.here, by, POLICY.replace("Longer pain", "Another"), CASES, "Kept")
    assert policies_in_use(clinic.here)[0].title == "Another"


def test_the_trail_says_who_stored_what(clinic, writer):
    from facetwise.clinic.models import AccessEvent

    sent(writer)
    event = AccessEvent.objects.get(what="local policy stored")
    assert (event.by, event.about, event.clinic) == ("clinician", "policy stricter version 1", clinic.here)


def test_a_local_policy_has_dates(clinic, writer, today):
    past = today - datetime.timedelta(days=1)
    sent(writer, POLICY + f"effective: {{to: {past}}}\n")
    assert "What this clinic asks" not in shown(writer.get(reverse("patient", args=[clinic.patient.pk])))
    assert "Not in force" in shown(writer.get(reverse("policy", args=["stricter"])))


BLOCKS = """id: slower
kind: local
issuer: Here
title: Slower blocks
measures:
  days_since_last_block:
    latest: days_before
    where: kind = 'medial_branch_block'
    otherwise: never
requests:
  block:
    title: Block
    asked_when: kind = 'medial_branch_block'
    criteria:
      - {id: slow, says: Slowly., test: TEST}
"""


@pytest.mark.parametrize(
    ("test", "kind", "said"),
    [
        ("days_since_last_block >= 1", "second_block", "supported by the record"),
        ("days_since_last_block >= 300", "second_block", "by Local policy of Here"),
        ("false", "decision", "not by: Slower blocks"),
        ("prior_authorization", "documents_missing", "and Local policy of Here ask for"),
    ],
)
def test_the_worklist_hears_the_clinic_itself(test, kind, said, today):
    """A procedure is supported when a payer and the clinic say so, and from the later of their days."""
    from facetwise.clinic.models import Clinic
    from facetwise.clinic.patients.standing import standing
    from facetwise.clinic.policies.in_use import as_of_clinic
    from facetwise.examples import example_record
    from facetwise.rules import read_policy

    own = as_of_clinic(read_policy(BLOCKS.replace("TEST", test), "own.yaml"), Clinic(name="Here"))
    found = standing(example_record("second-block-due", today), today, 90, [own])
    needs = {str(one.kind): one for one in found.needs}
    assert said in needs[kind].says
    assert ("second_block" in needs) is (kind == "second_block")
    if "300" in test:
        (date,) = (one.date for one in found.answer.proposal.earliest if one.policy == "slower")
        assert needs[kind].since == date > today


def test_an_address_of_a_source_runs_nothing(clinic, writer):
    for address, linked in (("javascript:alert(1)", False), ("https://www.example.org/minutes", True)):
        name = "linked" if linked else "stricter"
        text = POLICY.replace("{title: Minutes,", f"{{title: Minutes, url: '{address}',").replace("stricter", name)
        assert sent(writer, text, CASES.replace("stricter", name)).status_code == 302
        assert (f'href="{address}"' in shown(writer.get(reverse("policy", args=[name])))) is linked


def test_what_a_clinic_writes_is_never_markup(clinic, writer):
    text = POLICY.replace("Longer pain", "'<b>bold</b>'").replace("Pain for at least", "<i>Pain</i> for at least")
    assert sent(writer, text).status_code == 302
    for address in (
        reverse("policy", args=["stricter"]),
        reverse("policies"),
        reverse("patient", args=[clinic.patient.pk]),
    ):
        page = writer.get(address).content
        assert b"<b>bold" not in page
        assert b"<i>Pain" not in page
        assert b"&lt;b&gt;bold" in page
