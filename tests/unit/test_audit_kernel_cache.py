"""Kernels on disk: kept for the next run, and never run where somebody else could have written them."""

import pytest

from facetwise.audit.kernel import compiled

SOURCE = "def kernel():\n    return 'generated'\n"
FOREIGN = "def kernel():\n    return 'foreign'\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FACETWISE_CACHE", str(tmp_path))
    compiled._compiled.cache_clear()
    yield tmp_path / "kernels"
    compiled._compiled.cache_clear()


def test_a_kernel_is_kept_for_this_user_alone(folder):
    assert compiled._compiled(SOURCE, "a-policy")() == "generated"
    (kept,) = folder.glob("a_policy_*.py")
    assert (kept.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize("open_to_others", ["file", "folder"])
def test_what_another_user_could_have_written_is_not_run(folder, open_to_others):
    compiled._compiled(SOURCE, "a-policy")
    (kept,) = folder.glob("a_policy_*.py")
    kept.write_text(FOREIGN, encoding="utf-8")
    (kept if open_to_others == "file" else folder).chmod(0o777)
    compiled._compiled.cache_clear()
    assert compiled._compiled(SOURCE, "a-policy")() == "generated"


def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(folder):
    folder.write_text("not a folder")
    assert compiled._compiled(SOURCE, "a-policy")() == "generated"
