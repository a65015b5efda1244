"""The work of every new day, while the server lives: where patients stand depends on the date, and so do dashboards."""

import datetime
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facetwise.clinic.models import Clinic

PAUSE = 300
"""Seconds between looks at the date."""

AT_ONCE = 100


def keep_current(server: int, dashboard: bool) -> None:
    """Work out anew, on every day, where the patients of all clinics stand; as long as the server is our parent."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import close_old_connections
    from django.utils import timezone

    from facetwise.clinic.actions.patients import refresh
    from facetwise.clinic.models import Clinic

    tried: datetime.date | None = None
    while os.getppid() == server:
        today = timezone.localdate()
        SessionStore.clear_expired()  # with what was typed for a letter by somebody who never signed out
        clinics = list(Clinic.objects.all())
        for clinic in clinics:
            while os.getppid() == server and refresh(clinic, today, AT_ONCE) == AT_ONCE:
                pass
        if dashboard and _dashboards_wanted(clinics, today, tried):
            _work_out_dashboards(server)
            tried = today
        close_old_connections()
        _wait(server, clinics if dashboard else [])


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


def _wait(server: int, clinics: "list[Clinic]") -> None:
    """Until it is time to look at the date again, or somebody asks for a dashboard."""
    from facetwise.clinic.oversight import stored

    for _ in range(PAUSE):
        if os.getppid() != server or any(stored.is_asked(clinic) for clinic in clinics):
            return
        time.sleep(1)


if __name__ == "__main__":
    import django

    django.setup()
    keep_current(int(sys.argv[1]), sys.argv[2] == "1")
