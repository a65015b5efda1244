"""What patients read, word for word, in both languages, on a fixed day. `make golden` writes it anew."""

import datetime
import os
from pathlib import Path

import pytest

from facetwise.education import Language, decision_aid, education_page, plan_of_record
from facetwise.education.text import text
from facetwise.examples import example_record

DAY = datetime.date(2026, 11, 23)
FOLDER = Path(__file__).parent / "education"


def same_as_golden(name: str, written: str) -> None:
    golden = FOLDER / name
    if os.environ.get("FACETWISE_REGENERATE"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == written


@pytest.mark.parametrize("language", Language)
def test_the_page_for_anybody(language: Language) -> None:
    same_as_golden(f"understand.{language}.txt", text(education_page(language)))


@pytest.mark.parametrize("language", Language)
def test_the_decision_aid(language: Language) -> None:
    same_as_golden(f"decision-aid.{language}.txt", text(decision_aid(language)))


@pytest.mark.parametrize("language", Language)
def test_the_page_of_a_patient_whose_second_block_comes_next(language: Language) -> None:
    plan = plan_of_record(example_record("second-block-too-early", DAY), DAY)
    same_as_golden(f"second-block-too-early.{language}.txt", text(education_page(language, plan)))
