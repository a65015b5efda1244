"""Files that are whole or not there at all."""

import pytest

from facetwise.audit.reading.side_files import kept_whole
from facetwise.documents import DocumentError


def test_what_is_written_is_there_at_the_end_and_only_then(tmp_path):
    with kept_whole(tmp_path / "new" / "made.txt") as partial:
        partial.write_text("whole")
        assert not (tmp_path / "new" / "made.txt").exists()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["made.txt"]


def test_a_failure_leaves_what_was_there(tmp_path):
    path = tmp_path / "made.txt"
    path.write_text("before")
    with pytest.raises(ZeroDivisionError):
        fail_half_way(path)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("made.txt", "before")]


def fail_half_way(path):
    with kept_whole(path) as partial:
        partial.write_text("half")
        raise ZeroDivisionError


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DocumentError, match="cannot be written"), kept_whole(tmp_path / "file" / "made.txt"):
        pytest.fail("there is nowhere to write to")
