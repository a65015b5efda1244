"""`facetwise clinic` as somebody uses it who has a new folder: each command in a process of its own."""

import os
import re
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest


def facetwise(home: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "facetwise", "clinic", *arguments, "--home", str(home)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FACETWISE", "DJANGO"))}
    return subprocess.run(command, input=said, capture_output=True, text=True, env=kept, timeout=120, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clinic") / "home"
    outcome = facetwise(folder, "demo")
    assert outcome.returncode == 0, outcome.stderr
    assert re.search(r"sign in as demo-clinician with \S{16}", outcome.stdout)
    return folder


def test_the_folder_is_for_its_owner_alone(home):
    assert (home / "secret-key").stat().st_mode & 0o077 == 0
    assert home.stat().st_mode & 0o077 == 0


def test_a_second_demo_changes_nothing(home):
    outcome = facetwise(home, "demo")
    assert outcome.returncode == 0
    assert "there already" in outcome.stdout


def test_the_database_is_ready_for_many_who_write(home):
    with closing(sqlite3.connect(home / "clinic.sqlite3")) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT count(*) FROM clinic_patient").fetchone() == (20,)


def test_the_trail_is_checked_and_tampering_shows(home):
    outcome = facetwise(home, "check")
    assert outcome.returncode == 0
    digest = outcome.stdout.split()[-1]
    assert "--until DIGEST" in outcome.stderr
    tested = facetwise(home, "check", "--until", digest)
    assert (tested.returncode, tested.stdout.splitlines()[-1]) == (0, "The row of the given digest is in it")
    assert facetwise(home, "check", "--until", "0" * 64).returncode == 1
    with closing(sqlite3.connect(home / "clinic.sqlite3")) as database:
        database.execute("DROP TRIGGER clinic_accessevent_no_update")
        database.execute("UPDATE clinic_accessevent SET about = 'nobody' WHERE id = 3")
        database.commit()
    outcome = facetwise(home, "check")
    assert outcome.returncode == 1
    assert "Row 3 was changed" in outcome.stderr


def test_people_are_added_and_weak_passwords_refused(home):
    given = ["create-user", "kwame", "--role", "clinician", "--clinic", "Harbour"]
    outcome = facetwise(home, *given, said="short\nshort\n")
    assert outcome.returncode == 1
    assert "too short" in outcome.stderr
    outcome = facetwise(home, *given, said="a long enough one\na long enough one\n")
    assert outcome.returncode == 0, outcome.stderr
    outcome = facetwise(home, *given, said="a long enough one\na long enough one\n")
    assert '"kwame" is taken' in outcome.stderr
    outcome = facetwise(home, "set-password", "kwma", said="a long enough one\na long enough one\n")
    assert "Known are: demo-administrator" in outcome.stderr
    assert facetwise(home, "set-password", "kwame", said="another long one\nanother long one\n").returncode == 0
    assert "Accepted: clinician" in facetwise(home, "create-user", "x", "--role", "cook", "--clinic", "H").stderr


def test_who_has_an_account_works_in_another_clinic_too(home):
    given = ["create-user", "demo-clinician", "--role", "coordinator", "--clinic", "Second"]
    outcome = facetwise(home, *given, said="a long enough one\na long enough one\n")
    assert '"demo-clinician" is taken' in outcome.stderr
    with closing(sqlite3.connect(home / "clinic.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM clinic_clinic WHERE name = 'Second'").fetchone() == (0,)
    outcome = facetwise(home, *given, "--existing")
    assert outcome.returncode == 0, outcome.stderr
    assert "works in Second already" in facetwise(home, *given, "--existing").stderr
    with closing(sqlite3.connect(home / "clinic.sqlite3")) as database:
        roles = database.execute(
            "SELECT role FROM clinic_membership JOIN clinic_user ON user_id = clinic_user.id"
            " WHERE username = 'demo-clinician' ORDER BY clinic_membership.id"
        ).fetchall()
    assert roles == [("clinician",), ("coordinator",)]
    outcome = facetwise(home, "create-user", "nobody", "--role", "clinician", "--clinic", "Third", "--existing")
    assert 'There is no "nobody"' in outcome.stderr


def test_without_a_database_the_way_is_shown(tmp_path):
    outcome = facetwise(tmp_path / "none", "check")
    assert outcome.returncode == 1
    assert "facetwise clinic init" in outcome.stderr
    assert not (tmp_path / "none").exists()


def test_it_is_served(home):
    command = [sys.executable, "-m", "facetwise", "clinic", "serve", "--home", str(home), "--port", "0"]
    command[-1] = str(_free_port())
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FACETWISE", "DJANGO"))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=kept) as server:
        try:
            assert server.stdout is not None
            address = re.search(r"http://\S+", server.stdout.readline())[0]
            assert _answer(address + "healthy/") == "ok"
            page = _answer(address)
            assert "Sign in" in page
            assert "text-align" in _answer(address + "static/clinic/clinic.css")
        finally:
            server.terminate()


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _answer(address: str) -> str:
    import time

    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return response.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")
