"""How fast is `next`? In process, warm; and cold, as a command.

Each figure stands beside a peer measured in the same run, because machines are shared and noisy: JSON decoding of the
same record for the warm answer, and an empty Python process for the cold command. Run it with `make bench`.
"""

import datetime
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from facetwise.examples import example_names, example_record
from facetwise.pathway import next_step
from facetwise.records import read_record, write_json
from facetwise.rules import load_library

ROUNDS = 40
COLD_ROUNDS = 15


def main() -> None:
    today = datetime.date.today()
    records = [example_record(name, today) for name in example_names()]
    print(f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}")
    print(f"{len(records)} example patients, {len(load_library())} policies\n")
    warm = [seconds for record in records for seconds in timed(lambda record=record: next_step(record, today))]
    texts = [write_json(record) for record in records]
    decode = [seconds for text in texts for seconds in timed(lambda text=text: msgspec.json.decode(text))]
    read = [seconds for text in texts for seconds in timed(lambda text=text: read_record(text))]
    show("next, in process, warm", warm, "decoding the same JSON", decode)
    show("reading and checking a record", read, "decoding the same JSON", decode)
    with tempfile.TemporaryDirectory() as folder:
        patient = Path(folder) / "patient.json"
        patient.write_bytes(write_json(records[-1]))
        command = [sys.executable, "-m", "facetwise.cli.main"]
        empty = cold([sys.executable, "-c", ""])
        show("facetwise next, cold", cold([*command, "next", str(patient)]), "an empty Python process", empty)
        show("facetwise --help, cold", cold([*command, "--help"]), "an empty Python process", empty)


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds of each round, after one that does not count."""
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds


def cold(command: list[str]) -> list[float]:
    """Seconds of a whole process, run over and over."""
    return timed(lambda: subprocess.run(command, capture_output=True, check=True), COLD_ROUNDS)


def show(name: str, ours: list[float], peer: str, theirs: list[float]) -> None:
    """One line: median and 99th percentile in milliseconds, and how many times the peer's median."""
    median, high = statistics.median(ours), statistics.quantiles(ours, n=100)[98]
    ratio = median / statistics.median(theirs)
    print(f"{name:32} median {median * 1e3:8.2f} ms   p99 {high * 1e3:8.2f} ms   {ratio:6.1f} × {peer}")


if __name__ == "__main__":
    main()
