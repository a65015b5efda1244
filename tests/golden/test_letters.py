"""Letters and checklists of example patients, word for word, on a fixed day. `make golden` writes them anew."""

import datetime
import os
from pathlib import Path

import pytest

from facetwise.education import Language
from facetwise.examples import example_record
from facetwise.letters import (
    Parties,
    checklist_page,
    diary_report,
    documentation_checklist,
    letter_page,
    medical_necessity_letter,
    packet_page,
    procedure_addendum,
)
from facetwise.letters.markdown import markdown
from facetwise.letters.page import Page
from facetwise.letters.patient_summary import patient_summary
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
    _hold_against_golden(page, f"{name}-{kind}.md")


CLINIC = Parties(
    clinic="Harbour Pain Clinic",
    address=("12 Quay Street", "Springfield, OH 45501", "Telephone 555 0100"),
    clinician="Dara Grove",
    credentials="MD, NPI 1234567893",
    patient="Kofi Castle",
    number="H-1",
    birth_date=datetime.date(1968, 5, 4),
    payer_address="Fax 555 0199",
    member_number="1EG4-TE5-MK73",
)


@pytest.mark.parametrize("name", ["two-positive-blocks", "sparse-referral"])
def test_the_packet_of_an_example(name: str) -> None:
    record = example_record(name, DAY)
    request, policies = _request(record), [policy_named("medicare-facet-2024")]
    letter = medical_necessity_letter(record, request, policies, DAY, parties=CLINIC)
    page = packet_page(record, letter, documentation_checklist(record, request, policies, DAY), CLINIC)
    _hold_against_golden(page, f"{name}-packet.md")


@pytest.mark.parametrize(
    ("name", "procedure"),
    [
        ("two-positive-blocks", "first-block"),
        ("second-block-negative", "second-block"),
        ("diary-slept-through", "first-block"),
    ],
)
def test_the_diary_report_of_an_example(name: str, procedure: str) -> None:
    page = diary_report(example_record(name, DAY), procedure, DAY, CLINIC)
    _hold_against_golden(page, f"{name}-diary-report.md")


@pytest.mark.parametrize(
    ("name", "procedure"),
    [
        ("two-positive-blocks", "first-block"),
        ("diary-slept-through", "first-block"),
        ("repeat-ablation-due", "ablation"),
        ("ablation-follow-up", "ablation"),
    ],
)
def test_the_addendum_of_an_example(name: str, procedure: str) -> None:
    page = procedure_addendum(example_record(name, DAY), procedure, DAY, CLINIC)
    _hold_against_golden(page, f"{name}-addendum.md")


@pytest.mark.parametrize("language", Language)
def test_the_patient_summary_of_an_example(language: Language) -> None:
    page = patient_summary(example_record("repeat-ablation-due", DAY), language, DAY, CLINIC)
    _hold_against_golden(page, f"repeat-ablation-due-summary.{language}.md")


def _hold_against_golden(page: Page, name: str) -> None:
    text, golden = markdown(page), FOLDER / name
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
