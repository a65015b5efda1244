"""A run over a population: nothing lost, nothing half-written, the same on every engine, and continued after a stop."""

import datetime
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msgspec.structs import replace

from facetwise.audit.engines import Engine
from facetwise.audit.findings import long_form, read_findings, read_manifest
from facetwise.audit.running import Settings, audit
from facetwise.audit.sources import open_source
from facetwise.documents import DocumentError
from facetwise.rules import load_library
from facetwise.spine import level_mask

TODAY = datetime.date(2026, 11, 24)
POLICY = load_library()["medicare-hospital-outpatient-2023"]
PLAIN = Settings(engine=Engine.REFERENCE, cores=2, rows_per_batch=100)


def population(folder: Path, patients: int = 60) -> Path:
    """Each patient has a block, an ablation and an epidural injection; who was affirmed and where differs."""
    rows = []
    for patient in range(patients):
        places = ["hospital_outpatient", "office", None]
        for number, kind in enumerate(["medial_branch_block", "radiofrequency_ablation", "epidural_steroid_injection"]):
            rows.append(
                {
                    "patient": patient,
                    "date": datetime.date(2025, 1, 1) + datetime.timedelta(days=patient + 40 * number),
                    "sequence": None,
                    "kind": kind,
                    "left_levels": level_mask(["L4-5"]),
                    "right_levels": 0,
                    "unsided_levels": 0,
                    "history_known": True,
                    "place": places[patient % 3],
                    "prior_authorization": [True, False, None][patient // 3 % 3],
                }
            )
    schema = pa.schema(
        [
            ("patient", pa.int64()),
            ("date", pa.date32()),
            ("sequence", pa.int32()),
            ("kind", pa.string()),
            ("left_levels", pa.int32()),
            ("right_levels", pa.int32()),
            ("unsided_levels", pa.int32()),
            ("history_known", pa.bool_()),
            ("place", pa.string()),
            ("prior_authorization", pa.bool_()),
        ]
    )
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "events.parquet")
    return folder


def run(tmp_path: Path, out: str = "findings", settings: Settings = PLAIN, told=lambda rows: None):
    events = tmp_path / "population"
    if not events.exists():
        population(events)
    workspace = tmp_path / "workspace"
    workspace.mkdir(exist_ok=True)
    source = open_source(events, from_="events", workspace=workspace, memory_mb=256, today=TODAY)
    return audit(source, [POLICY], tmp_path / out, settings, told)


def test_counts_add_up_and_the_manifest_tells_how_it_was_made(tmp_path):
    manifest = run(tmp_path)
    assert manifest.events == 180
    assert manifest.rejected == 0
    counts = manifest.counts[POLICY.id]
    assert counts.findings == 120
    assert counts.no_rule == 60
    # A third in a hospital; of them a third each affirmed, not affirmed, not documented. Elsewhere it does not apply;
    # where nobody wrote down the place it is open.
    hospital = {number: sum(1 for p in range(60) if p % 3 == 0 and p // 3 % 3 == number) for number in range(3)}
    assert counts.verdicts == {
        "met": 2 * hospital[0],
        "not met": 2 * hospital[1],
        "not documented": 2 * hospital[2] + 40,
        "not applicable": 40,
    }
    kept = read_manifest(tmp_path / "findings")
    assert kept.counts == manifest.counts
    assert kept.policies[0].criteria == tuple(POLICY.criteria())
    assert list(kept.inputs) == [str(tmp_path / "population" / "events.parquet")]


def test_a_finding_has_a_row_and_the_long_form_a_row_a_criterion(tmp_path):
    manifest = run(tmp_path)
    findings = read_findings(tmp_path / "findings", POLICY.id)
    assert len(findings) == 120
    first = findings.filter(pa.compute.equal(findings["patient"], 3)).to_pylist()
    assert {row["asked"] for row in first} == {"facet_procedure"}
    long = long_form(findings, manifest.policies[0]).to_pylist()
    told = {(row["patient"], row["kind"], row["criterion"]): row["status"] for row in long}
    assert told[0, "medial_branch_block", "affirmed_before_the_service"] == "met"
    assert told[3, "medial_branch_block", "affirmed_before_the_service"] == "not met"
    assert told[6, "medial_branch_block", "affirmed_before_the_service"] == "not documented"
    assert told[1, "medial_branch_block", "affirmed_before_the_service"] == "not applicable"


@pytest.mark.parametrize("engine", Engine)
def test_every_engine_writes_the_same(tmp_path, engine):
    run(tmp_path, "reference")
    run(tmp_path, "other", replace(PLAIN, engine=engine, rows_per_batch=37, cores=1))
    order = [("patient", "ascending"), ("date", "ascending")]
    one, other = (read_findings(tmp_path / name, POLICY.id).sort_by(order) for name in ("reference", "other"))
    assert one.to_pylist() == other.to_pylist()


@pytest.mark.parametrize("engine", Engine)
def test_a_policy_keeps_to_its_days_in_force(tmp_path, engine):
    """The policy is in force from 2023-07-01: what was done before is not asked, on request."""
    folder = population(tmp_path / "population")
    table = pq.read_table(folder / "events.parquet")
    days = pa.compute.add(table["date"].cast(pa.int32()), pa.scalar(-1000, pa.int32()))
    years_ago = days.cast(pa.date32())
    early = table.set_column(1, "date", years_ago).filter(pa.compute.less(table["patient"], 30))
    late = table.filter(pa.compute.greater_equal(table["patient"], 30))
    pq.write_table(pa.concat_tables([early, late]), folder / "events.parquet")
    everything = run(tmp_path, "everything", replace(PLAIN, engine=engine))
    manifest = run(tmp_path, "in_force", replace(PLAIN, engine=engine, in_force=(POLICY.id,)))
    assert everything.counts[POLICY.id].findings == 120
    assert (manifest.counts[POLICY.id].findings, manifest.counts[POLICY.id].no_rule) == (60, 120)
    assert min(read_findings(tmp_path / "in_force", POLICY.id)["patient"].to_pylist()) == 30
    assert [one.in_force for one in manifest.policies] == [True]


class Stopped(Exception):
    pass


def stop_after(rows: int):
    def told(done: int) -> None:
        if done >= rows:
            raise Stopped

    return told


def test_a_run_that_was_stopped_leaves_nothing_that_looks_finished_and_is_continued(tmp_path):
    with pytest.raises(Stopped):
        run(tmp_path, settings=replace(PLAIN, rows_per_batch=30, cores=1), told=stop_after(60))
    out = tmp_path / "findings"
    assert not out.exists()
    with pytest.raises(DocumentError, match="Finish it with --resume"):
        read_manifest(out)
    with pytest.raises(DocumentError, match="was not finished"):
        run(tmp_path, settings=replace(PLAIN, rows_per_batch=30))
    done = json.loads((tmp_path / "findings.partial" / "progress.json").read_text())["done"]
    assert len(done) >= 2
    continued = run(tmp_path, settings=replace(PLAIN, rows_per_batch=30, resume=True))
    assert continued.events == 180
    run(tmp_path, "whole", replace(PLAIN, rows_per_batch=30))
    order = [("patient", "ascending"), ("date", "ascending")]
    one, other = (read_findings(tmp_path / name, POLICY.id).sort_by(order) for name in ("findings", "whole"))
    assert one.to_pylist() == other.to_pylist()


def test_a_run_is_not_continued_with_other_settings(tmp_path):
    with pytest.raises(Stopped):
        run(tmp_path, settings=replace(PLAIN, rows_per_batch=30, cores=1), told=stop_after(60))
    with pytest.raises(DocumentError, match="other inputs, policies, settings"):
        run(tmp_path, settings=replace(PLAIN, rows_per_batch=31, resume=True))


def test_a_folder_that_is_there_is_not_touched(tmp_path):
    (tmp_path / "findings").mkdir()
    (tmp_path / "findings" / "mine").write_text("")
    with pytest.raises(DocumentError, match="already something here"):
        run(tmp_path)
    assert (tmp_path / "findings" / "mine").exists()


def test_a_policy_that_was_not_asked(tmp_path):
    run(tmp_path)
    with pytest.raises(DocumentError, match="was not asked here"):
        read_findings(tmp_path / "findings", "asipp-2020")


def test_measures_that_decided_are_written_on_request(tmp_path):
    events = population(tmp_path / "population")
    source = open_source(events, from_="events", workspace=tmp_path, memory_mb=256, today=TODAY)
    policy = load_library()["tricare-west"]
    audit(source, [policy], tmp_path / "findings", Settings(engine=Engine.NATIVE, cores=1, values=True))
    findings = read_findings(tmp_path / "findings", policy.id)
    assert {"positive_blocks_low", "positive_blocks_high", "ablations_here_low"} <= set(findings.column_names)
    first = findings.to_pylist()[0]
    assert (first["kind"], first["ablations_here_low"]) == ("radiofrequency_ablation", 0.0)


def test_findings_name_patients_as_the_table_does(tmp_path):
    folder = population(tmp_path / "population")
    table = pq.read_table(folder / "events.parquet")
    named = pa.array([f"P-{patient}" for patient in table["patient"].to_pylist()])
    pq.write_table(table.set_column(0, "patient", named), folder / "events.parquet")
    run(tmp_path)
    found = read_findings(tmp_path / "findings", POLICY.id)
    assert len(found) == 120
    assert set(found["patient"].to_pylist()) == set(named.to_pylist())
    third = found.filter(pa.compute.equal(found["patient"].cast(pa.string()), "P-3")).to_pylist()
    assert [row["verdict"] for row in third] == ["not met", "not met"]


def test_a_report_reads_what_the_audit_read(tmp_path):
    """A value that no policy asks about is not checked, by neither of the two."""
    from facetwise.audit.report import population_summary

    folder = population(tmp_path / "population")
    table = pq.read_table(folder / "events.parquet")
    impossible = pa.array([-1.0] + [None] * (len(table) - 1), pa.float64())
    pq.write_table(table.append_column("temperature_c", impossible), folder / "events.parquet")
    manifest = run(tmp_path)
    assert manifest.rejected == 0
    assert "place" in manifest.columns
    assert "temperature_c" not in manifest.columns
    source = open_source(folder, from_="events", workspace=tmp_path, memory_mb=256, today=TODAY)
    batches = source.batches(100, manifest.columns)
    population_summary(tmp_path / "findings", batches, [POLICY], columns=source.columns, compiled=False)
