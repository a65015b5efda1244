"""Runs the tests of the clinic on a private PostgreSQL; options are handed to pytest. `make test` does it."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "generative"))

from private_postgres import postgres  # noqa: E402


def main() -> int:
    """pytest's exit code; 0 where PostgreSQL is not installed, said so."""
    with postgres() as server:
        if server is None:
            print("PostgreSQL is not installed: the clinic was tested on SQLite alone")
            return 0
        print("The clinic on PostgreSQL:", flush=True)
        told = os.environ | {"FACETWISE_CLINIC_DATABASE": server.url("postgres")}
        everything = [str(HERE), f"--ignore={HERE / 'test_clinic_command.py'}"]  # those make folders with SQLite
        where = [] if any(".py" in one for one in sys.argv[1:]) else everything
        return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:], *where], env=told, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
