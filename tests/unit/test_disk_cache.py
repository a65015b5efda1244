"""The copy of the compiled library on disk: used, made anew when anything changes, never trusted when broken."""

import os
import pickle
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
def test_any_change_makes_it_anew_beside_the_old_copy(folder, entry, monkeypatch, change):
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
    assert len(list(folder.iterdir())) == 2


def test_two_installations_leave_each_other_their_copies(folder, entry, monkeypatch):
    make = Made()
    for version in ("one", "two", "one", "two"):
        monkeypatch.setattr(disk_cache, "__version__", version)
        cached("made", [entry], make)
    assert make.times == 2


@pytest.mark.parametrize(("days", "left"), [(29, 2), (31, 1)])
def test_a_copy_that_nobody_used_for_a_month_is_removed(folder, entry, monkeypatch, days, left):
    cached("made", [entry], Made())
    (old,) = folder.iterdir()
    long_ago = time.time() - days * 86400
    os.utime(old, (long_ago, long_ago))
    monkeypatch.setattr(disk_cache, "__version__", "another")
    cached("made", [entry], Made())
    assert len(list(folder.iterdir())) == left


def test_a_copy_that_is_read_counts_as_used(folder, entry):
    cached("made", [entry], Made())
    (copy,) = folder.iterdir()
    os.utime(copy, (0, 0))
    assert cached("made", [entry], lambda: pytest.fail("made anew")) == {"made": 1}
    assert time.time() - copy.stat().st_mtime < 60


@pytest.mark.parametrize("wrong", [[], {"made": 1}, ("another", {"made": 1}), None])
def test_a_readable_copy_of_another_shape_is_made_again(folder, entry, wrong):
    make = Made()
    cached("made", [entry], make, dict)
    (copy,) = folder.iterdir()
    copy.write_bytes(pickle.dumps(wrong))
    assert cached("made", [entry], make, dict) == {"made": 2}
    copy.write_bytes(pickle.dumps((copy.name, ["not a dict"])))
    assert cached("made", [entry], make, dict) == {"made": 3}


class Bomb:
    """Leaves a trace when a pickle of it is read."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return Path.touch, (self.trace,)


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "read"),
    [(0o700, 0o600, True), (0o755, 0o644, True), (0o770, 0o600, False), (0o702, 0o600, False),
     (0o700, 0o620, False), (0o700, 0o602, False)],
)  # fmt: skip
def test_what_others_may_write_is_not_even_opened(folder, entry, tmp_path, folder_mode, file_mode, read):
    cached("made", [entry], Made())
    (copy,) = folder.iterdir()
    copy.write_bytes(pickle.dumps(Bomb(tmp_path / "trace")))
    copy.chmod(file_mode)
    folder.chmod(folder_mode)
    assert cached("made", [entry], Made()) == {"made": 1}
    assert (tmp_path / "trace").exists() is read


def test_a_copy_of_another_user_is_not_even_opened(folder, entry, tmp_path, monkeypatch):
    cached("made", [entry], Made())
    (copy,) = folder.iterdir()
    copy.write_bytes(pickle.dumps(Bomb(tmp_path / "trace")))
    monkeypatch.setattr(os, "geteuid", lambda: copy.stat().st_uid + 1)
    assert cached("made", [entry], Made()) == {"made": 1}
    assert not (tmp_path / "trace").exists()


def test_a_user_without_a_home_goes_without(monkeypatch, entry):
    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("FACETWISE_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert cached("made", [entry], Made()) == {"made": 1}


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
