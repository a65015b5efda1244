"""Letters and checklists of example patients, word for word, on a fixed day. `make golden` writes them anew."""

import datetime
import os
from pathlib import Path

import pytest

from facetwise.examples import example_record
from facetwise.letters import checklist_page, documentation_checklist, letter_page, medical_necessity_letter
from facetwise.letters.markdown import markdown
from facetwise.pathway import next_step
from facetwise.records import Kind, Purpose, Record, Request
from facetwise.rules import policy_named

DAY = datetime.date(2026, 11, 23)
FOLDER = Path(__file__).parent / "letters"
NAMES = ("sparse-referral", "second-block-due", "two-positive-blocks", "repeat-ablation-due")
POLICIES = ("medicare-facet-2024", "facet-pathway")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["letter", "checklist"])
def test_the_document_of_an_example(name: str, kind: str) -> None:
    record = example_record(name, DAY)
    request, policies = _request(record), [policy_named(one) for one in POLICIES]
    if kind == "letter":
        page = letter_page(medical_necessity_letter(record, request, policies, DAY))
    else:
        page = checklist_page(documentation_checklist(record, request, policies, DAY))
    text = markdown(page)
    golden = FOLDER / f"{name}-{kind}.md"
    if os.environ.get("FACETWISE_REGENERATE"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text


def _request(record: Record) -> Request:
    """What the next step proposes; for a record that allows no step yet, a first block without any detail."""
    proposal = next_step(record, DAY, []).proposal
    return (
        proposal.request if proposal else Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=DAY, purpose=Purpose.DIAGNOSTIC)
    )
