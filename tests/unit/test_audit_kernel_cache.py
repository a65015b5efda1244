"""Kernels on disk: kept for the next run, and never run where somebody else could have written them."""

import pyarrow as pa
import pytest
from msgspec.structs import replace

from facetwise.audit.kernel import compiled
from facetwise.audit.kernel.table import events_in
from facetwise.rules import policy_named

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


def test_arrays_that_may_not_be_written_to_are_no_reason_to_compile_again():
    """Arrow hands out a column of one piece as such an array, and one of several pieces as a copy."""
    policy, kinds = policy_named("tricare-west"), pa.array(["medial_branch_block"] * 3)
    schema = {"patient": pa.array([1, 1, 2]), "date": pa.array([1, 2, 3], pa.int32()).cast(pa.date32()), "kind": kinds}
    one_piece = pa.table(schema)
    two_pieces = pa.concat_tables([one_piece.slice(0, 2), one_piece.slice(2)])
    seen = []
    kernel = replace(
        compiled.kernel_for(policy, one_piece.column_names, compiled=False),
        run=lambda *arrays: seen.append([(one.dtype, one.flags.writeable, one.flags.c_contiguous) for one in arrays]),
    )
    for table in (one_piece, two_pieces):
        compiled.answers_of(kernel, events_in(table))
    assert seen[0] == seen[1]
    assert all(writeable for _, writeable, _ in seen[0])
