"""Runs the command line as a user would, in this process."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from facetwise.cli.main import run


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def facetwise(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """`facetwise("next", path)` gives exit code, output and errors."""

    def call(*arguments: object) -> Outcome:
        code = 0
        try:
            run([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def patient(facetwise: Callable[..., Outcome], tmp_path: Path) -> Path:
    """A patient whose second block comes too early."""
    file = tmp_path / "patient.json"
    assert facetwise("example", "second-block-too-early", "--out", file).code == 0
    return file
