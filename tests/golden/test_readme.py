"""The output in the README is what the command prints. `make golden` writes it anew."""

import datetime
import os
import re
from io import StringIO
from pathlib import Path

from rich.console import Console

from facetwise.examples import example_record
from facetwise.pathway import next_step
from facetwise.reports.answers import next_page
from facetwise.reports.text import PLAIN_WIDTH, print_page

README = Path(__file__).parents[2] / "README.md"
DAY = datetime.date(2026, 11, 23)
MARKED = re.compile(r"<!-- output: begin -->\n.*?<!-- output: end -->", re.DOTALL)


def test_the_readme_shows_real_output() -> None:
    buffer = StringIO()
    answer = next_step(example_record("second-block-too-early", DAY), DAY)
    print_page(next_page(answer), Console(file=buffer, width=PLAIN_WIDTH, highlight=False))
    lines = "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())
    block = f"<!-- output: begin -->\n```text\n{lines}\n```\n<!-- output: end -->"
    text = README.read_text(encoding="utf-8")
    if os.environ.get("FACETWISE_REGENERATE"):
        README.write_text(MARKED.sub(lambda _: block, text), encoding="utf-8")
    else:
        assert block in text
