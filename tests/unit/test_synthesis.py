"""Synthetic populations: the same seed gives the same bytes, and the rates that are simulated are the published ones."""

import datetime
import hashlib
import json
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import typer
from msgspec.structs import replace
from typer.testing import CliRunner

from facetwise.audit.events import COLUMNS, FACTS, VISITS, Shape
from facetwise.audit.reading.vocabulary import numbers_within
from facetwise.audit.sources import open_source
from facetwise.audit.synthesis import Format, strata, synthesize
from facetwise.audit.synthesis.chances import share_of, source_row, success
from facetwise.audit.synthesis.claims import billed, lines_of
from facetwise.audit.synthesis.facts import days_of
from facetwise.audit.synthesis.reading import OF_RESPONSES, assumptions, read_assumptions
from facetwise.audit.synthesis.records_of import records
from facetwise.audit.synthesis.steps import KINDS
from facetwise.audit.synthesis.tables import TRUTH, events_table, make, truth_table, visits_table
from facetwise.cli.synthesize_command import synthesize as command
from facetwise.coding import billing_lines, codebook
from facetwise.documents import DocumentError
from facetwise.evidence import figure
from facetwise.fhir import read_bundle
from facetwise.fhir.codes import COMPLAINT_CODES, CPT_KINDS
from facetwise.probability.draws import generator, share_draws, told
from facetwise.records import FACET_KINDS, Kind, Planned
from facetwise.spine import LEVELS, Region

TODAY = datetime.date(2026, 11, 24)
CHUNKS = range(4)
MEMORY = 1024
"""Megabytes for sorting, more than the reader asks for at least."""
STRATA = [pytest.param(number, id=f"{one.region}-{one.threshold}") for number, one in enumerate(strata())]
TEXT = files("facetwise.audit.synthesis").joinpath("assumptions.yaml").read_text(encoding="utf-8")


@cache
def chunk(number=0, seed=7):
    return make(seed, number, TODAY)


@cache
def events():
    return events_table(chunk())


def population(folder, patients=30, seed=7, format_=Format.EVENTS, **options):
    synthesize(folder, patients=patients, seed=seed, today=options.pop("today", TODAY), format_=format_, **options)
    return folder


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


# --- the same bytes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", Format)
def test_the_same_seed_gives_the_same_bytes(tmp_path, format_):
    first, again = (population(tmp_path / name, format_=format_) for name in ("first", "again"))
    assert digests(first) == digests(again)


def test_another_seed_gives_other_patients(tmp_path):
    first, other = (digests(population(tmp_path / str(seed), seed=seed)) for seed in (7, 8))
    assert all(first[name] != other[name] for name in first)


def test_a_patient_is_the_same_however_many_are_made(tmp_path):
    size = assumptions().chunk.patients
    few, many = population(tmp_path / "few", patients=20), population(tmp_path / "many", patients=size + 20)
    for name in ("events", "visits", "truth"):
        whole = pq.read_table(many / f"{name}.parquet")
        assert whole.filter(pc.less_equal(whole["patient"], 20)).equals(pq.read_table(few / f"{name}.parquet"))
    second = pq.read_table(many / "truth.parquet").slice(size)
    assert second.to_pylist() == truth_table(chunk(1)).slice(0, 20).to_pylist()


def test_chunks_are_different_patients():
    assert not np.array_equal(chunk(0).patients.source, chunk(1).patients.source)
    assert not np.array_equal(chunk(0).patients.left, chunk(1).patients.left)


def test_a_later_today_moves_every_date_and_nothing_else():
    later = make(7, 0, TODAY + datetime.timedelta(days=10))
    assert np.array_equal(later.procedures.day, chunk().procedures.day)
    moved = events_table(later)["date"].to_numpy() - events()["date"].to_numpy()
    assert set(moved.astype(int)) == {10}
    same = [name for name in FACTS if name not in ("age_years", "pain_months")]
    assert events_table(later).select(same).equals(events().select(same))


# --- calibration -------------------------------------------------------------------------------------------------


def interval(share):
    """The published 95% interval in percent: printed, or from the counts."""
    found = figure(share.figure)
    if found.low is not None and found.high is not None:
        return found.low, found.high
    counted = told(share_draws(share, generator()))
    return counted.low, counted.high


def assert_within(share, published):
    low, high = interval(published)
    assert low <= 100 * share <= high, f"{100 * share:.1f} is not within {low} to {high}"


@cache
def work_ups(number):
    """The blocks of each patient of a stratum as days, whether positive as the series counts it, and what is true."""
    found = []
    threshold = strata()[number].threshold
    for place in CHUNKS:
        one = chunk(place)
        done, mine = one.procedures, one.patients.stratum == number
        relief = one.relief
        by_day = defaultdict(dict)
        for row in np.flatnonzero(mine[done.patient] & done.of_kind(*FACET_KINDS)).tolist():
            by_day[int(done.patient[row])].setdefault(int(done.day[row]), []).append(row)
        for patient in np.flatnonzero(mine).tolist():
            blocks, ablation = [], None
            for _, rows in sorted(by_day[patient].items()):
                if done.kind[rows[0]] == KINDS.index(Kind.RADIOFREQUENCY_ABLATION):
                    ablation = rows[0]
                    break
                if done.positive[rows[0]] >= 0:
                    same = all(
                        done.left[row] | done.right[row] == one.patients.left[patient] | one.patients.right[patient]
                        for row in rows
                    )
                    relieved = (relief.before[rows[0]] - relief.after[rows[0]]) / relief.before[rows[0]] * 100
                    blocks.append((bool(relieved >= threshold), same))
            helped = None if ablation is None else bool(done.months[ablation] > 0)
            found.append((bool(one.patients.of_joints[patient]), blocks, helped, ablation, place))
    return found


def first_blocks(number):
    """Those who had a first block, as pairs: what is true, and the results at the joints under suspicion."""
    return [
        (hurting, [positive for positive, same in blocks if same]) for hurting, blocks, *_ in work_ups(number) if blocks
    ]


@pytest.mark.parametrize("number", STRATA)
def test_the_hidden_prevalence_lies_in_the_published_interval(number):
    row = source_row(strata()[number].region, strata()[number].threshold)
    hurting = [one.patients.of_joints[one.patients.stratum == number] for one in map(chunk, CHUNKS)]
    assert_within(np.concatenate(hurting).mean(), row.prevalence)


@pytest.mark.parametrize("number", STRATA)
def test_first_blocks_err_at_the_published_rate(number):
    row = source_row(strata()[number].region, strata()[number].threshold)
    results = [blocks[0] for hurting, blocks in first_blocks(number) if not hurting]
    assert_within(np.mean(results), row.false_positive)
    assert all(blocks[0] for hurting, blocks in first_blocks(number) if hurting), "a block misses nobody"


@pytest.mark.parametrize("number", STRATA)
def test_a_study_of_the_simulated_patients_finds_what_was_published(number):
    """Confirmed by two blocks among all, and failed confirmations among all who were not confirmed."""
    row = source_row(strata()[number].region, strata()[number].threshold)
    firsts = [blocks for _, blocks in first_blocks(number)]
    positive = np.mean([blocks[0] for blocks in firsts])
    confirmed = positive * np.mean([blocks[1] for blocks in firsts if blocks[0] and len(blocks) > 1])
    assert_within(confirmed, row.prevalence)
    assert_within((positive - confirmed) / (1 - confirmed), row.false_positive)


def test_half_of_the_lumbar_patients_are_positive_to_a_first_block_at_50_percent():
    (number,) = [place for place, one in enumerate(strata()) if one.threshold == 50]
    printed = share_of("lumbar_first_block_positive_schwarzer_1994_percent")
    assert np.mean([blocks[0] for _, blocks in first_blocks(number)]) == pytest.approx(printed, abs=0.02)


PUBLISHED_SUCCESS = [
    pytest.param(number, blocks, id=f"{one.region}-{one.threshold}-after-{blocks}")
    for number, one in enumerate(strata())
    for blocks in (0, 1, 2)
    if success(one.region, one.threshold, blocks)
]


@pytest.mark.parametrize(("number", "positive"), PUBLISHED_SUCCESS)
def test_ablation_helps_as_often_as_published(number, positive):
    """Also after no block at all, which nothing was fitted to."""
    row = success(strata()[number].region, strata()[number].threshold, positive)
    results = [
        helped
        for _, blocks, helped, *_ in work_ups(number)
        if helped is not None and len(blocks) == positive and all(one for one, _ in blocks)
    ]
    assert len(results) > 100
    assert_within(np.mean(results), row)


@pytest.mark.parametrize(
    "number", [number for number, one in enumerate(strata()) if success(one.region, one.threshold, 2)]
)
def test_visits_tell_of_the_same_success(number):
    """By relief of half the pain or more at the first visit from the month on at which the series looked."""
    row = success(strata()[number].region, strata()[number].threshold, 2)
    months, seen = strata()[number].success_months, []
    for _, blocks, helped, ablation, place in work_ups(number):
        if helped is None or len(blocks) != 2 or not all(one for one, _ in blocks):
            continue
        one = chunk(place)
        at = np.flatnonzero(one.visits.procedure == ablation)
        after = (one.visits.day[at] - one.procedures.day[ablation]) / 30.4375
        seen += [one.visits.relief[visit] >= 50 for visit in at[(after >= months) & (after < months + 1)].tolist()][:1]
    assert_within(np.mean(seen), row)


@pytest.mark.parametrize("region", [Region.LUMBAR, Region.CERVICAL])
def test_repeats_help_as_often_as_published(region):
    span = figure(f"{region}_ablation_repeat_success_smuck_2012_percent")
    repeats = []
    for one in map(chunk, CHUNKS):
        done = one.procedures
        mine = np.array([stratum.region is region for stratum in strata()])[one.patients.stratum]
        rows = np.flatnonzero(done.of_kind(Kind.RADIOFREQUENCY_ABLATION) & mine[done.patient])
        months = {}
        for row in rows.tolist():
            helped = months.setdefault(int(done.patient[row]), [])
            if not helped or done.months[row] != helped[-1]:
                helped.append(done.months[row])
        repeats += [then > 0 for one in months.values() for before, then in pairwise(one) if before]
    assert span.low <= 100 * np.mean(repeats) <= span.high


def test_what_is_hidden_would_be_published_as_it_was():
    for one in strata():
        row = source_row(one.region, one.threshold)
        assert one.confirmed == pytest.approx(share_of(row.prevalence.figure))
        caught = (one.first_positive - one.confirmed) / (1 - one.confirmed)
        assert caught == pytest.approx(share_of(row.false_positive.figure))
        if two := success(one.region, one.threshold, 2):
            worth = one.prevalence / one.confirmed
            after = worth * one.helped_source + (1 - worth) * one.helped_others
            assert after == pytest.approx(share_of(two.figure))


# --- what is written ---------------------------------------------------------------------------------------------


def test_events_have_every_column_and_the_truth_has_its_own_file(tmp_path):
    folder = population(tmp_path / "p")
    assert pq.read_schema(folder / "events.parquet").names == list(COLUMNS)
    assert pq.read_schema(folder / "visits.parquet").names == [column.name for column in VISITS]
    hidden = set(TRUTH.names) - set(COLUMNS)
    assert hidden == {"region", "positive_from_percent", "source"}
    assert not hidden & set(pq.read_schema(folder / "events.parquet").names)


@pytest.mark.parametrize("format_", [Format.CLAIMS, Format.OMOP, Format.FHIR])
def test_no_other_format_tells_the_truth(tmp_path, format_):
    for path in population(tmp_path / "p", format_=format_).iterdir():
        if path.stem in ("truth", "manifest"):
            continue
        told = path.read_text().lower() if path.suffix == ".ndjson" else " ".join(pq.read_schema(path).names)
        assert not any(word in told for word in ("hurts", "truth", '"source"', '"disc"', '"facet"'))


def test_neither_the_number_nor_the_place_of_a_patient_tells_what_hurts():
    hurting = chunk().patients.of_joints
    half = len(hurting) // 2
    assert hurting[:half].mean() == pytest.approx(hurting[half:].mean(), abs=0.03)
    assert hurting[::2].mean() == pytest.approx(hurting[1::2].mean(), abs=0.03)


EXAMINED = {"age_years", "sacroiliac_tests_positive", "pain_on_extension_rotation"}
"""Facts that tell of the hidden source by a cited figure; all others are the same whatever hurts."""


@pytest.mark.parametrize("name", sorted(set(FACTS) - EXAMINED - OF_RESPONSES))
def test_no_fact_of_the_first_procedure_tells_what_hurts(name):
    told, first = chunk().facts[name], np.unique(chunk().procedures.patient, return_index=True)[1]
    stratum, hurting = (
        column[chunk().procedures.patient[first]] for column in (chunk().patients.stratum, chunk().patients.of_joints)
    )
    known, values = told.known[first], told.values[first].astype(float)
    for number in range(len(strata())):
        sides = [(stratum == number) & (hurting == side) for side in (True, False)]
        assert known[sides[0]].mean() == pytest.approx(known[sides[1]].mean(), abs=0.08)
        spread = max(values.std(), 1)
        assert values[sides[0]].mean() == pytest.approx(values[sides[1]].mean(), abs=0.15 * spread)


def test_every_value_is_one_that_the_event_table_may_hold():
    types = {Shape.DAY: pa.date32(), Shape.NUMBER: pa.float64(), Shape.YES_NO: pa.bool_(), Shape.IDENTIFIER: pa.int64()}
    for name, column in COLUMNS.items():
        values = events()[name].combine_chunks()
        if column.shape is Shape.WORD:
            assert set(pc.unique(values.cast(pa.string())).to_pylist()) <= {*column.values, None}, name
        elif column.shape is Shape.NUMBER:
            within, ends = numbers_within(column), pc.min_max(values)
            assert within.low <= ends["min"].as_py() <= ends["max"].as_py() <= within.high, name
        if column.required:
            assert values.null_count == 0
        if column.shape in types:
            assert values.type == types[column.shape]
    assert pc.max(events()["left_levels"]).as_py() < 1 << len(LEVELS)


def read(folder, format_, tmp_path):
    source = open_source(folder, from_=format_.value, workspace=tmp_path / "w", memory_mb=MEMORY, today=TODAY)
    return source, list(source.batches(2000))


def test_the_reader_of_events_accepts_every_row_as_it_stands(tmp_path):
    folder = population(tmp_path / "p", patients=2000)
    source, batches = read(folder, Format.EVENTS, tmp_path)
    assert source.rejected == 0
    assert source.remarks == ()
    assert not [*tmp_path.rglob("*-in-order.parquet")], "nothing had to be sorted first"
    assert source.tables.order.suspects == 0
    assert sum(len(table) for table, _ in batches) == source.rows
    assert sum(len(visits) for _, visits in batches) == pq.read_metadata(folder / "visits.parquet").num_rows


@pytest.mark.parametrize("format_", [Format.OMOP, Format.FHIR])
def test_the_same_procedures_are_read_from_other_formats(tmp_path, format_):
    source, batches = read(population(tmp_path / "p", format_=format_), format_, tmp_path)
    assert not source.reasons
    found = pa.concat_tables([table.select(["date", "kind", "left_levels"]) for table, _ in batches])
    wanted = events().filter(pc.less_equal(events()["patient"], 30))
    for name in ("date", "kind", "left_levels"):
        assert sorted(map(str, found[name].to_pylist())) == sorted(map(str, wanted[name].to_pylist())), name


def test_every_line_of_a_claim_is_accepted(tmp_path):
    source, batches = read(population(tmp_path / "p", format_=Format.CLAIMS), Format.CLAIMS, tmp_path)
    assert not source.reasons
    assert source.counts["lines rejected"] == 0
    days = {
        (row["patient"], row["date"]) for table, _ in batches for row in table.select(["patient", "date"]).to_pylist()
    }
    there = events().filter(pc.less_equal(events()["patient"], 30)).select(["patient", "date"]).to_pylist()
    assert days <= {(row["patient"], row["date"]) for row in there}


def test_no_procedure_and_no_visit_lies_in_the_future():
    assert chunk().procedures.day.max() <= 0
    assert chunk().visits.day.max() <= 0
    assert (chunk().visits.day > chunk().procedures.day[chunk().visits.procedure]).all()


def test_visits_are_of_procedures_that_are_there():
    keys = ["patient", "procedure_date", "procedure_sequence"]
    of = visits_table(chunk()).select(keys).to_pylist()
    there = {tuple(row.values()) for row in events().select(["patient", "date", "sequence"]).to_pylist()}
    assert {tuple(row.values()) for row in of} <= there


def test_procedures_of_one_kind_and_day_are_told_apart():
    rows = events().select(["patient", "date", "kind", "sequence"]).to_pylist()
    assert len({tuple(row.values()) for row in rows}) == len(rows)


def test_patients_have_ten_to_twelve_procedures_of_every_kind():
    assert 10 < len(chunk().procedures) / len(chunk().patients) < 12
    assert set(pc.unique(events()["kind"].cast(pa.string())).to_pylist()) == {kind.value for kind in Kind}


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_is_at_times_documented_and_at_times_not(name):
    assert 0 < events()[name].null_count < len(events())


def test_what_was_documented_of_a_patient_stays_documented():
    of = chunk().procedures.patient
    for name, fact in assumptions().facts.items():
        if not (fact.each or fact.kinds) and name in chunk().facts:
            known = chunk().facts[name].known
            assert not (known[:-1] & ~known[1:] & (of[1:] == of[:-1])).any(), name


def test_a_thin_record_has_less():
    thin = chunk().patients.thin[chunk().procedures.patient]
    known = np.mean([told.known for name, told in chunk().facts.items() if not assumptions().facts[name].kinds], axis=0)
    assert known[thin].mean() < known[~thin].mean() - 0.2


def test_sacroiliac_tests_tell_of_the_joint_as_the_study_found():
    source, tests = chunk().patients.source, chunk().facts["sacroiliac_tests_positive"].values
    first = np.unique(chunk().procedures.patient, return_index=True)[1]
    positive, mine = tests[first] >= 3, source[chunk().procedures.patient[first]] == 2
    told = assumptions().examination
    assert positive[mine].mean() == pytest.approx(share_of(told.sacroiliac_sensitivity), abs=0.05)
    assert 1 - positive[~mine].mean() == pytest.approx(share_of(told.sacroiliac_specificity), abs=0.02)


def test_the_manifest_says_what_the_numbers_rest_on(tmp_path):
    made = json.loads((population(tmp_path / "p") / "manifest.json").read_text())
    assert (made["patients"], made["seed"], made["today"], made["written_as"]) == (30, 7, "2026-11-24", "events")
    assert made["rows"]["events"] == pq.read_metadata(tmp_path / "p" / "events.parquet").num_rows
    assert made["conventions"] == hashlib.sha256(TEXT.encode()).hexdigest()
    for one in made["figures"]:
        found = figure(one["figure"])
        assert (one["value"], one["low"], one["high"], one["unit"]) == (
            found.value,
            found.low,
            found.high,
            found.unit,
        )
        assert one["certainty"] == found.certainty


def test_a_table_of_many_chunks_is_a_folder_of_files(tmp_path, monkeypatch):
    from facetwise.audit.synthesis.parts import Parts

    (tmp_path / "p").mkdir()
    with Parts(tmp_path / "p", chunks=3, chunks_per_file=2) as parts:
        for number in range(3):
            parts.add({"t": pa.table({"a": [number]}), "lines": b"{}\n"})
            parts.chunk_done()
    found = {path.name: pq.read_table(path)["a"].to_pylist() for path in sorted((tmp_path / "p" / "t").iterdir())}
    assert found == {"part-00000.parquet": [0, 1], "part-00001.parquet": [2]}
    assert (tmp_path / "p" / "lines" / "part-00000.ndjson").read_bytes() == b"{}\n{}\n"
    assert parts.rows == {"t": 3, "lines": 3}


# --- other formats -----------------------------------------------------------------------------------------------


def test_every_guided_facet_procedure_is_billed():
    lines = lines_of(chunk())
    known = {*codebook().codes, *CPT_KINDS}
    assert {line.code for line in lines.billed} <= known
    done = chunk().procedures
    unguided = [FACTS["guidance"].values.index(word) for word in ("none", "mri")]
    guided = ~np.isin(chunk().facts["guidance"].values, unguided) | (
        done.kind == KINDS.index(Kind.RADIOFREQUENCY_ABLATION)
    )
    facet = np.unique(np.cumsum(done.place <= 1)[done.of_kind(*FACET_KINDS) & guided])
    assert set(facet.tolist()) <= set(lines.session)


def test_the_lines_of_a_session_are_those_of_the_procedures_it_holds():
    from facetwise.audit.synthesis.claims import Done
    from facetwise.records import Guidance, Place, Purpose
    from facetwise.spine import SiteSet, level_mask

    mask = level_mask(["L4-5", "L5-S1"])
    block = Done(KINDS.index(Kind.MEDIAL_BRANCH_BLOCK), mask, mask, 0, 0, 0)
    shot = Done(KINDS.index(Kind.TRIGGER_POINT_INJECTION), 0, 0, -1, 0, 0)
    found = billed((block, shot), list(Place).index(Place.OFFICE), TODAY)
    planned = Planned(
        kind=Kind.MEDIAL_BRANCH_BLOCK,
        date=TODAY,
        sites=SiteSet(mask, mask),
        purpose=Purpose.DIAGNOSTIC,
        guidance=Guidance.FLUOROSCOPY,
    )
    expected = [(one.code, " ".join(one.modifiers)) for one in billing_lines([planned], place=Place.OFFICE).lines]
    assert [(line.code, line.modifiers) for line in found[:-1]] == expected
    assert expected == [("64493", "50 KX"), ("64494", "50 KX")]
    assert CPT_KINDS.get(found[-1].code) == Kind.TRIGGER_POINT_INJECTION


def test_claims_name_diagnoses_of_the_region_and_codes_of_the_kind(tmp_path):
    told = assumptions().claims
    assert {COMPLAINT_CODES[code]: region for region, code in told.diagnoses.items()} == {one: one for one in Region}
    assert all(CPT_KINDS[code] is kind for kind, code in told.codes.items())
    table = pq.read_table(population(tmp_path / "p", format_=Format.CLAIMS) / "claims.parquet")
    assert not any("relief" in name for name in table.column_names)
    assert set(table["beneficiary"].to_pylist()) <= set(range(1, 31))
    keys = list(zip(table["beneficiary"].to_pylist(), table["date"].to_pylist(), strict=True))
    assert keys == sorted(keys)


def test_omop_tables_refer_to_each_other(tmp_path):
    folder = population(tmp_path / "p", format_=Format.OMOP)
    tables = {path.stem: pq.read_table(path) for path in folder.glob("*.parquet")}
    for name in ("visit_occurrence", "procedure_occurrence", "condition_occurrence", "measurement"):
        ids = tables[name][
            f"{name.removesuffix('_occurrence')}_occurrence_id" if "occurrence" in name else f"{name}_id"
        ]
        assert len(set(ids.to_pylist())) == len(ids) > 0, name
        assert set(tables[name]["person_id"].to_pylist()) <= set(tables["person"]["person_id"].to_pylist())
    visits = set(tables["visit_occurrence"]["visit_occurrence_id"].to_pylist())
    assert set(tables["procedure_occurrence"]["visit_occurrence_id"].to_pylist()) <= visits
    procedures = set(tables["procedure_occurrence"]["procedure_occurrence_id"].to_pylist())
    assert set(tables["measurement"]["measurement_event_id"].drop_null().to_pylist()) <= procedures


def test_omop_says_when_somebody_was_born_by_the_ages_of_the_events(tmp_path):
    persons = pq.read_table(population(tmp_path / "p", format_=Format.OMOP) / "person.parquet")
    born = dict(zip(persons["person_id"].to_pylist(), persons["year_of_birth"].to_pylist(), strict=True))
    for row in events().slice(0, 300).select(["patient", "date", "age_years"]).to_pylist():
        if row["age_years"] is not None and row["patient"] in born:
            assert row["date"].year - born[row["patient"]] == row["age_years"]


def test_fhir_is_read_back_as_the_record_with_nothing_left_out(tmp_path):
    folder = population(tmp_path / "p", patients=12, format_=Format.FHIR)
    entries = defaultdict(list)
    for path in folder.glob("*.ndjson"):
        for line in path.read_text().splitlines():
            resource = json.loads(line)
            subject = resource.get("subject", {"reference": f"Patient/{resource['id']}"})["reference"]
            entries[int(subject.removeprefix("Patient/"))].append({"resource": resource})
    wanted = list(records(chunk(), events(), range(12)))
    assert sorted(entries) == list(range(1, 13))
    for number, record in enumerate(wanted, start=1):
        read = read_bundle({"resourceType": "Bundle", "type": "collection", "entry": entries[number]})
        assert read.unmapped == ()
        unnamed = tuple(replace(one, id=None) for one in read.record.procedures)
        assert replace(read.record, procedures=unnamed) == record


# --- bad input ---------------------------------------------------------------------------------------------------


def refusal(folder, **options):
    with pytest.raises(DocumentError) as refused:
        population(folder, **options)
    (problem,) = refused.value.problems
    return str(problem)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"patients": 0}, "patients: 0 is too small"),
        ({"patients": -3}, "patients: -3 is too small"),
        ({"patients": 10**12}, "is too large"),
        ({"seed": -1}, "seed: -1 is too small"),
        ({"seed": 2**70}, "is too large"),
        ({"today": datetime.date(1999, 12, 31)}, "1999-12-31 is too early"),
    ],
)
def test_what_cannot_be_made_is_refused(tmp_path, options, what):
    assert what in refusal(tmp_path / "p", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_population_is_replaced_only_by_force(tmp_path):
    before = digests(population(tmp_path / "p"))
    assert "--force" in refusal(tmp_path / "p", seed=8)
    assert digests(tmp_path / "p") == before
    population(tmp_path / "p", seed=8, force=True, format_=Format.CLAIMS)
    assert {path.name for path in (tmp_path / "p").iterdir()} == {"claims.parquet", "truth.parquet", "manifest.json"}


@pytest.mark.parametrize("manifest", [None, "{}", "no JSON", '{"format": "another/1"}'])
def test_what_is_no_population_is_never_replaced(tmp_path, manifest):
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "thesis.txt").write_text("years of work")
    if manifest is not None:
        (tmp_path / "p" / "manifest.json").write_text(manifest)
    assert "Give another folder" in refusal(tmp_path / "p", force=True)
    assert (tmp_path / "p" / "thesis.txt").read_text() == "years of work"


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "p").mkdir()
    assert (population(tmp_path / "p") / "manifest.json").exists()


def test_the_folder_that_one_is_in_can_be_filled(tmp_path, monkeypatch):
    (tmp_path / "p").mkdir()
    monkeypatch.chdir(tmp_path / "p")
    population(Path())
    assert (tmp_path / "p" / "manifest.json").exists()
    assert "Give another folder" in refusal(Path("/"))


def test_a_run_that_fails_leaves_nothing(tmp_path):
    class Stop(Exception):
        pass

    def stop(done):
        raise Stop

    with pytest.raises(Stop):
        population(tmp_path / "p", told=stop)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_told_and_started_anew_by_force(tmp_path):
    (tmp_path / "p.partial").mkdir()
    assert "was stopped" in refusal(tmp_path / "p")
    population(tmp_path / "p", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    from facetwise.audit.synthesis import writing

    def full(chunk):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "truth_table", full)
    assert "The disk is full" in refusal(tmp_path / "p")
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_in_patients(tmp_path):
    seen = []
    population(tmp_path / "p", patients=assumptions().chunk.patients + 5, told=seen.append)
    assert seen == [assumptions().chunk.patients, assumptions().chunk.patients + 5]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("lumbar_ablation_relief_first_macvicar_2013_months", "lumbar_relief", "There is no figure"),
        (
            "relief_first: lumbar_ablation_relief_first_macvicar_2013_months",
            "relief_first: lumbar_ablation_repeat_success_smuck_2012_percent",
            "is in percent",
        ),
        ("level: C2-3", "level: C2-4", "is no level"),
        ("share: 0.1\n", "share: 0.3\n", "do not come to 1"),
        ("  goal: {", "  aim: {", "is no fact to be spread"),
        ("{lidocaine: 0.5,", "{lidokain: 0.5,", "not one of its words"),
        ("  pain_axial: {documented: 0.95, yes: 0.93}\n", "", "pain_axial is missing"),
        ("documented: 0.95, yes: 0.93", "documented: 1.95, yes: 0.93", "pain_axial.documented"),
        ("documented: 0.95, yes: 0.93", "documented: 0.95, low: 1, high: 2", "are for numbers"),
        ("high: 26}", "yes: 0.2}", "`yes` is for yes or no"),
        ("with: anaesthetic", "with: anesthetic", "is no other fact"),
        ("bilateral: 0.45", "bilateral: 0.45\n  bilateral: 0.5", "given twice"),
    ],
)
def test_malformed_assumptions_are_told_with_their_line(old, new, what):
    assert old in TEXT
    with pytest.raises(DocumentError) as refused:
        read_assumptions(TEXT.replace(old, new, 1), "assumptions.yaml")
    assert any(what in str(problem) for problem in refused.value.problems)
    assert all(problem.line for problem in refused.value.problems)


def test_every_fact_of_the_catalogue_is_spread():
    assert set(assumptions().facts) | OF_RESPONSES == set(FACTS)


def test_the_command_writes_a_population_and_says_so(tmp_path):
    app = typer.Typer()
    app.command()(command)
    run = CliRunner().invoke(app, ["--patients", "5", "--out", str(tmp_path / "p"), "--today", "2026-11-24"])
    assert run.exit_code == 0
    assert "5 patients" in run.output
    assert days_of(TODAY, np.array([0]))[0] >= pq.read_table(tmp_path / "p" / "events.parquet")["date"].to_numpy().max()


# --- the page ----------------------------------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs/explanation/synthetic-populations.md").read_text(encoding="utf-8")


def told_with_interval(share, digits):
    low, high = interval(share)
    return f"{100 * share_of(share.figure):<{digits}g} ({low:g} to {high:g})"


@pytest.mark.parametrize("number", STRATA)
def test_the_page_tells_what_is_counted(number):
    one = strata()[number]
    name, row = f"{one.region}, {one.threshold}%", source_row(one.region, one.threshold)
    caught = (one.first_positive - one.confirmed) / (1 - one.confirmed)
    hidden = (one.prevalence, one.confirmed, one.false_positive, caught)
    rates = [f"{100 * rate:.1f}" for rate in hidden]
    rates = [*rates[:2], told_with_interval(row.prevalence, 4), *rates[2:], told_with_interval(row.false_positive, 4)]
    two = success(one.region, one.threshold, 2)
    published = told_with_interval(two, 4) if two else "none"
    helped = [published, *(f"{100 * rate:.1f}" for rate in (one.helped_source, one.helped_others))]
    lines = [" ".join(line.split()) for line in PAGE.splitlines() if line.startswith(name)]
    assert lines == [" ".join([name, *part]) for part in ([*map(squeezed, rates)], [*map(squeezed, helped)])]


def squeezed(text):
    return " ".join(text.split())


def test_the_trial_without_a_block_is_given_back():
    (one,) = [one for one in strata() if one.threshold == 50]
    row = success(one.region, one.threshold, 0)
    given_back = one.prevalence * one.helped_source + (1 - one.prevalence) * one.helped_others
    assert given_back == pytest.approx(share_of(row.figure), abs=0.01)
