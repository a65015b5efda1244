"""The copy of the compiled library on disk: used, made anew when anything changes, never trusted when broken."""

import os
import time
from pathlib import Path

import pytest

from facetwise.documents import disk_cache
from facetwise.documents.disk_cache import cached
from facetwise.evidence.loading import evidence_files, read_figures
from facetwise.rules.loading import library_files
from facetwise.rules.reading_library import read_library


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FACETWISE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def entry(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("id: one")
    return path


class Made:
    """Counts how often something is made."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return {"made": self.times}


def test_made_once(folder, entry):
    make = Made()
    assert cached("made", [entry], make) == cached("made", [entry], make) == {"made": 1}


@pytest.mark.parametrize("change", ["text", "time", "version"])
def test_any_change_makes_it_anew_and_removes_the_old_copy(folder, entry, monkeypatch, change):
    make = Made()
    cached("made", [entry], make)
    if change == "text":
        entry.write_text("id: another")
    elif change == "time":
        later = time.time() + 10
        os.utime(entry, (later, later))
    else:
        monkeypatch.setattr(disk_cache, "__version__", "another")
    assert cached("made", [entry], make) == {"made": 2}
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("broken", [b"", b"no pickle", b"\x80\x05cnowhere\nNothing\n."])
def test_a_broken_copy_is_made_again(folder, entry, broken):
    make = Made()
    cached("made", [entry], make)
    (copy,) = folder.iterdir()
    copy.write_bytes(broken)
    assert cached("made", [entry], make) == {"made": 2}
    assert cached("made", [entry], make) == {"made": 2}


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(monkeypatch, tmp_path, entry):
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    monkeypatch.setenv("FACETWISE_CACHE", str(blocked / "cache"))
    make = Made()
    assert cached("made", [entry], make) == {"made": 1}
    assert cached("made", [entry], make) == {"made": 2}


def test_the_copy_is_the_library(folder):
    first = cached("library", library_files(), read_library)
    again = cached("library", library_files(), lambda: pytest.fail("read anew"))
    assert again.policies.keys() == first.policies.keys()
    assert again == first


def test_the_cache_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("FACETWISE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert disk_cache.cache_folder() == tmp_path / "facetwise"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert disk_cache.cache_folder() == Path.home() / ".cache" / "facetwise"


def test_each_kind_of_copy_is_kept_apart(folder, entry):
    cached("one", [entry], Made())
    cached("two", [entry], Made())
    assert len(list(folder.iterdir())) == 2


def test_the_evidence_is_kept_too(folder):
    first = cached("evidence", evidence_files(), read_figures)
    again = cached("evidence", evidence_files(), lambda: pytest.fail("read anew"))
    assert again == first
