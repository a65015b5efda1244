"""What `next` says of each example patient, word for word, on a fixed day. `make golden` writes it anew."""

import datetime
import os
from pathlib import Path

import pytest

from facetwise.examples import example_names, example_record
from facetwise.pathway import next_step
from facetwise.reports.answers import next_page
from facetwise.reports.markdown import markdown

DAY = datetime.date(2026, 11, 23)
FOLDER = Path(__file__).parent / "next"


@pytest.mark.parametrize("name", example_names())
def test_the_page_of_an_example(name: str) -> None:
    text = markdown(next_page(next_step(example_record(name, DAY), DAY)))
    golden = FOLDER / f"{name}.md"
    if os.environ.get("FACETWISE_REGENERATE"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text
