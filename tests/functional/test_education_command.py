"""`facetwise education`: from files to exit code."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Understand your procedure"), ("es", "Conozca su procedimiento")]
)
def test_the_page_in_both_languages(facetwise: Callable, language: str, title: str) -> None:
    outcome = facetwise("education", "--language", language)
    assert outcome.code == 0
    assert outcome.err == ""
    assert outcome.out.startswith(title)


def test_a_page_for_one_patient_as_html(facetwise: Callable, patient: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    outcome = facetwise("education", "--patient", patient, "--format", "html", "--out", out)
    assert outcome.code == 0
    written = out.read_text(encoding="utf-8")
    assert written.lstrip().startswith("<!doctype html>")
    assert "Why your doctor may suggest a second block" in written
    assert "<script" not in written


def test_an_example_on_a_day(facetwise: Callable) -> None:
    outcome = facetwise("education", "--example", "two-positive-blocks", "--as-of", "2026-11-23")
    assert outcome.code == 0
    assert "Why your doctor may suggest ablation" in outcome.out


def test_a_bundle_is_read_and_what_is_not_in_the_record_is_said(facetwise: Callable, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    assert facetwise("example", "second-block-due", "--format", "fhir", "--out", bundle).code == 0
    assert "second block" in facetwise("education", "--patient", bundle).out


def test_the_decision_aid(facetwise: Callable) -> None:
    outcome = facetwise("education", "--decision-aid", "-l", "es", "-f", "html")
    assert outcome.code == 0
    assert "¿Qué me importa a mí?" in outcome.out
    assert outcome.out.count('type="radio"') == 9 * 3 + 4 * 2 + 4


def test_the_summary_of_answers(facetwise: Callable, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"leaning": "block", "values": {"know_the_cause": "a_lot"}, "own_question": "When?"}))
    outcome = facetwise("education", "--answers", file)
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert lines[1:3] == ["Leans towards: The block", "Matters a lot: To know if these joints cause my pain"]
    assert "Wants to ask: When?" in lines


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ('{"leaning": "blok"}', "leaning: Found"),
        ('{"values": {"know_cause": "some"}}', 'The decision aid has no "know_cause". Did you mean know_the_cause?'),
        ('{"value": {}}', "This field is not known here. Did you mean values?"),
        ("{", "error:"),
    ],
)
def test_bad_answers_are_told_with_file_and_place(facetwise: Callable, tmp_path: Path, answers: str, says: str) -> None:
    file = tmp_path / "answers.json"
    file.write_text(answers)
    outcome = facetwise("education", "--answers", file)
    assert outcome.code == 1
    assert outcome.out == ""
    assert says in outcome.err
    assert str(file) in outcome.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--patient", "p.json", "--example", "second-block-due"], 2, "--patient is given already"),
        (["--language", "fr"], 2, "'en', 'es'"),
        (["--as-of", "monday", "--example", "second-block-due"], 2, "is no day"),
        (["--example", "second-block"], 1, "There is no example"),
        (["--patient", "no-such.json"], 1, "cannot be read"),
        (["--answers", "no-such.json", "--format", "html"], 2, "the summary of answers is text"),
        (["--out", "/no/such/folder/page.html"], 1, "cannot be written"),
    ],
)
def test_wrong_use_is_told(facetwise: Callable, arguments: list[str], code: int, says: str) -> None:
    outcome = facetwise("education", *arguments)
    assert outcome.code == code
    assert outcome.out == ""
    assert says in outcome.err
