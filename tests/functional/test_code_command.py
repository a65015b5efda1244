"""`facetwise code`, from files to exit codes; what the how-to page shows is real."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "check-coding.md"
TODAY = "2026-11-23"
REQUEST = {
    "kind": "medial_branch_block",
    "date": "2026-12-01",
    "sites": "L4-5 bilateral",
    "purpose": "diagnostic",
    "guidance": "fluoroscopy",
    "place": "hospital_outpatient",
    "same_session": [{"kind": "facet_joint_injection", "date": "2026-12-01", "sites": "left L5-S1"}],
}
PAIRS = "Column 1\tColumn 2\t\t\t\t\n64493\t27096\t\t20200101\t*\t0\tInvented for a test\n"
UNITS = (
    "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\n64493,1,2 Invented,x\n"
)


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")  # so that no cell is folded between two words that a test looks for
    return tmp_path / "data"


@pytest.fixture
def record(facetwise: Callable, tmp_path: Path) -> Path:
    file = tmp_path / "patient.json"
    assert facetwise("example", "second-block-due", "--today", TODAY, "--out", file).code == 0
    return file


@pytest.fixture
def claim(tmp_path: Path) -> Path:
    """The claim file of the how-to page."""
    (shown,) = re.findall(r"```csv\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "CLAIM.csv"
    file.write_text(shown, encoding="utf-8")
    return file


def words(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def shown_outputs() -> list[list[str]]:
    found = re.findall(r"```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [words(block) for block in found]


def test_the_lines_on_the_how_to_page_are_real(facetwise: Callable, record: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")
    outcome = facetwise("code", record, "--contractor", "cgs", "--place", "office")
    assert outcome.code == 0
    assert set(shown_outputs()[0]) <= set(words(outcome.out))


def test_the_errors_on_the_how_to_page_are_real(facetwise: Callable, record: Path, claim: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")
    outcome = facetwise("code", claim, "--record", record)
    assert outcome.code == 0
    assert set(shown_outputs()[1]) <= set(words(outcome.out))
    assert "3 errors" in outcome.out


def test_a_request_with_its_session(facetwise: Callable, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(REQUEST), encoding="utf-8")
    outcome = facetwise("code", file, "--contractor", "cgs", "--format", "json")
    answer = json.loads(outcome.out)
    assert (outcome.code, answer["format"], answer["patient"]) == (0, "facetwise-code/1", "")
    (session,) = answer["sessions"]
    assert [(line["code"], line["modifiers"]) for line in session["lines"]] == [
        ("64493", ["KX"]),  # the injection has no place, so nobody knows how both sides are written
        ("64494", ["LT"]),
    ]
    assert [line["open"] for line in session["lines"]] == [["place"], ["guidance", "purpose"]]
    assert session["contractor"] == "cgs"


def test_a_bundle_gives_the_lines_of_its_record(facetwise: Callable, tmp_path: Path, record: Path) -> None:
    bundle = tmp_path / "bundle.json"
    options = ("--today", TODAY, "--format", "fhir", "--out", bundle)
    assert facetwise("example", "second-block-due", *options).code == 0
    from_bundle = json.loads(facetwise("code", bundle, "--format", "json").out)
    from_record = json.loads(facetwise("code", record, "--format", "json").out)
    assert [one["lines"] for one in from_bundle["sessions"]] == [one["lines"] for one in from_record["sessions"]]


def test_a_record_without_facet_procedures(facetwise: Callable, tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    file.write_text('{"patient": {"id": "x"}}', encoding="utf-8")
    outcome = facetwise("code", file)
    assert outcome.code == 0
    assert "No facet procedure is documented" in outcome.out
    assert "Who pays is not documented" in outcome.out


@pytest.mark.parametrize("format_", ["text", "json", "html", "markdown"])
@pytest.mark.parametrize("kind", ["lines", "claim"])
def test_every_format(facetwise: Callable, tmp_path: Path, record: Path, claim: Path, format_: str, kind: str) -> None:
    out = tmp_path / "answer"
    files = (record,) if kind == "lines" else (claim, "--record", record)
    outcome = facetwise("code", *files, "--format", format_, "--out", out)
    assert (outcome.code, outcome.out) == (0, "")
    written = out.read_text(encoding="utf-8")
    assert "64493" in written
    if format_ == "json":
        assert json.loads(written)["format"] == ("facetwise-code/1" if kind == "lines" else "facetwise-claim-check/1")
    if format_ == "html":
        assert written.startswith("<!doctype html>")
        assert "http://" not in written.replace("http://www.w3.org", "")


def test_errors_found_are_an_answer_and_name_the_rule(facetwise: Callable, record: Path, claim: Path) -> None:
    outcome = facetwise("code", claim, "--record", record, "--format", "json")
    (checked,) = json.loads(outcome.out)["claims"]
    kinds = [(error["line"], error["kind"]) for error in checked["errors"]]
    assert (2, "KX missing") in kinds
    first = next(error for error in checked["errors"] if error["kind"] == "KX missing")
    assert first["rules"][0]["certainty"] == "read in the primary source"
    assert first["expected"][0]["modifiers"] == ["LT", "KX"]


def test_loaded_edits_are_used_and_named(facetwise: Callable, tmp_path: Path, record: Path, data_home: Path) -> None:
    pairs, units = tmp_path / "ccipra.txt", tmp_path / "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"
    pairs.write_text(PAIRS, encoding="utf-8")
    units.write_text(UNITS, encoding="utf-8")
    outcome = facetwise("code", "--load-edits", pairs, units, "--quarter", "2026q4")
    assert outcome.code == 0
    assert outcome.out.count("2026Q4") >= 2
    assert len(list(data_home.rglob("*.json"))) == 2
    claim = tmp_path / "claim.csv"
    header = "claim,date,code,modifiers,units,diagnosis,place\n"
    rows = "A,2026-11-02,64493,KX LT,2,,11\nA,2026-11-02,64494,KX LT,1,,11\nA,2026-11-02,27096,59,1,,11\n"
    claim.write_text(header + rows, encoding="utf-8")
    checked = facetwise("code", claim, "--record", record)
    assert "27096 is not paid beside 64493" in " ".join(checked.out.split())
    assert "CMS edits of 2026Q4" in checked.out
    assert "units a day" in checked.out


def test_of_several_edit_files_none_is_kept_when_one_is_bad(
    facetwise: Callable, tmp_path: Path, data_home: Path
) -> None:
    good, bad = tmp_path / "good-2026q3.txt", tmp_path / "bad-2026q3.txt"
    good.write_text(PAIRS, encoding="utf-8")
    bad.write_text(PAIRS + "64493\t20552\t\t2020\t*\t0\tx\n", encoding="utf-8")
    outcome = facetwise("code", "--load-edits", good, bad)
    assert (outcome.code, outcome.out) == (1, "")
    assert "bad-2026q3.txt:3:1" in outcome.err
    assert not data_home.exists()


BAD_FILES = {
    "empty claim": ("claim.csv", "", "no claim lines"),
    "claim of other columns": ("claim.csv", "a,b\n1,2\n", "no column"),
    "cut JSON": ("patient.json", '{"patient": {"id"', "ends too early"),
    "request with a wrong word": ("request.json", '{"kind": "block", "date": "2026-01-01"}', "medial_branch_block"),
    "a list": ("patient.json", "[]", "an object"),
    "a bundle of nothing": ("bundle.json", '{"resourceType": "Bundle", "type": "collection"}', "Patient"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_clear_error(facetwise: Callable, tmp_path: Path, record: Path, name: str) -> None:
    file_name, text, expected = BAD_FILES[name]
    file = tmp_path / "bad" / file_name
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    more = ("--record", record) if file_name.endswith(".csv") else ()
    outcome = facetwise("code", file, *more)
    assert (outcome.code, outcome.out) == (1, "")
    assert str(file) in outcome.err
    assert expected in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        ((), "FILES"),
        (("{claim}",), "--record RECORD"),
        (("{claim}", "{claim}"), "one file"),
        (("{record}", "--record", "{record}"), "only for a CLAIM.csv"),
        (("{record}", "--contractor", "cgx"), "cgs"),
        (("{record}", "--place", "offices"), "office"),
        (("{record}", "--payer", "aetnaa"), "aetna"),
        (("{record}", "--format", "pdf"), "markdown"),
        (("--load-edits", "{record}", "--quarter", "third"), "2026Q3"),
    ],
)
def test_wrong_usage(facetwise: Callable, record: Path, claim: Path, arguments, remedy: str) -> None:
    outcome = facetwise("code", *(one.format(claim=claim, record=record) for one in arguments))
    assert outcome.code == 2
    assert remedy in outcome.err
