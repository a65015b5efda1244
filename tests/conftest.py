"""What every test shares: how long generative tests look, and where tests find each other's helpers."""

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
HOURS = os.environ.get("FACETWISE_GENERATIVE") == "hours"

sys.path += [str(HERE / "generative"), str(HERE / "spec"), str(HERE / "clinic")]
"""For `records_strategy`, `strategies`, `tables`, `private_postgres` and `served`."""

settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "hours", max_examples=100_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("hours" if HOURS else "quick")
