"""The server, and the work of every new day: where patients stand depends on the date."""

import threading
import time
from typing import Any

from django.db import close_old_connections
from django.utils import timezone
from gunicorn.app.base import BaseApplication

from facetwise.clinic.actions.patients import refresh
from facetwise.clinic.people.models import Clinic

PAUSE = 300
"""Seconds between looks at the date."""

AT_ONCE = 100


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our options, started from here."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application."""
        from facetwise.clinic.wsgi import application

        return application


def serve(port: int, workers: int) -> None:
    """Serve until stopped."""
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": workers,
        "threads": 4,
        "worker_class": "gthread",
        "when_ready": lambda server: threading.Thread(target=keep_current, daemon=True).start(),
        "loglevel": "warning",
    }
    _Server(options).run()


def keep_current() -> None:
    """Work out anew, on every day, where the patients of all clinics stand."""
    while True:
        close_old_connections()
        for clinic in Clinic.objects.all():
            while refresh(clinic, timezone.localdate(), AT_ONCE) == AT_ONCE:
                pass
        time.sleep(PAUSE)
