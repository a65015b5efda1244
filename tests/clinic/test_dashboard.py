"""The dashboard: worked out of the clinic's own records beside the server, and shown to everybody of that clinic."""

import datetime
import os
import stat
import subprocess
import sys
import time

import pytest
from django.urls import reverse

from facetwise.clinic.oversight import stored
from facetwise.clinic.oversight.stored import Dashboard

ABLATED = "repeat-ablation-due"


@pytest.fixture
def treated(clinic, today):
    """Fifteen patients of this clinic, of whom twelve had an ablation."""
    pytest.importorskip("numba")
    from facetwise.clinic.actions.patients import add_patient
    from facetwise.examples import example_record

    for number in range(14):
        record = example_record(ABLATED if number < 12 else "second-block-due", today)
        add_patient(clinic.here, None, f"H-{number + 2}", "Lena Juniper", record, today)
    return clinic


def test_a_clinic_sees_what_became_of_its_patients_and_no_small_number(treated, signed_in, home):
    from facetwise.clinic.oversight.working_out import work_out

    made, other = work_out(treated.here), work_out(treated.elsewhere)
    assert (made.patients, other.patients, other.sections) == (15, None, ())
    kept = stored.folder_of(treated.here)
    assert [one.name for one in kept.iterdir()] == ["dashboard.json"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700

    for who in ("clinician", "coordinator", "administrator"):
        shown = signed_in(who).get(reverse("dashboard"))
        text = shown.content.decode()
        assert "from 15 patients" in text
        for title in ("From the first block to ablation", "Time between steps", "Relief after ablation",
                      "What policies say", "Criteria that fail", "Month by month", "Answers not documented"):  # fmt: skip
            assert title in text
        assert "suppressed" in text  # three of fifteen were not ablated
        assert "style=" not in text
        assert "<style" not in text
        assert "Lena" not in text
        assert "H-1" not in text
    elsewhere = signed_in("stranger").get(reverse("dashboard")).content.decode()
    assert "fewer than 11 patients" in elsewhere
    assert "From the first block" not in elsewhere


def test_what_is_left_of_a_run_that_was_killed_is_cleared_away(treated):
    from facetwise.clinic.oversight.working_out import work_out

    folder = stored.folder_of(treated.elsewhere)
    for name, hours in (("left", 25), ("under-way", 1)):
        (folder / f".working-{name}" / "events").mkdir(parents=True)
        then = time.time() - hours * 60 * 60
        os.utime(folder / f".working-{name}", (then, then))
    work_out(treated.elsewhere)
    assert sorted(one.name for one in folder.iterdir()) == [".working-under-way", "dashboard.json"]


def test_before_the_first_one_the_page_says_so_and_asks_for_it(clinic, signed_in):
    browser = signed_in("coordinator")
    assert "Nothing was worked out yet" in browser.get(reverse("dashboard")).content.decode()
    browser.post(reverse("dashboard-again"))
    assert stored.is_asked(clinic.here)
    assert not stored.is_asked(clinic.elsewhere)
    shown = browser.get(reverse("dashboard")).content.decode()
    assert "on its way" in shown
    assert "Work it out anew" not in shown


def test_what_stood_in_the_way_is_told_and_the_last_one_stays(clinic, signed_in, today):
    stored.write(clinic.here, Dashboard(today, datetime.datetime.now(datetime.UTC), None, None))
    stored.write_problem(clinic.here, "Install them: pip install 'facetwise[audit]'")
    shown = signed_in("clinician").get(reverse("dashboard")).content.decode()
    assert "pip install" in shown
    assert "fewer than 11" in shown
    stored.write(clinic.here, Dashboard(today, datetime.datetime.now(datetime.UTC), None, None))
    assert "pip install" not in signed_in("clinician").get(reverse("dashboard")).content.decode()


def test_one_of_another_version_is_none(clinic):
    stored.write_problem(clinic.here, "")
    (stored.folder_of(clinic.here) / "dashboard.json").write_text('{"as_of": 1}')
    assert stored.read(clinic.here) is None


def test_dashboards_are_worked_out_once_a_day_and_when_asked_for(clinic, today):
    from facetwise.clinic.daily import _dashboards_wanted as wanted

    yesterday, now = today - datetime.timedelta(days=1), datetime.datetime.now(datetime.UTC)
    clinics = [clinic.here]
    assert wanted(clinics, today, None)
    assert not wanted(clinics, today, today)  # tried, and it brought nothing
    stored.write(clinic.here, Dashboard(yesterday, now, None, None))
    assert wanted(clinics, today, yesterday)
    stored.write(clinic.here, Dashboard(today, now, None, None))
    assert not wanted(clinics, today, yesterday)
    stored.ask(clinic.here)
    assert wanted(clinics, today, today)


def test_the_command_says_what_to_install_and_so_does_the_page(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FACETWISE", "DJANGO"))}
    folder = tmp_path / "clinic"
    run = [sys.executable, "-m", "facetwise", "clinic"]
    subprocess.run([*run, "demo", "--home", str(folder)], check=True, capture_output=True, env=kept)
    without = (
        "import sys; from facetwise.cli import extras; extras.AUDIT = ('no_such_library',); "
        f"sys.argv = ['facetwise', 'clinic', 'dashboard', '--home', {str(folder)!r}]; "
        "from facetwise.cli.main import run; run()"
    )
    outcome = subprocess.run([sys.executable, "-c", without], capture_output=True, text=True, env=kept, check=False)
    assert outcome.returncode == 1
    assert "pip install 'facetwise[audit]'" in outcome.stderr
    assert "facetwise[audit]" in (folder / "dashboard" / "1" / "problem.txt").read_text()
