"""The clinic under load: people at the worklist and at patients' pages at once, some of them writing.

Each of them looks at a page, reads for a while, and goes on. Beside the pages the same people ask for a page that does
next to nothing (`/healthy/`): what that takes is the machine's own share, and the pages are given as ratios to it too.
Afterwards every answer that was confirmed must stand in the database, once.

    python benchmarks/clinic.py                       # 5,000 patients, 50 people, on SQLite
    python benchmarks/clinic.py --postgresql          # the same on a PostgreSQL that is started for it
"""

import argparse
import http.client
import json
import os
import random
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "facetwise", "clinic"]


class Person:
    """Somebody at a browser: one connection, its cookies, and how long every page took."""

    def __init__(self, port: int, session: str) -> None:
        self.cookies = {"sessionid": session}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.took: dict[str, list[float]] = defaultdict(list)
        self.failed: list[str] = []
        self.written: list[tuple[int, str]] = []

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        body = urllib.parse.urlencode(form | {"csrfmiddlewaretoken": self.cookies["csrftoken"]}) if form else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, OSError):  # the server let an idle connection go
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), page

    def timed(self, what: str, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """A page, with how long it took."""
        begun = time.perf_counter()
        status, _, page = self.ask(method, path, form)
        self.took[what].append(time.perf_counter() - begun)
        if status >= 400:
            self.failed.append(f"{status} {path}")
        return status, page

    def work(self, until: float, think: float, writes: float, chance: random.Random) -> None:
        """The worklist, a page of it, a patient from there, sometimes an answer; until the time is over."""
        time.sleep(chance.random() * think)
        while time.perf_counter() < until:
            when = chance.choice(("now", "now", "now", "all", "later"))
            _, page = self.timed("worklist", "GET", f"/worklist/?when={when}&page={chance.randint(1, 5)}")
            patients = re.findall(r'href="(/patients/\d+/)"', page)
            time.sleep(chance.expovariate(1 / think) if think else 0)
            self.timed("floor", "GET", "/healthy/")
            if not patients:
                continue
            path = chance.choice(patients)
            _, page = self.timed("patient", "GET", path)
            if chance.random() < writes:
                self._accept(path, page)
            time.sleep(chance.expovariate(1 / think) if think else 0)

    def _accept(self, path: str, page: str) -> None:
        shown = dict(re.findall(r'name="(version|step)" value="([^"]*)"', page))
        reason = f"load {secrets.token_hex(8)}"
        form = {**shown, "verdict": "accepted", "reason": reason}
        status, _ = self.timed("write", "POST", f"{path}step/", form)
        if status == 302:
            self.written.append((int(path.split("/")[2]), reason))


def main() -> int:
    """Build the clinic, load it, say what was measured; 1 where a page failed, or a write was lost or none was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=5000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=2.0, help="mean seconds between two pages of one person")
    parser.add_argument("--writes", type=float, default=0.1, help="share of patients who get an answer")
    parser.add_argument("--home", type=Path, help="a clinic that was made here before")
    parser.add_argument("--postgresql", action="store_true", help="on a private PostgreSQL instead of SQLite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _database(given.postgresql):
        home = given.home or Path(folder) / "clinic"
        sessions = _make(home, given.patients, given.people)
        people = _loaded(home, given, sessions)
        report = _report(people, given, home)
    print(json.dumps(report, indent=1))
    return int(bool(report["failed"] or report["lost"] or not report["written"]))


@contextmanager
def _database(postgresql: bool) -> Iterator[None]:
    """Where the clinic keeps its rows: in its folder, or on a PostgreSQL that waits for the disk as it does."""
    if not postgresql:
        yield
        return
    sys.path.append(str(Path(__file__).parents[1] / "tests" / "generative"))
    from private_postgres import postgres

    with postgres(durable=True) as server:
        if server is None:
            raise SystemExit("PostgreSQL is not installed: apt install postgresql")
        os.environ["FACETWISE_CLINIC_DATABASE"] = server.url("postgres")
        yield


def _make(home: Path, patients: int, people: int) -> list[str]:
    """The clinic with so many patients, and a session of each of the people. What is there already stays."""
    begun = time.perf_counter()
    subprocess.run([*COMMAND, "demo", "--home", str(home), "--patients", str(patients)], check=True, stdout=2)
    sessions = _in_clinic(home, _ADD_PEOPLE, str(people)).split()
    _in_clinic(home, _STAND)
    subprocess.run([*COMMAND, "dashboard", "--home", str(home)], check=False, capture_output=True)  # the day's work
    print(f"made in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    return sessions


_ADD_PEOPLE = """
import sys
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from facetwise.clinic.models import Clinic, Membership, Role, User
clinic = Clinic.objects.get(name="Demo clinic")
for number in range(int(sys.argv[1])):
    user, _ = User.objects.get_or_create(username=f"load-{number}")
    Membership.objects.get_or_create(user=user, clinic=clinic, defaults={"role": Role.CLINICIAN})
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.create()
    print(session.session_key)
"""

_STAND = """
from django.utils import timezone
from facetwise.clinic.actions.patients import refresh
from facetwise.clinic.models import Clinic
for clinic in Clinic.objects.all():
    refresh(clinic, timezone.localdate())
"""

_WRITTEN = """
import sys
from facetwise.clinic.models import Answer
for patient, reason in Answer.objects.filter(reason__startswith="load ").values_list("patient", "reason"):
    print(patient, reason)
"""


def _in_clinic(home: Path, program: str, *arguments: str) -> str:
    environment = os.environ | {
        "FACETWISE_CLINIC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "facetwise.clinic.settings",
    }  # fmt: skip
    command = [sys.executable, "-c", f"import django; django.setup()\n{program}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def _loaded(home: Path, given: argparse.Namespace, sessions: list[str]) -> list[Person]:
    """Everybody, after they have worked for so long."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serving = [*COMMAND, "serve", "--home", str(home), "--port", str(port)]
    with subprocess.Popen(serving, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            people = [Person(port, session) for session in sessions]
            for person in people:
                person.ask("GET", "/patients/new/")  # a form, for the token that goes with what is sent
            until = time.perf_counter() + given.seconds
            working = [
                threading.Thread(target=one.work, args=(until, given.think, given.writes, random.Random(place)))
                for place, one in enumerate(people)
            ]
            for one in working:
                one.start()
            for one in working:
                one.join()
        finally:
            server.terminate()
    return people


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server does not answer")


def _report(people: list[Person], given: argparse.Namespace, home: Path) -> dict[str, object]:
    took = {
        what: sorted(seconds for one in people for seconds in one.took[what])
        for what in ("floor", "worklist", "patient", "write")
    }
    confirmed = [one for person in people for one in person.written]
    lines = _in_clinic(home, _WRITTEN).splitlines()
    stored = [(int(patient), reason) for patient, _, reason in (line.partition(" ") for line in lines)]
    floor = statistics.median(took["floor"])
    return {
        "database": "PostgreSQL" if os.environ.get("FACETWISE_CLINIC_DATABASE") else "SQLite",
        "cores": os.cpu_count(), "load_before": os.getloadavg()[1], "patients": given.patients, "people": given.people,
        "think_s": given.think, "seconds": given.seconds,
        "pages_per_second": round(sum(map(len, took.values())) / given.seconds, 1),
        "ms": {
            what: {
                "n": len(seconds), "p50": _ms(seconds, 50), "p95": _ms(seconds, 95), "p99": _ms(seconds, 99),
                "p50_to_floor": round(statistics.median(seconds) / floor, 1),
            }
            for what, seconds in took.items() if seconds
        },
        "failed": [line for one in people for line in one.failed][:20],
        "written": len(confirmed), "lost": len([one for one in confirmed if stored.count(one) != 1]),
    }  # fmt: skip


def _ms(seconds: list[float], percent: int) -> float:
    return round(seconds[min(len(seconds) - 1, len(seconds) * percent // 100)] * 1000, 1)


if __name__ == "__main__":
    raise SystemExit(main())
