"""Bad input gets one clear error with place and remedy, exit code 1, and no traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BAD_RECORDS = {
    "truncated": ('{"patient": {"id": "x"', "ends too early"),
    "empty": ("", "ends too early"),
    "not json": ("hello", "Not JSON"),
    "a list": ("[]", "an object with"),
    "wrong type": ('{"patient": {"id": 7}}', "patient.id"),
    "unknown field": ('{"patient": {"id": "x"}, "complaints": {}}', "Did you mean complaint"),
    "date in the wrong format": ('{"patient": {"id": "x"}, "complaint": {"onset": "03/01/2026"}}', "YYYY-MM-DD"),
    "key given twice": ('{"patient": {"id": "x"}, "patient": {"id": "y"}}', "given twice"),
    "not a number": ('{"patient": {"id": "x", "birth_year": NaN}}', "NaN"),
    "procedure before birth": (
        '{"patient": {"id": "x", "birth_year": 1990},'
        ' "procedures": [{"kind": "medial_branch_block", "date": "1980-01-01"}]}',
        "before the patient's birth",
    ),
    "relief without baseline": (
        '{"patient": {"id": "x"}, "procedures": [{"kind": "medial_branch_block", "date": "2026-01-01",'
        ' "diary": {"entries": [{"minutes": 30, "score": 1}]}}]}',
        "pain_before",
    ),
    "block of a joint without medial branch": (
        '{"patient": {"id": "x"}, "procedures": [{"kind": "medial_branch_block", "date": "2026-01-01",'
        ' "sites": "left C1-2"}]}',
        "ventral ramus of C2",
    ),
    "ten megabytes of nested lists": ("[" * 10_000_000, "nested too deeply"),
    "a bundle of nothing": ('{"resourceType": "Bundle", "type": "collection"}', "Patient"),
    "another resource": ('{"resourceType": "Patient", "id": "x"}', "Bundle"),
}


@pytest.mark.parametrize("name", BAD_RECORDS)
def test_a_bad_record(facetwise: Callable, tmp_path: Path, name: str) -> None:
    text, expected = BAD_RECORDS[name]
    file = tmp_path / "bad.json"
    file.write_text(text)
    outcome = facetwise("next", file)
    assert outcome.code == 1
    assert outcome.out == ""
    assert str(file) in outcome.err
    assert expected in outcome.err
    assert "Traceback" not in outcome.err


def test_a_file_that_is_not_there(facetwise: Callable, tmp_path: Path) -> None:
    outcome = facetwise("next", tmp_path / "none.json")
    assert outcome.code == 1
    assert "no such file" in outcome.err


BAD_POLICIES = {
    "duplicate key": ("id: a\nid: b\n", ":2:", "given twice"),
    "unknown key": ("id: a\nkind: local\nissuer: b\ntitle: c\nrequest: {}\n", ":5:", "Did you mean requests"),
    "wrong date": ("id: a\nkind: local\nissuer: b\ntitle: c\neffective: {from: 3/1/2026}\n", ":5:", "YYYY-MM-DD"),
    "unknown field name": (
        "id: a\nkind: local\nissuer: b\ntitle: c\nrequests:\n  r:\n    title: t\n    asked_when: knid = 'other'\n",
        ":8:",
        "Did you mean kind",
    ),
    "an alias": ("id: &a x\nkind: *a\n", ":2:", "aliases"),
    "a tab": ("id: a\n\tkind: local\n", ":2:", "Not YAML"),
}


@pytest.mark.parametrize("name", BAD_POLICIES)
def test_a_bad_policy(facetwise: Callable, tmp_path: Path, name: str) -> None:
    text, place, expected = BAD_POLICIES[name]
    file = tmp_path / "bad.yaml"
    file.write_text(text)
    outcome = facetwise("validate", file)
    assert outcome.code == 1
    assert f"bad.yaml{place}" in outcome.err
    assert expected in outcome.err


def test_wrong_usage(facetwise: Callable, patient: Path) -> None:
    assert facetwise("next").code == 2
    assert facetwise("next", patient, "--format", "pdf").code == 2
    wrong_day = facetwise("next", patient, "--as-of", "yesterday")
    assert wrong_day.code == 2
    assert "YYYY-MM-DD" in wrong_day.err
    unknown = facetwise("next", patient, "--policy", "medicare-facet-2042")
    assert unknown.code == 2
    assert "medicare-facet-2024" in unknown.err


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), ending=st.sampled_from(["json", "yaml"]))
def test_any_bytes_end_in_an_answer_or_a_clear_error(
    facetwise: Callable, tmp_path: Path, data: bytes, ending: str
) -> None:
    file = tmp_path / f"fuzz.{ending}"
    file.write_bytes(data)
    assert facetwise("validate", file).code in (0, 1)
