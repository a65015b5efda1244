"""PostgreSQL as a throw-away server in a folder of its own, reachable by a socket there and by nothing else."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "tester"


class Postgres:
    """A server that is running."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self.programs = programs
        self.folder = folder
        self.user = user

    def run(self, program: str, *arguments: str, text: str = "") -> str:
        """The output of one of its programs."""
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(command, input=text, capture_output=True, text=True, user=self.user, cwd="/", check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres | None]:
    """A server that ends with the block; None where PostgreSQL is not installed.

    Only a `durable` one waits for the disk, which is what an ordinary server does, and no test needs.
    """
    programs = _programs()
    if programs is None:
        yield None
        return
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    with tempfile.TemporaryDirectory(prefix="facetwise-postgres-") as name:  # pytest keeps its own folders to one user
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        server, data = Postgres(programs, folder, user), str(folder / "data")
        server.run("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync={'on' if durable else 'off'}"
        server.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield server
        finally:
            server.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _programs() -> Path | None:
    found = [path for path in sorted(Path("/usr/lib/postgresql").glob("*/bin")) if (path / "initdb").exists()]
    on_path = shutil.which("initdb")
    return found[-1] if found else (Path(on_path).parent if on_path else None)
