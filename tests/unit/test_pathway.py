"""Where a patient stands, what is proposed, and from when."""

import datetime
from io import StringIO
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace
from rich.console import Console

from facetwise.examples import example_names, example_record
from facetwise.pathway import CheckResult, NextStep, PolicyVersion, mermaid, next_step, pathway_svg
from facetwise.pathway.chances import chances_of_request
from facetwise.pathway.proposing import propose
from facetwise.pathway.results import verdict_in_words
from facetwise.probability import Likelihood, NoFigure
from facetwise.records import Coverage, Kind, Procedure, Purpose, Record, Request, StatedRelief, add_months
from facetwise.reports.answers import check_page, next_page
from facetwise.reports.markdown import markdown
from facetwise.reports.text import print_summary
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


NOT_COUNTED = {
    "ablation-follow-up": "had an ablation",
    "repeat-ablation-due": "had an ablation",
    "ablation-long-ago": "had an ablation",
    "new-back-pain": "less than 3 months",
    "leg-pain-from-a-root": "not mainly axial",
}


@pytest.mark.parametrize("name", NOT_COUNTED)
def test_a_patient_whom_no_series_counted_is_told_no_chance(name: str) -> None:
    for at in next_step(example_record(name, TODAY), TODAY, []).likelihoods.at:
        for chance in (at.source_now, at.source_after_one_more, at.ablation_helps):
            assert isinstance(chance, NoFigure)
            assert NOT_COUNTED[name] in chance.reason


def test_a_chance_says_what_it_takes_for_granted_where_nobody_documented_it() -> None:
    record = example_record("first-block-ready", TODAY)
    assert next_step(record, TODAY, []).likelihoods.assumed == ()
    vague = replace(record, complaint=replace(record.complaint, onset=None, pattern=None))
    found = next_step(vague, TODAY, []).likelihoods
    assert isinstance(found.at[0].source_now, Likelihood)
    assert [text for text in found.assumed if "chronic" in text or "axial" in text] == list(found.assumed)
    assert len(found.assumed) == 2


def _ablation(sites: str, day: datetime.date = TODAY) -> Request:
    return Request(kind=Kind.RADIOFREQUENCY_ABLATION, date=day, sites=parse_sites(sites))


@pytest.mark.parametrize("sites", ["right C5-6", "right L4-5", "left L1-2"])
def test_joints_that_do_not_hurt_have_no_chance(sites: str) -> None:
    record = example_record("two-positive-blocks", TODAY)
    chance = chances_of_request(record, _ablation(sites), TODAY).at[0].source_now
    assert isinstance(chance, NoFigure)
    assert "not of these joints" in chance.reason


def test_the_chances_of_a_request_count_the_blocks_of_its_joints_before_its_date() -> None:
    record = example_record("two-positive-blocks", TODAY)
    first, second = (procedure.date for procedure in record.procedures or ())
    asked = {0: first, 1: second, 2: TODAY}
    for blocks, day in asked.items():
        found = chances_of_request(record, _ablation("left L4-5", day), TODAY)
        assert found.at[0].positive_blocks == blocks


def test_the_region_of_the_pain_decides_where_no_joints_are_under_suspicion() -> None:
    record = example_record("two-positive-blocks", TODAY)
    record = replace(record, complaint=replace(record.complaint, sites=None))
    assert isinstance(chances_of_request(record, _ablation("left L4-5"), TODAY).at[0].source_now, Likelihood)
    assert isinstance(chances_of_request(record, _ablation("right C5-6"), TODAY).at[0].source_now, NoFigure)


def test_a_first_day_that_nobody_read_is_told_between_its_bounds() -> None:
    def day(text: str) -> datetime.date:
        return datetime.date.fromisoformat(text)

    plain = PolicyVersion("a", "A", "Us", day("2024-07-07"), None, ())
    by = replace(plain, effective_from_by=day("2024-08-15"))
    assert plain.period == "from 2024-07-07"
    assert by.period == "from a day between 2024-07-07 and 2024-08-15"
    assert replace(by, effective_to=day("2026-04-15")).period.endswith("2024-08-15 to 2026-04-15")
    assert replace(by, effective_from=None).period == "from a day up to 2024-08-15"
    assert replace(plain, effective_from=None).period == "undated"
    assert [by.in_force(day(text)) for text in ("2024-07-06", "2024-07-07")] == [False, True]
    asked = next_step(example_record("first-block-ready", TODAY), TODAY, [policy_named("medicare-facet-2024")])
    text = markdown(next_page(asked))
    assert asked.policies[1].effective_from_by == day("2024-08-11")
    assert "from a day between 2024-07-07 and 2024-08-11" in text


def test_a_verdict_that_nobody_verified_says_so_wherever_it_stands() -> None:
    record = example_record("guidelines-disagree", TODAY)
    answer = next_step(record, TODAY, [policy_named("asipp-2020")])
    assert answer.proposal is not None
    failed = answer.proposal.assessments[1]
    issuer, rests = failed.issuer, replace(failed, rests_on_unverified=True)
    proposal = replace(answer.proposal, assessments=(answer.proposal.assessments[0], rests))
    other = next(one for one in answer.alternatives if one.proposal is not None)
    again = replace(answer, proposal=proposal, alternatives=(replace(other, proposal=proposal),))
    assert verdict_in_words(rests) == "not met (unverified)"
    assert verdict_in_words(replace(rests, rests_on_unverified=False)) == "not met"
    page = next_page(again)
    assert f"{issuer}: not met (unverified)" in page.lead
    assert f"{issuer}: not met (unverified)" in markdown(page).split("## Also possible")[1]
    assert f"## {rests.title}: not met (unverified)" in markdown(page).replace("\\", "")
    check = CheckResult("one", TODAY, proposal, (), (), (), "facetwise")
    assert f"{issuer}: not met (unverified)" in check_page(check).lead
    out = StringIO()
    print_summary([again], Console(file=out, width=100))
    assert "asipp-2020: not met (unverified)" in out.getvalue()
