"""The server, and beside it a process for the work of every new day."""

import gc
import logging
import os
import subprocess
import sys
from typing import Any

from gunicorn.app.base import BaseApplication

from facetwise.clinic.links.logging import WithoutTokens
from facetwise.clinic.logs import WithoutMessages


def _warm_up() -> None:
    """Read the library before anybody waits for it; what stays for good is looked at by no collection of garbage.

    What the server itself says of errors tells no more of them than our own logs.
    """
    from facetwise.evidence import load_figures
    from facetwise.rules import load_library

    for handler in logging.getLogger("gunicorn.error").handlers:
        handler.setFormatter(WithoutMessages("%(asctime)s [%(process)d] [%(levelname)s] %(message)s"))
        handler.addFilter(WithoutTokens())
    load_library(), load_figures()
    gc.collect()
    gc.freeze()


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


def serve(port: int, workers: int, dashboard: bool) -> None:
    """Serve until stopped. The `dashboard` is worked out beside it, or somewhere else, or not at all.

    The daily work has a process of its own, which another one watches: gunicorn forks, and a thread beside it could
    hold a lock at that moment, for which the new worker would wait without end.
    """
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": workers,
        "threads": 2,
        "worker_class": "gthread",
        "post_worker_init": lambda worker: _warm_up(),
        "loglevel": "warning",
    }
    server = os.getpid()
    daily = subprocess.Popen([sys.executable, "-m", "facetwise.clinic.daily", str(server), str(int(dashboard))])
    try:
        _Server(options).run()
    finally:
        if os.getpid() == server:  # a worker that ends comes by here, too
            daily.terminate()
            daily.wait()
