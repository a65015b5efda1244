"""`facetwise synthesize` and `facetwise audit`: from nothing to findings and a report."""

import datetime
import json
import subprocess

import pyarrow.parquet as pq
import pytest

from facetwise.cli import extras
from facetwise.documents import DocumentError
from facetwise.rules import load_library

POLICY = "medicare-hospital-outpatient-2023"


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    from facetwise.audit.synthesis import Format, synthesize

    folder = tmp_path_factory.mktemp("synthetic") / "people"
    synthesize(folder, patients=40, seed=5, today=datetime.date(2026, 11, 1), format_=Format.EVENTS)
    return folder


def test_every_request_of_a_population_is_found(facetwise, population, tmp_path):
    out = tmp_path / "findings"
    outcome = facetwise("audit", str(population), "-p", POLICY, "-o", str(out), "--engine", "reference", "--long")
    assert outcome.code == 0, outcome.err
    manifest = json.loads((out / "manifest.json").read_text())
    events = pq.ParquetFile(population / "events.parquet").metadata.num_rows
    assert manifest["events"] == events
    assert f"{events:,} events" in outcome.out
    long = pq.read_table(out / f"long-{POLICY}.parquet")
    counts = manifest["counts"][POLICY]
    asked = sum(len(rules.criteria) for rules in load_library()[POLICY].requests)
    assert counts["findings"] <= long.num_rows <= counts["findings"] * asked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "-p", POLICY, "-o", "new"], "nowhere"),
        (["{population}", "-p", "medicare-facet-2042", "-o", "new"], "Did you mean"),
        (["{population}", "-p", POLICY, "-o", "{population}"], "already something here"),
        (["{population}", "-p", POLICY, "-o", "new", "--history-known"], "claims and OMOP"),
        (["{population}", "-p", POLICY, "-o", "new", "--memory", "1"], "too little"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(facetwise, population, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    outcome = facetwise("audit", *(one.replace("{population}", str(population)) for one in arguments))
    assert outcome.code != 0
    assert said in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_a_payer_stands_for_its_policies_on_their_days(facetwise, population, tmp_path):
    out = tmp_path / "findings"
    outcome = facetwise("audit", str(population), "-p", "medicare", "-o", str(out), "--engine", "reference")
    assert outcome.code == 0, outcome.err
    asked = {one["id"]: one["in_force"] for one in json.loads((out / "manifest.json").read_text())["policies"]}
    shared = [one.id for one in load_library().values() if one.payer == "medicare" and one.contractor is None]
    assert asked == dict.fromkeys(shared, True)
    years = {path.name for path in (out / "policy=medicare-facet-2024").iterdir()}
    assert years == {"year=2024", "year=2025", "year=2026"}


def test_a_plain_installation_says_how_to_install_the_rest(facetwise, population, tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "numba" else object())
    outcome = facetwise("audit", str(population), "-p", POLICY, "-o", str(tmp_path / "new"))
    assert outcome.code == 1
    assert "not installed: numba. Install them: pip install 'facetwise[audit]'" in outcome.err


def test_a_policy_compiled_for_the_first_time_is_announced(facetwise, population, tmp_path, monkeypatch):
    monkeypatch.setenv("FACETWISE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("facetwise.audit.running.asking", stopping)
    outcome = facetwise("audit", str(population), "-p", POLICY, "-o", str(tmp_path / "new"))
    assert "compiles it" in outcome.err


def stopping(*_, **__):
    """Nothing is compiled in this test: that takes its time."""
    raise DocumentError([])


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 200 kilobytes, and what makes it larger."""
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("only root may mount a small disk here")
    yield folder, lambda: subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_fills_up_is_told_and_the_run_goes_on_when_there_is_room(facetwise, tmp_path, small_disk):
    from facetwise.audit.synthesis import Format, synthesize

    folder, enlarge = small_disk
    people = tmp_path / "people"
    synthesize(people, patients=3000, seed=5, today=datetime.date(2026, 11, 1), format_=Format.EVENTS)
    given = ["audit", str(people), "-p", POLICY, "--engine", "duckdb", "--batch", "3000", "--cores", "1"]
    outcome = facetwise(*given, "-o", str(folder / "findings"))
    assert outcome.code == 1
    assert "no space left" in outcome.err.lower() or "disk is full" in outcome.err.lower()
    assert [path.name for path in folder.iterdir()] == ["findings.partial"]
    enlarge()
    outcome = facetwise(*given, "-o", str(folder / "findings"), "--resume")
    assert outcome.code == 0, outcome.err
    assert facetwise(*given, "-o", str(tmp_path / "findings")).code == 0
    resumed, whole = (pq.read_table(one / f"policy={POLICY}") for one in (folder / "findings", tmp_path / "findings"))
    assert resumed.num_rows > 10_000
    assert resumed.equals(whole)
    assert [path.name for path in folder.iterdir()] == ["findings"]
