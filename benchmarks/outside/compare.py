"""Facetwise beside three other engines: the same three criteria, the same people, equal answers, and the seconds.

Each engine runs in a process of its own and times itself from the files to the answers; starting up is not counted.
Rounds go in turns, so that a busy minute hits all. Run it with `make bench-outside`; `PATIENTS` sets the size.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
OUTSIDE = HERE.parents[1] / ".venv-outside" / "bin" / "python"
PATIENTS = int(os.environ.get("PATIENTS", "1000"))
ROUNDS = 3
SEED = 7


class Engine(NamedTuple):
    """An engine: what it reads, the command that answers, and the peer whose answers must be the same."""

    reads: str
    command: tuple[str, ...]
    peer: str


FHIR, OMOP = "Facetwise, FHIR", "Facetwise, OMOP"
ENGINES = {
    FHIR: Engine("fhir", (sys.executable, str(HERE / "run_facetwise.py"), "fhir"), FHIR),
    "cql-execution, FHIR": Engine("fhir", ("node", str(HERE / "run_cql_execution.mjs")), FHIR),
    "fhir4ds-v2, FHIR": Engine("fhir", (str(OUTSIDE), str(HERE / "run_fhir4ds.py")), FHIR),
    OMOP: Engine("omop", (sys.executable, str(HERE / "run_facetwise.py"), "omop"), OMOP),
    "duckcdm, OMOP": Engine("omop", (str(OUTSIDE), str(HERE / "run_duckcdm.py")), OMOP),
}


class Run(NamedTuple):
    """One run of an engine: its version, its seconds in total and for the answers alone, and the answers, counted."""

    version: str
    total: float
    answers_alone: float
    answers: Counter[tuple[str, ...]]


def main() -> None:
    print_machine()
    with tempfile.TemporaryDirectory() as folder:
        populations = {reads: made(Path(folder) / reads, reads) for reads in ("fhir", "omop")}
        runs: dict[str, list[Run]] = {name: [] for name in ENGINES}
        for _ in range(ROUNDS):
            for name, engine in ENGINES.items():
                runs[name].append(run(engine, populations[engine.reads], Path(folder) / "answers.json"))
    print_answers(runs)
    print_seconds(runs)
    unequal = [name for name in ENGINES if equal_answers(runs, name) < answers_in_all(runs, name)]
    if unequal:
        print_differences(runs, unequal)
        sys.exit(1)


def print_machine() -> None:
    """What this was measured on."""
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, Node {node}")


def made(folder: Path, format_: str) -> Path:
    """The population in one format."""
    command = [sys.executable, "-m", "facetwise.cli.main", "synthesize", "--patients", str(PATIENTS)]
    subprocess.run([*command, "--format", format_, "--out", str(folder), "--seed", str(SEED)], check=True)
    return folder


def run(engine: Engine, population: Path, out: Path) -> Run:
    """Run an engine once."""
    subprocess.run([*engine.command, str(population), str(out)], check=True)
    told = json.loads(out.read_text())
    seconds = told["seconds"]
    return Run(told["version"], seconds["total"], seconds["answers"], Counter(tuple(one) for one in told["answers"]))


def equal_answers(runs: Mapping[str, Sequence[Run]], name: str) -> int:
    """How many answers are equal to the peer's, in the round where they are fewest."""
    rounds = zip(runs[name], runs[ENGINES[name].peer], strict=True)
    return min((one.answers & peer.answers).total() for one, peer in rounds)


def answers_in_all(runs: Mapping[str, Sequence[Run]], name: str) -> int:
    """How many answers there are, the engine's and the peer's counted once where they are equal."""
    rounds = zip(runs[name], runs[ENGINES[name].peer], strict=True)
    return max((one.answers | peer.answers).total() for one, peer in rounds)


def print_answers(runs: Mapping[str, Sequence[Run]]) -> None:
    """How often each status came out of Facetwise, so that a reader sees that equality is not empty."""
    for name in (FHIR, OMOP):
        print(f"\n{name}: statuses of the three criteria")
        counted: Counter[tuple[str, ...]] = Counter()
        for (*_, criterion, status), number in runs[name][0].answers.items():
            counted[criterion, status] += number
        for (criterion, status), number in sorted(counted.items()):
            print(f"  {criterion:40} {status:16} {number:6,}")


def print_seconds(runs: Mapping[str, Sequence[Run]]) -> None:
    """The table: seconds, patients a second, times what Facetwise takes, and equal answers."""
    print(f"\n{PATIENTS:,} patients, {ROUNDS} rounds in turns, seconds as median (least to most)")
    print(f"{'':22}{'files to answers':>24}{'patients/s':>12}{'ratio':>8}{'columns to answers':>26}   equal answers")
    for name, engine in ENGINES.items():
        totals, alone = ([getattr(one, part) for one in runs[name]] for part in ("total", "answers_alone"))
        median = statistics.median(totals)
        ratio = median / statistics.median(one.total for one in runs[engine.peer])
        print(
            f"{name:22}{spread(totals):>24}{PATIENTS / median:>12,.0f}{ratio:>8.2f}{spread(alone):>26}"
            f"   {equal_answers(runs, name):,} of {answers_in_all(runs, name):,}"
        )
    print("ratio: times what Facetwise takes from the same files")
    print("; ".join(dict.fromkeys(one[0].version for one in runs.values())))


def spread(seconds: Sequence[float]) -> str:
    """The median, with the least and the most."""
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def print_differences(runs: Mapping[str, Sequence[Run]], names: Sequence[str]) -> None:
    """The first answers that are not the same."""
    for name in names:
        own, peer = runs[name][0].answers, runs[ENGINES[name].peer][0].answers
        print(f"\n{name} differs from {ENGINES[name].peer}:")
        for answer in sorted((own - peer) | (peer - own))[:20]:
            print(f"  {'said' if own[answer] > peer[answer] else 'not said'}: {', '.join(answer)}")


if __name__ == "__main__":
    main()
