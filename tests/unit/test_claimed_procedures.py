"""Procedures of claims, one patient at a time, are those that the statements find in a population."""

import datetime
import random
import subprocess
import sys
from pathlib import Path

import pytest

from facetwise.audit.mapping.claimed_procedures import claimed_procedures, is_there, lines_left_out
from facetwise.audit.mapping.meaning_of_codes import procedure_codes
from facetwise.audit.sources import open_source
from facetwise.coding.claim_lines import claims_of_patients
from facetwise.records import Kind, Procedure
from facetwise.spine import SiteSet, level_mask

HEADER = "beneficiary,date,code,modifiers,units,diagnosis,place,claim\n"
DAYS = [datetime.date(2024, 3, 1), datetime.date(2024, 4, 5)]
WORDS = ("date", "kind", "purpose", "guidance", "place", "sedation")


def drawn(seed: int) -> str:
    chosen = random.Random(seed)
    codes = [*procedure_codes(), "99213", "64490", "64491", "64493", "64494", "64495", "64493"]
    lines = [
        f"{chosen.randrange(60)},{chosen.choice(DAYS)},{chosen.choice(codes)},{chosen.choice(['', 'KX', 'LT KX', '50'])},"
        f"{chosen.choice(['', '1', '2'])},M47.816,{chosen.choice(['', '11', '11', '24', '99'])},C1"
        for _ in range(400)
    ]
    return HEADER + "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", [Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION])
def test_they_are_those_of_the_statements(seed: int, kind: Kind, tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text(drawn(seed))
    source = open_source(
        file, from_="claims", workspace=tmp_path / "workspace", memory_mb=256,
        today=datetime.date(2026, 11, 24), injections_are=kind,
    )  # fmt: skip
    rows = [one for events, _ in source.batches(1000) for one in events.to_pylist()]
    found = claimed_procedures(claims_of_patients(file.read_bytes(), "claims.csv").lines, kind)
    told = [(one.beneficiary, *(getattr(one.procedure, name) for name in WORDS)) for one in found]
    wanted = [(one["patient"], *(one[name] for name in WORDS)) for one in rows]
    assert len(told) > 100
    assert sorted([str(cell) for cell in one] for one in told) == sorted([str(cell) for cell in one] for one in wanted)


def test_what_makes_no_procedure_is_counted() -> None:
    text = HEADER + "1,2024-03-01,99213,,,,,\n1,2024-03-01,77003,,,,,\n1,2024-03-01,64493,,,,,\n"
    assert lines_left_out(claims_of_patients(text.encode(), "").lines) == {"77003": 1, "99213": 1}


@pytest.mark.parametrize(
    ("kind", "sites", "there"),
    [
        (Kind.MEDIAL_BRANCH_BLOCK, None, True),
        (Kind.FACET_JOINT_INJECTION, None, True),
        (Kind.RADIOFREQUENCY_ABLATION, None, False),
        (Kind.MEDIAL_BRANCH_BLOCK, "L4-5", True),
        (Kind.MEDIAL_BRANCH_BLOCK, "C4-5", False),
    ],
)
def test_a_record_has_it_by_day_kind_and_family(kind: Kind, sites: str | None, there: bool) -> None:
    lines = claims_of_patients((HEADER + "1,2024-03-01,64493,,,,,\n").encode(), "").lines
    (claimed,) = claimed_procedures(lines, Kind.MEDIAL_BRANCH_BLOCK)
    done = Procedure(kind=kind, date=DAYS[0], sites=SiteSet(left=level_mask([sites])) if sites else None)
    assert is_there(claimed, [done]) is there


def test_one_procedure_without_sites_tells_of_one_claimed() -> None:
    text = HEADER + "1,2024-03-01,64493,,,,,\n1,2024-03-01,64490,,,,,\n"
    claimed = claimed_procedures(claims_of_patients(text.encode(), "").lines, Kind.MEDIAL_BRANCH_BLOCK)
    there = [Procedure(kind=Kind.MEDIAL_BRANCH_BLOCK, date=DAYS[0])]
    assert [is_there(one, there) for one in claimed] == [True, False]


def test_the_clinic_needs_no_library_for_populations() -> None:
    code = (
        "import sys; import facetwise.audit.mapping.claimed_procedures; "
        "print(sorted({'duckdb', 'numba', 'polars', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
