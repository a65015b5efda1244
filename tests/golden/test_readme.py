"""The output in the README is what the command prints. `make golden` writes it anew."""

import datetime
import os
import re
from io import StringIO
from pathlib import Path

from msgspec.structs import replace
from rich.console import Console

from facetwise.examples import example_record
from facetwise.pathway import next_step
from facetwise.reports.answers import next_page
from facetwise.reports.text import PLAIN_WIDTH, print_page

README = Path(__file__).parents[2] / "README.md"
DAY = datetime.date(2026, 11, 23)
SHOWN = ("Why", "What is proposed", "What each source says", "How likely is it?", "What is missing")
"""The sections that the README has room for."""

MARKED = re.compile(r"<!-- output: begin -->\n.*?<!-- output: end -->", re.DOTALL)


def test_the_readme_shows_real_output() -> None:
    buffer = StringIO()
    answer = next_step(example_record("second-block-too-early", DAY), DAY)
    page = next_page(answer)
    shown = replace(page, sections=tuple(one for one in page.sections if one.title in SHOWN), footer=())
    print_page(shown, Console(file=buffer, width=PLAIN_WIDTH, highlight=False))
    lines = "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())
    block = f"<!-- output: begin -->\n```text\n{lines}\n```\n<!-- output: end -->"
    text = README.read_text(encoding="utf-8")
    if os.environ.get("FACETWISE_REGENERATE"):
        README.write_text(MARKED.sub(lambda _: block, text), encoding="utf-8")
    else:
        assert block in text
