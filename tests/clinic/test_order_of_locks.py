"""Nobody waits for somebody who waits in turn: clinics, patients and links are held in one order, the trail last."""

import datetime
import re

import pytest
from django.db import connection
from django.utils import timezone

from facetwise.clinic.actions import links, patients, people, policies, recommendations
from facetwise.clinic.actions.aids import keep_answers, send_aid
from facetwise.clinic.actions.clinics import change_settings
from facetwise.clinic.actions.diaries import send_diary, take_entries
from facetwise.clinic.actions.paper_diaries import Typed, type_in
from facetwise.clinic.models import Invitation, Patient, PatientLink, Role
from facetwise.clinic.patients.models import Verdict

HELD = re.compile(r"FOR (NO KEY )?UPDATE")
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(clinic_\w+)"')
ORDER = ["clinic_clinic", "clinic_patient", "clinic_patientlink", "clinic_accessevent"]


def expire(link) -> None:
    PatientLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - datetime.timedelta(hours=1))


def make(block):
    return lambda: send_diary(block.patient, block.people["clinician"], block.procedure, block.given_at, "en")


def revoke(block):
    link, _ = send_aid(block.patient, block.people["clinician"], "en")
    return lambda: links.revoke_link(link, block.people["clinician"])


def ask(block):
    link, token = send_aid(block.patient, block.people["clinician"], "en")
    expire(link)
    return lambda: links.ask_for_link(token, str(block.patient.birth_year))


def open_(block):
    _, token = send_aid(block.patient, block.people["clinician"], "en")
    return lambda: links.open_link(token, str(block.patient.birth_year))


def entries(block):
    from uuid import uuid4

    from facetwise.clinic.diary.wire import SentEntry

    link, _ = make(block)()
    return lambda: take_entries(link, [SentEntry(uuid4(), block.given_at, 3)], timezone.now())


def paper(block):
    make(block)()
    typed = [Typed("row 1", 15, score=3)]
    return lambda: type_in(block.patient, block.people["clinician"], block.procedure, block.given_at, typed)


def aid_answers(block):
    from facetwise.education import Answers

    link, _ = send_aid(block.patient, block.people["clinician"], "en")
    return lambda: keep_answers(link, Answers(own_question="When?"))


def invited(block) -> Invitation:
    return people.invite(block.here, "stranger", Role.COORDINATOR, block.people["administrator"])


def accept(block):
    invitation = invited(block)
    return lambda: people.accept(invitation, block.people["stranger"])


def withdraw(block):
    invitation = invited(block)
    return lambda: people.withdraw(invitation, block.people["administrator"])


def settings(block):
    return lambda: change_settings(
        block.here, {"follow_up_after_days": 77, "telephone": "1"}, block.people["administrator"]
    )


def role(block):
    membership = block.people["coordinator"].memberships.get()
    return lambda: people.change_role(membership, Role.CLINICIAN, block.people["administrator"])


def policy(block):
    from facetwise.clinic.policies.starting import template_for

    draft = template_for(block.here)
    return lambda: policies.store_policy(block.here, block.people["clinician"], draft.text, draft.cases, "Why")


def answer(block):
    patient = Patient.objects.get(pk=block.patient.pk)
    seen = recommendations.Shown(patient.version, patient.step)
    by = block.people["clinician"]
    return lambda: recommendations.answer_recommendation(patient, by, seen, Verdict.ACCEPTED, "", None, today())


def today() -> datetime.date:
    return timezone.localdate()


def refresh(block):
    Patient.objects.update(stood_on=None)
    return lambda: patients.refresh(block.here, today())


@pytest.mark.parametrize(
    "prepared",
    [make, revoke, ask, open_, entries, paper, aid_answers, accept, withdraw, settings, role, policy, answer, refresh],
)
def test_what_is_held_is_held_in_one_order_and_the_trail_last(prepared, block):
    act = prepared(block)
    held = []

    def listen(execute, sql, params, many, context):
        written = WRITES.match(sql)
        if written:
            held.append(written[1])
        elif HELD.search(sql):
            held.append(re.search(r'FROM "(clinic_\w+)"', sql)[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        act()
    if "clinic_accessevent" in held:
        first = held.index("clinic_accessevent")
        assert set(held[first:]) == {"clinic_accessevent"}, held
    else:
        assert prepared is refresh
    if connection.vendor == "postgresql":  # SQLite lets one write at a time, and holds no rows
        firsts = list(dict.fromkeys(ORDER.index(one) for one in held if one in ORDER))
        assert firsts == sorted(firsts), held
