"""Claim lines from CSV files, and everything that is wrong with a file told with its line."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.coding import ClaimLine, read_claims
from facetwise.documents import DocumentError
from facetwise.records import Contractor, Place

HEADER = "claim,date,code,modifiers,units,diagnosis,place,contractor\n"
CSV = HEADER + 'A,2026-06-01,64493,"KX, LT",1,M47.816 M47817,11,cgs\nB,2026-06-02,64636,50,2,,,\n'

LINES = (
    ClaimLine(
        line=2,
        claim="A",
        date=datetime.date(2026, 6, 1),
        code="64493",
        modifiers=("KX", "LT"),
        units=1,
        diagnoses=("M47.816", "M47.817"),
        place=Place.OFFICE,
        contractor=Contractor.CGS,
    ),
    ClaimLine(line=3, claim="B", date=datetime.date(2026, 6, 2), code="64636", modifiers=("50",), units=2),
)


def test_a_claim_file() -> None:
    assert read_claims(CSV.encode(), "c.csv") == LINES


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("KX, LT", "KX LT").replace(",", ";"),
        lambda text: text.replace("KX, LT", "KX LT").replace(",", "\t"),
        lambda text: text + "\n\n",
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("KX, LT", "-kx -lt"),
        lambda text: text.replace("claim,date", "Claim, Date "),
    ],
    ids=["byte order mark", "Windows lines", "semicolons", "tabs", "blank lines", "no last line end", "dashes", "case"],
)
def test_as_programs_save_it(change) -> None:
    assert read_claims(change(CSV).encode(), "c.csv") == LINES


def test_the_columns_may_stand_in_any_order_and_the_contractor_may_be_left_out() -> None:
    text = "place,units,modifiers,code,date,claim,diagnosis\n24,1,RT,64493,2026-06-01,A,\n"
    (line,) = read_claims(text.encode(), "c.csv")
    assert (line.place, line.units, line.contractor) == (Place.AMBULATORY_SURGICAL_CENTER, 1, None)


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("11", Place.OFFICE),
        ("19", Place.HOSPITAL_OUTPATIENT),
        ("22", Place.HOSPITAL_OUTPATIENT),
        ("24", Place.AMBULATORY_SURGICAL_CENTER),
        ("21", Place.HOSPITAL_INPATIENT),
        ("", None),
    ],
)
def test_the_numbers_of_places(number, place) -> None:
    text = HEADER + f"A,2026-06-01,64493,LT,1,,{number},\n"
    assert read_claims(text.encode(), "c.csv")[0].place is place


ROW = "A,2026-06-01,64493,KX LT,1,M47.816,11,cgs\n"
BAD = {
    "empty": ("", 1, "no claim lines"),
    "only a header": (HEADER, 1, "no claim lines"),
    "unknown column": (HEADER.replace("units", "unit") + ROW, 1, 'no column "unit"'),
    "missing column": ("claim,date,code,units,diagnosis,place\nA,2026-06-01,64493,1,,11\n", 1, "missing"),
    "column given twice": (HEADER.replace("contractor", "units") + ROW, 1, "given twice"),
    "no claim number": (HEADER + ROW.replace("A,", ",", 1), 2, "no number"),
    "date of another form": (HEADER + ROW.replace("2026-06-01", "06/01/2026"), 2, "no date"),
    "date without its dashes": (HEADER + ROW.replace("2026-06-01", "20260601"), 2, "no date"),
    "day that does not exist": (HEADER + ROW.replace("2026-06-01", "2026-02-30"), 2, "no date"),
    "no code": (HEADER + ROW.replace("64493", "6449"), 2, "no procedure code"),
    "no modifier": (HEADER + ROW.replace("KX LT", "KXLT"), 2, "no modifier"),
    "a modifier twice": (HEADER + ROW.replace("KX LT", "KX KX"), 2, "given twice"),
    "units in words": (HEADER + ROW.replace(",1,", ",one,"), 2, "number of units"),
    "no units": (HEADER + ROW.replace(",1,", ",0,"), 2, "number of units"),
    "half a unit": (HEADER + ROW.replace(",1,", ",1.5,"), 2, "number of units"),
    "no diagnosis": (HEADER + ROW.replace("M47.816", "spondylosis"), 2, "no diagnosis code"),
    "place of another kind": (HEADER + ROW.replace(",11,", ",office,"), 2, "place of service"),
    "unknown contractor": (HEADER + ROW.replace("cgs", "cgx"), 2, "no contractor"),
    "cut row": (HEADER + ROW + "A,2026-06-01,644", 3, "3 cells, the header 8"),
    "too many cells": (HEADER + ROW.rstrip("\n") + ",x\n", 2, "9 cells"),
    "cut inside quotes": (HEADER + 'A,2026-06-01,64493,"KX', 2, "ends inside a quoted cell"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_claim_file_is_refused_with_its_line_and_a_remedy(name) -> None:
    text, line, what = BAD[name]
    with pytest.raises(DocumentError) as refusal:
        read_claims(text.encode(), "c.csv")
    problems = refusal.value.problems
    assert any(problem.line == line and what in problem.what and problem.remedy for problem in problems)
    assert all(problem.file == "c.csv" for problem in problems)


def test_every_problem_of_a_file_is_told_at_once() -> None:
    text = HEADER + ROW.replace("64493", "x").replace(",1,", ",x,") + ROW.replace("2026-06-01", "x")
    with pytest.raises(DocumentError) as refusal:
        read_claims(text.encode(), "c.csv")
    assert [(one.line, one.where) for one in refusal.value.problems] == [(2, "code"), (2, "units"), (3, "date")]


def test_a_line_of_the_file_is_counted_across_quoted_cells_of_several_lines() -> None:
    text = HEADER + 'A,2026-06-01,64493,"KX\nLT",1,,11,\nA,2026-06-01,x,,1,,11,\n'
    with pytest.raises(DocumentError) as refusal:
        read_claims(text.encode(), "c.csv")
    assert [one.line for one in refusal.value.problems] == [4]


def test_not_utf_8_is_told() -> None:
    with pytest.raises(DocumentError, match="not UTF-8"):
        read_claims(CSV.encode("utf-16"), "c.csv")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEADER + text).encode("utf-8", "replace")))
def test_any_bytes_are_claim_lines_or_a_clear_error(data) -> None:
    try:
        assert read_claims(data, "c.csv")
    except DocumentError as error:
        assert error.problems
