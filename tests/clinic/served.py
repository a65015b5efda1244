"""The clinic as it is served: a folder and a database of its own, processes that can be killed, browsers without one."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

COMMAND = [sys.executable, "-m", "facetwise", "clinic"]


def environment() -> dict[str, str]:
    """The environment of a new clinic. Where these tests run on PostgreSQL, it has an empty database there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FACETWISE", "DJANGO"))}
    if url := os.environ.get("FACETWISE_CLINIC_DATABASE"):
        name = f"clinic_{uuid.uuid4().hex}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        kept["FACETWISE_CLINIC_DATABASE"] = re.sub(r"/\w+\?", f"/{name}?", url)
    return kept


class Served:
    """A clinic with its demo patients. `start` and `kill` are done to its server, `run` is any other command."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self.home = home
        self.environment = environment
        self.passwords: dict[str, str] = {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """What a command answers."""
        command = [*COMMAND, *arguments, "--home", str(self.home)]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, timeout=300, check=False)
        assert done.returncode == 0 or not check, done.stderr
        return done

    def load_demo(self) -> None:
        """Demo patients, and who signs in with what."""
        self.passwords = dict(re.findall(r"sign in as (\S+) with (\S+)", self.run("demo").stdout))

    def start(self) -> None:
        """Serve, and wait until it answers, a minute at most."""
        serving = [*COMMAND, "serve", "--home", str(self.home), "--port", str(self.port)]
        serving += ["--workers", "2", "--no-dashboard"]
        self.process = subprocess.Popen(
            serving, stdout=subprocess.DEVNULL, env=self.environment, start_new_session=True
        )
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.url}/healthy/", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError(self.url)

    def kill(self, with_what: signal.Signals = signal.SIGKILL) -> None:
        """End the server and every process of its own, at once."""
        if self.process is not None:
            os.killpg(self.process.pid, with_what)
            self.process.wait()
            self.process = None

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What stands in its database, asked past the application."""
        if url := self.environment.get("FACETWISE_CLINIC_DATABASE"):
            with psycopg.connect(url) as connection:
                return connection.execute(statement).fetchall()
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(self.home / "clinic.sqlite3")) as connection:
            return connection.execute(statement).fetchall()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """A clinic with demo patients that is served while the block lasts."""
    clinic = Served(folder / "home", environment())
    clinic.load_demo()
    clinic.start()
    try:
        yield clinic
    finally:
        clinic.kill(signal.SIGTERM)


class Visitor:
    """Somebody with a browser as plain as can be: cookies, forms and their tokens."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _AsItIs())

    def get(self, path: str) -> tuple[int, str]:
        """The status and the page."""
        return self._ask(urllib.request.Request(self.url + path))

    def post(self, path: str, form: dict[str, str] | None = None, body: bytes | None = None) -> tuple[int, str]:
        """The status and the page; the token against forged forms goes with it. Redirects are followed."""
        token = next((one.value for one in self.cookies if one.name == "csrftoken"), "") or ""
        headers = {"X-CSRFToken": token}
        if body is None:
            body = urllib.parse.urlencode(form or {}, doseq=True).encode()
        else:
            headers["Content-Type"] = "application/json"
        return self._ask(urllib.request.Request(self.url + path, body, headers))

    def sign_in(self, name: str, password: str) -> "Visitor":
        """Signed in, or an `AssertionError`."""
        self.get("/accounts/login/")
        status, page = self.post("/accounts/login/", {"login": name, "password": password})
        assert status == 200, page
        assert "Sign out" in page
        return self

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        with self.opener.open(request, timeout=60) as response:
            return response.status, response.read().decode()


class _AsItIs(urllib.request.HTTPErrorProcessor):
    """Errors are answers, too; redirects are followed as ever."""

    def http_response(self, request, response):  # type: ignore[no-untyped-def]
        if response.status in (301, 302, 303, 307):
            return super().http_response(request, response)
        return response
