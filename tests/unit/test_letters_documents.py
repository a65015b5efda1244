"""Packets, diary reports, addenda and summaries: what stands in them, what is asked, and pictures on paper."""

import datetime
import re
from itertools import pairwise

import pytest
from msgspec.structs import replace

from facetwise.diary import diary_svg, relief_cut, score_block
from facetwise.documents import DocumentError
from facetwise.education import Language
from facetwise.examples import example_names, example_record
from facetwise.letters import (
    Parties,
    diary_report,
    documentation_checklist,
    letter_page,
    medical_necessity_letter,
    named_or_last,
    packet_page,
    procedure_addendum,
)
from facetwise.letters.html import html
from facetwise.letters.markdown import markdown
from facetwise.letters.page import Page, Picture
from facetwise.letters.paper import on_paper
from facetwise.letters.patient_summary import patient_summary
from facetwise.letters.pdf import pdf
from facetwise.letters.places import Stood
from facetwise.pathway import next_step
from facetwise.records import Kind, Procedure, Record
from facetwise.rules import policy_named

DAY = datetime.date(2026, 11, 23)
POLICIES = [policy_named("medicare-facet-2024")]
KNOWN = Parties(
    clinic="Harbour",
    clinician="Dara Grove",
    credentials="MD",
    patient="Kofi Castle",
    number="H-1",
    birth_date=DAY,
    payer_address="Fax",
    member_number="M-1",
)
DONE = [
    (name, done.name)
    for name in example_names()
    for done in Stood(example_record(name, DAY), DAY).procedures
]  # fmt: skip


def packet(name: str, parties: Parties = KNOWN) -> Page:
    record = example_record(name, DAY)
    proposal = next_step(record, DAY, []).proposal
    assert proposal is not None
    letter = medical_necessity_letter(record, proposal.request, POLICIES, DAY, parties=parties)
    return packet_page(record, letter, documentation_checklist(record, proposal.request, POLICIES, DAY), parties)


def blank(**changes: object) -> Record:
    """A record with one procedure of which nothing is known but what and when."""
    record = example_record("second-block-due", DAY)
    procedure = Procedure(kind=Kind.MEDIAL_BRANCH_BLOCK, date=DAY, **changes)  # type: ignore[arg-type]
    return replace(record, procedures=(procedure,))


def test_a_packet_holds_every_document_and_no_id_twice() -> None:
    page = packet("two-positive-blocks")
    chapters = [part.title for part in page.parts if part.starts_page]
    assert chapters == [
        "Letter of medical necessity",
        "Documentation checklist",
        "Pain diary report: diagnostic medial branch block of 2026-09-22",
        "Pain diary report: diagnostic medial branch block of 2026-10-20",
        "Procedures so far",
    ]
    text = html(page)
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert text.count('<svg class="diary"') == 2
    levels = [2, *(part.level for part in page.parts)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_packet_is_an_accessible_pdf_and_the_same_bytes_each_time() -> None:
    first, second = pdf(packet("two-positive-blocks")), pdf(packet("two-positive-blocks"))
    assert first.not_shown == ""
    assert first.data == second.data


@pytest.mark.parametrize(("name", "procedure"), DONE)
def test_an_addendum_says_all_of_a_procedure_or_asks_for_it(name: str, procedure: str) -> None:
    record = example_record(name, DAY)
    page = procedure_addendum(record, procedure, DAY, KNOWN)
    text = markdown(page)
    done = Stood(record, DAY).done(procedure).placed.part
    assert str(done.date) in text
    assert ("Complications | **" in text) == (done.complications is None)
    assert page.open_places == html(page).count("<mark>")
    assert pdf(page).not_shown == ""


def test_an_addendum_of_nothing_but_a_date_asks_for_the_rest() -> None:
    text = markdown(procedure_addendum(blank(), "procedures[0]", DAY))
    for asked in (
        "Was it diagnostic or therapeutic?",
        "Which joints were treated, on which side?",
        "Where was it done",
        "ICD-10-CM",
        "Which image guidance was used?",
        "Was the patient sedated?",
        "What was injected?",
        "pain of 10 just before it",
        "Was there any complication",
        "How much of the treated pain went away",
    ):
        assert f"to fill in: {asked}" in text or asked in text
    assert "None" not in text


def test_no_complication_is_another_thing_than_none_documented() -> None:
    assert "| Complications | None |" in markdown(procedure_addendum(blank(complications=()), "procedures[0]", DAY))
    assert "| Complication | “Bruise”. |" in markdown(
        procedure_addendum(blank(complications=("Bruise",)), "procedures[0]", DAY)
    )


def test_a_diary_that_cannot_be_judged_is_not_negative() -> None:
    page = diary_report(example_record("diary-slept-through", DAY), "first-block", DAY)
    assert page.lead[0].tone == "warning"
    text = markdown(page)
    assert "That is not a negative block" in text
    assert "rescue analgesic was taken" in text
    assert "0:45 | 3 | rescue analgesic, at rest" in text
    assert "lasted" not in text.lower().replace("how long the relief lasted", "")


def test_a_diary_report_needs_a_diary_and_a_procedure() -> None:
    record = example_record("repeat-ablation-due", DAY)
    with pytest.raises(DocumentError, match="no diary was kept"):
        diary_report(record, "ablation", DAY)
    with pytest.raises(DocumentError, match=r'no procedure "nothing".*Known are: first-block'):
        diary_report(record, "nothing", DAY)
    assert named_or_last(record, None, DAY) == "ablation"
    assert named_or_last(record, None, DAY, with_diary=True) == "second-block"
    with pytest.raises(DocumentError, match="No procedure"):
        named_or_last(example_record("new-back-pain", DAY), None, DAY)


def test_relief_is_cut_and_never_reads_as_more() -> None:
    assert (relief_cut(79.96), relief_cut(80.0), relief_cut(100.0)) == (79.9, 80.0, 100.0)


def test_a_drawing_on_paper_has_its_colours_written_out() -> None:
    block = (example_record("two-positive-blocks", DAY).procedures or ())[0]
    svg = on_paper(diary_svg(block, score_block(block)))
    assert "var(" not in svg
    assert "--" not in svg
    assert "@media" not in svg
    assert "fill: #e6f2f1" in svg


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", ["second-block-due", "sparse-referral", "fever-after-infection"])
def test_a_summary_says_where_the_patient_is_and_what_was_done(name: str, language: Language) -> None:
    page = patient_summary(example_record(name, DAY), language, DAY, KNOWN)
    text = html(page)
    assert f'<html lang="{language}">' in text
    assert "Kofi Castle" in page.about
    if name == "second-block-due":
        assert ("(left side)" if language is Language.ENGLISH else "(lado izquierdo)") in markdown(page)
    else:
        assert ("No procedure is written" if language is Language.ENGLISH else "Todavía no hay ningún") in text
    pictures = [block for part in page.parts for block in part.blocks if isinstance(block, Picture)]
    assert pictures
    assert all(one.says and one.caption for one in pictures)
    numbers = {int(one) for one in re.findall(r'href="#place-(\d+)"', text)}
    assert numbers <= {int(one) for one in re.findall(r'id="place-(\d+)"', text)}
    assert pdf(page).not_shown == ""


def test_whoever_is_known_leaves_no_place_and_a_line_to_sign_on() -> None:
    record = example_record("two-positive-blocks", DAY)
    proposal = next_step(record, DAY, []).proposal
    assert proposal is not None
    unknown = letter_page(medical_necessity_letter(record, proposal.request, POLICIES, DAY))
    known = letter_page(medical_necessity_letter(record, proposal.request, POLICIES, DAY, parties=KNOWN), KNOWN)
    assert unknown.open_places - known.open_places == 6
    assert known.letterhead == ("Harbour",)
    assert known.about == "Kofi Castle, number H-1, as of 2026-11-23"
    assert "______" in html(known).replace("<wbr>", "")
