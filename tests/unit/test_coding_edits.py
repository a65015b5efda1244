"""Correct coding edits from files in CMS's layout. Every pair and every number here is invented."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.coding import (
    ClaimLine,
    ErrorKind,
    billing_lines,
    check_claim,
    edits_folder,
    keep_edits,
    read_edit_file,
    stored_edits,
)
from facetwise.coding.edit_files import quarter_in
from facetwise.coding.edits import Edits, LoadedFile, PairEdit, UnitLimit, quarter_of
from facetwise.documents import DocumentError
from facetwise.records import Guidance, Kind, Place, Planned, Purpose
from facetwise.spine import parse_sites

INVENTED_PAIRS = """\
INVENTED for a test, in the layout of CMS. "CPT" is somebody's trademark\t\t\t\t\t\t
Column1/Column2 Edits\t\t\t\t\t\t
Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale
\t\tprior to 1996\tDate\tDate\t0=not allowed\t
\t\t\t\t*=no data\t1=allowed\t
64493\t27096\t\t20200101\t*\t0\tInvented
64493\t20552\t*\t20200101\t*\t1\tInvented
64493\t20553\t\t20200101\t20211231\t1\tInvented
64493\t64483\t\t20200101\t20200101\t0\tInvented
64493\t96372\t\t20200101\t*\t9\tInvented
11111\t22222\t\t20200101\t*\t0\tInvented
"""

INVENTED_UNITS = """\
"INVENTED for a test, in the layout of CMS
on two lines",,,
"HCPCS/
CPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale
64493,1,2 Date of Service Edit: Policy,Invented
64636,2,3 Date of Service Edit: Clinical,Invented
64494,1,1 Line Edit,Invented
J1030,5,3 Date of Service Edit: Clinical,Invented
"""

DAY = datetime.date(2026, 8, 1)


def pairs(text: str = INVENTED_PAIRS, name: str = "medicare-ncci-2026q3-f1.txt", **more: str) -> LoadedFile:
    return read_edit_file(text.encode(), name, **more)


def units(text: str = INVENTED_UNITS, name: str = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv") -> LoadedFile:
    return read_edit_file(text.encode(), name)


def test_a_file_of_pairs_keeps_what_concerns_known_codes() -> None:
    loaded = pairs()
    assert (loaded.kind, loaded.quarter, loaded.rows_read, len(loaded.pairs)) == ("pairs", "2026Q3", 6, 5)
    assert loaded.pairs[0] == PairEdit("64493", "27096", datetime.date(2020, 1, 1), None, "0")


def test_a_file_of_units_keeps_what_concerns_known_codes() -> None:
    loaded = units()
    assert (loaded.kind, loaded.quarter, loaded.rows_read) == ("units", "2026Q3", 4)
    assert loaded.units == (UnitLimit("64493", 1, "2"), UnitLimit("64636", 2, "3"), UnitLimit("64494", 1, "1"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\t", ","),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text + "\n\n",
    ],
    ids=["commas", "Windows lines", "byte order mark", "blank lines"],
)
def test_as_programs_save_it(change) -> None:
    assert pairs(change(INVENTED_PAIRS.replace('"CPT"', "CPT"))).pairs == pairs().pairs


def test_the_windows_character_set_of_a_copyright_notice_is_read() -> None:
    data = INVENTED_PAIRS.replace('"CPT"', "CPT®").encode("cp1252")
    assert read_edit_file(data, "2026q3.txt").pairs == pairs().pairs


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f3.txt", "2026Q3"),
        ("MCR_MUE_PractitionerServices_Eff_10-01-2025.csv", "2025Q4"),
        ("2025Q1.csv", "2025Q1"),
        ("ccipra-v322r0-f3.txt", None),
        ("MCR_MUE_PractitionerServices_Eff_13-01-2025.csv", None),
    ],
)
def test_the_quarter_in_a_name(name, quarter) -> None:
    assert quarter_in(name) == quarter


def test_a_name_without_a_quarter_asks_for_it() -> None:
    with pytest.raises(DocumentError, match="--quarter"):
        pairs(name="ccipra-v322r0-f3.txt")
    assert pairs(name="ccipra-v322r0-f3.txt", quarter="2026Q3").quarter == "2026Q3"


@pytest.mark.parametrize(
    ("month", "quarter"), [(1, "2026Q1"), (3, "2026Q1"), (4, "2026Q2"), (9, "2026Q3"), (12, "2026Q4")]
)
def test_the_quarter_of_a_day(month, quarter) -> None:
    assert quarter_of(datetime.date(2026, month, 28)) == quarter


BAD = {
    "empty": (b"", None, "empty"),
    "zip": (b"PK\x03\x04...", None, "ZIP or Excel"),
    "something else": (b"code,units\nabc,1\n", None, "No rows"),
    "date": (INVENTED_PAIRS.replace("20200101\t*\t1", "2020-01-01\t*\t1").encode(), 7, "no date"),
    "day that does not exist": (INVENTED_PAIRS.replace("20211231", "20211331").encode(), 8, "no date"),
    "indicator": (INVENTED_PAIRS.replace("*\t9", "*\t7").encode(), 10, "modifier indicator"),
    "third column": (INVENTED_PAIRS.replace("20552\t*", "20552\tx").encode(), 7, "third column"),
    "cut row": (INVENTED_PAIRS.removesuffix("\t*\t0\tInvented\n").encode(), 11, "modifier indicator"),
    "text below the rows": ((INVENTED_PAIRS + "End of file\n").encode(), 12, "no code"),
    "units": (INVENTED_UNITS.replace("64636,2,", "64636,two,").encode(), 6, "number of units"),
    "adjudication indicator": (INVENTED_UNITS.replace("1 Line", "Line").encode(), 7, "adjudication indicator"),
    "both kinds": ((INVENTED_PAIRS + "64493\t1\t2 Policy\tInvented\n").encode(), 12, "one file"),
    "hospital": (INVENTED_UNITS.replace("Practitioner", "Outpatient Hospital").encode(), None, "outpatient hospitals"),
    "supplier": (INVENTED_UNITS.replace("Practitioner", "DME Supplier").encode(), None, "suppliers"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_line_and_a_remedy(name) -> None:
    data, line, what = BAD[name]
    with pytest.raises(DocumentError) as refusal:
        read_edit_file(data, "2026q3.txt")
    assert any(one.line == line and what in one.what and one.remedy for one in refusal.value.problems)


@given(
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: (INVENTED_PAIRS + text).encode("utf-8", "replace"))
)
def test_any_bytes_are_edits_or_a_clear_error(data) -> None:
    try:
        assert read_edit_file(data, "2026q3.txt").rows_read
    except DocumentError as error:
        assert error.problems


# --- claims ---------------------------------------------------------------------------------------------------------


def block(sites: str, place: Place = Place.OFFICE, day: datetime.date = DAY) -> Planned:
    return Planned(
        kind=Kind.MEDIAL_BRANCH_BLOCK,
        date=day,
        sites=parse_sites(sites),
        purpose=Purpose.DIAGNOSTIC,
        guidance=Guidance.FLUOROSCOPY,
        place=place,
    )


def told(
    *others: str, sites: str = "left L4-5", day: datetime.date = DAY, edits: Edits | None = None, place=Place.OFFICE
):
    """What the edits say of a right claim with these lines besides."""
    session = [block(sites, place, day)]
    lines = [
        ClaimLine(line=2, claim="A", date=day, code=line.code, modifiers=line.modifiers, units=line.units, place=place)
        for line in billing_lines(session).lines
    ]
    for text in others:
        code, *modifiers = text.split()
        lines.append(ClaimLine(line=3, claim="A", date=day, code=code, modifiers=tuple(modifiers), place=place))
    errors = check_claim(lines, session, edits=edits or Edits((pairs(), units())))
    kinds = (ErrorKind.EDIT_PAIR, ErrorKind.UNITS_A_DAY)
    return [(error.kind, error.weight, error.rules[0].rule) for error in errors if error.kind in kinds]


PAIR_ERROR = (ErrorKind.EDIT_PAIR, "error", "edit_pair")


@pytest.mark.parametrize(
    ("other", "day", "expected"),
    [
        ("27096", DAY, [PAIR_ERROR]),
        ("27096 59", DAY, [PAIR_ERROR]),
        ("27096", datetime.date(2019, 12, 31), []),
        ("20552", DAY, [PAIR_ERROR]),
        ("20552 59", DAY, [(ErrorKind.EDIT_PAIR, "warning", "edit_pair")]),
        ("20552 XS", DAY, [(ErrorKind.EDIT_PAIR, "warning", "edit_pair")]),
        ("20553", datetime.date(2021, 12, 31), [PAIR_ERROR]),
        ("20553", datetime.date(2022, 1, 1), []),
        ("64483", datetime.date(2020, 1, 1), []),
        ("96372", DAY, []),
        ("22222", DAY, []),
    ],
)
def test_pairs_of_codes(other, day, expected) -> None:
    assert told(other, day=day, edits=Edits((pairs(),))) == expected


def test_an_edit_holds_in_either_order_of_lines_and_names_both() -> None:
    session = [block("left L4-5")]
    lines = [
        ClaimLine(line=2, claim="A", date=DAY, code="27096", place=Place.OFFICE),
        ClaimLine(line=3, claim="A", date=DAY, code="64493", modifiers=("KX", "LT"), place=Place.OFFICE),
    ]
    (error,) = check_claim(lines, session, edits=Edits((pairs(),)))
    assert (error.line, error.also) == (2, (3,))


def test_the_latest_quarter_that_was_loaded_decides() -> None:
    older = pairs(INVENTED_PAIRS.replace("27096\t\t20200101\t*\t0", "27096\t\t20200101\t*\t9"), "2026q2.txt")
    assert told("27096", edits=Edits((pairs(), older))) == [PAIR_ERROR]
    assert told("27096", edits=Edits((older,))) == []


UNITS_ERROR = (ErrorKind.UNITS_A_DAY, "error", "units_a_day")


@pytest.mark.parametrize(
    ("others", "day", "expected"),
    [
        ((), DAY, []),
        (("64493 KX LT",), DAY, [UNITS_ERROR]),
        (("64493 KX LT",), datetime.date(2026, 6, 30), []),
        (("64494 KX LT", "64494 KX LT"), DAY, []),
    ],
)
def test_units_a_day(others, day, expected) -> None:
    assert told(*others, day=day, edits=Edits((units(),))) == expected


def test_both_lines_of_a_surgical_center_count_once() -> None:
    center = Place.AMBULATORY_SURGICAL_CENTER
    assert told(sites="L4-5 bilateral", place=center, edits=Edits((units(),))) == []
    assert told("64493 KX LT", sites="L4-5 bilateral", place=center, edits=Edits((units(),))) == [UNITS_ERROR]


def test_what_could_not_be_looked_at_is_said() -> None:
    assert Edits().notes(DAY) == [
        "pairs of codes: no CMS edits loaded",
        "units a day: no CMS table of 2026Q3 loaded",
    ]
    later = Edits((pairs(), units())).notes(datetime.date(2026, 10, 1))
    assert later == [
        "pairs of codes: CMS edits of 2026Q3, and the claim is of 2026Q4",
        "units a day: no CMS table of 2026Q4 loaded",
    ]


# --- kept files -----------------------------------------------------------------------------------------------------


@pytest.fixture
def data_home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def test_loaded_edits_are_kept_and_read_again(data_home) -> None:
    assert stored_edits() == Edits()
    paths = keep_edits([pairs(), units()])
    assert all(path.is_relative_to(data_home / "facetwise" / "edits" / "2026Q3") for path in paths)
    assert set(stored_edits().files) == {pairs(), units()}
    keep_edits([pairs()])
    assert len(stored_edits().files) == 2
    assert {path.name for path in (edits_folder() / "2026Q3").iterdir()} == {path.name for path in paths}


def test_a_kept_file_that_was_damaged_is_told_with_a_remedy(data_home) -> None:
    (path,) = keep_edits([pairs()])
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(DocumentError, match="load CMS's files again"):
        stored_edits()


def test_a_folder_that_cannot_be_written_is_told(data_home) -> None:
    (data_home / "facetwise").write_text("a file where the folder should be")
    with pytest.raises(DocumentError, match="cannot be written"):
        keep_edits([pairs()])
