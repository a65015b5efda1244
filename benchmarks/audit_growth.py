"""Does an audit stay linear in time and flat in memory while a population grows?

One synthetic population is audited, then the same people several times over, each time under other numbers, by the
command in a process of its own, so that its memory can be told. `PATIENTS` in the environment sets the size of the
one population, `TIMES` how often it is repeated, such as `1,5,20`. Run it with `make bench-growth`.
"""

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from populations import events_of, grown, made

PATIENTS = int(os.environ.get("PATIENTS", "100000"))
TIMES = [int(times) for times in os.environ.get("TIMES", "1,2,5").split(",")]
POLICY = "medicare-facet-2024"
ROUNDS = 2
KIB_IN_MIB = 1024


class Used(NamedTuple):
    """What one audit took: seconds, and mebibytes of memory at its peak."""

    seconds: float
    mebibytes: float


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, least of {ROUNDS} rounds")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = made(folder, PATIENTS)
        audited(one, folder / "warm-up")  # compiles
        first = None
        for times in TIMES:
            population = grown(one, folder / f"times-{times}", times)
            rounds = [audited(population, folder / f"findings-{times}-{round_}") for round_ in range(ROUNDS)]
            least = min(used.seconds for used in rounds) / events_of(population)
            first = first or least
            print(
                f"{PATIENTS * times:12,} people {events_of(population):14,} events"
                f" {min(used.seconds for used in rounds):9.2f} s {least * 1e6:7.3f} µs an event"
                f" {least / first:6.2f} × the first   peak {max(used.mebibytes for used in rounds):,.0f} MiB",
                flush=True,
            )


def audited(population: Path, out: Path) -> Used:
    """One audit by the command."""
    command = [sys.executable, "-m", "facetwise", "audit", str(population), "-p", POLICY, "-o", str(out)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    if status:
        sys.exit(f"the audit of {population} ended with {os.waitstatus_to_exitcode(status)}")
    return Used(seconds, used.ru_maxrss / KIB_IN_MIB)


if __name__ == "__main__":
    main()
