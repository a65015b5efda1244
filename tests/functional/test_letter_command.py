"""`facetwise letter`: from files to exit code."""

import datetime
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from facetwise.cli.letter_command import letter
from facetwise.cli.main import app

if not any(command.callback is letter for command in app.registered_commands):
    app.command("letter")(letter)

DISCLAIMER = "Facetwise informs a clinician and decides nothing"


@pytest.fixture
def due(facetwise: Callable, tmp_path: Path) -> Path:
    """A patient whose second block is due today."""
    file = tmp_path / "due.json"
    assert facetwise("example", "second-block-due", "--out", file).code == 0
    return file


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    file = tmp_path / "request.json"
    request = {"kind": "medial_branch_block", "date": str(datetime.date.today()), "purpose": "diagnostic"}
    file.write_text(json.dumps(request))
    return file


def test_without_a_request_the_next_step_is_asked_for_and_that_is_said(facetwise: Callable, due: Path) -> None:
    outcome = facetwise("letter", due, "--policy", "medicare-facet-2024")
    assert outcome.code == 0
    assert outcome.out.startswith("# Letter of medical necessity: diagnostic medial branch block")
    assert 'no --request; taken from the next step, "Confirming medial branch block"' in outcome.err


@pytest.mark.parametrize("kind", ["letter", "checklist"])
@pytest.mark.parametrize("format_", ["markdown", "html", "json"])
def test_every_kind_in_every_format(
    facetwise: Callable, due: Path, request_file: Path, kind: str, format_: str
) -> None:
    outcome = facetwise("letter", due, "-r", request_file, "-p", "medicare-facet-2024", "-k", kind, "-f", format_)
    assert outcome.code == 0
    assert outcome.err == ""
    assert DISCLAIMER in outcome.out


def test_json_holds_the_facts_of_each_sentence(facetwise: Callable, due: Path) -> None:
    answer = json.loads(facetwise("letter", due, "-p", "medicare-facet-2024", "-f", "json").out)
    assert answer["format"] == "facetwise-letter/1"
    statements = [one for passage in answer["passages"] for one in passage["statements"]]
    assert all(one["facts"] for one in statements)
    onset = next(fact for one in statements for fact in one["facts"] if fact["path"] == "complaint.onset")
    assert onset["value_in_words"] == json.loads(due.read_text())["complaint"]["onset"]


def test_a_letter_for_a_request_of_its_own_asks_by_default_whoever_pays(
    facetwise: Callable, due: Path, request_file: Path
) -> None:
    answer = json.loads(facetwise("letter", due, "--request", request_file, "-f", "json").out)
    assert answer["request"]["kind"] == "medial_branch_block"
    asked = [one["id"] for one in answer["policies"]]
    assert asked == ["medicare-hospital-outpatient-2023", "medicare-palmetto-l38765-2024"]


def test_the_chances_are_those_of_the_joints_that_are_requested(facetwise: Callable, tmp_path: Path) -> None:
    record, request = tmp_path / "record.json", tmp_path / "request.json"
    facetwise("example", "two-positive-blocks", "--out", record)

    def chances(sites: str) -> list[dict]:
        wanted = {"kind": "radiofrequency_ablation", "date": str(datetime.date.today()), "sites": sites}
        request.write_text(json.dumps(wanted))
        options = ("-p", "medicare-facet-2024", "-f", "json")
        return json.loads(facetwise("letter", record, "-r", request, *options).out)["chances"]

    assert [one["percent"] for one in chances("left L4-5, L5-S1")][:2] == [73, 40]
    assert [one["by"] for one in chances("left L4-5")][:1] == ["by blocks of at least 80% relief"]
    assert [one["percent"] for one in chances("right C5-6")] == [None, None]
    assert "not of these joints" in chances("right C5-6")[0]["no_figure_because"]


def test_as_of_takes_the_record_as_it_stood(facetwise: Callable, due: Path, request_file: Path) -> None:
    before = datetime.date.today() - datetime.timedelta(days=30)
    outcome = facetwise("letter", due, "-r", request_file, "-p", "medicare-facet-2024", "--as-of", before)
    assert "Diagnostic medial branch block of" not in outcome.out
    assert f"as of {before}" in outcome.out


def test_a_policy_that_is_not_in_force_is_said_to_be(facetwise: Callable, due: Path, request_file: Path) -> None:
    outcome = facetwise("letter", due, "-r", request_file, "-p", "medicare-facet-2021")
    assert outcome.code == 0
    assert "medicare-facet-2021 is not in force" in outcome.err


def test_a_pdf_is_written_whole(facetwise: Callable, due: Path, tmp_path: Path) -> None:
    out = tmp_path / "letter.pdf"
    out.write_bytes(b"old")
    outcome = facetwise("letter", due, "-p", "medicare-facet-2024", "-f", "pdf", "--out", out)
    assert outcome.code == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert f"Written: {out}" in outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["due.json", "letter.pdf"]


class _Output(io.StringIO):
    """Standard output with a binary side, as a pipe or a terminal has."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal
        self.buffer = io.BytesIO()

    def isatty(self) -> bool:
        return self.terminal


def test_a_pdf_goes_down_a_pipe(facetwise: Callable, due: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = _Output(terminal=False)
    monkeypatch.setattr(sys, "stdout", pipe)
    assert facetwise("letter", due, "-p", "medicare-facet-2024", "-f", "pdf").code == 0
    assert pipe.buffer.getvalue().startswith(b"%PDF-")


def test_a_pdf_is_not_poured_into_a_terminal(facetwise: Callable, due: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Output(terminal=True)
    monkeypatch.setattr(sys, "stdout", terminal)
    outcome = facetwise("letter", due, "-f", "pdf")
    assert outcome.code == 2
    assert "--out FILE" in outcome.err
    assert terminal.buffer.getvalue() == b""


def test_letters_that_the_pdf_lacks_are_said(facetwise: Callable, due: Path, tmp_path: Path) -> None:
    record = json.loads(due.read_text())
    record["conditions"]["implanted_device"] = {"present": True, "note": "名前"}
    due.write_text(json.dumps(record))
    outcome = facetwise("letter", due, "-p", "medicare-facet-2024", "-f", "pdf", "-o", tmp_path / "x.pdf")
    assert outcome.code == 0
    assert "the fonts of the PDF lack letters" in outcome.err


def test_a_step_without_a_procedure_gives_one_clear_error(facetwise: Callable, tmp_path: Path) -> None:
    sparse = tmp_path / "sparse.json"
    facetwise("example", "sparse-referral", "--out", sparse)
    out = tmp_path / "letter.md"
    outcome = facetwise("letter", sparse, "--out", out)
    assert outcome.code == 1
    assert outcome.err.count("error:") == 1
    assert f"error: {sparse}: The next step on" in outcome.err
    assert '"Evaluation", which proposes no procedure' in outcome.err
    assert "--request" in outcome.err
    assert not out.exists()


@pytest.mark.parametrize("format_", ["markdown", "pdf"])
def test_a_folder_that_is_not_there(facetwise: Callable, due: Path, tmp_path: Path, format_: str) -> None:
    outcome = facetwise("letter", due, "-p", "medicare-facet-2024", "-f", format_, "-o", tmp_path / "no" / "x")
    assert outcome.code == 1
    assert "cannot be written" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("text", "expected"), [("{", "ends too early"), ('{"kind": "block", "date": "2026-01-01"}', "kind")]
)
def test_a_bad_request_names_its_file(facetwise: Callable, due: Path, tmp_path: Path, text: str, expected: str) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    outcome = facetwise("letter", due, "--request", bad)
    assert outcome.code == 1
    assert str(bad) in outcome.err
    assert expected in outcome.err
    assert outcome.out == ""


def test_an_unknown_policy_is_wrong_usage(facetwise: Callable, due: Path) -> None:
    outcome = facetwise("letter", due, "--policy", "medicare-facet-2042")
    assert outcome.code == 2
    assert "medicare-facet-2024" in outcome.err


def test_a_bundle_gives_the_letter_of_its_record(facetwise: Callable, due: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    facetwise("example", "second-block-due", "--format", "fhir", "--out", bundle)
    options = ("-p", "medicare-facet-2024", "-f", "json")
    from_bundle = json.loads(facetwise("letter", bundle, *options).out)
    from_record = json.loads(facetwise("letter", due, *options).out)
    assert from_bundle["gaps"] == from_record["gaps"]
    assert [one["verdict"] for one in from_bundle["assessments"]] == [
        one["verdict"] for one in from_record["assessments"]
    ]


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("packet", "Prior authorization packet: diagnostic medial branch block"),
        ("diary-report", "Pain diary report: diagnostic medial branch block of "),
        ("addendum", "Procedure note addendum: diagnostic medial branch block of "),
    ],
)
def test_the_other_kinds(facetwise: Callable, due: Path, kind: str, title: str) -> None:
    for format_ in ("markdown", "html"):
        outcome = facetwise("letter", due, "--kind", kind, "--format", format_)
        assert outcome.code == 0
        assert title in outcome.out
    outcome = facetwise("letter", due, "--kind", kind, "--format", "json")
    assert outcome.code == 2
    assert "JSON is for a letter or a checklist" in outcome.err.replace("\n", " ").replace("│", "").replace("  ", " ")


def test_a_procedure_that_is_not_there_is_told(facetwise: Callable, due: Path) -> None:
    outcome = facetwise("letter", due, "--kind", "addendum", "--procedure", "none-such")
    assert outcome.code == 1
    assert 'There is no procedure "none-such"' in outcome.err
    assert "Known are: first-block" in outcome.err
