"""Backups and restoring them: whole or not at all, on SQLite and PostgreSQL."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from served import Served, environment


@pytest.fixture(scope="module")
def clinic(tmp_path_factory) -> Served:
    clinic = Served(tmp_path_factory.mktemp("kept") / "home", environment())
    clinic.load_demo()
    return clinic


@pytest.fixture(scope="module")
def backup(clinic, tmp_path_factory):
    file = tmp_path_factory.mktemp("backups") / "clinic.zip"
    clinic.told = clinic.run("backup", str(file)).stdout
    return file


@pytest.fixture
def elsewhere(tmp_path) -> Served:
    return Served(tmp_path / "elsewhere", environment())


def changed(file, target, change):
    """A copy of a backup with its members changed."""
    with zipfile.ZipFile(file) as given, zipfile.ZipFile(target, "w") as written:
        members = {name: given.read(name) for name in given.namelist()}
        change(members)
        for name, data in members.items():
            written.writestr(name, data)
    return target


def test_a_restored_clinic_holds_what_the_manifest_counts(clinic, backup, elsewhere):
    told = elsewhere.run("restore", str(backup)).stdout
    assert "rows in" in told
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["rows"]["clinic_patient"] == 20
    assert manifest["last_digest"] in clinic.told
    records = "SELECT patient_id, version, record FROM clinic_revision ORDER BY id"
    assert elsewhere.rows(records) == clinic.rows(records)
    assert (elsewhere.home / "secret-key").read_text() == (clinic.home / "secret-key").read_text()
    assert "check --until DIGEST" in told
    assert manifest["last_digest"] not in elsewhere.run("check").stdout
    assert elsewhere.run("check", "--until", manifest["last_digest"]).returncode == 0
    assert {path.stat().st_mode & 0o077 for path in [elsewhere.home, *elsewhere.home.iterdir()]} == {0}
    assert elsewhere.rows("SELECT what FROM clinic_accessevent ORDER BY id DESC LIMIT 1") == [("clinic restored",)]
    assert os.listdir(elsewhere.home.parent) == ["elsewhere"]


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(elsewhere, tmp_path):
    older = Served(tmp_path / "older", environment())
    older.home.mkdir()
    told = older.environment | {
        "FACETWISE_CLINIC_HOME": str(older.home), "DJANGO_SETTINGS_MODULE": "facetwise.clinic.settings"
    }  # fmt: skip
    command = [sys.executable, "-m", "django", "migrate", "clinic", "0003_diary"]
    subprocess.run(command, env=told, check=True, capture_output=True)
    older.run("backup", str(tmp_path / "older.zip"))
    assert "facetwise clinic init" in older.run("check", check=False).stderr
    elsewhere.run("restore", str(tmp_path / "older.zip"))
    assert elsewhere.run("check").stdout.startswith("The audit trail is whole: 2 rows")
    assert elsewhere.rows("SELECT count(*) FROM clinic_failedtry") == [(0,)]


def test_who_was_signed_in_is_not_signed_in_to_a_restored_clinic(elsewhere, tmp_path):
    """Nor are sessions counted: an older backup, whose manifest has them, is restored as well."""
    served = Served(tmp_path / "before", environment())
    served.load_demo()
    code = (
        "import django; django.setup(); from django.contrib.sessions.backends.db import SessionStore; "
        "one = SessionStore(); one['searched'] = 'Kofi'; one.save()"
    )
    told = served.environment | {
        "FACETWISE_CLINIC_HOME": str(served.home), "DJANGO_SETTINGS_MODULE": "facetwise.clinic.settings"
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", code], env=told, check=True)
    assert served.rows("SELECT count(*) FROM django_session") == [(1,)]
    served.run("backup", str(tmp_path / "before.zip"))

    def as_before(members):
        manifest = json.loads(members["manifest.json"])
        assert "django_session" not in manifest["rows"]
        manifest["rows"] |= {"django_session": 7, "clinic_cache": 7}
        members["manifest.json"] = json.dumps(manifest).encode()

    elsewhere.run("restore", str(changed(tmp_path / "before.zip", tmp_path / "old.zip", as_before)))
    assert elsewhere.rows("SELECT count(*) FROM django_session") == [(0,)]


def test_a_backup_is_for_its_owner_alone_and_overwrites_nothing(clinic, backup):
    assert backup.stat().st_mode & 0o077 == 0
    before = backup.read_bytes()
    refused = clinic.run("backup", str(backup), check=False)
    assert refused.returncode == 1
    assert "--overwrite" in refused.stderr
    assert backup.read_bytes() == before
    clinic.run("backup", str(backup.parent / "second.zip"))
    clinic.run("backup", str(backup.parent / "second.zip"), "--overwrite")
    assert sorted(os.listdir(backup.parent)) == ["clinic.zip", "second.zip"]


def test_no_clinic_no_backup(elsewhere, tmp_path):
    refused = elsewhere.run("backup", str(tmp_path / "none.zip"), check=False)
    assert refused.returncode == 1
    assert "no clinic" in refused.stderr
    assert os.listdir(tmp_path) == []


def flip(members):
    name = next(one for one in members if one.startswith("clinic."))
    half = len(members[name]) // 2
    members[name] = members[name][:half] + bytes([members[name][half] ^ 1]) + members[name][half + 1 :]


def lie(members):
    """Say of rows that there were more."""
    manifest = json.loads(members["manifest.json"])
    manifest["rows"]["clinic_patient"] += 1
    members["manifest.json"] = json.dumps(manifest).encode()


def come_from_the_future(members):
    manifest = json.loads(members["manifest.json"])
    manifest["migrations"]["clinic"].append("9999_wishes")
    members["manifest.json"] = json.dumps(manifest).encode()


def climb(members):
    manifest = json.loads(members["manifest.json"])
    manifest["parts"]["../climbed"] = manifest["parts"]["secret-key"]
    members["manifest.json"] = json.dumps(manifest).encode()
    members["../climbed"] = members["secret-key"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (flip, "damaged"),
        (lie, "does not agree with the manifest"),
        (come_from_the_future, "newer than this"),
        (climb, "damaged"),
        (lambda members: members.pop("secret-key"), "damaged"),
        (lambda members: members.update(extra=b"x"), "damaged"),
        (lambda members: members.pop("manifest.json"), "no backup of a clinic"),
        (lambda members: members.update({"manifest.json": b"{}"}), "damaged"),
    ],
)
def test_a_damaged_or_foreign_backup_leaves_nothing(change, told, backup, elsewhere, tmp_path):
    file = changed(backup, tmp_path / "changed.zip", change)
    refused = elsewhere.run("restore", str(file), check=False)
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert told in refused.stderr
    assert os.listdir(tmp_path) == ["changed.zip"]
    if "FACETWISE_CLINIC_DATABASE" in elsewhere.environment:
        assert elsewhere.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.999])
def test_a_backup_that_was_cut_off_leaves_nothing(keep, backup, elsewhere, tmp_path):
    data = backup.read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: int(keep * len(data)) if keep < 1 else keep])
    refused = elsewhere.run("restore", str(tmp_path / "cut.zip"), check=False)
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert os.listdir(tmp_path) == ["cut.zip"]


def test_nothing_is_restored_over_a_clinic(clinic, backup):
    before = clinic.rows("SELECT count(*) FROM clinic_accessevent")
    refused = clinic.run("restore", str(backup), check=False)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert clinic.rows("SELECT count(*) FROM clinic_accessevent") == before


def test_a_trail_that_was_broken_before_is_restored_and_told(clinic, tmp_path):
    broken = Served(tmp_path / "broken", environment())
    broken.load_demo()
    if "FACETWISE_CLINIC_DATABASE" in broken.environment:
        pytest.skip("tampering needs a superuser there; the check is the same")
    import sqlite3

    with sqlite3.connect(broken.home / "clinic.sqlite3") as database:
        database.execute("DROP TRIGGER clinic_accessevent_no_update")
        database.execute("UPDATE clinic_accessevent SET about = 'nobody' WHERE id = 3")
    database.close()
    assert "not whole" in broken.run("backup", str(tmp_path / "b.zip")).stderr
    again = Served(tmp_path / "again", environment())
    assert "Row 3 was changed" in again.run("restore", str(tmp_path / "b.zip")).stdout


def test_a_backup_of_another_kind_of_database_is_told(backup, elsewhere):
    if "FACETWISE_CLINIC_DATABASE" in elsewhere.environment:
        elsewhere.environment.pop("FACETWISE_CLINIC_DATABASE")
    else:
        elsewhere.environment["FACETWISE_CLINIC_DATABASE"] = "postgresql://nobody@127.0.0.1:1/none"
    refused = elsewhere.run("restore", str(backup), check=False)
    assert refused.returncode == 1
    assert re.search("database of (sqlite|postgresql)", refused.stderr)
    assert not elsewhere.home.exists()


def test_without_pg_dump_the_remedy_is_told(clinic, tmp_path):
    if "FACETWISE_CLINIC_DATABASE" not in clinic.environment:
        pytest.skip("only on PostgreSQL")
    poor = Served(clinic.home, clinic.environment | {"PATH": str(tmp_path)})
    refused = poor.run("backup", str(tmp_path / "none.zip"), check=False)
    assert refused.returncode == 1
    assert "postgresql-client" in refused.stderr
    assert os.listdir(tmp_path) == []
    assert shutil.which("pg_dump")


def test_a_database_address_that_is_none_is_told(elsewhere):
    elsewhere.environment["FACETWISE_CLINIC_DATABASE"] = "postgresql://a:secret@[b/c"
    refused = elsewhere.run("check", check=False)
    assert refused.returncode == 1
    assert "postgresql://user:password@host:port/name" in refused.stderr
    assert "secret" not in refused.stderr
