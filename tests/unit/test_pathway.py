"""Where a patient stands, what is proposed, and from when."""

import datetime
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from facetwise.examples import example_names, example_record
from facetwise.pathway import NextStep, mermaid, next_step, pathway_svg
from facetwise.pathway.proposing import propose
from facetwise.records import Coverage, Kind, Procedure, Purpose, Record, Request, StatedRelief, add_months
from facetwise.rules import History, Status, load_library, policy_named
from facetwise.spine import parse_sites

TODAY = datetime.date(2026, 11, 23)

STEPS = {
    "sparse-referral": "evaluation",
    "fever-after-infection": "stop_for_red_flag",
    "new-back-pain": "conservative_care",
    "goals-not-settled": "choose_procedure",
    "inflamed-joint-relief-wanted": "facet_joint_injection",
    "first-block-ready": "first_block",
    "third-level-requested": "first_block",
    "neck-pain-after-whiplash": "first_block",
    "diary-slept-through": "assess_response",
    "second-block-too-early": "confirming_block",
    "second-block-due": "confirming_block",
    "guidelines-disagree": "confirming_block",
    "two-positive-blocks": "ablation",
    "pacemaker-instead-of-ablation": "facet_joint_injection",
    "ablation-follow-up": "follow_up",
    "repeat-ablation-due": "repeat_ablation",
    "ablation-long-ago": "first_block",
    "second-block-negative": "other_source",
    "negative-block-sacroiliac-signs": "other_source",
    "leg-pain-from-a-root": "other_source",
}


@pytest.mark.parametrize("name", example_names())
def test_each_example_is_at_its_step(name: str) -> None:
    assert next_step(example_record(name, TODAY), TODAY).step.id == STEPS[name]


def test_the_examples_reach_every_step_and_every_status() -> None:
    answers = [next_step(example_record(name, TODAY), TODAY) for name in example_names()]
    assert {answer.step.id for answer in answers} == {step.id for step in policy_named("facet-pathway").steps}
    verdicts = {one.verdict for answer in answers if answer.proposal for one in answer.proposal.assessments}
    assert verdicts == set(Status)


def test_nothing_is_met_that_nobody_documented() -> None:
    empty = Record(patient=example_record("sparse-referral", TODAY).patient)
    answer = next_step(empty, TODAY)
    assert answer.step.id == "evaluation"
    request = Request(kind=Kind.RADIOFREQUENCY_ABLATION, date=TODAY)
    for assessment in propose(request, History(empty, TODAY), list(load_library().values())).assessments:
        assert assessment.verdict in (Status.NOT_DOCUMENTED, Status.NOT_APPLICABLE)
        assert all(finding.status is not Status.MET for finding in assessment.findings if not finding.advisory)


def _with_block(days_ago: int) -> Record:
    record = example_record("first-block-ready", TODAY)
    block = Procedure(
        kind=Kind.MEDIAL_BRANCH_BLOCK,
        date=TODAY - datetime.timedelta(days=days_ago),
        sites=record.complaint.sites,
        purpose=Purpose.DIAGNOSTIC,
        stated_relief=StatedRelief(percent=90, hours=5),
    )
    return replace(record, procedures=(block,))


@pytest.mark.parametrize("days_ago", range(1, 18))
def test_the_earliest_date_is_the_fourteenth_day_after_the_block(days_ago: int) -> None:
    proposal = next_step(_with_block(days_ago), TODAY, [policy_named("medicare-facet-2024")]).proposal
    assert proposal is not None
    earliest = {one.policy: one.date for one in proposal.earliest}
    if days_ago >= 14:
        assert earliest == {}
    else:
        assert earliest == {"medicare-facet-2024": TODAY + datetime.timedelta(days=14 - days_ago)}


def test_the_earliest_date_agrees_with_trying_every_day() -> None:
    record = example_record("new-back-pain", TODAY)
    sites = parse_sites("right L4-5")
    policy = policy_named("medicare-facet-2024")
    history = History(record, TODAY)

    def request(day: datetime.date) -> Request:
        return Request(kind=Kind.MEDIAL_BRANCH_BLOCK, purpose=Purpose.DIAGNOSTIC, sites=sites, date=day)

    def months_criterion(day: datetime.date) -> bool:
        findings = propose(request(day), history, [policy]).assessments[0].findings
        finding = next(one for one in findings if one.criterion.startswith("three_months_of_pain"))
        return finding.status is Status.MET

    onset = record.complaint.onset
    assert onset is not None
    first = next(day for day in (TODAY + datetime.timedelta(days=n) for n in range(400)) if months_criterion(day))
    assert first == add_months(onset, 3)


def test_a_procedure_done_today_has_been_done() -> None:
    answer: NextStep = next_step(_with_block(0), TODAY)
    assert answer.step.id == "confirming_block"
    assert answer.proposal is not None
    assert answer.proposal.request.date == TODAY + datetime.timedelta(days=1)


def test_a_policy_is_asked_only_while_it_is_in_force() -> None:
    def asked(day: str) -> list[str]:
        date = datetime.date.fromisoformat(day)
        record = replace(example_record("first-block-ready", date), coverage=Coverage())
        return [one.id for one in next_step(record, date).policies if one.id.startswith("medicare-facet")]

    assert asked("2021-04-24") == ["medicare-facet-before-2021"]
    assert asked("2021-04-25") == ["medicare-facet-2021"]
    assert asked("2024-07-07") == ["medicare-facet-2021", "medicare-facet-2024"]
    assert asked("2024-08-11") == ["medicare-facet-2024"]


def test_between_50_and_80_percent_every_source_speaks_for_itself() -> None:
    asked = [policy_named(name) for name in ("multisociety-lumbar-2020", "asipp-2020", "medicare-facet-2024")]
    proposal = next_step(example_record("guidelines-disagree", TODAY), TODAY, asked).proposal
    assert proposal is not None
    verdicts = {one.policy: one.verdict for one in proposal.assessments}
    assert verdicts == {
        "facet-pathway": Status.NEEDS_REVIEW,
        "multisociety-lumbar-2020": Status.NEEDS_REVIEW,
        "asipp-2020": Status.NOT_MET,
        "medicare-facet-2024": Status.NOT_MET,
    }


def test_every_answer_carries_the_disclaimer_and_its_policies() -> None:
    answer = next_step(example_record("two-positive-blocks", TODAY), TODAY)
    assert "decides nothing" in answer.disclaimer
    guidelines = [one.id for one in load_library().values() if one.kind == "guideline"]
    payers = ["medicare-hospital-outpatient-2023", "medicare-novitas-l34892-2024"]  # the patient lives in New Jersey
    assert [one.id for one in answer.policies] == ["facet-pathway", *guidelines, *payers]


@pytest.mark.parametrize("here", [None, *sorted(set(STEPS.values()))])
def test_the_drawing_is_well_formed_and_marks_the_place(here: str | None) -> None:
    pathway = policy_named("facet-pathway")
    svg = ElementTree.fromstring(pathway_svg(pathway, here))
    text = " ".join(svg.itertext())
    assert all(step.title.split()[0] in text for step in pathway.steps)
    assert ("you are here" in text) is (here is not None)


def test_boxes_of_the_drawing_do_not_overlap() -> None:
    steps = policy_named("facet-pathway").steps
    assert len({(step.drawn.row, step.drawn.column) for step in steps}) == len(steps)


def test_mermaid_holds_every_step_and_edge() -> None:
    pathway = policy_named("facet-pathway")
    text = mermaid(pathway)
    for step in pathway.steps:
        assert f'{step.id}["' in text
        for edge in step.leads_to:
            assert f'{step.id} -->|"{edge.when}"| {edge.to}' in text
