"""What was recorded is corrected, withdrawn and restored; what patients entered is never lost by it."""

import datetime

import pytest
from django.urls import reverse
from msgspec.structs import replace
from test_record_page import address, form_fields

from facetwise.clinic.models import DiaryEntry
from facetwise.records import Agent, AgentName, FollowUp, Kind


def opened(client, patient, place) -> dict[str, list[str]]:
    """What the form of a procedure would send as it stands."""
    page = client.get(address(patient, "correct-procedure", place)).content.decode()
    return form_fields(page, 'class="procedure"')


def stored(patient):
    patient.refresh_from_db()
    return patient.documented


@pytest.fixture
def correct(clinic, signed_in):
    """Send the form of a procedure with changes."""
    client = signed_in("clinician")

    def send(place=0, **changes):
        sent = opened(client, clinic.patient, place) | changes
        return client.post(address(clinic.patient, "correct-procedure", place), sent)

    return send


def test_a_procedure_saved_as_it_stands_changes_nothing(clinic, correct):
    before = clinic.patient.record
    assert correct().status_code == 302
    clinic.patient.refresh_from_db()
    assert (clinic.patient.version, clinic.patient.record) == (1, before)


def test_who_saves_after_a_conflict_is_told_what_that_undoes(clinic, correct, signed_in):
    seen = opened(signed_in("clinician"), clinic.patient, 0)
    assert correct(pain_before="5").status_code == 302
    response = signed_in("clinician").post(
        address(clinic.patient, "correct-procedure", 0), seen | {"complications": "bruise"}
    )
    assert response.status_code == 409
    told = response.content.decode()
    assert "Changed meanwhile: Procedures" in told
    assert "→ 5" in told
    assert stored(clinic.patient).procedures[0].pain_before.score == 5


def test_what_the_form_does_not_show_stays(clinic, correct, today):
    from facetwise.clinic.actions.patients import change_record

    def further(record):
        done = record.procedures[0]
        agents = (Agent(name=AgentName.BUPIVACAINE, dose_mg=2), Agent(name=AgentName.CONTRAST, volume_ml=1))
        return replace(record, procedures=(replace(done, agents=agents, note="second attempt"), *record.procedures[1:]))

    change_record(clinic.patient, None, None, further, "", today)
    before = stored(clinic.patient).procedures[0]
    assert correct(volume_ml="0.4", stated_relief_percent="85", stated_relief_hours="6").status_code == 302
    after = stored(clinic.patient).procedures[0]
    assert [(one.name, one.dose_mg, one.volume_ml) for one in after.agents] == [
        ("bupivacaine", 2, 0.4),
        ("contrast", None, 1),
    ]
    assert (after.stated_relief.percent, after.stated_relief.hours) == (85, 6)
    assert replace(after, agents=before.agents, stated_relief=before.stated_relief) == before
    assert correct(stated_relief_percent="", stated_relief_hours="").status_code == 302
    assert stored(clinic.patient).procedures[0].stated_relief is None


def test_later_visits_are_written_and_taken_out(clinic, correct, today):
    given = {"follow_ups-0-date": str(today), "follow_ups-0-relief_percent": "60"}
    assert correct(**given).status_code == 302
    assert stored(clinic.patient).procedures[0].follow_ups == (FollowUp(date=today, relief_percent=60),)
    refused = correct(**{"follow_ups-1-date": str(today - datetime.timedelta(days=9999))})
    assert refused.status_code == 422
    assert correct(**dict.fromkeys(given, "")).status_code == 302
    assert stored(clinic.patient).procedures[0].follow_ups is None


def test_hours_of_relief_need_the_relief(clinic, correct):
    response = correct(stated_relief_percent="", stated_relief_hours="4")
    assert response.status_code == 422
    assert "not said how much" in response.content.decode()


def test_a_joint_without_a_side_stays_without_one(clinic, correct, today):
    from facetwise.clinic.actions.patients import change_record
    from facetwise.spine import parse_sites

    def unsided(record):
        done = replace(record.procedures[0], sites=parse_sites("L4-5"), kind=Kind.EPIDURAL_STEROID_INJECTION)
        return replace(record, procedures=(done, *record.procedures[1:]))

    change_record(clinic.patient, None, None, unsided, "", today)
    assert correct(guidance="ct").status_code == 302
    after = stored(clinic.patient).procedures[0]
    assert (str(after.sites), after.kind, after.guidance) == (
        "side not documented: L4-5",
        Kind.EPIDURAL_STEROID_INJECTION,
        "ct",
    )


def test_who_corrects_what_another_changed_does_not_hit_another_procedure(clinic, signed_in, today):
    client = signed_in("clinician")
    sent = opened(client, clinic.patient, 0)
    withdrawn = {"version": "1", "reason": "twice in the record"}
    assert client.post(address(clinic.patient, "withdraw-procedure", 0), withdrawn).status_code == 302
    kept = stored(clinic.patient).procedures
    assert client.post(address(clinic.patient, "correct-procedure", 0), sent).status_code in (302, 404)
    assert stored(clinic.patient).procedures == kept


def test_a_procedure_is_withdrawn_for_a_reason_and_comes_back(block, signed_in, today):
    client, patient = signed_in("coordinator"), block.patient
    block.send()
    place = len(patient.documented.procedures) - 1
    refused = client.post(address(patient, "withdraw-procedure", place), {"version": "2", "reason": " "}, follow=True)
    assert "There is no reason" in refused.content.decode()
    done = stored(patient).procedures[place]
    client.post(address(patient, "withdraw-procedure", place), {"version": "2", "reason": "it was not done"})
    assert done not in (stored(patient).procedures or ())
    assert "it was not done" in patient.revisions.first().why
    assert patient.links.filter(revoked_at=None).count() == 0
    client.post(address(patient, "restore-record", 2), {"version": "3"})
    assert stored(patient).procedures[place] == done
    assert patient.version == 4


def enter(block, signed_in, score=2):
    """The patient enters a score on paper, typed in."""
    import uuid

    from django.utils import timezone

    from facetwise.clinic.actions.diaries import take_entries
    from facetwise.clinic.diary.wire import SentEntry

    link = block.patient.links.get(revoked_at=None)
    at = max(link.given_at, timezone.now() - datetime.timedelta(minutes=5))
    entry = SentEntry(key=uuid.uuid4(), at=at, score=score, provoked=True)
    assert take_entries(link, [entry], timezone.now()).kept


def test_a_diary_survives_withdrawing_and_restoring(block, signed_in, today):
    client, patient = signed_in("coordinator"), block.patient
    block.send()
    enter(block, signed_in)
    place = len(stored(patient).procedures) - 1
    client.post(address(patient, "withdraw-procedure", place), {"version": str(patient.version), "reason": "mistaken"})
    stored(patient)
    assert DiaryEntry.objects.filter(link__patient=patient).count() == 1
    client.post(address(patient, "restore-record", 2), {"version": str(patient.version)})
    (line,) = stored(patient).procedures[place].diary.entries
    assert line.score == 2, "version 2 is older than the entry, which is kept all the same"


def test_a_procedure_does_not_move_away_from_its_diary(block, correct, signed_in, today):
    block.send()
    place = len(stored(block.patient).procedures) - 1
    done = stored(block.patient).procedures[place].date
    enter(block, signed_in)
    response = correct(place, date=str(done - datetime.timedelta(days=1)))
    assert response.status_code == 422
    assert "kept a diary" in response.content.decode()
    assert stored(block.patient).procedures[place].date == done


def test_a_link_of_another_day_is_taken_back(block, correct, today):
    block.send()
    place = len(stored(block.patient).procedures) - 1
    before = stored(block.patient).procedures[place].date - datetime.timedelta(days=1)
    assert correct(place, date=str(before)).status_code == 302
    done = stored(block.patient).procedures[place]
    assert (done.date, done.pain_before.date) == (before, before)
    assert block.patient.links.filter(revoked_at=None).count() == 0


def test_versions_say_what_changed_and_one_is_restored(clinic, signed_in):
    client, patient = signed_in("coordinator"), clinic.patient
    born = patient.birth_year
    client.post(address(patient), {"section": "patient", "version": "1", "patient-birth_year": "1950"})
    page = client.get(address(patient, "record-version", 2)).content.decode()
    assert str(born) in page
    assert "1950" in page
    assert "In which year was the patient born?" in page
    assert "Restore this version" not in page
    assert "Restore this version" in client.get(address(patient, "record-version", 1)).content.decode()
    assert client.get(address(patient, "record-version", 9)).status_code == 404
    stale = client.post(address(patient, "restore-record", 1), {"version": "1"}, follow=True)
    assert "Nothing was restored" in stale.content.decode()
    before = patient.revisions.get(version=1).record
    client.post(address(patient, "restore-record", 1), {"version": "2"})
    assert stored(patient) is not None
    assert (patient.version, patient.birth_year, patient.record) == (3, born, before)
    assert patient.revisions.first().why == "Restored version 1"


def test_the_page_of_the_patient_leads_to_the_record(clinic, signed_in):
    page = signed_in("coordinator").get(reverse("patient", args=[clinic.patient.pk])).content.decode()
    assert address(clinic.patient) in page
    assert address(clinic.patient, "record-version", 1) in page
