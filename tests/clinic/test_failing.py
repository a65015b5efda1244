"""One record that cannot be read stops nobody else; what is busy is asked again; logs say nothing of patients."""

import copy
import io
import json
import logging
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from django.db import OperationalError
from django.urls import reverse

from facetwise.clinic.actions.patients import add_patient, refresh
from facetwise.clinic.models import Need, Patient, Revision
from facetwise.examples import example_record

SECRET = "A-secret-of-Kofi"


@pytest.fixture
def unreadable(clinic, today):
    """A record of which a later version of Facetwise says that it is none, beside one that is sound."""
    clinic.sound = add_patient(clinic.here, None, "H-2", "Sound", example_record("second-block-due", today), today)
    told = json.loads(clinic.patient.record)
    told["patient"]["sex"] = SECRET
    Revision.objects.create(patient=clinic.patient, version=2, record=json.dumps(told), why="Written elsewhere")
    Patient.objects.update(stood_on=None)
    Patient.objects.filter(pk=clinic.patient.pk).update(version=2)
    return clinic


def test_everybody_else_is_worked_out_and_the_worklist_says_what_is_wrong(unreadable, signed_in, today):
    assert refresh(unreadable.here, today) == 2
    patient = Patient.objects.get(pk=unreadable.patient.pk)
    assert (patient.step_title, patient.stood_on) == ("Record cannot be read", today)
    assert [one.kind for one in Need.objects.filter(patient=patient)] == ["unreadable"]
    assert Need.objects.filter(patient=unreadable.sound, kind="second_block").exists()
    shown = signed_in("coordinator").get(reverse("worklist")).content.decode()
    assert "Record not readable" in shown
    assert "Sound" in shown
    assert SECRET not in shown


def test_the_page_says_why_and_shows_what_was_written(unreadable, signed_in):
    response = signed_in("clinician").get(reverse("patient", args=[unreadable.patient.pk]))
    shown = response.content.decode()
    assert response.status_code == 422
    assert "cannot be read by this version" in shown
    assert "sex" in shown
    assert "Version 2: Written elsewhere" in shown
    assert "Export everything" in shown


def test_a_phone_whose_record_cannot_be_read_tries_again_later_and_forgets_nothing(block, client):
    from test_diary import entry, opens, post

    block.opened(client)
    diary = opens(client)
    Revision.objects.create(patient=block.patient, version=9, record='{"patient": {}}', why="Written elsewhere")
    type(block.patient).objects.filter(pk=block.patient.pk).update(version=9)
    assert client.get(reverse("diary")).status_code == 503
    assert post(client, entry(block.given_at), diary=diary).status_code == 503


@pytest.mark.parametrize("page", ["new-procedure", "letters"])
def test_every_other_page_of_the_patient_leads_there(page, unreadable, signed_in):
    pk = unreadable.patient.pk
    client = signed_in("coordinator")
    url = reverse(page, args=[pk]) + "?kind=summary"
    response = client.get(url) if page == "letters" else client.post(url, {"advise": "", "left_levels": ["L4-5"], "kind": "medial_branch_block"})  # fmt: skip
    assert (response.status_code, response.headers["Location"]) == (302, reverse("patient", args=[pk]))


def test_the_export_holds_the_record_as_it_was_written(unreadable, signed_in):
    response = signed_in("coordinator").post(reverse("export-patient", args=[unreadable.patient.pk]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert SECRET in archive.read("record.json").decode()
        assert "sex" in archive.read("record-problems.txt").decode()
        assert "record.fhir.json" not in archive.namelist()
        assert "record-problems.txt" in archive.read("README.txt").decode()


def test_the_dashboard_leaves_it_out_and_says_so(unreadable):
    from facetwise.clinic.oversight.working_out import _Counted

    counted = _Counted()
    assert len(list(counted.rows(unreadable.here))) == 1
    assert "cannot read are left out" in counted.because([])


def test_what_nobody_foresaw_in_one_record_stops_no_other(clinic, today, monkeypatch, caplog):
    """Whatever error it is, the patient stands apart and the next one is worked out."""
    from facetwise.clinic.actions import patients

    sound = add_patient(clinic.here, None, "H-2", "Sound", example_record("second-block-due", today), today)
    whole = patients.standing_of

    def standing_of(patient, day):
        if patient.pk == clinic.patient.pk:
            raise RecursionError(SECRET)
        return whole(patient, day)

    Patient.objects.update(stood_on=None)
    monkeypatch.setattr(patients, "standing_of", standing_of)
    assert refresh(clinic.here, today) == 2
    assert Patient.objects.get(pk=clinic.patient.pk).step == "unreadable"
    assert Patient.objects.get(pk=sound.pk).step != "unreadable"


def test_a_database_that_is_busy_is_asked_again(clinic, signed_in, monkeypatch):
    from facetwise.clinic.trail import chain

    client = signed_in("clinician")
    client.raise_request_exception = False

    def locked(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr(chain.AccessEvent, "save", locked)
    response = client.get(reverse("patient", args=[clinic.patient.pk]))
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "Wait a few seconds" in response.content.decode()
    assert "Kofi" not in response.content.decode()


def test_a_session_that_cannot_be_kept_is_answered_the_same(clinic, signed_in, monkeypatch):
    from django.contrib.sessions.backends.db import SessionStore

    client = signed_in("coordinator")
    client.raise_request_exception = False

    def locked(*_, **__):
        raise OperationalError("database is locked")

    monkeypatch.setattr(SessionStore, "save", locked)
    assert client.post(reverse("search"), {"search": "Kofi"}).status_code == 503


def test_an_error_that_nobody_expects_is_still_one(clinic, signed_in, monkeypatch):
    client = signed_in("clinician")
    client.raise_request_exception = False
    monkeypatch.setattr("facetwise.clinic.patients.page.standing_of", lambda *_: 1 / 0)
    assert client.get(reverse("patient", args=[clinic.patient.pk])).status_code == 500


def logged(error: BaseException) -> str:
    """What stands in the log of an error, by the settings of the clinic."""
    from django.conf import settings

    config = copy.deepcopy(settings.LOGGING)  # who makes a filter of a description takes words out of it
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    made = logging.config.DictConfigurator(config)
    handler.setFormatter(made.configure_formatter(config["formatters"][config["handlers"]["console"]["formatter"]]))
    for name in config["handlers"]["console"]["filters"]:
        handler.addFilter(made.configure_filter(config["filters"][name]))
    logger = logging.Logger("django.request")
    logger.addHandler(handler)
    try:
        raise error
    except type(error):
        logger.exception("Internal Server Error: %s: %s", "/d/some-token/", error)
    return written.getvalue()


def test_a_log_tells_kinds_and_places_of_errors_but_no_messages():
    cause = ValueError(SECRET)
    error = RuntimeError(f"of {SECRET}")
    error.__cause__ = cause
    told = logged(error)
    assert SECRET not in told
    assert "some-token" not in told
    assert "builtins.RuntimeError" in told
    assert "builtins.ValueError" in told
    assert "test_failing.py" in told


def child_of(pid: int) -> int | None:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return None
    return int(found[0]) if found else None


def wait_for(condition, seconds=40):
    end = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="Where there is no /proc, nobody sees children")
def test_the_daily_work_is_started_again_when_it_ended(tmp_path):
    from served import Served, environment

    served = Served(tmp_path / "home", environment())
    served.load_demo()
    told = served.environment | {
        "FACETWISE_CLINIC_HOME": str(served.home), "DJANGO_SETTINGS_MODULE": "facetwise.clinic.settings"
    }  # fmt: skip
    command = [sys.executable, "-m", "facetwise.clinic.daily", str(os.getpid()), "0"]
    with subprocess.Popen(command, env=told) as watching:
        try:
            first = wait_for(lambda: child_of(watching.pid))
            assert first
            os.kill(first, 9)
            assert wait_for(lambda: child_of(watching.pid) not in (None, first))
        finally:
            watching.terminate()
        assert watching.wait(20) == 0


def test_the_daily_work_goes_on_after_one_unreadable_record(unreadable, today):
    """And after a clinic whose patients could not be worked out at all."""
    from facetwise.clinic import daily

    day = daily._Day(os.getppid(), False)
    day.work()
    assert Patient.objects.filter(stood_on=today).count() == Patient.objects.count()
