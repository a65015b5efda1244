"""What is known of a request beside the record: asked no more, for its own step alone, and never against the record."""

import datetime

import pytest

from facetwise.documents import DocumentError
from facetwise.examples import example_record
from facetwise.pathway import next_step, with_known
from facetwise.records import Kind, Request
from facetwise.spine import parse_sites

TODAY = datetime.date(2026, 11, 25)
KNOWN = {"place": "hospital_outpatient", "prior_authorization": True}


def test_what_is_known_is_asked_no_more_and_decides() -> None:
    record = example_record("second-block-due", TODAY)
    before = next_step(record, TODAY)
    after = next_step(record, TODAY, known={before.step.id: KNOWN})
    assert {one.path for one in before.missing} - {one.path for one in after.missing} == {
        "request.place",
        "request.prior_authorization",
    }
    assert before.proposal is not None
    assert after.proposal is not None
    assert (after.proposal.request.place, after.step) == ("hospital_outpatient", before.step)
    verdicts = {
        one.policy: (was.verdict, one.verdict)
        for was, one in zip(before.proposal.assessments, after.proposal.assessments, strict=True)
        if was.verdict is not one.verdict
    }
    assert verdicts == {"medicare-hospital-outpatient-2023": ("not documented", "met")}


def test_what_is_known_of_another_step_changes_nothing() -> None:
    record = example_record("second-block-due", TODAY)
    assert next_step(record, TODAY, known={"repeat_ablation": KNOWN}).proposal == next_step(record, TODAY).proposal


def test_what_the_request_says_itself_stands() -> None:
    request = Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=TODAY, guidance="fluoroscopy")  # type: ignore[arg-type]
    known = with_known(request, {"guidance": "ct", "agents": [{"name": "lidocaine"}]})
    assert (known.guidance, known.agents and known.agents[0].name) == ("fluoroscopy", "lidocaine")


def test_joints_that_cannot_be_treated_so_are_none_of_its_business() -> None:
    """The proposal says so itself; to know where it would be done must not stop that."""
    request = Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=TODAY, sites=parse_sites("left C1-2"))
    assert with_known(request, {"place": "office"}).place == "office"
    assert with_known(request, {"place": "office"}).sites == request.sites


def test_what_a_request_cannot_say_is_refused() -> None:
    with pytest.raises(DocumentError, match="place"):
        with_known(Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=TODAY), {"place": "the moon"})
