"""The work of every new day, while the server lives: where patients stand depends on the date."""

import os
import sys
import time

PAUSE = 300
"""Seconds between looks at the date."""

AT_ONCE = 100


def keep_current(server: int) -> None:
    """Work out anew, on every day, where the patients of all clinics stand; as long as the server is our parent."""
    from django.db import close_old_connections
    from django.utils import timezone

    from facetwise.clinic.actions.patients import refresh
    from facetwise.clinic.models import Clinic

    while os.getppid() == server:
        for clinic in Clinic.objects.all():
            while os.getppid() == server and refresh(clinic, timezone.localdate(), AT_ONCE) == AT_ONCE:
                pass
        close_old_connections()
        for _ in range(PAUSE):
            if os.getppid() == server:
                time.sleep(1)


if __name__ == "__main__":
    import django

    django.setup()
    keep_current(int(sys.argv[1]))
