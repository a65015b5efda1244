"""Small event tables of whole patients: few levels and days, so that procedures meet; every fact at times unknown."""

import datetime
from typing import Any

import pyarrow as pa
from facts_strategy import NUMBERS
from hypothesis import strategies as st

from facetwise.audit.events import FACTS, Shape
from facetwise.records import Kind
from facetwise.spine import level_mask

FIRST = datetime.date(2023, 12, 30)
LEVEL_SETS = [
    level_mask(names) for names in (["L4-5"], ["L5-S1"], ["L4-5", "L5-S1"], ["T12-L1"], ["C5-6"], ["T12-L1", "L1-2"])
]
OFFSETS = [0, 0, 1, 13, 14, 60, 61, 180, 182, 365, 366, 367, 426, 730, 731, 732]
"""Days after the first: around two weeks, half a year, a year and two, with 29 February 2024 at 61."""
KINDS = [Kind.MEDIAL_BRANCH_BLOCK, Kind.RADIOFREQUENCY_ABLATION, Kind.FACET_JOINT_INJECTION, *Kind]


def _maybe(values: st.SearchStrategy[Any], often: int = 3) -> st.SearchStrategy[Any]:
    return st.integers(0, often).flatmap(lambda number: st.none() if number == 0 else values)


def _fact(name: str) -> st.SearchStrategy[Any]:
    column = FACTS[name]
    if column.shape is Shape.YES_NO:
        return _maybe(st.booleans())
    return _maybe(NUMBERS.map(float) if column.shape is Shape.NUMBER else st.sampled_from(column.values))


@st.composite
def events(draw: st.DrawFn, facts: list[str]) -> tuple[pa.Table, pa.Table]:
    """An event table with these columns of facts, sorted, and its visits."""
    rows: list[dict[str, Any]] = []
    visits: list[dict[str, Any]] = []
    for patient in range(draw(st.integers(1, 2))):
        known = draw(st.booleans())
        days = sorted(draw(st.lists(st.sampled_from(OFFSETS), min_size=1, max_size=6)))
        for place, offset in enumerate(days):
            day = FIRST + datetime.timedelta(days=offset)
            ordered = draw(st.booleans())
            sites = [draw(st.sampled_from([0, 0, *LEVEL_SETS])) for _ in range(3)]
            row = {
                "patient": patient,
                "date": day,
                "sequence": place if ordered else None,
                "kind": draw(st.sampled_from(KINDS)).value,
                "history_known": known,
                "left_levels": sites[0],
                "right_levels": sites[1],
                "unsided_levels": sites[2] if draw(st.integers(0, 3)) == 0 else 0,
            }
            rows.append(row | {name: draw(_fact(name)) for name in facts})
            for later in draw(st.lists(st.sampled_from([0, 1, 30, 89, 91, 182, 185, 366]), max_size=2)):
                visits.append(
                    {
                        "patient": patient,
                        "procedure_date": day,
                        "procedure_sequence": row["sequence"],
                        "date": day + datetime.timedelta(days=later),
                        "relief_percent": draw(_maybe(NUMBERS.map(float))),
                        "function_improved_percent": draw(_maybe(NUMBERS.map(float))),
                    }
                )
    rows.sort(key=lambda row: (row["patient"], row["date"], -1 if row["sequence"] is None else row["sequence"]))
    return table_of(rows, facts), visits_of(visits)


def table_of(rows: list[dict[str, Any]], facts: list[str]) -> pa.Table:
    types = {Shape.YES_NO: pa.bool_(), Shape.NUMBER: pa.float64(), Shape.WORD: pa.string()}
    schema = [
        ("patient", pa.int64()),
        ("date", pa.date32()),
        ("sequence", pa.int32()),
        ("kind", pa.string()),
        ("history_known", pa.bool_()),
        *((f"{side}_levels", pa.int32()) for side in ("left", "right", "unsided")),
        *((name, types[FACTS[name].shape]) for name in facts),
    ]
    return pa.Table.from_pylist(rows, pa.schema(schema))


def visits_of(visits: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(
        visits,
        pa.schema(
            [
                ("patient", pa.int64()),
                ("procedure_date", pa.date32()),
                ("procedure_sequence", pa.int32()),
                ("date", pa.date32()),
                ("relief_percent", pa.float64()),
                ("function_improved_percent", pa.float64()),
            ]
        ),
    )
