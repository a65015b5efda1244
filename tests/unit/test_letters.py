"""The letter as a whole, its gaps, what it is given, and the checklist."""

import datetime
import re
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from facetwise.evidence import Certainty
from facetwise.examples import example_record
from facetwise.letters import (
    Letter,
    Statement,
    checklist_page,
    documentation_checklist,
    letter_page,
    medical_necessity_letter,
)
from facetwise.letters.markdown import markdown
from facetwise.letters.page import Text
from facetwise.pathway import next_step
from facetwise.probability.likelihood import Likelihood, NoFigure
from facetwise.records import (
    Coverage,
    Guidance,
    Kind,
    Patient,
    Planned,
    Procedure,
    Purpose,
    Record,
    Request,
    Sedation,
)
from facetwise.rules import Policy, Status, policy_named, read_policy_file
from facetwise.spine import Region, parse_sites

DAY = datetime.date(2026, 11, 23)
POLICIES = [policy_named("facet-pathway"), policy_named("medicare-facet-2024")]
PATIENT = Patient(id="one")
BLOCK = Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=DAY, purpose=Purpose.DIAGNOSTIC)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def letter(record: Record, request: Request = BLOCK, as_of: datetime.date = DAY, **given: object) -> Letter:
    return medical_necessity_letter(record, request, POLICIES, as_of, **given)


def example_letter(name: str) -> Letter:
    record = example_record(name, DAY)
    return letter(record, next_step(record, DAY, []).proposal.request)


def test_what_the_record_lacks_is_a_place_to_fill_in() -> None:
    written = letter(Record(patient=PATIENT))
    lines = {one.label: one for one in (*written.addressee, *written.details, *written.signature)}
    for label in ("Payer", "Patient", "Member number", "Joints", "Place", "Diagnosis", "Guidance", "Signature"):
        assert lines[label].text.startswith("[to fill in: ")
        assert lines[label].facts == ()
    assert lines["Procedure"].text == "Medial branch block"
    assert [fact.path for fact in lines["Procedure"].facts] == ["request.kind"]


def test_a_documented_payer_and_session_are_filled_in() -> None:
    record = Record(patient=PATIENT, coverage=Coverage(payer="medicare", contractor="noridian_je"))
    other = Planned(kind=Kind.EPIDURAL_STEROID_INJECTION, date=DAY, guidance=Guidance.FLUOROSCOPY)
    request = msgspec.structs.replace(
        BLOCK, sites=parse_sites("left L5-S1"), diagnosis="M47.816", prior_authorization=False, same_session=(other,)
    )
    written = letter(record, request)
    lines = {one.label: one.text for one in (*written.addressee, *written.details)}
    assert lines["Payer"] == "Medicare"
    assert lines["Medicare contractor"] == "Noridian JE"
    assert lines["Nerves of these joints"] == "Left L4 medial branch, left L5 dorsal ramus"
    assert lines["Diagnosis"] == "M47.816"
    assert lines["Prior authorization"] == "Not affirmed by the payer"
    assert lines["In the same session"] == "Epidural steroid injection, under fluoroscopy"


def test_a_gap_names_its_question_its_place_and_who_needs_it() -> None:
    (gap,) = [one for one in example_letter("repeat-ablation-due").gaps if one.path == "request.source_in_doubt"]
    assert gap.question == "Is the source of the pain in doubt?"
    assert [need.policy for need in gap.needed_for] == ["medicare-facet-2024"]
    assert gap.needed_for[0].says.startswith("The source of the pain is not in doubt")


def test_a_gap_of_one_procedure_names_that_procedure() -> None:
    blocks = tuple(
        Procedure(
            kind=Kind.MEDIAL_BRANCH_BLOCK, date=day(date), purpose=Purpose.DIAGNOSTIC, sites=parse_sites("left L4-5")
        )
        for date in ("2026-09-01", "2026-10-01")
    )
    request = msgspec.structs.replace(BLOCK, sites=parse_sites("left L4-5"))
    gaps = letter(Record(patient=PATIENT, procedures=blocks), request).gaps
    assert {"procedures[0].diary", "procedures[1].diary"} <= {gap.path for gap in gaps}


def test_a_policy_that_cannot_tell_which_rules_apply_says_what_all_of_them_ask() -> None:
    written = letter(Record(patient=PATIENT))
    medicare = written.assessments[1]
    assert medicare.asked is None
    shared = set.intersection(
        *({one.id for one in rules.criteria} for rules in POLICIES[1].requests if "block" in rules.id)
    )
    asked = {one.criterion for one in medicare.findings}
    assert asked
    assert asked <= shared
    assert {"complaint.onset", "procedures"} <= {gap.path for gap in written.gaps}


KINDS = """\
id: kinds
kind: local
issuer: Us
title: Kinds of block
measures:
  blocks: {count: prior, where: kind = 'medial_branch_block'}
requests:
  injection:
    title: Injection
    asked_when: kind = 'facet_joint_injection'
    criteria: [{id: injection_only, says: A., test: function_limited}]
  second:
    title: Second block
    asked_when: kind = 'medial_branch_block' and blocks >= 1
    criteria: [{id: second_only, says: B., test: function_limited}, {id: both, says: C., test: infection}]
  first:
    title: First block
    asked_when: kind = 'medial_branch_block'
    criteria: [{id: both, says: C., test: infection}, {id: first_only, says: D., test: function_limited}]
  anything:
    title: Anything else
    asked_when: infection
    criteria: [{id: never_reached, says: E., test: infection}]
"""


def test_only_criteria_of_every_kind_that_may_be_meant_are_asked_in_any_case(tmp_path) -> None:
    file = tmp_path / "kinds.yaml"
    file.write_text(KINDS)
    written = medical_necessity_letter(Record(patient=PATIENT), BLOCK, [read_policy_file(file)], DAY)
    assert [one.criterion for one in written.assessments[0].findings] == ["both"]
    assert [gap.path for gap in written.gaps] == ["procedures", "conditions.infection"]


def test_what_came_later_is_not_in_the_letter_and_places_stay_those_of_the_record() -> None:
    record = example_record("two-positive-blocks", DAY)
    before = record.procedures[1].date - datetime.timedelta(days=1)
    swapped = msgspec.structs.replace(record, procedures=record.procedures[::-1])
    written = letter(swapped, msgspec.structs.replace(BLOCK, date=before), before)
    assert len(written.procedures) == 1
    paths = {fact.path for fact in written.procedures[0].statements[0].facts}
    assert "procedures[1].kind" in paths
    assert str(record.procedures[1].date) not in markdown(letter_page(written)).split("## Policies used")[0]


def test_the_procedure_that_the_request_is_about_is_not_told_as_an_earlier_one() -> None:
    record = example_record("second-block-due", DAY)
    request = msgspec.structs.replace(BLOCK, date=record.procedures[0].date, replaces="first-block")
    assert letter(record, request).procedures == ()


def test_enclosures_name_the_documents_of_the_facts() -> None:
    texts = [one.text for one in example_letter("two-positive-blocks").enclosures]
    assert "Pain diary of the medial branch block of 2026-10-20" in texts
    assert all(one.facts for one in example_letter("two-positive-blocks").enclosures)
    assert len(texts) == len(set(texts))


SOURCE = Likelihood(
    what="the joints are the source of the pain",
    region=Region.LUMBAR,
    positive_blocks=1,
    threshold_percent=80,
    percent=72,
    low=60,
    high=81,
    per_100=72,
    words="likely",
    says="72 of 100 people with one positive block.",
    people="people",
    assumptions=("As in others.",),
    figures=(),
    certainty=Certainty.UNVERIFIED,
)
HELPS = NoFigure("ablation helps", "No cohort.")


def test_likelihoods_are_shown_in_words_with_interval_and_icons() -> None:
    text = markdown(letter_page(letter(Record(patient=PATIENT), likelihoods=(SOURCE, HELPS))))
    assert "The joints are the source of the pain: likely by blocks of at least 80% relief, 72% (60 to 81%)." in text
    assert "72 of 100 people with one positive block:" in text
    assert text.count("●") == 72
    assert text.count("○") == 28
    assert "As in others." in text
    assert "Certainty: unverified." in text
    assert "Ablation helps: no figure. No cohort." in text


def test_billing_lines_are_shown() -> None:
    line = SimpleNamespace(code="64493", units=1, modifiers=("LT", "KX"), wording="first lumbar joint")
    text = markdown(letter_page(letter(Record(patient=PATIENT), billing=SimpleNamespace(lines=(line,)))))
    assert "| 64493 | 1 | LT, KX | first lumbar joint |" in text


def test_a_statement_without_a_fact_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no fact"):
        Statement("The pain is severe.", ())


def rows_of(name: str, status: str) -> list:
    record = example_record(name, DAY)
    request = next_step(record, DAY, []).proposal.request
    checklist = documentation_checklist(record, request, POLICIES, DAY)
    return [row for one in checklist.lists for row in one.rows if row.status == status]


def test_a_row_that_is_met_names_the_facts_that_show_it() -> None:
    (row,) = [row for row in rows_of("second-block-due", Status.MET) if row.criterion == "two_weeks_between_blocks"]
    assert [one.value for one in row.shown] == ["21 days", "medial branch block of left L4-5, L5-S1 on 2026-11-02"]
    assert {"procedures[0].date", "procedures[0].kind"} <= {fact.path for fact in row.shown[1].facts}
    assert row.source
    assert row.read_on


def test_each_counted_procedure_shows_its_own_facts() -> None:
    rows = rows_of("two-positive-blocks", Status.MET)
    counted = [row for row in rows if len([one for one in row.shown if one.meaning == "Counted"]) == 2]
    assert counted
    for row in counted:
        first, second = (one for one in row.shown if one.meaning == "Counted")
        assert {fact.path.split(".")[0] for fact in first.facts} == {"procedures[0]"}
        assert {fact.path.split(".")[0] for fact in second.facts} == {"procedures[1]"}


def test_every_row_that_is_met_by_the_record_names_a_fact() -> None:
    for name in ("second-block-due", "two-positive-blocks", "repeat-ablation-due", "pacemaker-instead-of-ablation"):
        for row in rows_of(name, Status.MET):
            assert any(one.facts for one in row.shown), (name, row.criterion)


def test_a_row_that_is_not_documented_asks_the_question() -> None:
    (row,) = [row for row in rows_of("repeat-ablation-due", Status.NOT_DOCUMENTED) if not row.advisory]
    assert [(one.question, one.path) for one in row.open] == [
        ("Is the source of the pain in doubt?", "request.source_in_doubt")
    ]


def test_a_row_that_is_not_met_says_so_plainly() -> None:
    rows = rows_of("third-level-requested", Status.NOT_MET)
    (row,) = [row for row in rows if row.criterion == "at_most_two_levels_per_session"]
    assert any("at most 2 levels" in remark for remark in row.remarks)


HOUSE = """\
id: house
kind: local
issuer: Us
title: House rules
requests:
  block:
    title: Block
    asked_when: kind = 'medial_branch_block'
    criteria:
      - {id: awake, says: Awake., test: sedation = 'none', unless: sedation_justified}
      - {id: unread, says: Something., text_not_available: true}
"""


def test_review_is_left_to_the_issuer_and_an_unread_text_is_said_to_be_one(tmp_path) -> None:
    file = tmp_path / "house.yaml"
    file.write_text(HOUSE)
    request = msgspec.structs.replace(BLOCK, sedation=Sedation.MODERATE, sedation_because="Restless")
    checklist = documentation_checklist(Record(patient=PATIENT), request, [read_policy_file(file)], DAY)
    awake, unread = checklist.lists[0].rows
    assert (awake.status, unread.status) == (Status.NEEDS_REVIEW, "text not available")
    assert "The issuer leaves this to individual consideration." in awake.remarks
    assert "The policy text was not available." in unread.remarks


def lead_of(name: str, request: Request, *policies: Policy) -> Text:
    return checklist_page(documentation_checklist(example_record(name, DAY), request, policies, DAY)).lead[0]


ABLATION = Request(kind=Kind.RADIOFREQUENCY_ABLATION, date=DAY, sites=parse_sites("left L4-5"))
INJECTION = Request(kind=Kind.FACET_JOINT_INJECTION, date=DAY, purpose=Purpose.THERAPEUTIC, sites=ABLATION.sites)


@pytest.mark.parametrize("names", [(), ("alabama-medicaid",), ("bcbs-north-dakota",)])
def test_a_checklist_of_policies_that_ask_nothing_does_not_say_that_all_is_documented(names: tuple[str, ...]) -> None:
    lead = lead_of("two-positive-blocks", INJECTION, *(policy_named(name) for name in names))
    assert lead == Text("No policy that was read says anything on this request.", "warning")


def house(tmp_path: Path, test: str, *more: str) -> Policy:
    """A policy that asks one thing of an ablation, and the criteria `more`."""
    asked = ", ".join([f"{{id: one, says: One., test: {test}}}", *more])
    file = tmp_path / "house.yaml"
    file.write_text(
        "id: house\nkind: local\nissuer: Us\ntitle: House rules\nrequests:\n  ablation:\n    title: Ablation\n"
        f"    asked_when: kind = 'radiofrequency_ablation'\n    criteria: [{asked}]\n"
    )
    return read_policy_file(file)


UNREAD = "{id: unread, says: Something., text_not_available: true}"


@pytest.mark.parametrize(
    ("test", "more", "expected"),
    [
        ("pain_axial", (), "Everything that these policies ask for is documented."),
        (
            "pain_axial",
            (UNREAD,),
            "Everything that these policies ask for is documented. Texts that were not available",
        ),
        ("not pain_axial", (), "No question is open, but not every policy is met."),
    ],
)
def test_a_checklist_says_that_all_is_documented_only_where_all_that_was_asked_is_met(
    tmp_path: Path, test: str, more: tuple[str, ...], expected: str
) -> None:
    lead = lead_of("two-positive-blocks", ABLATION, house(tmp_path, test, *more))
    assert lead.text.startswith(expected)
    assert (lead.tone == "warning") is ("but not" in expected)


def test_a_letter_tells_that_nobody_verified_a_verdict_and_how_sure_each_row_is(tmp_path: Path) -> None:
    policy = house(tmp_path, "not pain_axial")
    record = example_record("two-positive-blocks", DAY)
    text = markdown(letter_page(medical_necessity_letter(record, ABLATION, [policy], DAY)))
    assert "Verdict: not met (unverified)." in text
    assert "**The verdict rests only on criteria that nobody has verified in a source.**" in text
    assert "| not met | One. | unverified |" in text
    assert "(unverified)" not in markdown(letter_page(letter(record, ABLATION)))


def test_a_letter_and_a_checklist_say_that_a_policy_is_not_in_force() -> None:
    record, old = example_record("two-positive-blocks", DAY), [policy_named("medicare-facet-2021")]
    warning = "**This policy is not in force on 2026-11-23. It is in force from 2021-04-25 to 2024-08-10.**"
    written = markdown(letter_page(medical_necessity_letter(record, ABLATION, old, DAY)))
    assert re.search(rf"Verdict: [a-z ]+\.\n\n{re.escape(warning)}", written)
    assert warning in markdown(checklist_page(documentation_checklist(record, ABLATION, old, DAY)))
    assert "not in force on" not in markdown(letter_page(letter(record, ABLATION)))


def test_a_letter_does_not_state_a_first_day_that_nobody_read() -> None:
    record = example_record("two-positive-blocks", DAY)
    text = markdown(letter_page(letter(record, ABLATION)))
    assert "from a day between 2024-07-07 and 2024-08-11" in text.split("## Policies used")[1]
