"""Where the tests of this folder find each other's helpers."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))  # for `clinical_numbers`
