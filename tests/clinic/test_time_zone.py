"""The clinic's days are those of its own time zone, never silently those of another."""

import pytest

from facetwise.clinic import time_zone as zones
from facetwise.documents import DocumentError


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine that says nothing of where it is."""
    for name in ("TZ", zones.SETTING):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(zones, "LOCALTIME", tmp_path / "localtime")
    monkeypatch.setattr(zones, "ETC_TIMEZONE", tmp_path / "timezone")
    return tmp_path


def test_the_setting_comes_first(machine, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv(zones.SETTING, "America/Chicago")
    assert zones.time_zone() == "America/Chicago"


@pytest.mark.parametrize("wrong", ["Mars/Base", "../../etc/passwd", "EST5EDT4,M3", "America"])
def test_a_setting_that_names_no_zone_is_told(wrong, machine, monkeypatch):
    monkeypatch.setenv(zones.SETTING, wrong)
    with pytest.raises(DocumentError, match="America/Chicago"):
        zones.time_zone()


@pytest.mark.parametrize(("tz", "zone"), [(":Europe/Berlin", "Europe/Berlin"), ("EST5EDT4", "UTC"), ("", "UTC")])
def test_the_machine_is_asked_where_nothing_is_set(tz, zone, machine, monkeypatch):
    monkeypatch.setenv("TZ", tz)
    assert zones.time_zone() == zone


def test_the_machine_tells_by_its_files(machine):
    (machine / "timezone").write_text("America/Denver\n")
    assert zones.time_zone() == "America/Denver"
    there = machine / "zoneinfo" / "Europe" / "Madrid"
    there.parent.mkdir(parents=True)
    there.touch()
    (machine / "localtime").symlink_to(there)
    assert zones.time_zone() == "Europe/Madrid"
