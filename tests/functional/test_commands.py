"""Every command from files to exit code."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from facetwise.examples import example_names

DISCLAIMER = "Facetwise informs a clinician and decides nothing"


def test_next_says_step_verdicts_gap_and_earliest_date(facetwise: Callable, patient: Path) -> None:
    outcome = facetwise("next", patient)
    assert outcome.code == 0
    earliest = datetime.date.today() + datetime.timedelta(days=14 - 6)
    for expected in ("Confirming medial branch block", f"not documented, earliest {earliest}", "Why can the second"):
        assert expected in outcome.out
    assert DISCLAIMER in " ".join(outcome.out.split())


@pytest.mark.parametrize("format_", ["text", "json", "html", "markdown"])
@pytest.mark.parametrize("name", example_names())
def test_every_example_has_a_next_step_in_every_format(
    facetwise: Callable, tmp_path: Path, name: str, format_: str
) -> None:
    file = tmp_path / "patient.json"
    facetwise("example", name, "--out", file)
    outcome = facetwise("next", file, "--format", format_)
    assert outcome.code == 0
    assert outcome.err == ""
    assert DISCLAIMER in " ".join(outcome.out.replace("\\", "").split())


@pytest.mark.parametrize("name", example_names())
def test_a_fhir_bundle_gives_the_same_answer_as_the_record(facetwise: Callable, tmp_path: Path, name: str) -> None:
    record, bundle = tmp_path / "record.json", tmp_path / "bundle.json"
    facetwise("example", name, "--out", record)
    facetwise("example", name, "--format", "fhir", "--out", bundle)
    from_record, from_bundle = facetwise("next", record, "-f", "json"), facetwise("next", bundle, "-f", "json")
    assert from_bundle.code == 0
    assert json.loads(from_bundle.out) == json.loads(from_record.out)


def test_as_of_goes_back_before_the_block(facetwise: Callable, patient: Path) -> None:
    before = datetime.date.today() - datetime.timedelta(days=7)
    answer = json.loads(facetwise("next", patient, "--as-of", before, "-f", "json").out)
    assert answer["as_of"] == str(before)
    assert answer["step"]["id"] == "first_block"


def test_json_follows_its_published_schema(facetwise: Callable, patient: Path) -> None:
    import jsonschema

    schema = json.loads(facetwise("schema", "next").out)
    answer = json.loads(facetwise("next", patient, "-f", "json").out)
    jsonschema.validate(answer, schema)
    record_schema = json.loads(facetwise("schema", "record").out)
    jsonschema.validate(json.loads(patient.read_text()), record_schema)


@pytest.mark.parametrize("name", ["record", "request", "policy", "evidence", "next", "check"])
def test_every_schema_is_a_schema(facetwise: Callable, name: str) -> None:
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(json.loads(facetwise("schema", name).out))


def _request(tmp_path: Path, **parts: object) -> Path:
    today = datetime.date.today()
    request = {
        "kind": "medial_branch_block",
        "date": str(today),
        "sites": "right L4-5, L5-S1",
        "purpose": "diagnostic",
        "guidance": "fluoroscopy",
        "sedation": "none",
        **parts,
    }
    file = tmp_path / "request.json"
    file.write_text(json.dumps(request))
    return file


def test_check_documents_the_exception_into_needs_review(facetwise: Callable, patient: Path, tmp_path: Path) -> None:
    without = facetwise("check", patient, "--request", _request(tmp_path), "-p", "medicare-facet-2024", "-f", "json")
    assert json.loads(without.out)["proposal"]["assessments"][0]["verdict"] == "not documented"
    with_reason = _request(tmp_path, early_because="Travels far.")
    answer = facetwise("check", patient, "--request", with_reason, "-p", "medicare-facet-2024", "-f", "json")
    assert json.loads(answer.out)["proposal"]["assessments"][0]["verdict"] == "needs review"


def test_check_says_when_a_policy_is_not_in_force(facetwise: Callable, patient: Path, tmp_path: Path) -> None:
    outcome = facetwise("check", patient, "--request", _request(tmp_path), "--policy", "medicare-facet-2021")
    assert outcome.code == 0
    assert "medicare-facet-2021 is not in force" in outcome.err


def test_check_asks_the_guidelines_and_whoever_pays_by_default(
    facetwise: Callable, patient: Path, tmp_path: Path
) -> None:
    answer = json.loads(facetwise("check", patient, "-r", _request(tmp_path), "-f", "json").out)
    asked = [one["policy"] for one in answer["proposal"]["assessments"]]
    assert "multisociety-lumbar-2020" in asked
    assert [one for one in asked if one.startswith("medicare")] == [
        "medicare-hospital-outpatient-2023",
        "medicare-cgs-l38773-2024",
    ]


def test_check_with_a_clinics_own_policy(facetwise: Callable, patient: Path, tmp_path: Path) -> None:
    policy = tmp_path / "house.yaml"
    policy.write_text(
        "id: house\nkind: local\nissuer: Us\ntitle: House rules\nmeasures:\n  days_since:\n    latest: days_before\n"
        "    where: kind = 'medial_branch_block'\n    otherwise: never\nrequests:\n  block:\n    title: Block\n"
        "    asked_when: kind = 'medial_branch_block'\n    criteria:\n      - id: three_weeks\n        says: Three.\n"
        "        test: days_since >= 21\n"
    )
    answer = json.loads(facetwise("check", patient, "-r", _request(tmp_path), "-p", policy, "-f", "json").out)
    assessment = answer["proposal"]["assessments"][0]
    assert assessment["verdict"] == "not met"
    assert assessment["rests_on_unverified"] is True
    assert "unverified" in assessment["findings"][0]["certainty"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("two_weeks_between_blocks", "block_interval_days is 14"),
        ("at_most_two_levels_per_session", "changed by medicare-facet-2024"),
        ("no_other_cause_of_pain", "unchanged in medicare-facet-2024"),
        ("confirming_block", "Confirming medial branch block"),
        ("bupivacaine_duration_floor_hours", "hours"),
        ("pain_months", "When did this pain begin?"),
        ("medicare-facet-2024", "revises"),
        ("positive_blocks", "positive_block_percent is 80"),
    ],
)
def test_explain(facetwise: Callable, name: str, expected: str) -> None:
    outcome = facetwise("explain", name)
    assert outcome.code == 0
    assert expected in " ".join(outcome.out.split())


def test_explain_an_unknown_name_suggests_one(facetwise: Callable) -> None:
    outcome = facetwise("explain", "two_weeks_between_block")
    assert outcome.code == 2
    assert "two_weeks_between_blocks" in outcome.err


def test_report_writes_every_example(facetwise: Callable, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    outcome = facetwise("report", "--out", out)
    assert outcome.code == 0
    text = out.read_text()
    for name in example_names():
        assert name in outcome.out
        assert f"Patient {name}" in text


def test_the_report_loads_nothing_from_elsewhere(facetwise: Callable, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    facetwise("report", "--out", out)
    text = out.read_text()
    for loading in ("<script", "<link", "<img", "src=", "@import", "url(http"):
        assert loading not in text


def test_out_replaces_the_whole_file_or_nothing(facetwise: Callable, patient: Path, tmp_path: Path) -> None:
    missing = tmp_path / "no" / "such" / "folder.html"
    outcome = facetwise("next", patient, "-f", "html", "--out", missing)
    assert outcome.code == 1
    assert "cannot be written" in outcome.err
    assert [entry.name for entry in tmp_path.iterdir()] == ["patient.json"]


def test_validate_counts_problems_of_every_file(facetwise: Callable, patient: Path, tmp_path: Path) -> None:
    assert facetwise("validate", patient, _request(tmp_path)).code == 0
    bad = tmp_path / "bad.json"
    bad.write_text('{"patient": {"id": "x", "birthyear": 1960}, "procedures": [{"kind": "mbb", "date": "03/01/2026"}]}')
    outcome = facetwise("validate", patient, bad)
    assert outcome.code == 1
    assert "patient.birthyear" in outcome.err
    assert "Did you mean birth_year" in outcome.err
    assert "procedures[0].kind" in outcome.err
    assert "procedures[0].date" in outcome.err


def test_example_lists_stories(facetwise: Callable) -> None:
    outcome = facetwise("example")
    assert outcome.code == 0
    assert all(name in outcome.out for name in example_names())


def test_no_arguments_and_help(facetwise: Callable) -> None:
    assert "next" in facetwise("--help").out
    assert facetwise("--version").out.startswith("facetwise ")
    for command in ("next", "check", "diary", "explain", "validate", "schema", "example", "report"):
        outcome = facetwise(command, "--help")
        assert outcome.code == 0
        assert "Example" in outcome.out


HOUSE = Path(__file__).parents[2] / "docs/how-to/write-a-policy.md"


def test_the_policy_and_the_cases_of_the_how_to_work(facetwise: Callable, tmp_path: Path) -> None:
    policy, cases = [block.partition("```")[0] for block in HOUSE.read_text().split("```yaml\n")[1:]]
    (tmp_path / "our-clinic-2026.yaml").write_text(policy)
    (tmp_path / "our-cases.yaml").write_text(cases)
    outcome = facetwise("validate", tmp_path / "our-clinic-2026.yaml", tmp_path / "our-cases.yaml")
    assert outcome.code == 0, outcome.err
    assert "1 case of our-clinic-2026, all as expected" in outcome.out
    (tmp_path / "our-cases.yaml").write_text(cases.replace("not met", "met"))
    wrong = facetwise("validate", tmp_path / "our-cases.yaml")
    assert wrong.code == 1
    assert "three_weeks_between_blocks: expected met, found not met" in wrong.err
