"""`facetwise validate` finds everything wrong with what comes with Facetwise, and blames no other file for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

POLICY = """id: tried
kind: local
issuer: Tried
title: Tried
sources:
  text: {title: The text, read_on: 2026-11-23}
requests:
  ablation:
    title: Ablation
    asked_when: kind = 'radiofrequency_ablation'
    criteria:
      - {id: three_months, says: Three months., test: pain_months >= 3, cites: {source: text}}
"""
CASES = """policy: tried
cases:
  - says: Two months.
    request: ablation
    facts: {pain_months: '2'}
    expect: {three_months: not met}
"""


def test_the_assumptions_are_validated_as_what_they_are(facetwise: Callable, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "src/facetwise/probability/assumptions.yaml").read_text()
    sound, broken = tmp_path / "sound.yaml", tmp_path / "broken.yaml"
    sound.write_text(text)
    broken.write_text(text.replace("draws: 100000", "draws: many"))
    outcome = facetwise("validate", sound, broken)
    assert f"{sound}: assumptions, 0 problems" in outcome.out
    assert len(outcome.err.splitlines()) == 1
    assert "draws" in outcome.err


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in which several files of the library, and the assumptions, are wrong."""
    package = tmp_path_factory.mktemp("damaged") / "facetwise"
    shutil.copytree(Path(__file__).parents[2] / "src/facetwise", package, ignore=shutil.ignore_patterns("__pycache__"))
    payers = package / "library/payers"
    for name in ("centene", "carelon", "medicare-facet-2021"):
        text = (payers / f"{name}.yaml").read_text()
        (payers / f"{name}.yaml").write_text(
            text.replace("pain_months >= ", "pain_monts >= ").replace("kind: payer", "knd: payer")
        )
    (payers / "unitedhealthcare.yaml").write_text("id: [")
    (payers / "cases/nobody.yaml").write_text(CASES.replace("policy: tried", "policy: aetna-cpb-16"))
    cases = (payers / "cases/tricare-west.yaml").read_text()
    (payers / "cases/tricare-west.yaml").write_text("cases:\n".join(cases.split("cases:\n")[:1]) + "cases: []\n")
    assumptions = package / "probability/assumptions.yaml"
    assumptions.write_text(assumptions.read_text().replace("draws: 100000", "draws: many"))
    return package.parent


def in_damaged(damaged: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = "import sys; from facetwise.cli.main import run; run(sys.argv[1:])"
    environment = {**os.environ, "PYTHONPATH": str(damaged), "FACETWISE_CACHE": str(damaged / "cache")}
    return subprocess.run(
        [sys.executable, "-c", command, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_wrong_file_of_the_library_is_told_at_once(damaged: Path) -> None:
    outcome = in_damaged(damaged, "validate")
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    for told in (
        "payers/centene.yaml",
        "payers/carelon.yaml",
        "payers/unitedhealthcare.yaml",
        "payers/medicare-facet-2021.yaml",
    ):
        assert told in outcome.stderr
    assert "medicare-facet-2024" not in outcome.stderr  # it revises one that is wrong, and has no fault of its own
    assert (
        'payers/cases/nobody.yaml policy: There is no policy "aetna-cpb-16". Did you mean aetna-cpb-0016?'
        in outcome.stderr
    )
    assert "tricare-west: " in outcome.stderr
    assert "no case is met. Add such a case" in outcome.stderr
    assert "assumptions.yaml:9" in outcome.stderr


def test_a_sound_file_is_not_blamed_for_the_library(damaged: Path, tmp_path: Path) -> None:
    (tmp_path / "tried.yaml").write_text(POLICY)
    (tmp_path / "cases.yaml").write_text(CASES)
    outcome = in_damaged(damaged, "validate", tmp_path / "tried.yaml", tmp_path / "cases.yaml")
    assert "error" not in outcome.stderr
    assert outcome.returncode == 0


def test_without_a_file_the_library_itself_is_checked(facetwise: Callable) -> None:
    outcome = facetwise("validate")
    assert outcome.code == 0
    assert outcome.out.startswith("library: ")
    assert outcome.out.rstrip().endswith("0 problems")
