"""How long does the library take to load, every document parsed and validated, and from its copy on disk?

Each round is a process of its own, which times loading every policy and every figure. Cold rounds start with an empty
cache folder, warm ones with the copy that a first round left. Beside them, in the same run, PyYAML's C loader reads the
same files. Aimed at: 150 ms warm, 1.5 s cold. Run it with `make bench`.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROUNDS = 15

LOAD = """
import time
start = time.perf_counter()
from facetwise.evidence import load_figures
from facetwise.rules import load_library
load_library(), load_figures()
print(time.perf_counter() - start)
"""
IMPORTS = """
import time
start = time.perf_counter()
import facetwise.evidence, facetwise.rules
print(time.perf_counter() - start)
"""
PEER = """
import time
start = time.perf_counter()
import yaml
from pathlib import Path
import facetwise
for path in Path(facetwise.__file__).parent.glob("*/**/*.yaml"):
    if path.parent.name != "cases":
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
print(time.perf_counter() - start)
"""


def main() -> None:
    print(
        f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}, {ROUNDS} processes each"
    )
    with tempfile.TemporaryDirectory() as folder:
        fresh = iter(range(ROUNDS))
        peer = rounds(PEER, lambda: folder)
        show("PyYAML reading the same files", peer, peer)
        show("cold: parsed and validated", rounds(LOAD, lambda: str(Path(folder) / f"empty-{next(fresh)}")), peer)
        warm = str(Path(folder) / "warm")
        seconds(LOAD, warm)
        show("warm: from the copy on disk", rounds(LOAD, lambda: warm), peer)
        show("of that, importing the modules", rounds(IMPORTS, lambda: warm), peer)


def rounds(program: str, cache: Callable[[], str]) -> list[float]:
    """The seconds that each of many processes measures."""
    return [seconds(program, cache()) for _ in range(ROUNDS)]


def seconds(program: str, cache: str) -> float:
    """What one process measures, with this cache folder."""
    environment = {**os.environ, "FACETWISE_CACHE": cache}
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    return float(outcome.stdout)


def show(name: str, ours: list[float], peer: list[float]) -> None:
    """One line: median and extremes in milliseconds, and how many times the peer's median."""
    ratio = statistics.median(ours) / statistics.median(peer)
    spread = f"{min(ours) * 1e3:7.1f} to {max(ours) * 1e3:7.1f}"
    print(f"{name:32} median {statistics.median(ours) * 1e3:8.1f} ms   {spread} ms   {ratio:6.2f} × PyYAML")


if __name__ == "__main__":
    main()
