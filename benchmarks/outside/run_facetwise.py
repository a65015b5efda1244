"""Facetwise itself: `run_facetwise.py fhir|omop POPULATION ANSWERS`. Every criterion of the policy, as `audit` asks it.

What is compared are three of them. Compiling the policy is start-up, and counts no more than the imports do.
"""

import datetime
import json
import sys
import tempfile
import time
from pathlib import Path

from facetwise import __version__
from facetwise.audit.findings import long_form, read_findings, read_manifest
from facetwise.audit.running import Settings, audit
from facetwise.audit.sources import From, open_source
from facetwise.rules import load_library

POLICY = "medicare-facet-2024"
CRITERIA = ("at_most_two_ablation_sessions_a_year", "two_weeks_between_blocks", "last_ablation_helped")


def main() -> None:
    """Audit a population, and write the answers and the seconds."""
    from_: From = "fhir" if sys.argv[1] == "fhir" else "omop"
    population, out = Path(sys.argv[2]), Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        # What compiling sees are the columns: those of FHIR are always the same, those of OMOP are what was observed.
        audited(one_patient(population, room) if from_ == "fhir" else population, from_, room / "compiling")
        begun, drawn, ended = audited(population, from_, room / "measured")
        answers = answers_of(room / "measured" / "findings")
    seconds = {"total": ended - begun, "answers": ended - drawn}
    out.write_text(json.dumps({"version": f"Facetwise {__version__}", "seconds": seconds, "answers": answers}))


def audited(population: Path, from_: From, room: Path) -> tuple[float, float, float]:
    """An audit in a room of its own: the moments when it began, had the columns, and had written the findings."""
    workspace, today = room / "workspace", datetime.date.today()
    workspace.mkdir(parents=True)
    begun = time.perf_counter()
    source = open_source(
        population, from_=from_, workspace=workspace, memory_mb=1024, today=today, history_known=from_ == "omop"
    )
    drawn = time.perf_counter()
    audit(source, [load_library()[POLICY]], room / "findings", Settings())
    return begun, drawn, time.perf_counter()


def one_patient(export: Path, folder: Path) -> Path:
    """An export of the first patient alone with one procedure: enough to see which columns FHIR gives."""
    alone = folder / "one-patient"
    alone.mkdir()
    (alone / "Procedure.ndjson").write_text((export / "Procedure.ndjson").read_text().split("\n", 1)[0])
    return alone


def answers_of(findings: Path) -> list[tuple[str, ...]]:
    """Patient, day, kind, criterion and status of every finding of the three criteria."""
    (told,) = read_manifest(findings).policies
    return [
        (str(row["patient"]), str(row["date"]), str(row["kind"]), row["criterion"], row["status"])
        for row in long_form(read_findings(findings, POLICY), told).to_pylist()
        if row["criterion"] in CRITERIA
    ]


if __name__ == "__main__":
    main()
