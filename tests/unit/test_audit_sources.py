"""Event tables in: what is accepted, what is rejected and why, and that nothing is lost on the way."""

import datetime
import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from events_strategy import events as event_tables
from hypothesis import given
from hypothesis import strategies as st

from facetwise.audit.events import COLUMNS, VISITS, Column, Shape
from facetwise.audit.kernel.table import events_in
from facetwise.audit.mapping.from_claims import LINES
from facetwise.audit.reading.documented_facts import DOCUMENTATION, PATIENT_FACTS
from facetwise.audit.reading.ordering import PATIENTS
from facetwise.audit.reading.rejects import SCHEMA, Reason
from facetwise.audit.reading.vocabulary import bounds
from facetwise.audit.reading.whole_patients import Following, whole_patients
from facetwise.audit.sources import Source, open_source
from facetwise.documents import DocumentError
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS
from facetwise.spine import level_mask

TODAY = datetime.date(2026, 11, 24)
DAY = datetime.date(2024, 3, 1)
BLOCK, ABLATION = "medial_branch_block", "radiofrequency_ablation"
DOCS = Path(__file__).parents[2] / "docs"


def row(**changes: Any) -> dict[str, Any]:
    return {"patient": 1, "date": DAY, "sequence": None, "kind": BLOCK, "left_levels": 1 << 23} | changes


def days(count: int) -> datetime.date:
    return DAY + datetime.timedelta(days=count)


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as Arrow guesses their types, every name that occurs a column."""
    names = list(dict.fromkeys(name for one in rows for name in one))
    made = pa.table({name: [one.get(name) for one in rows] for name in names})
    types = {"sequence": pa.int32(), "left_levels": pa.int32(), "procedure_sequence": pa.int32()}
    wanted = [
        pa.field(name, types.get(name, made.schema.field(name).type))
        if pa.types.is_null(made.schema.field(name).type) or name in types
        else made.schema.field(name)
        for name in names
    ]
    return made.cast(pa.schema(wanted))


def written(folder: Path, rows: Any, name: str = "events") -> Path:
    """A folder with a Parquet file of these rows, or of a table."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows if isinstance(rows, pa.Table) else table(rows), folder / f"{name}.parquet")
    return folder


def opened(path: Path, memory_mb: int = 256, **more: Any) -> Source:
    workspace = (path if path.is_dir() else path.parent) / "workspace"
    return open_source(path, from_="events", workspace=workspace, memory_mb=memory_mb, today=TODAY, **more)


def read(source: Source, rows: int = 1000, **more: Any) -> pa.Table:
    """All accepted events as one table."""
    batches = [events for events, _ in source.batches(rows, **more)]
    assert source.rows_in == source.rows + source.rejected
    assert source.rows == sum(len(batch) for batch in batches)
    return pa.concat_tables(batches) if batches else pa.table({"patient": pa.array([], pa.int64())})


def rejected(source: Source) -> list[dict[str, Any]]:
    return pq.read_table(source.rejects).to_pylist() if source.rejects else []


def reasons(source: Source) -> Counter[str]:
    return Counter(one["reason"] for one in rejected(source))


def problem(path: Path, **more: Any) -> str:
    """The one problem of a source that cannot be opened or read."""
    with pytest.raises(DocumentError) as error:
        read(opened(path, **more))
    (found,) = error.value.problems
    assert found.remedy
    return str(found)


# --- what is accepted --------------------------------------------------------------------------------------------


def test_sound_rows_come_as_the_engines_read_them(tmp_path: Path) -> None:
    rows = [row(relief_percent=80.0, with_steroid=False, guidance="fluoroscopy"), row(date=days(20), kind=ABLATION)]
    source = opened(written(tmp_path, rows))
    found = read(source)
    assert found.schema.field("kind").type == pa.dictionary(pa.int8(), pa.string())
    assert found["kind"].chunk(0).dictionary.to_pylist() == list(COLUMNS["kind"].values)
    assert found["kind"].to_pylist() == [BLOCK, ABLATION]
    assert found["relief_percent"].to_pylist() == [80.0, None]
    assert (source.rows, source.rejected, source.patients, source.rejects) == (2, 0, 1, None)
    assert source.columns == set(found.column_names)
    events = events_in(found)
    assert events.facts["with_steroid"].tolist() == [0, 1]


def test_only_the_facts_that_are_asked_for_are_read_and_checked(tmp_path: Path) -> None:
    source = opened(written(tmp_path, [row(relief_percent=80.0, guidance="feeling"), row(date=days(1))]))
    assert set(read(source, columns=["relief_percent"]).column_names) == {
        "patient", "date", "sequence", "kind", "left_levels", "relief_percent"
    }  # fmt: skip
    assert source.rejected == 0
    read(source)
    assert source.rejected == 1


def test_a_column_that_nobody_knows_is_told_and_one_that_looks_like_another_is_named(tmp_path: Path) -> None:
    source = opened(written(tmp_path, [row(relief_percnt=80.0, colour="red")]))
    assert [one.where for one in source.remarks] == ["relief_percnt", "colour"]
    assert "relief_percent" in source.remarks[0].remedy
    assert "relief_percent" not in source.columns


def test_a_table_without_rows_gives_no_batches_and_a_remark(tmp_path: Path) -> None:
    source = opened(written(tmp_path, table([row()]).slice(0, 0)))
    assert list(source.batches(10)) == []
    assert (source.rows, source.patients) == (0, 0)
    assert [one.what for one in source.remarks] == ["The table has no rows"]


@given(st.data())
def test_what_is_sound_comes_out_as_it_went_in(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    drawn, _ = data.draw(event_tables(["relief_percent", "with_steroid", "guidance", "place"]))
    drawn = drawn.set_column(  # within what a table may hold
        drawn.column_names.index("relief_percent"),
        "relief_percent",
        pc.min_element_wise(drawn["relief_percent"], 100.0),
    )
    masks = ["left_levels", "right_levels", "unsided_levels"]
    folder = written(tmp_path_factory.mktemp("drawn"), drawn)
    shuffled = data.draw(st.permutations(range(len(drawn))))
    other = written(tmp_path_factory.mktemp("shuffled"), drawn.take(shuffled))
    key = ["patient", "date", "sequence", "kind", *masks, "relief_percent", "with_steroid", "guidance", "place"]
    distinct = {json.dumps(one, default=str) for one in drawn.to_pylist()}
    for path in (folder, other):
        source = opened(path)
        found = read(source, rows=data.draw(st.integers(1, 8)))
        assert {json.dumps(one, default=str) for one in found.select(drawn.column_names).to_pylist()} == distinct
        assert source.rejected == len(drawn) - len(distinct)
        order = [
            (one["patient"], one["date"], -1 if one["sequence"] is None else one["sequence"])
            for one in found.select(key).to_pylist()
        ]
        assert order == sorted(order)


# --- what is rejected --------------------------------------------------------------------------------------------

FAULTY: list[tuple[dict[str, Any], Reason, str]] = [
    ({"patient": None}, Reason.NO_PATIENT, "patient"),
    ({"date": None}, Reason.NO_DATE, "date"),
    ({"date": datetime.date(1989, 12, 31)}, Reason.DATE_OUT_OF_RANGE, "date"),
    ({"date": TODAY + datetime.timedelta(days=2)}, Reason.DATE_OUT_OF_RANGE, "date"),
    ({"kind": None}, Reason.NO_KIND, "kind"),
    ({"kind": "nerve_block"}, Reason.UNKNOWN_KIND, "kind"),
    ({"kind": BLOCK.upper()}, Reason.UNKNOWN_KIND, "kind"),
    ({"guidance": "Fluoroscopy"}, Reason.UNKNOWN_WORD, "guidance"),
    ({"relief_percent": float("nan")}, Reason.NUMBER_OUT_OF_RANGE, "relief_percent"),
    ({"relief_percent": float("inf")}, Reason.NUMBER_OUT_OF_RANGE, "relief_percent"),
    ({"relief_percent": 100.5}, Reason.NUMBER_OUT_OF_RANGE, "relief_percent"),
    ({"pain_score": 11.0}, Reason.NUMBER_OUT_OF_RANGE, "pain_score"),
    ({"pain_months": -1.0}, Reason.NUMBER_OUT_OF_RANGE, "pain_months"),
    ({"sequence": -1}, Reason.NUMBER_OUT_OF_RANGE, "sequence"),
    ({"left_levels": -1}, Reason.MASK_OUT_OF_RANGE, "left_levels"),
    ({"left_levels": 1 << 25}, Reason.MASK_OUT_OF_RANGE, "left_levels"),
]
SOUND: list[dict[str, Any]] = [
    {"date": datetime.date(1990, 1, 1)},
    {"date": TODAY + datetime.timedelta(days=1)},
    {"relief_percent": 100.0},
    {"relief_percent": -50.0},
    {"pain_score": 10.0},
    {"pain_months": 0.0},
    {"sequence": 0},
    {"left_levels": 0},
    {"left_levels": (1 << 25) - 1},
    {"left_levels": None},
]


@pytest.mark.parametrize(("changes", "reason", "column"), FAULTY, ids=lambda part: str(part))
def test_a_row_that_cannot_be_right_is_rejected_with_its_reason_and_values(
    tmp_path: Path, changes: dict[str, Any], reason: Reason, column: str
) -> None:
    rows = [row(patient=7), row(patient=7, date=days(1)) | changes, row(patient=7, date=days(2))]
    source = opened(written(tmp_path, rows))
    assert len(read(source)) == 2
    (one,) = rejected(source)
    assert (one["reason"], one["column"], one["row"], one["table"]) == (str(reason), column, 2, "events")
    assert one["file"] == str(tmp_path / "events.parquet")
    original = json.loads(one["original"])
    assert original["left_levels"] == rows[1]["left_levels"]
    assert original["kind"] == rows[1]["kind"]
    assert source.reasons == {("events", reason): 1}


@pytest.mark.parametrize("changes", SOUND, ids=str)
def test_a_value_at_the_edge_is_accepted(tmp_path: Path, changes: dict[str, Any]) -> None:
    source = opened(written(tmp_path, [row(patient=7), row(patient=8) | changes]))
    read(source)
    assert rejected(source) == []


def test_the_first_fault_of_a_row_is_told_and_the_row_counts_once(tmp_path: Path) -> None:
    source = opened(written(tmp_path, [row(), row(kind="x", relief_percent=200.0, date=None)]))
    read(source)
    assert reasons(source) == {"no date": 1}


def test_of_exact_duplicates_one_is_kept(tmp_path: Path) -> None:
    rows = [row(), row(), row(kind=ABLATION), row(), row(relief_percent=10.0), row(patient=2)]
    source = opened(written(tmp_path, rows))
    assert len(read(source)) == 4
    assert [(one["reason"], one["row"]) for one in rejected(source)] == [("duplicate row", 2), ("duplicate row", 4)]


@pytest.mark.parametrize("columns", [None, [], ["guidance"]], ids=str)
def test_rows_that_differ_only_in_what_is_not_asked_or_not_known_are_no_duplicates(
    tmp_path: Path, columns: list[str] | None
) -> None:
    by_fact = [row(relief_percent=10.0), row(relief_percent=20.0)]
    by_unknown = [row(claim="a", patient=2), row(claim="b", patient=2), row(claim="b", patient=2)]
    source = opened(written(tmp_path, by_fact + by_unknown))
    assert len(read(source, columns=columns)) == 4
    assert reasons(source) == {"duplicate row": 1}


def test_rejected_rows_are_a_table_with_a_fixed_form(tmp_path: Path) -> None:
    source = opened(written(tmp_path, [row(kind="x")]))
    read(source)
    assert source.rejects is not None
    assert pq.read_schema(source.rejects).equals(SCHEMA)


def test_a_file_of_rejected_rows_of_an_earlier_run_does_not_stay(tmp_path: Path) -> None:
    source = opened(written(tmp_path, [row(kind="x")]))
    read(source)
    assert source.rejects is not None
    written(tmp_path, [row()])
    again = opened(tmp_path)
    read(again)
    assert again.rejects is None
    assert not source.rejects.exists()


# --- sites as text -----------------------------------------------------------------------------------------------


def test_sites_as_text_become_masks_and_what_cannot_be_read_is_rejected_with_the_reason(tmp_path: Path) -> None:
    texts = ["left L4-5, L5-S1", "L5-S1", None, "left of the kidney", "left L4-5, L5-S1"]
    rows = [row(date=days(n), sites=text) for n, text in enumerate(texts)]
    for one in rows:
        del one["left_levels"]
    source = opened(written(tmp_path, rows))
    found = read(source)
    two, one = level_mask(["L4-5", "L5-S1"]), level_mask(["L5-S1"])
    assert found["left_levels"].to_pylist() == [two, 0, None, two]
    assert found["unsided_levels"].to_pylist() == [0, one, None, 0]
    assert {"left_levels", "right_levels", "unsided_levels"} <= source.columns
    (refused,) = rejected(source)
    assert (refused["reason"], refused["row"]) == ("sites not readable", 4)
    assert "is not understood" in refused["detail"]
    assert json.loads(refused["original"])["sites"] == "left of the kidney"


def test_sites_both_as_text_and_as_masks_are_refused(tmp_path: Path) -> None:
    assert "both as text and as masks" in problem(written(tmp_path, [row(sites="L4-5")]))


# --- order -------------------------------------------------------------------------------------------------------


def test_a_table_that_is_in_order_is_not_sorted(tmp_path: Path) -> None:
    rows = [row(), row(sequence=1), row(sequence=2), row(date=days(1)), row(patient=2, date=days(-9))]
    source = opened(written(tmp_path, rows))
    assert len(read(source)) == 5
    assert not (tmp_path / "workspace").exists() or not list((tmp_path / "workspace").glob("*.parquet"))


UNSORTED = {
    "patient": [row(patient=2), row(patient=1)],
    "date": [row(date=days(1)), row()],
    "sequence": [row(sequence=2), row(sequence=1)],
    "null last": [row(sequence=1), row(sequence=None)],
}


@pytest.mark.parametrize("rows", UNSORTED.values(), ids=UNSORTED)
def test_a_table_that_is_not_in_order_is_sorted_on_disk(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    source = opened(written(tmp_path, rows))
    found = read(source).select(["patient", "date", "sequence"]).to_pylist()
    assert found == [{name: one[name] for name in ("patient", "date", "sequence")} for one in reversed(rows)]
    assert (tmp_path / "workspace" / "events-in-order.parquet").exists()
    assert source.patients == len({one["patient"] for one in rows})


def test_rows_without_a_key_do_not_make_a_table_unsorted_and_keep_their_place_when_sorted(tmp_path: Path) -> None:
    rows = [row(patient=1), row(patient=None), row(patient=3), row(patient=2, kind="x"), row(patient=2, date=None)]
    source = opened(written(tmp_path, rows))
    assert read(source)["patient"].to_pylist() == [1, 3]
    assert {(one["row"], one["reason"]) for one in rejected(source)} == {
        (2, "no patient"), (4, "unknown kind"), (5, "no date")
    }  # fmt: skip
    assert json.loads(rejected(source)[0]["original"])["left_levels"] == 1 << 23


def test_several_files_are_one_table_in_the_order_of_their_names(tmp_path: Path) -> None:
    for number, rows in enumerate(
        [[row(patient=1)], [row(patient=1, date=days(5), relief_percent=50.0)], [row(patient=2)]]
    ):
        written(tmp_path / "events", rows, f"part-{number}")
    source = opened(tmp_path)
    assert read(source)["relief_percent"].to_pylist() == [None, 50.0, None]
    assert (source.patients, len(source.files)) == (2, 3)
    written(tmp_path / "events", [row(patient=0, kind="x")], "part-3")
    again = opened(tmp_path)
    assert read(again)["patient"].to_pylist() == [1, 1, 2]
    (one,) = rejected(again)
    assert (one["file"], one["row"]) == (str(tmp_path / "events" / "part-3.parquet"), 1)


def test_files_that_disagree_about_types_are_read_and_sorted_all_the_same(tmp_path: Path) -> None:
    """A column of nothing in one file, whole numbers and texts for patients, words with and without a dictionary."""
    one = table([row(patient=3, guidance=None, relief_percent=None), row(patient=2, sequence=1)])
    other = table([row(patient="1", guidance="ct", relief_percent=50.0, note=1)])
    other = other.set_column(other.column_names.index("guidance"), "guidance", other["guidance"].dictionary_encode())
    third = table([row(patient=9, date=datetime.datetime(2024, 3, 1), note="x", sequence=4)])
    third = third.set_column(2, "sequence", third["sequence"].cast(pa.int64()))
    nothing = one.set_column(one.column_names.index("guidance"), "guidance", pa.nulls(2))
    for name, content in {"a": nothing, "b": other, "c": third}.items():
        written(tmp_path / "events", content, name)
    source = opened(tmp_path)
    found = read(source)
    assert found["patient"].to_pylist() == [1, 2, 3, 9]
    assert found["guidance"].to_pylist() == ["ct", None, None, None]
    assert found["relief_percent"].to_pylist() == [50.0, None, None, None]
    assert rejected(source) == []


def test_batches_are_whole_patients_whatever_their_size(tmp_path: Path) -> None:
    """A patient with 10,000 events and a day with 40 procedures among others."""
    many = [row(patient=5, date=days(n // 40), sequence=n % 40) for n in range(10_000)]
    rows = [row(patient=n, date=days(m)) for n in range(5) for m in range(3)] + many + [row(patient=6)]
    source = opened(written(tmp_path, rows))
    batches = [events for events, _ in source.batches(7)]
    patients = [set(batch["patient"].to_pylist()) for batch in batches]
    assert sum(len(batch) for batch in batches) == len(rows)
    assert sum(len(one) for one in patients) == 7
    assert [len(batch) for batch in batches] == [6, 6, 3, 10_000, 1]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=12), st.integers(1, 12), st.integers(1, 12))
def test_cutting_keeps_every_row_and_no_patient_is_cut(counts: list[int], size: int, chunk: int) -> None:
    numbers = pa.table({"patient": [who for who, count in enumerate(counts) for _ in range(count)]})
    batches = (numbers.slice(start, chunk) for start in range(0, len(numbers), chunk))
    cut = list(whole_patients(batches, size))
    assert pa.concat_tables(cut).equals(numbers)
    for one in cut:
        assert len(one) <= max(size, counts[one["patient"][0].as_py()])
    following = Following(numbers.slice(start, chunk) for start in range(0, len(numbers), chunk))
    for one in cut:
        assert following.up_to(one["patient"][-1].as_py()).equals(one)
    assert sum(len(rest) for rest in following.rest()) == 0


# --- patients named by texts -------------------------------------------------------------------------------------


def test_patients_named_by_texts_get_the_numbers_of_their_order(tmp_path: Path) -> None:
    rows = [
        row(patient="zoe"),
        row(patient="adam", kind="x"),
        row(patient=None),
        row(patient="bea"),
        row(patient="bea"),
    ]
    visits = [
        {"patient": "zoe", "procedure_date": DAY, "date": days(30), "relief_percent": 50.0},
        {"patient": "nobody", "procedure_date": DAY, "date": days(30), "relief_percent": 50.0},
    ]
    written(written(tmp_path, rows), visits, "visits")
    source = opened(tmp_path)
    ((events, visits_found),) = list(source.batches(100))
    names = pq.read_table(tmp_path / "workspace" / PATIENTS).to_pylist()
    assert names == [{"number": 0, "patient": "adam"}, {"number": 1, "patient": "bea"}, {"number": 2, "patient": "zoe"}]
    assert events["patient"].to_pylist() == [1, 2]
    assert visits_found["patient"].to_pylist() == [2]
    found = {(one["table"], one["reason"], json.loads(one["original"])["patient"]) for one in rejected(source)}
    assert found == {
        ("events", "no patient", None),
        ("events", "unknown kind", "adam"),
        ("events", "duplicate row", "bea"),
        ("visits", "no such procedure", "nobody"),
    }


# --- days --------------------------------------------------------------------------------------------------------


def with_dates(values: Any) -> pa.Table:
    rows = table([row(patient=number) for number in range(len(values))])
    return rows.set_column(1, "date", values)


def moments(zone: str | None) -> pa.Array:
    utc = pa.array([datetime.datetime(2024, 3, 1, 3), datetime.datetime(2024, 3, 1, 12)], pa.timestamp("us"))
    return utc if zone is None else pc.assume_timezone(utc, "UTC").cast(pa.timestamp("us", zone))


@pytest.mark.parametrize(
    ("values", "first"),
    [
        (moments(None), DAY),
        (moments("UTC"), DAY),
        (moments("America/New_York"), datetime.date(2024, 2, 29)),
        (pa.array(["2024-03-01", "2024-03-02"]), DAY),
        (pa.array(["2024-03-01T23:30:00-05:00", "2024-07-02T01:00:00-04:00"]), DAY),
        (pa.array(["2024-03-01 23:30", "2024-03-02"]), DAY),
        (pa.array([datetime.datetime(2024, 3, 1), datetime.datetime(2024, 3, 2)], pa.date64()), DAY),
    ],
    ids=["naive", "UTC", "New York", "days", "offsets", "time of day", "date64"],
)
def test_a_time_stamp_counts_as_its_day_where_it_was_written(tmp_path: Path, values: pa.Array, first: Any) -> None:
    source = opened(written(tmp_path, with_dates(values)))
    assert read(source)["date"][0].as_py() == first


@pytest.mark.parametrize(
    "values", [["2024-03-01T10:00:00", "2024-03-01T10:00:00Z"], ["2024-03-01T10:00:00+01:00", "2024-03-01 10:00"]]
)
def test_time_stamps_with_and_without_a_zone_are_not_mixed(tmp_path: Path, values: list[str]) -> None:
    told = problem(written(tmp_path, with_dates(pa.array(values))))
    assert "with and without a time zone are mixed" in told
    assert "Write the day alone" in told


def test_zones_are_not_mixed_across_files_either(tmp_path: Path) -> None:
    written(tmp_path / "events", with_dates(moments(None)), "a")
    written(tmp_path / "events", with_dates(moments("UTC")), "b")
    assert "with and without a time zone are mixed" in problem(tmp_path)


def test_zones_are_not_mixed_in_a_table_that_has_to_be_sorted(tmp_path: Path) -> None:
    written(tmp_path / "events", with_dates(moments(None)).take([1, 0]), "a")
    written(tmp_path / "events", with_dates(moments("UTC")), "b")
    assert "with and without a time zone are mixed" in problem(tmp_path)


def test_a_text_that_is_no_day_is_rejected(tmp_path: Path) -> None:
    texts = ["2024-03-01", "2024-02-30", "01.03.2024", "2024-3-1", "20240301", "2024-03-01x"]
    source = opened(written(tmp_path, with_dates(pa.array(texts))))
    assert len(read(source)) == 1
    assert reasons(source) == {"not a date": 5}


# --- CSV ---------------------------------------------------------------------------------------------------------

HEADER = "patient,date,sequence,kind,left_levels,relief_percent,with_steroid\n"
LINE = f"1,2024-03-01,,{BLOCK},8,80.5,true\n"


def csv(folder: Path, text: str, name: str = "events.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_csv_table_is_read_like_a_parquet_table(tmp_path: Path) -> None:
    source = opened(csv(tmp_path, HEADER + LINE + f"9,2024-03-01,2,{ABLATION},,,\n10,2024-03-02,1,{BLOCK},,,false\n"))
    found = read(source)
    assert found["patient"].to_pylist() == [1, 9, 10]
    assert found["relief_percent"].to_pylist() == [80.5, None, None]
    assert found["with_steroid"].to_pylist() == [True, None, False]
    assert source.patients == 3


CSV_FAULTS = {
    "x": ("1,2024-03-01,,medial_branch_block,8,eighty,true", "not a number"),
    "yes": ("1,2024-03-01,,medial_branch_block,8,80,yes", "neither true nor false"),
    "nan": ("1,2024-03-01,,medial_branch_block,8,nan,true", "number not finite or out of range"),
    "half": ("1,2024-03-01,1.5,medial_branch_block,8,80,true", "number not finite or out of range"),
    "short": ("1,2024-03-01,,medial_branch_block", "wrong number of cells"),
    "no date": ("1,,,medial_branch_block,8,80,true", "no date"),
}


@pytest.mark.parametrize(("line", "reason"), CSV_FAULTS.values(), ids=CSV_FAULTS)
def test_a_faulty_line_of_csv_is_rejected_with_its_number(tmp_path: Path, line: str, reason: str) -> None:
    source = opened(csv(tmp_path, f"{HEADER}{LINE}{line}\n{LINE.replace('03-01', '03-02')}"))
    assert len(read(source)) == 2
    (one,) = rejected(source)
    assert (one["reason"], one["row"]) == (reason, 2)
    assert "2024" in one["original"] or reason == "no date"


def test_every_line_of_csv_is_counted_even_those_set_aside_in_many_blocks(tmp_path: Path) -> None:
    lines = [f"{n},2024-03-01,,{BLOCK},8,80,true,too much" if n % 1000 == 7 else f"{n},2024-03-01,,{BLOCK},8,80,true"
             for n in range(200_000)]  # fmt: skip
    source = opened(csv(tmp_path, HEADER + "\n".join(lines) + "\n"))
    assert len(read(source)) == 199_800
    assert source.rows_in == 200_000
    assert [one["row"] for one in rejected(source)] == [n + 1 for n in range(7, 200_000, 1000)]


def test_a_csv_that_is_not_in_order_is_sorted_by_number_not_by_text(tmp_path: Path) -> None:
    lines = [f"{n},2024-03-01,,{BLOCK},8,80,true\n" for n in (10, 9, 100)]
    assert read(opened(csv(tmp_path, HEADER + "".join(lines))))["patient"].to_pylist() == [9, 10, 100]


def test_a_single_patient_who_is_no_number_makes_all_of_them_texts(tmp_path: Path) -> None:
    lines = [f"{n},2024-03-01,,{BLOCK},8,80,true\n" for n in ("10", "9", "007")]
    source = opened(csv(tmp_path, HEADER + "".join(lines)))
    assert read(source)["patient"].to_pylist() == [0, 1, 2]
    names = pq.read_table(tmp_path / "workspace" / PATIENTS)["patient"].to_pylist()
    assert names == ["007", "10", "9"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_separators_are_understood(tmp_path: Path, delimiter: str) -> None:
    assert len(read(opened(csv(tmp_path, (HEADER + LINE).replace(",", delimiter))))) == 1


# --- follow-up visits --------------------------------------------------------------------------------------------


def test_visits_go_with_their_patients_and_those_of_no_procedure_are_rejected(tmp_path: Path) -> None:
    written(tmp_path, [row(patient=n, sequence=s, date=days(d)) for n in range(4) for d in (0, 9) for s in (None, 2)])
    visits = [
        {"patient": n, "procedure_date": days(d), "procedure_sequence": s, "date": days(d + 30), "relief_percent": 50.0}
        for n in range(4)
        for d in (0, 9)
        for s in (None, 2)
    ]
    lost = [visits[0] | {"patient": 9}, visits[0] | {"procedure_date": days(1)}, visits[0] | {"procedure_sequence": 1}]
    early = visits[0] | {"date": days(-1)}
    too_much = visits[0] | {"relief_percent": 101.0}
    written(tmp_path, [*lost, *reversed(visits), early, too_much], "visits")
    source = opened(tmp_path)
    batches = list(source.batches(4))
    assert len(batches) == 4
    for events, its_visits in batches:
        assert its_visits is not None
        assert len(its_visits) == 4
        assert set(its_visits["patient"].to_pylist()) == set(events["patient"].to_pylist())
        assert events_in(events, its_visits).visit_starts.tolist() == [0, 1, 2, 3, 4]
    assert reasons(source) == {
        "no such procedure": 3, "before its procedure": 1, "number not finite or out of range": 1
    }  # fmt: skip
    assert source.rejected == 0


def test_without_a_table_of_visits_there_are_none(tmp_path: Path) -> None:
    ((_, visits),) = list(opened(written(tmp_path, [row()])).batches(10))
    assert visits is None


# --- documentation -----------------------------------------------------------------------------------------------


def documented(**changes: Any) -> dict[str, Any]:
    return {"patient": 1, "date": DAY, "field": "pain_score", "value": "7"} | changes


def test_an_event_gets_the_latest_value_documented_by_its_day_unless_it_has_one(tmp_path: Path) -> None:
    rows = [row(date=days(n), pain_score=value) for n, value in enumerate([None, None, 3.0, None])]
    written(tmp_path, [*rows, row(patient=2, pain_score=None), row(patient=3)])
    facts = [
        documented(date=days(2), value="5"),
        documented(date=days(1), value="6"),
        documented(field="anticoagulant", value="true", date=days(-400)),
        documented(field="anticoagulant", value="false", date=days(3)),
        documented(field="pain_severity", value="severe", date=days(1)),
        documented(patient=3, date=days(1)),
        documented(patient=4),
    ]
    written(tmp_path, facts, "documentation")
    source = opened(tmp_path)
    found = read(source, rows=3)
    assert found["pain_score"].to_pylist() == [None, 6.0, 3.0, 5.0, None, None]
    assert found["anticoagulant"].to_pylist() == [True, True, True, False, None, None]
    assert found["pain_severity"].to_pylist() == [None, "severe", "severe", "severe", None, None]
    assert {"anticoagulant", "pain_severity"} <= source.columns
    assert rejected(source) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"value": None}, "no value"),
        ({"value": "seven"}, "not a number"),
        ({"value": "11"}, "number not finite or out of range"),
        ({"field": "red_flag", "value": "yes"}, "neither true nor false"),
        ({"field": "pain_severity", "value": "bad"}, "unknown word"),
        ({"field": "mood"}, "unknown word"),
        ({"field": "relief_percent"}, "not a fact of the patient"),
        ({"field": "temperature_c"}, "not a fact of the patient"),
        ({"date": None}, "no date"),
        ({"patient": None}, "no patient"),
    ],
    ids=str,
)
def test_a_documented_fact_that_cannot_be_is_rejected(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    written(tmp_path, [row()])
    written(tmp_path, [documented(field="age_years", value="50"), documented() | changes], "documentation")
    source = opened(tmp_path)
    read(source)
    (one,) = rejected(source)
    assert (one["table"], one["reason"], one["row"]) == ("documentation", reason, 2)


def test_two_values_of_one_day_contradict_each_other_and_neither_counts(tmp_path: Path) -> None:
    written(tmp_path, [row(date=days(1))])
    facts = [documented(date=days(-1), value="4"), documented(value="5"), documented(value="6"),
             documented(field="age_years", value="50"), documented(field="age_years", value="50")]  # fmt: skip
    written(tmp_path, facts, "documentation")
    source = opened(tmp_path)
    found = read(source)
    assert found["pain_score"].to_pylist() == [4.0]
    assert found["age_years"].to_pylist() == [50.0]
    assert reasons(source) == {"two values of one day": 2}


def test_facts_of_the_patient_are_facts_of_a_request_and_of_no_procedure() -> None:
    assert "pain_score" in PATIENT_FACTS
    assert "temperature_c" not in PATIENT_FACTS
    assert set(PATIENT_FACTS) <= set(REQUEST_FIELDS)
    assert not set(PATIENT_FACTS) & set(PRIOR_FIELDS)


# --- what cannot be read at all ----------------------------------------------------------------------------------


def test_a_parquet_file_cut_in_half_is_told_as_such(tmp_path: Path) -> None:
    written(tmp_path, [row(patient=n) for n in range(1000)])
    file = tmp_path / "events.parquet"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    told = problem(tmp_path)
    assert "events.parquet" in told
    assert "cut short" in told


def test_a_parquet_file_damaged_in_the_middle_is_told_when_it_is_met(tmp_path: Path) -> None:
    written(tmp_path, [row(patient=n, relief_percent=float(n % 100)) for n in range(50_000)])
    file = tmp_path / "events.parquet"
    content = bytearray(file.read_bytes())
    content[4:3000] = bytes(2996)
    file.write_bytes(bytes(content))
    assert "damaged" in problem(tmp_path)
    assert not list((tmp_path / "workspace").glob("*"))


def test_damage_is_told_while_a_table_is_sorted_too(tmp_path: Path) -> None:
    written(tmp_path / "events", [row(patient=2), row(patient=1)], "a")
    rows = table([row(patient=n, relief_percent=float(n % 100)) for n in range(50_000)])
    pq.write_table(rows.select(["relief_percent", *rows.column_names[:-1]]), tmp_path / "events" / "b.parquet")
    file = tmp_path / "events" / "b.parquet"
    content = bytearray(file.read_bytes())
    content[4:3000] = bytes(2996)
    file.write_bytes(bytes(content))
    assert "b.parquet: The Parquet file is damaged" in problem(tmp_path)
    assert [path for path in (tmp_path / "workspace").rglob("*") if path.is_file()] == []


UNREADABLE = {
    "nothing there": (lambda folder: folder / "absent", "There is no such file or folder"),
    "an empty folder": (lambda folder: folder, "The folder has no table of events"),
    "an empty folder of events": (lambda folder: _made(folder, "events"), "no Parquet and no CSV file"),
    "no Parquet": (lambda folder: csv(folder, "just a text", "events.parquet"), "damaged, cut short, or something else"),
    "an empty Parquet file": (lambda folder: csv(folder, "", "events.parquet"), "damaged, cut short"),
    "an empty CSV file": (lambda folder: csv(folder, "", "events.csv"), "The file is empty"),
    "another file": (lambda folder: csv(folder, "x", "events.txt") / "events.txt", 'The file ends in ".txt"'),
    "both": (lambda folder: csv(written(folder, [row()]), HEADER), 'several tables "events"'),
    "file and folder": (lambda folder: _made(written(folder, [row()]), "events", "a.csv"), 'several tables "events"'),
    "a wrong header": (lambda folder: csv(folder, "patient,day,kind\n1,2024-03-01,x\n"), "date: This column is missing"),
    "a column twice": (lambda folder: csv(folder, "patient,date,kind,kind\n"), "Two columns have one name"),
    "no UTF-8": (lambda folder: _latin(folder), "UTF-8"),
    "numbers as days": (lambda folder: written(folder, [row(date=20240301)]), "date: The column holds int64"),
    "texts as numbers": (lambda folder: written(folder, [row(with_steroid=1)]), "with_steroid: The column holds int64"),
    "numbers as words": (lambda folder: written(folder, [row(guidance=1)]), "guidance: The column holds int64"),
    "patients as floats": (lambda folder: written(folder, [row(patient=1.5)]), "patient: The column holds double"),
}  # fmt: skip


def _made(folder: Path, name: str, file: str | None = None) -> Path:
    (folder / name).mkdir()
    if file:
        (folder / name / file).write_text(HEADER)
    return folder


def _latin(folder: Path) -> Path:
    (folder / "events.csv").write_bytes((HEADER + LINE.replace(BLOCK, "blöck")).encode("latin-1"))
    return folder


@pytest.mark.parametrize(("make", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_told_with_a_remedy(tmp_path: Path, make: Any, says: str) -> None:
    assert says in problem(make(tmp_path))


def test_a_missing_column_is_told_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as error:
        opened(csv(tmp_path, "patient,day,what\n1,2024-03-01,x\n"))
    assert [one.where for one in error.value.problems] == ["date", "kind"]
    assert "patient, day, what" in error.value.problems[0].remedy


def test_too_little_memory_is_refused_at_once(tmp_path: Path) -> None:
    assert "255 MB of memory are too little" in problem(written(tmp_path, [row()]), memory_mb=255)


@pytest.fixture
def small_disk(tmp_path: Path) -> Any:
    """A disk of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_fills_up_while_sorting_is_told_and_nothing_half_written_stays(
    tmp_path: Path, small_disk: Path
) -> None:
    rows = pa.table({"patient": [n * 7919 % 300_007 for n in range(300_000)]})
    rows = rows.append_column("date", pa.array([DAY] * len(rows)))
    rows = rows.append_column("kind", pa.array([BLOCK] * len(rows)))
    folder = written(tmp_path / "in", rows.append_column("note", pa.array([str(n * 104729) for n in range(len(rows))])))
    with pytest.raises(DocumentError) as error:
        read(open_source(folder, from_="events", workspace=small_disk, memory_mb=256, today=TODAY))
    assert "The disk is full" in str(error.value)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []


def test_a_disk_that_fills_up_with_rejected_rows_is_told_and_nothing_half_written_stays(
    tmp_path: Path, small_disk: Path
) -> None:
    rows = pa.table({"patient": range(300_000), "date": [DAY] * 300_000})
    rows = rows.append_column("kind", pa.array([f"kind {n * 104729}" for n in range(len(rows))]))
    folder = written(tmp_path / "in", rows)
    source = open_source(folder, from_="events", workspace=small_disk, memory_mb=256, today=TODAY)
    with pytest.raises(DocumentError) as error:
        read(source)
    assert "The disk is full" in str(error.value)
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []


def test_a_reader_that_stops_early_leaves_nothing_half_written(tmp_path: Path) -> None:
    source = opened(written(tmp_path, [row(patient=n, kind="x" if n % 2 else BLOCK) for n in range(10)]))
    batches = source.batches(1)
    next(batches)
    batches.close()
    assert list((tmp_path / "workspace").glob("*")) == []


def test_progress_is_told_in_rows(tmp_path: Path) -> None:
    told: list[int] = []
    source = opened(written(tmp_path, [row(patient=2), row(patient=1)]), progress=told.append)
    read(source, progress=told.append)
    assert told == [2, 2]


# --- documents ---------------------------------------------------------------------------------------------------


def described(columns: list[Column] | tuple[Column, ...]) -> str:
    lines = ["| column | stored as | required | meaning |", "|---|---|---|---|"]
    for column in columns:
        words = f": `{'`, `'.join(column.values)}`" if column.shape is Shape.WORD and len(column.values) < 20 else ""
        required = "yes" if column.required else ""
        lines.append(f"| `{column.name}` | {column.shape} | {required} | {column.meaning}{words} |")
    return "\n".join(lines)


TABLES = {"events": tuple(COLUMNS.values()), "visits": VISITS, "documentation": DOCUMENTATION, "claims": LINES}


@pytest.mark.parametrize("name", TABLES)
def test_the_reference_lists_every_column(name: str) -> None:
    page = (DOCS / "reference" / "event-table.md").read_text(encoding="utf-8")
    assert described(TABLES[name]) in page, f"The table of {name} should read:\n\n{described(TABLES[name])}"


def test_the_reference_lists_every_reason_and_bound() -> None:
    page = (DOCS / "reference" / "event-table.md").read_text(encoding="utf-8")
    assert [reason for reason in Reason if f"`{reason}`" not in page] == []
    for unit, within in bounds().units.items():
        low = "" if within.low == float("-inf") else f"{within.low:g}"
        high = "" if within.high == float("inf") else f"{within.high:g}"
        assert f"| {unit} | {low} | {high} | {within.because} |" in page
