"""The work of every new day, while the server lives: where patients stand depends on the date, and so do dashboards."""

import datetime
import logging
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facetwise.clinic.models import Clinic

PAUSE = 300
"""Seconds between looks at the date."""

AGAIN_AFTER = 5
"""Seconds until work that ended is started again."""

AT_ONCE = 100

_log = logging.getLogger("facetwise.clinic.daily")


def watch(server: int, dashboard: bool) -> None:
    """Have the work done in a process of its own, and start it again when it ended; as long as the server lives."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    command = [sys.executable, "-m", "facetwise.clinic.daily", str(os.getpid()), str(int(dashboard)), "work"]
    while os.getppid() == server:
        with subprocess.Popen(command) as working:
            try:
                while working.poll() is None and os.getppid() == server:
                    time.sleep(1)
            finally:
                working.terminate()
        _sleep(server, AGAIN_AFTER)


def keep_current(server: int, dashboard: bool) -> None:
    """Work out anew, on every day, where the patients of all clinics stand; as long as `server` is our parent.

    What fails is told and tried again after the pause: it must not keep the rest from being done.
    """
    from django.db import close_old_connections

    day = _Day(server, dashboard)
    while os.getppid() == server:
        try:
            day.work()
        except Exception:
            _log.exception("The work of the day was not done; it is tried again")
        close_old_connections()
        day.wait()


class _Day:
    """What is done once a day, and for which day it was done last."""

    def __init__(self, server: int, dashboard: bool) -> None:
        self.server, self.dashboard = server, dashboard
        self.clinics: list[Clinic] = []
        self.dashboards_tried: datetime.date | None = None
        self.sessions_cleared: datetime.date | None = None

    def work(self) -> None:
        """Everything that is due."""
        from django.core.management import call_command
        from django.utils import timezone

        from facetwise.clinic.models import Clinic

        today = timezone.localdate()
        self.clinics = list(Clinic.objects.all())
        for clinic in self.clinics:
            self._refresh(clinic, today)
        if self.sessions_cleared != today:
            call_command("clearsessions")
            self.sessions_cleared = today
        if self.dashboard and _dashboards_wanted(self.clinics, today, self.dashboards_tried):
            _work_out_dashboards(self.server)
            self.dashboards_tried = today

    def _refresh(self, clinic: "Clinic", today: datetime.date) -> None:
        from django.db import close_old_connections

        from facetwise.clinic.actions.patients import refresh

        try:
            while os.getppid() == self.server and refresh(clinic, today, AT_ONCE) == AT_ONCE:
                pass
        except Exception:
            _log.exception("Where the patients of clinic %s stand was not worked out; it is tried again", clinic.pk)
            close_old_connections()

    def wait(self) -> None:
        """Until it is time to look at the date again, or somebody asks for a dashboard."""
        from facetwise.clinic.oversight import stored

        for _ in range(PAUSE):
            if self.dashboard and any(stored.is_asked(clinic) for clinic in self.clinics):
                return
            if not _sleep(self.server, 1):
                return


def _dashboards_wanted(clinics: "list[Clinic]", today: datetime.date, tried: datetime.date | None) -> bool:
    """Whether somebody asked for one, or one is of another day; what went wrong today is tried again when asked for."""
    from facetwise.clinic.oversight import stored

    if any(stored.is_asked(clinic) for clinic in clinics):
        return True
    last = [stored.read(clinic) for clinic in clinics]
    return tried != today and any(one is None or one.as_of != today for one in last)


def _work_out_dashboards(server: int) -> None:
    """In a process of its own, whose memory is free again when it ends, and that gives way to whoever waits."""
    from django.conf import settings

    command = [sys.executable, "-m", "facetwise", "clinic", "dashboard", "--home", str(settings.HOME)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.nice(10)) as running:
        while running.poll() is None:
            if os.getppid() != server:
                running.terminate()
            time.sleep(1)


def _sleep(server: int, seconds: int) -> bool:
    """Sleep as long as the server lives; whether it does."""
    for _ in range(seconds):
        if os.getppid() != server:
            return False
        time.sleep(1)
    return os.getppid() == server


if __name__ == "__main__":
    if sys.argv[3:] == ["work"]:
        import django

        from facetwise.clinic.logs import without_messages

        sys.excepthook = lambda kind, error, where: print(without_messages(error), file=sys.stderr)
        django.setup()
        keep_current(int(sys.argv[1]), sys.argv[2] == "1")
    else:
        watch(int(sys.argv[1]), sys.argv[2] == "1")
