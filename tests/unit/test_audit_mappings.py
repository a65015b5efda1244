"""Records, FHIR, OMOP and claims as event tables: the same answers, and nothing guessed."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from records_strategy import records

from facetwise.audit.decidable import VISITS as VISITS_TABLE
from facetwise.audit.decidable import needed_columns, share_decidable
from facetwise.audit.events import COLUMNS
from facetwise.audit.kernel.source import NOT_ASKED, NOTHING, STATUSES, UNDECIDED
from facetwise.audit.kernel.table import events_in
from facetwise.audit.mapping import fhir_parts, from_fhir, from_omop, from_records
from facetwise.audit.mapping.from_claims import CLAIMS_COLUMNS
from facetwise.audit.mapping.from_records import ORIGIN, Loss, events_of_records, rows_of_record
from facetwise.audit.mapping.meaning_of_codes import kinds_of_code, meanings, procedure_codes
from facetwise.audit.reading.checking_rows import TEXT_OF_PATIENT
from facetwise.audit.reading.rejects import Reason
from facetwise.audit.reference import reference_statuses
from facetwise.audit.sources import Source, open_source
from facetwise.coding.codebook import codebook
from facetwise.documents import DocumentError
from facetwise.examples import example_names, example_record
from facetwise.fhir import write_bundle
from facetwise.fhir.codes import ICD_CONDITIONS
from facetwise.records import Kind, Planned, Record, Request
from facetwise.rules import Assessment, History, Policy, Situation, Status, assess, load_library
from facetwise.spine import level_mask

TODAY = datetime.date(2026, 11, 24)
POLICIES = [policy for policy in load_library().values() if policy.contractor is None]


# --- records -----------------------------------------------------------------------------------------------------


def named(record: Record) -> Record:
    """The record with an id for every procedure, so that each can be left out of its own history."""
    procedures = [replace(one, id=f"procedure-{n}") for n, one in enumerate(record.procedures or ())]
    return replace(record, procedures=None if record.procedures is None else tuple(procedures))


def asked_of_the_record(record: Record, number: int, policy: Policy) -> Assessment:
    """What a policy says of a procedure by the single-patient evaluator."""
    procedure = (record.procedures or ())[number]
    fields = {name: getattr(procedure, name) for name in Planned.__struct_fields__}
    history = History(record, procedure.date)
    return assess(policy, Situation(history, Request(**fields, replaces=procedure.id)))


def can_be_compared(record: Record, number: int, lost: Sequence[Loss]) -> bool:
    """Whether nothing is lost of the request itself or of what it can see."""
    procedures = record.procedures or ()
    on = procedures[number].date
    return not any(
        (loss.procedure == number)
        if loss.of_request
        else (loss.procedure != number and procedures[loss.procedure].date <= on)
        for loss in lost
    )


def compare(record: Record, policies: Sequence[Policy]) -> int:
    """Assert that the table and the record give the same answers; how many procedures could be compared."""
    record = named(record)
    events, visits = events_of_records([record])
    lost = rows_of_record(record, 0).lost
    rows = {origin: row for row, origin in enumerate(events[ORIGIN].to_pylist())}
    here = events_in(events, visits)
    compared = [n for n in range(len(events)) if can_be_compared(record, n, lost)]
    for policy in policies if compared else ():
        asked, statuses = reference_statuses(policy, here)
        criteria = list(policy.criteria())
        for number in compared:
            row = rows[f"procedure-{number}"]
            assessment = asked_of_the_record(record, number, policy)
            expected = dict.fromkeys(criteria, NOT_ASKED) | {
                finding.criterion: STATUSES.index(finding.status) for finding in assessment.findings
            }
            assert dict(zip(criteria, statuses[row].tolist(), strict=True)) == expected, (policy.id, number)
            assert asked[row] == _asked(policy, assessment), (policy.id, number)
    return len(compared)


def _asked(policy: Policy, assessment: Assessment) -> int:
    if assessment.asked is None:
        return UNDECIDED if assessment.missing else NOTHING
    return [rules.id for rules in policy.requests].index(assessment.asked)


@pytest.mark.parametrize("name", example_names())
def test_the_table_of_an_example_gives_the_answers_of_its_record(name: str) -> None:
    compare(example_record(name, TODAY), POLICIES)


def test_most_procedures_of_the_examples_lose_nothing() -> None:
    examples = [example_record(name, TODAY) for name in example_names()]
    done = sum(len(record.procedures or ()) for record in examples)
    assert sum(compare(record, POLICIES[:1]) for record in examples) > done / 2


@given(records(most_procedures=4))
def test_the_table_of_any_record_gives_the_answers_of_the_record(record: Record) -> None:
    compare(record, POLICIES)


# --- claims ------------------------------------------------------------------------------------------------------

DAY = datetime.date(2024, 3, 1)
BLOCK, INJECTION, ABLATION = "medial_branch_block", "facet_joint_injection", "radiofrequency_ablation"


def line(**changes: Any) -> dict[str, Any]:
    return {"beneficiary": 1, "date": DAY, "code": "64493", "modifiers": "LT KX", "units": 1, "diagnosis": "M47.816",
            "place": "11", "contractor": "cgs"} | changes  # fmt: skip


def source_of(folder: Path, from_: Any, **more: Any) -> Source:
    return open_source(folder, from_=from_, workspace=folder / "workspace", memory_mb=256, today=TODAY, **more)


def written(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> Path:
    """A folder with a Parquet file for each table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        names = list(dict.fromkeys(name for one in rows for name in one))
        pq.write_table(
            pa.table({column: [one.get(column) for one in rows] for column in names}), folder / f"{name}.parquet"
        )
    return folder


def events_of(source: Source) -> list[dict[str, Any]]:
    """All events as rows, what is not documented left out."""
    rows = [one for events, _ in source.batches(1000) for one in events.to_pylist()]
    assert source.rows_in == source.rows + source.rejected == len(rows) + source.rejected
    return [{name: cell for name, cell in one.items() if cell is not None} for one in rows]


def claims(folder: Path, *lines: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return events_of(source_of(written(folder, {"claims": list(lines)}), "claims", **more))


def unmapped(source: Source) -> dict[tuple[str, str], int]:
    """How often what had no place."""
    if source.unmapped is None:
        return {}
    return {(one["table"], one["what"]): one["count"] for one in pq.read_table(source.unmapped).to_pylist()}


def test_lines_of_a_day_are_one_procedure_of_a_kind_and_a_family_of_levels(tmp_path: Path) -> None:
    lines = [line(), line(code="64494"), line(code="64490", diagnosis="M47.812"), line(code="64635", modifiers=""),
             line(code="62323"), line(date=DAY + datetime.timedelta(days=20))]  # fmt: skip
    found = claims(tmp_path, *lines)
    told = [tuple(one.get(name) for name in ("date", "kind", "purpose", "pain_region")) for one in found]
    later = DAY + datetime.timedelta(days=20)
    assert sorted(told, key=str) == [
        (DAY, "epidural_steroid_injection", None, "lumbar"),
        (DAY, BLOCK, "diagnostic", "cervical"),
        (DAY, BLOCK, "diagnostic", "lumbar"),
        (DAY, ABLATION, None, "lumbar"),
        (later, BLOCK, "diagnostic", "lumbar"),
    ]


def test_claims_tell_no_sites_no_relief_and_no_history(tmp_path: Path) -> None:
    (one,) = claims(tmp_path, line())
    assert one == {
        "patient": 1,
        "date": DAY,
        "kind": BLOCK,
        "purpose": "diagnostic",
        "place": "office",
        "pain_region": "lumbar",
    }
    assert set(one) <= CLAIMS_COLUMNS


@pytest.mark.parametrize(
    ("modifiers", "purpose"),
    [(["LT KX"], "diagnostic"), (["50-KX", "kx"], "diagnostic"), (["LT"], None), ([None], None), (["KX", "LT"], None)],
    ids=str,
)
def test_an_injection_is_diagnostic_where_all_its_lines_carry_kx(
    tmp_path: Path, modifiers: list[str], purpose: Any
) -> None:
    codes = ["64493", "64494"]
    (one,) = claims(tmp_path, *(line(code=code, modifiers=text) for code, text in zip(codes, modifiers, strict=False)))
    assert one.get("purpose") == purpose


def test_kx_says_nothing_of_an_ablation(tmp_path: Path) -> None:
    (one,) = claims(tmp_path, line(code="64635", modifiers="KX"))
    assert (one["kind"], one.get("purpose")) == (ABLATION, None)


def test_what_an_injection_code_means_can_be_turned_round_or_told_line_by_line(tmp_path: Path) -> None:
    (one,) = claims(tmp_path / "a", line(), injections_are=Kind.FACET_JOINT_INJECTION)
    assert one["kind"] == INJECTION
    told = [line(kind=INJECTION), line(patient=2, kind=None, date=DAY + datetime.timedelta(days=1))]
    assert [one["kind"] for one in claims(tmp_path / "b", *told)] == [INJECTION, BLOCK]
    with pytest.raises(DocumentError, match="An injection code cannot mean spinal_fusion"):
        claims(tmp_path / "c", line(), injections_are=Kind.SPINAL_FUSION)


def test_a_kind_that_the_code_cannot_mean_and_a_line_taken_back_are_rejected(tmp_path: Path) -> None:
    lines = [line(), line(code="64635", kind=BLOCK), line(units=-1), line(units=0), line(beneficiary=None), line(date=None),
             line(code=None)]  # fmt: skip
    source = source_of(written(tmp_path, {"claims": lines}), "claims")
    assert len(events_of(source)) == 1
    assert source.reasons == {
        ("claims", Reason.CONTRADICTS_ITS_CODE): 1,
        ("claims", Reason.NUMBER_OUT_OF_RANGE): 2,
        ("claims", Reason.NO_PATIENT): 1,
        ("claims", Reason.NO_DATE): 1,
        ("claims", Reason.NO_VALUE): 1,
    }
    assert source.counts == {"lines": 7, "lines rejected": 6}
    rejected = pq.read_table(source.rejects).to_pylist()
    assert {one["row"] for one in rejected} == {2, 3, 4, 5, 6, 7}
    assert {one["file"] for one in rejected} == {str(tmp_path / "claims.parquet")}


def test_codes_that_make_no_event_are_counted(tmp_path: Path) -> None:
    lines = [line(), line(code="99213"), line(code="99213"), line(code="64999"), line(code="77003"), line(place="99")]
    source = source_of(written(tmp_path, {"claims": lines}), "claims")
    (one,) = events_of(source)
    assert one["place"] == "office"
    assert unmapped(source) == {
        ("claims", "99213"): 2, ("claims", "64999"): 1, ("claims", "77003"): 1, ("claims", "place 99"): 1
    }  # fmt: skip


def test_t12_l1_with_l1_2_is_one_procedure(tmp_path: Path) -> None:
    assert len(claims(tmp_path / "a", line(code="64490"), line(code="64494"))) == 1
    assert len(claims(tmp_path / "b", line(code="64490"), line(code="64494"), line(code="64493"))) == 2
    assert len(claims(tmp_path / "c", line(code="64633", modifiers=""), line(code="64636", modifiers=""))) == 1


def test_two_families_of_one_day_are_no_duplicates(tmp_path: Path) -> None:
    assert len(claims(tmp_path, line(diagnosis=None), line(code="64490", diagnosis=None))) == 2


def test_sites_that_an_extract_names_are_those_of_all_its_lines(tmp_path: Path) -> None:
    (one,) = claims(tmp_path / "a", line(sites="left L4-5"), line(code="64494", sites="left L5-S1"))
    assert one["left_levels"] == level_mask(["L4-5", "L5-S1"])
    (one,) = claims(tmp_path / "b", line(sites="left L4-5"), line(code="64494", sites=None))
    assert "left_levels" not in one
    source = source_of(written(tmp_path / "c", {"claims": [line(sites="somewhere")]}), "claims")
    assert events_of(source) == []
    assert source.reasons == {("claims", Reason.UNREADABLE_SITES): 1}


def test_sedation_guidance_and_conditions_are_told_by_their_codes(tmp_path: Path) -> None:
    lines = [line(code="0216T", diagnosis="M47.816, I10 E1165"), line(code="99152", diagnosis=None), line(code="20552"),
             line(date=DAY + datetime.timedelta(days=1), diagnosis="M47.812 M47.816")]  # fmt: skip
    by_kind = {(one["date"].day, one["kind"]): one for one in claims(tmp_path, *lines)}
    block = by_kind[1, BLOCK]
    assert (block["sedation"], block["guidance"], block["uncontrolled_diabetes"]) == ("moderate", "ultrasound", True)
    assert "sedation" not in by_kind[1, "trigger_point_injection"]
    later = by_kind[2, BLOCK]
    assert "uncontrolled_diabetes" not in later
    assert "pain_region" not in later


def test_claims_of_patients_named_by_texts_in_csv_with_the_names_of_other_systems(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text(
        "beneficiary,date,cpt,modifiers,units,icd10,place\nzoe,2024-03-01,64493,KX,1,M47816,24\nadam,2024-03-01,64635,,1,,22\n"
    )
    found = events_of(source_of(tmp_path, "claims"))
    assert [(one["patient"], one["kind"], one["place"]) for one in found] == [
        (0, ABLATION, "hospital_outpatient"), (1, BLOCK, "ambulatory_surgical_center")
    ]  # fmt: skip


def test_that_the_extract_holds_all_earlier_procedures_has_to_be_said(tmp_path: Path) -> None:
    assert "history_known" not in claims(tmp_path / "a", line())[0]
    assert claims(tmp_path / "b", line(), history_known=True)[0]["history_known"] is True


def test_every_code_of_the_codebook_is_a_procedure_or_left_out_with_a_reason() -> None:
    meanings = procedure_codes()
    assert set(codebook().codes) <= set(meanings)
    for code, meaning in meanings.items():
        assert (meaning.use == "left out") == bool(meaning.why), code
        assert meaning.use != "procedure" or kinds_of_code(code), code


def test_what_a_code_leaves_open_is_chosen_with_a_reason() -> None:
    for chosen in meanings().conventions.values():
        assert chosen.because
        assert chosen.says
    assert {field for fields in meanings().conditions.values() for field in fields} <= set(COLUMNS)
    assert set(meanings().conditions) <= {*ICD_CONDITIONS.values()}


# --- what claims alone can decide --------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_claims_alone_decide_few_criteria_and_everything_decides_all(policy: Policy) -> None:
    alone = share_decidable(policy, CLAIMS_COLUMNS)
    everything = share_decidable(policy, [*COLUMNS, "sites", VISITS_TABLE])
    available = [id_ for id_, criterion in policy.criteria().items() if criterion.available]
    assert everything.share == (1 if available else 0)
    assert sorted([*alone.decidable, *alone.lacking]) == sorted(available)
    assert alone.share < 0.5


def test_a_criterion_that_asks_for_relief_lacks_it() -> None:
    found = share_decidable(load_library()["medicare-facet-2021"], CLAIMS_COLUMNS)
    lacking = found.lacking["first_block_gave_80_percent_relief"]
    assert {"history_known", "sites", "relief_percent"} <= set(lacking)
    assert "purpose" not in lacking
    assert "no_other_spinal_injection_same_day" in found.decidable


@given(records(most_procedures=3), st.sampled_from(POLICIES))
def test_a_criterion_none_of_whose_columns_is_there_is_never_decided(record: Record, policy: Policy) -> None:
    events, _ = events_of_records([named(record)])
    events = events.select([name for name in events.column_names if name in CLAIMS_COLUMNS])
    _, statuses = reference_statuses(policy, events_in(events))
    decided = {STATUSES.index(status) for status in (Status.MET, Status.NOT_MET, Status.NEEDS_REVIEW)}
    for slot, criterion in enumerate(policy.criteria().values()):
        needed = needed_columns(policy, criterion)
        if criterion.available and needed and not needed & {*CLAIMS_COLUMNS, "history_known"}:
            assert not decided & set(statuses[:, slot].tolist()), criterion.id


# --- FHIR --------------------------------------------------------------------------------------------------------


def bulk(folder: Path, records: Sequence[Record]) -> Path:
    """A bulk export of these records, one file a type of resource, references by type and id."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: dict[str, list[str]] = {}
    for record in records:
        entries = write_bundle(record)["entry"]
        names = {
            one["fullUrl"]: f"{one['resource']['resourceType']}/{one['resource'].setdefault('id', one['fullUrl'][9:])}"
            for one in entries
        }
        for one in entries:
            text = json.dumps(one["resource"])
            for address, name in names.items():
                text = text.replace(f'"{address}"', f'"{name}"')
            lines.setdefault(one["resource"]["resourceType"], []).append(text)
    for kind, texts in lines.items():
        (folder / f"{kind}.ndjson").write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return folder


def examples() -> list[Record]:
    """The example patients, each with a name of its own and ids that are its alone."""
    found = []
    for number, name in enumerate(example_names()):
        record = example_record(name, TODAY)
        procedures = record.procedures and tuple(
            replace(one, id=f"{number}-{n}") for n, one in enumerate(record.procedures)
        )
        found.append(replace(record, patient=replace(record.patient, id=f"patient-{number:02}"), procedures=procedures))
    return found


def test_a_bulk_export_gives_the_events_of_its_records(tmp_path: Path) -> None:
    records = examples()
    source = source_of(bulk(tmp_path, records), "fhir")
    found = list(source.batches(10_000))
    with_procedures = [record for record in records if record.procedures]
    expected, visits = events_of_records(with_procedures)
    ((events, its_visits),) = found
    named = [f"patient-{number:02}" for number, record in enumerate(records) for _ in record.procedures or ()]
    assert sorted(events[TEXT_OF_PATIENT].to_pylist()) == named
    events = events.drop_columns([TEXT_OF_PATIENT])
    assert events.to_pylist() == expected.select(events.column_names).to_pylist()
    assert its_visits.to_pylist() == visits.to_pylist()
    assert source.patients == len(with_procedures)
    assert source.counts["patients"] == len(records)
    assert source.counts["patients without procedures"] == len(records) - len(with_procedures)
    assert source.counts["resources"] == sum(len(write_bundle(record)["entry"]) for record in records)


def test_lines_that_are_broken_and_patients_who_cannot_be_read_are_rejected_and_counted(tmp_path: Path) -> None:
    good, bad = (
        replace(one, patient=replace(one.patient, id=name))
        for one, name in zip([one for one in examples() if one.procedures][:2], ("good", "bad"), strict=True)
    )
    folder = bulk(tmp_path, [good, bad])
    wrong = {"resourceType": "Procedure", "id": "x", "status": "completed", "performedDateTime": "yesterday", "subject": {"reference": "Patient/bad"},
             "code": {"coding": [{"system": "urn:facetwise:kind", "code": BLOCK}]}}  # fmt: skip
    (folder / "more").mkdir()
    (folder / "more" / "Procedure.ndjson").write_text(
        json.dumps(wrong)
        + "\n"
        + json.dumps({"resourceType": "Organization", "id": "o"})
        + "\n\n"
        + json.dumps(wrong)[:50]
        + "\n",
        encoding="utf-8",
    )
    source = source_of(folder, "fhir")
    assert len(events_of(source)) == len(good.procedures or ())
    resources = [len(write_bundle(one)["entry"]) for one in (good, bad)]
    assert source.counts == {
        "resources": sum(resources) + 3,
        "resources rejected": resources[1] + 2,
        "resources about no patient": 1,
        "patients": 2,
        "patients without procedures": 0,
    }
    rejected = pq.read_table(source.rejects).to_pylist()
    assert len(rejected) == resources[1] + 2
    assert {
        (one["row"], one["detail"].split(":")[0]) for one in rejected if one["file"].endswith("more/Procedure.ndjson")
    } >= {(4, "no FHIR resource")}
    assert any("performedDateTime" in one["detail"] for one in rejected)
    assert unmapped(source)["Organization", "Organization"] == 1


def test_what_the_record_has_no_place_for_is_counted(tmp_path: Path) -> None:
    (record,) = [one for one in examples() if one.procedures][:1]
    folder = bulk(tmp_path, [record])
    subject = {"reference": f"Patient/{record.patient.id}"}
    rows = [{"resourceType": "Encounter", "id": str(n), "subject": subject} for n in range(3)]
    (folder / "Encounter.ndjson").write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    source = source_of(folder, "fhir")
    events_of(source)
    assert unmapped(source)["Encounter", "Encounter"] == 3


@pytest.mark.parametrize("make", [lambda folder: folder, lambda folder: folder / "absent"], ids=["empty", "absent"])
def test_a_folder_without_an_export_is_told(tmp_path: Path, make: Any) -> None:
    with pytest.raises(DocumentError, match=r"no NDJSON file|no such folder"):
        source_of(make(tmp_path), "fhir")


def test_an_export_of_many_parts_is_read_in_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_fhir, "_GROWTH", 2**17)
    monkeypatch.setattr(from_records, "PORTION", 2)
    source = source_of(bulk(tmp_path, examples()), "fhir")
    assert len(events_of(source)) == sum(len(record.procedures or ()) for record in examples())
    assert not list((tmp_path / "workspace").rglob("*.lines"))


def test_several_processes_read_what_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, rejected resources, and counts of what has no place."""
    monkeypatch.setattr(from_fhir, "_WORTH_A_PROCESS", 0)
    folder = bulk(tmp_path, examples())
    other = next(record.patient.id for record in examples()[1:] if record.procedures)
    with (folder / "Procedure.ndjson").open("a") as file:
        file.write(
            '{"resourceType": "Procedure", "id": "broken", "subject": {"reference": "Patient/patient-00"}, "status": 7}\n'
        )
        file.write(f'{{"resourceType": "Encounter", "id": "e", "subject": {{"reference": "Patient/{other}"}}}}\n')
        file.write("not a resource\n")
    read = []
    for cores in (1, 2):
        workspace = tmp_path / f"with-{cores}"
        workspace.mkdir()
        source = open_source(folder, from_="fhir", workspace=workspace, memory_mb=1024, today=TODAY, cores=cores)
        rows = [row for events, _ in source.batches(10_000) for row in events.to_pylist()]
        assert source.unmapped is not None
        assert source.rejects is not None
        rejected = sorted((row["file"], row["row"]) for row in pq.read_table(source.rejects).to_pylist())
        read.append((rows, rejected, pq.read_table(source.unmapped).to_pylist(), source.counts, source.reasons))
    assert read[0] == read[1]
    assert read[0][1]
    assert read[0][0]


def test_a_process_that_cannot_write_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_fhir, "_WORTH_A_PROCESS", 0)
    work = fhir_parts.Work([str(tmp_path)], [(str(tmp_path / "part"), "/dev/null/folder")])
    with pytest.raises(DocumentError, match="cannot be written"):
        from_fhir._in_a_process(work, lambda done: None)


# --- OMOP --------------------------------------------------------------------------------------------------------


def occurrence(**changes: Any) -> dict[str, Any]:
    return {"procedure_occurrence_id": 1, "person_id": 7, "procedure_date": DAY, "procedure_source_value": "64493",
            "procedure_concept_id": 0, "modifier_source_value": "KX", "visit_occurrence_id": 70, "quantity": 1,
            "provider_id": 5} | changes  # fmt: skip


def measured(name: str, value: Any, **changes: Any) -> dict[str, Any]:
    number = (
        {"value_as_number": float(value)} if isinstance(value, (int, float)) and not isinstance(value, bool) else {}
    )
    return {"observation_id": 1, "person_id": 7, "observation_date": DAY, "observation_concept_id": 0, "value_as_number": None,
            "value_as_string": None if number else str(value), "observation_source_value": name, "observation_event_id": None,
            "obs_event_field_concept_id": None, "visit_occurrence_id": None} | number | changes  # fmt: skip


OMOP: dict[str, list[dict[str, Any]]] = {
    "procedure_occurrence": [
        occurrence(),
        occurrence(procedure_occurrence_id=2, procedure_source_value="CPT4:64494"),
        occurrence(procedure_occurrence_id=3, procedure_date=DAY + datetime.timedelta(days=60), modifier_source_value=None,
                   procedure_source_value="coblation", procedure_concept_id=4711, visit_occurrence_id=71),
        occurrence(procedure_occurrence_id=4, procedure_source_value="27447", visit_occurrence_id=None),
        occurrence(procedure_occurrence_id=5, person_id=8, procedure_source_value="facetwise:medial_branch_block",
                   visit_occurrence_id=None, modifier_source_value=None),
    ],
    "visit_occurrence": [
        {"visit_occurrence_id": 70, "visit_concept_id": 8940, "care_site_id": 3},
        {"visit_occurrence_id": 71, "visit_concept_id": 4712, "care_site_id": 3},
    ],
    "person": [
        {"person_id": 7, "year_of_birth": 1950, "gender_concept_id": 8507},
        {"person_id": 8, "year_of_birth": None, "gender_concept_id": 8532},
    ],
    "condition_occurrence": [
        {"person_id": 7, "condition_start_date": DAY, "condition_end_date": None, "condition_source_value": "M47.816"},
        {"person_id": 7, "condition_start_date": DAY, "condition_end_date": DAY + datetime.timedelta(days=90), "condition_source_value": "A41.9"},
        {"person_id": 7, "condition_start_date": DAY, "condition_end_date": None, "condition_source_value": "I10"},
    ],
    "concept": [
        {"concept_id": 4711, "vocabulary_id": "CPT4", "concept_code": "64635"},
        {"concept_id": 4712, "vocabulary_id": "CMS Place of Service", "concept_code": "24"},
        {"concept_id": 4713, "vocabulary_id": "LOINC", "concept_code": "72514-3"},
    ],
    "observation": [
        measured("facetwise:relief_percent", 85, observation_event_id=1, obs_event_field_concept_id=1147082),
        measured("facetwise:relief_lasted_as_agent", "true", observation_event_id=2),
        measured("facetwise:sites", "left L4-5, L5-S1", visit_occurrence_id=70),
        measured("facetwise:relief_percent", 40, observation_event_id=3, obs_event_field_concept_id=1147138),
        measured("facetwise:function_limited", "true", observation_date=DAY - datetime.timedelta(days=9)),
        measured("facetwise:follow_up_relief_percent", 60, observation_event_id=3, observation_date=DAY + datetime.timedelta(days=90)),
        measured("facetwise:mood", 3),
        measured("facetwise:sites", "C5-6 bilateral", person_id=8, observation_event_id=5),
    ],
    "measurement": [
        {"measurement_id": 1, "person_id": 7, "measurement_date": DAY, "measurement_concept_id": 4713, "value_as_number": 7.0,
         "measurement_source_value": "pain now"},
        {"measurement_id": 2, "person_id": 7, "measurement_date": DAY, "measurement_concept_id": 1, "value_as_number": 7.0,
         "measurement_source_value": "glucose"},
    ],
}  # fmt: skip


def as_csv(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in OMOP.items():
        columns = list(dict.fromkeys(name for one in rows for name in one))
        text = [",".join(columns)] + [
            ",".join("" if one.get(c) is None else f'"{one[c]}"' for c in columns) for one in rows
        ]
        (folder / f"{name.upper()}.csv").write_text("\n".join(text) + "\n")
    return folder


def as_database(folder: Path) -> Path:
    written(folder / "tables", OMOP)
    with duckdb.connect(folder / "cdm.duckdb") as database:
        database.execute("CREATE SCHEMA omop")
        for name in OMOP:
            database.execute(f"CREATE TABLE omop.{name} AS SELECT * FROM '{folder / 'tables' / name}.parquet'")
    return folder / "cdm.duckdb"


@pytest.mark.parametrize(
    "make", [lambda folder: written(folder, OMOP), as_csv, as_database], ids=["parquet", "csv", "duckdb"]
)
@pytest.mark.parametrize("rows_a_megabyte", [1 << 12, 0], ids=["at once", "in parts"])
def test_an_omop_database_gives_procedures_with_what_was_observed_of_them(
    tmp_path: Path, make: Any, rows_a_megabyte: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_omop, "_ROWS_A_MEGABYTE", rows_a_megabyte)
    path = make(tmp_path)
    source = open_source(path, from_="omop", workspace=tmp_path / "workspace", memory_mb=256, today=TODAY)
    ((events, visits),) = list(source.batches(100))
    rows = [{name: cell for name, cell in one.items() if cell is not None} for one in events.to_pylist()]
    block, ablation, other = rows
    assert block == {
        "patient": 7, "date": DAY, "kind": BLOCK, "left_levels": level_mask(["L4-5", "L5-S1"]), "right_levels": 0,
        "unsided_levels": 0, "clinician": "5", "facility": "3", "purpose": "diagnostic", "relief_percent": 85.0,
        "relief_lasted_as_agent": True, "place": "office", "pain_region": "lumbar", "age_years": 74.0, "infection": True,
        "red_flag": True, "other_cause_of_pain": True, "pregnancy": False, "pain_score": 7.0, "function_limited": True,
    }  # fmt: skip
    assert ablation == {
        "patient": 7, "date": DAY + datetime.timedelta(days=60), "kind": ABLATION, "clinician": "5", "facility": "3",
        "place": "ambulatory_surgical_center", "age_years": 74.0, "infection": True, "red_flag": True,
        "other_cause_of_pain": True, "pregnancy": False, "pain_score": 7.0, "function_limited": True,
    }  # fmt: skip
    assert (other["patient"], other["kind"], other["left_levels"]) == (8, BLOCK, level_mask(["C5-6"]))
    assert visits.to_pylist() == [
        {"patient": 7, "procedure_date": DAY + datetime.timedelta(days=60), "procedure_sequence": None,
         "date": DAY + datetime.timedelta(days=90), "relief_percent": 60.0}
    ]  # fmt: skip
    assert unmapped(source) == {
        ("procedure_occurrence", "27447"): 1,
        ("observation", "facetwise:mood"): 1,
        ("observation", "facetwise:relief_percent"): 1,
        ("measurement", "glucose"): 1,
        ("condition_occurrence", "I10"): 1,
    }
    assert source.counts == {"procedure occurrences": 5, "procedure occurrences left out": 1}
    assert source.rejected == 0


@pytest.mark.parametrize(
    ("observations", "relief"),
    [
        ([("procedures.stated_relief.percent", 70)], 70.0),
        ([("procedures.stated_relief.percent", 70), ("facetwise:relief_percent", 85)], 85.0),
        ([("procedures.stated_relief.percent", 70), ("facetwise:relief_percent_by_scores", 60)], 60.0),
        ([("procedures.stated_relief.percent", 70), ("facetwise:sedation", "none")], 70.0),
        ([("procedures.stated_relief.percent", 70), ("facetwise:sedation", "moderate")], None),
        ([("facetwise:relief_percent", 85)], 85.0),
    ],
    ids=str,
)
def test_relief_as_stated_is_that_of_the_block_where_nothing_says_otherwise(
    tmp_path: Path, observations: list[tuple[str, Any]], relief: float | None
) -> None:
    observed = [measured(name, value, observation_event_id=5, person_id=8) for name, value in observations]
    source = source_of(written(tmp_path, OMOP | {"observation": observed}), "omop")
    (block,) = [one for one in events_of(source) if one["patient"] == 8]
    assert block.get("relief_percent") == relief


def test_moderate_sedation_billed_on_the_day_leaves_stated_relief_open(tmp_path: Path) -> None:
    sedated = occurrence(procedure_occurrence_id=6, person_id=8, procedure_source_value="99152")
    observed = [measured("procedures.stated_relief.percent", 70, observation_event_id=5, person_id=8)]
    tables = OMOP | {"observation": observed, "procedure_occurrence": [*OMOP["procedure_occurrence"], sedated]}
    (block,) = [one for one in events_of(source_of(written(tmp_path, tables), "omop")) if one["patient"] == 8]
    assert (block["sedation"], block["relief_percent_stated"]) == ("moderate", 70.0)
    assert "relief_percent" not in block


def test_every_visit_is_a_row_of_its_own(tmp_path: Path) -> None:
    observed = [
        measured("procedures.follow_ups.relief_percent", 8, observation_event_id=5, person_id=8),
        measured("procedures.follow_ups.relief_percent", 75, observation_event_id=5, person_id=8),
        measured("procedures.follow_ups.function_improved_percent", 50, observation_event_id=5, person_id=8),
    ]
    source = source_of(written(tmp_path, OMOP | {"observation": observed}), "omop")
    ((_, visits),) = list(source.batches(100))
    told = {(one["relief_percent"], one["function_improved_percent"]) for one in visits.to_pylist()}
    assert told == {(8.0, None), (75.0, None), (None, 50.0)}


def test_a_number_of_the_place_of_service_as_source_value_says_where(tmp_path: Path) -> None:
    visits = [{"visit_occurrence_id": 70, "visit_concept_id": 9202, "visit_source_value": "24"}]
    source = source_of(written(tmp_path, OMOP | {"visit_occurrence": visits}), "omop")
    places = {one["kind"]: one.get("place") for one in events_of(source) if one["patient"] == 7}
    assert places == {BLOCK: "ambulatory_surgical_center", ABLATION: None}


def test_tables_and_columns_that_are_missing_tell_nothing(tmp_path: Path) -> None:
    rows = [{"procedure_occurrence_id": 1, "person_id": 7, "procedure_date": DAY, "procedure_source_value": "64635"}]
    source = source_of(written(tmp_path, {"procedure_occurrence": rows}), "omop")
    assert events_of(source) == [{"patient": 7, "date": DAY, "kind": ABLATION}]
    assert {one.where for one in source.remarks} == {
        "measurement", "observation", "condition_occurrence", "visit_occurrence", "person", "concept"
    }  # fmt: skip


def test_procedures_without_person_or_day_are_rejected_with_their_ids(tmp_path: Path) -> None:
    rows = [
        occurrence(),
        occurrence(procedure_occurrence_id=8, person_id=None),
        occurrence(procedure_occurrence_id=9, procedure_date=None),
    ]
    source = source_of(written(tmp_path, {"procedure_occurrence": rows}), "omop")
    assert len(events_of(source)) == 1
    assert source.reasons == {("events", Reason.NO_PATIENT): 1, ("events", Reason.NO_DATE): 1}
    originals = [json.loads(one["original"]) for one in pq.read_table(source.rejects).to_pylist()]
    assert {one["procedure_occurrences"] for one in originals} == {"8", "9"}


def test_two_values_of_one_procedure_are_none(tmp_path: Path) -> None:
    tables = OMOP | {"observation": [measured("facetwise:relief_percent", n, observation_event_id=1) for n in (80, 90)]}
    source = source_of(written(tmp_path, tables), "omop")
    assert all("relief_percent" not in one for one in events_of(source))
    assert unmapped(source)["events", "relief_percent"] == 1


WRONG_OMOP: dict[str, tuple[Any, str]] = {
    "an empty folder": (lambda folder: folder, "There is no table procedure_occurrence"),
    "nothing": (lambda folder: folder / "absent", "There is no such file or folder"),
    "no database": (lambda folder: _text(folder / "cdm.duckdb"), "DuckDB cannot read"),
    "a column missing": (
        lambda folder: written(folder, {"procedure_occurrence": [{"person_id": 1}]}), "procedure_date: This column is missing"
    ),
    "half a file": (lambda folder: _halved(written(folder, OMOP)), "The Parquet file is damaged"),
}  # fmt: skip


def _text(path: Path) -> Path:
    path.write_text("no database " * 1000)
    return path


def _halved(folder: Path) -> Path:
    file = folder / "measurement.parquet"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    return folder


@pytest.mark.parametrize(("make", "says"), WRONG_OMOP.values(), ids=WRONG_OMOP)
def test_an_omop_database_that_cannot_be_read_is_told(tmp_path: Path, make: Any, says: str) -> None:
    with pytest.raises(DocumentError) as error:
        open_source(make(tmp_path), from_="omop", workspace=tmp_path / "workspace", memory_mb=256, today=TODAY)
    assert says in str(error.value)
    assert all(one.remedy for one in error.value.problems)
