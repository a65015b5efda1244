"""The repository itself: what must hold of its files."""

import subprocess
import sys
from pathlib import Path

import pytest

from facetwise.rules import load_library

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts)  # Django writes those


def test_locks_name_no_package_host() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_file_is_one_room(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 280
    assert path.stem not in {"utils", "common", "core", "helpers", "manager", "services"}


def test_every_criterion_cites_a_source() -> None:
    uncited = [
        (policy.id, criterion.id)
        for policy in load_library().values()
        for criterion in policy.criteria().values()
        if not criterion.citation.title
    ]
    assert uncited == []


def test_a_source_that_was_read_says_when() -> None:
    for policy in load_library().values():
        for name, source in policy.sources.items():
            assert (source.read_on is not None) == source.certainty.verified, (policy.id, name)


def test_help_imports_no_heavy_library() -> None:
    program = (
        "import sys\n"
        "from facetwise.cli import main\n"
        "heavy = {'sqlglot', 'numpy', 'jinja2', 'yaml', 'msgspec', 'rich.console'} & set(sys.modules)\n"
        "print(sorted(heavy))\n"
    )
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert outcome.stdout.strip() == "[]"
