"""Scoring one block's diary."""

import datetime
import random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from facetwise.diary import AgainstAgent, Duration, Reason, diary_svg, score_block
from facetwise.diary.expected import expected_duration
from facetwise.evidence import figure
from facetwise.records import (
    Agent,
    AgentName,
    Diary,
    DiaryEntry,
    Kind,
    PainScore,
    Procedure,
    Scale,
    Sedation,
    StatedRelief,
)
from facetwise.spine import parse_sites

BUPIVACAINE = (Agent(name=AgentName.BUPIVACAINE),)


def block(*entries: DiaryEntry, baseline: float | None = 8, **parts: Any) -> Procedure:
    given_parts = {"agents": BUPIVACAINE, "sedation": Sedation.NONE} | parts
    before = None if baseline is None else PainScore(score=baseline)
    return Procedure(
        **{
            "kind": Kind.MEDIAL_BRANCH_BLOCK,
            "date": datetime.date(2026, 1, 1),
            "pain_before": before,
            "diary": Diary(entries=entries),
            **given_parts,
        }
    )


def at(minutes: int, score: float | None = None, **parts: Any) -> DiaryEntry:
    return DiaryEntry(minutes=minutes, score=score, **parts)


GOOD = (at(30, 1), at(60, 1), at(120, 0), at(180, 1), at(240, 1.6), at(300, 4), at(360, 8))


def test_relief_from_the_scores() -> None:
    response = score_block(block(*GOOD))
    assert response.judged
    assert response.method == "scores"
    assert response.relief_percent == 100
    assert response.relief_by_hour == {1: 87.5, 2: 100, 3: 87.5, 4: 80, 5: 50, 6: 0}
    assert response.lasted == {
        50: Duration(5, 6),
        75: Duration(4, 5),
        80: Duration(4, 5),
        100: Duration(2, 3),
    }
    assert response.lasted_as_agent is True
    assert response.against_agent is AgainstAgent.AS_EXPECTED


@pytest.mark.parametrize(("score", "reaches"), [(1.6, True), (1.61, False)])
def test_eighty_percent_is_reached_at_exactly_eighty(score: float, reaches: bool) -> None:
    lasted = score_block(block(at(60, score), at(120, 8))).lasted[80]
    assert (lasted.at_least_hours > 0) is reaches


REASONS = {
    Reason.NO_DIARY: block(diary=None),
    Reason.NO_BASELINE: block(at(60), baseline=None),
    Reason.BASELINE_TOO_LOW: block(at(60, 0), baseline=3.9),
    Reason.BASELINE_IS_A_RANGE: block(at(60, 0), pain_before=PainScore(low=5, high=8)),
    Reason.NO_ENTRY_IN_WINDOW: block(at(29, 0), at(8 * 60 + 1, 0)),
    Reason.ASLEEP: block(at(60, 0, asleep=True)),
    Reason.NOT_PROVOKED: block(at(60, 0, provoked=False)),
    Reason.RESCUE_ANALGESIC: block(at(15, 8, rescue_analgesic=True), at(60, 0)),
    Reason.SEDATION: block(*GOOD, sedation=Sedation.MINIMAL),
    Reason.SCALE_CHANGED: block(at(60, 0, scale=Scale.VAS)),
    Reason.RANGE_NOT_NUMBER: block(at(60, low=2, high=5)),
    Reason.FIRST_SCORE_LATE: block(at(8 * 60, 6)),
    Reason.SIDES_DIFFER: block(at(60, 1, side="left"), at(60, 6, side="right")),
}


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_why_a_diary_cannot_be_judged(reason: Reason) -> None:
    response = score_block(REASONS[reason])
    assert not response.judged
    assert reason in {one.code for one in response.reasons}
    assert response.relief_percent is None
    assert response.lasted_as_agent is None


def test_a_baseline_at_the_floor_is_measurable() -> None:
    floor = figure("baseline_nrs_floor").value
    assert score_block(block(at(60, 0), baseline=floor)).judged


@pytest.mark.parametrize("minutes", [30, 8 * 60])
def test_the_window_includes_its_ends(minutes: int) -> None:
    assert score_block(block(at(minutes, 1))).relief_percent == 87.5


def test_what_the_patient_states_counts_where_the_scores_cannot() -> None:
    low = block(at(60, 0), baseline=3, stated_relief=StatedRelief(percent=85, hours=4))
    response = score_block(low)
    assert (response.judged, response.method, response.relief_percent) == (True, "stated", 85)
    assert response.lasted_as_agent is True
    assert any("too low to measure" in caveat for caveat in response.caveats)


@pytest.mark.parametrize("reason", [Reason.SEDATION, Reason.ASLEEP, Reason.RESCUE_ANALGESIC, Reason.NOT_PROVOKED])
def test_what_the_patient_states_does_not_save_a_confounded_block(reason: Reason) -> None:
    stated = replace(REASONS[reason], stated_relief=StatedRelief(percent=90))
    response = score_block(stated)
    assert not response.judged
    assert response.relief_percent_stated == 90


def test_both_measures_are_kept_and_their_disagreement_is_said() -> None:
    response = score_block(block(at(60, 4, stated_relief_percent=90)))
    assert (response.relief_percent, response.relief_percent_by_scores, response.relief_percent_stated) == (50, 50, 90)
    assert any("ask which is right" in caveat for caveat in response.caveats)


def test_scores_after_a_rescue_analgesic_are_left_out_and_the_duration_stays_open() -> None:
    response = score_block(block(at(60, 1), at(240, 1), at(300, 1, rescue_analgesic=True), at(360, 1)))
    assert response.lasted[80] == Duration(4, None)
    assert response.relief_by_hour == {1: 87.5, 4: 87.5}


def test_undocumented_sedation_is_a_caveat() -> None:
    response = score_block(block(*GOOD, sedation=None))
    assert response.judged
    assert any("sedated is not documented" in caveat for caveat in response.caveats)


@pytest.mark.parametrize(
    ("agents", "last_hour", "expected", "against"),
    [
        (BUPIVACAINE, 2, None, AgainstAgent.CANNOT_BE_COMPARED),  # the floor of 3 h lies between 2 and 4
        (BUPIVACAINE, 1, False, AgainstAgent.SHORTER),
        (BUPIVACAINE, 3, True, AgainstAgent.AS_EXPECTED),
        ((Agent(name=AgentName.LIDOCAINE),), 8, True, AgainstAgent.LONGER),
        ((Agent(name=AgentName.ROPIVACAINE),), 4, None, AgainstAgent.CANNOT_BE_COMPARED),
        (None, 4, None, AgainstAgent.CANNOT_BE_COMPARED),
        ((*BUPIVACAINE, Agent(name=AgentName.LIDOCAINE)), 4, None, AgainstAgent.CANNOT_BE_COMPARED),
    ],
)
def test_duration_against_the_anaesthetic(
    agents: tuple[Agent, ...] | None, last_hour: int, expected: bool | None, against: AgainstAgent
) -> None:
    after = 2 if last_hour == 2 else 1
    entries = [at(60 * hour, 1) for hour in range(1, last_hour + 1)] + [at(60 * (last_hour + after), 8)]
    response = score_block(block(*entries, agents=agents))
    assert response.lasted_as_agent is expected
    assert response.against_agent is against


def test_relief_that_never_reached_80_percent_lasted_no_time_whatever_the_agent() -> None:
    for agents in (BUPIVACAINE, None):
        assert score_block(block(at(60, 4), agents=agents)).lasted_as_agent is False


def test_a_steroid_is_a_caveat() -> None:
    agents = (*BUPIVACAINE, Agent(name=AgentName.DEXAMETHASONE))
    assert any("steroid" in caveat for caveat in score_block(block(*GOOD, agents=agents)).caveats)


def test_the_side_with_less_relief_counts() -> None:
    left = [at(entry.minutes, entry.score, side="left") for entry in GOOD]
    right = [at(entry.minutes, 1.5, side="right") for entry in GOOD]
    response = score_block(block(*left, *right))
    assert response.relief_percent == 81.25
    assert {side: one.relief_percent for side, one in response.by_side.items()} == {"left": 100, "right": 81.25}


@pytest.mark.parametrize(
    ("left", "right", "one_answer"),
    [(1, 6, False), (1, 2, False), (1, 1.6, True), (4, 4.1, False), (2, 4, True), (5, 8, True)],
)
def test_sides_that_differ_are_two_answers(left: float, right: float, one_answer: bool) -> None:
    response = score_block(block(at(60, left, side="left"), at(60, right, side="right")))
    assert response.judged is one_answer
    assert set(response.by_side) == {"left", "right"}
    assert one_answer or "procedure of its own" in response.reasons[0].says


@pytest.mark.parametrize(("sites", "relief"), [("left L4-5", 87.5), ("right L4-5", 25), ("bilateral L4-5", None)])
def test_a_side_that_was_not_treated_says_nothing(sites: str, relief: float | None) -> None:
    rated = (at(60, 1, side="left"), at(60, 6, side="right"))
    assert score_block(block(*rated, sites=parse_sites(sites))).relief_percent == relief


entries = st.lists(
    st.builds(
        DiaryEntry,
        minutes=st.integers(0, 700),
        score=st.none() | st.integers(0, 10).map(float),
        provoked=st.none() | st.booleans(),
        asleep=st.none() | st.booleans(),
        rescue_analgesic=st.sampled_from([None, None, False, True]),
        stated_relief_percent=st.none() | st.integers(0, 100).map(float),
        side=st.sampled_from([None, "left", "right"]),
    ),
    max_size=12,
)


@given(entries, st.integers(0, 10), st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(diary: list[DiaryEntry], baseline: int, source: random.Random) -> None:
    shuffled = source.sample(diary, len(diary))
    assert score_block(block(*diary, baseline=baseline)) == score_block(block(*shuffled, baseline=baseline))


@given(entries, st.integers(4, 10))
@example([at(30, 0, side="left"), at(30, 0, side="right"), at(31, 3, side="right")], 4)
def test_left_and_right_are_alike(diary: list[DiaryEntry], baseline: int) -> None:
    other = {"left": "right", "right": "left", None: None}
    mirrored = [replace(entry, side=other[entry.side]) for entry in diary]
    one, two = score_block(block(*diary, baseline=baseline)), score_block(block(*mirrored, baseline=baseline))
    assert (one.judged, one.relief_percent, one.lasted) == (two.judged, two.relief_percent, two.lasted)


@given(st.integers(4, 10), st.lists(st.integers(30, 480), min_size=1, max_size=8))
def test_unchanged_pain_is_no_relief(baseline: int, minutes: list[int]) -> None:
    response = score_block(block(*(at(one, baseline) for one in [30, *minutes]), baseline=baseline))
    assert response.relief_percent == 0
    assert response.lasted_as_agent is False


@given(entries, st.integers(0, 10))
def test_an_unjudged_block_has_no_relief_and_a_reason(diary: list[DiaryEntry], baseline: int) -> None:
    response = score_block(block(*diary, baseline=baseline))
    assert response.judged == (response.relief_percent is not None)
    assert response.judged or response.reasons


@given(entries, st.integers(0, 10))
def test_every_diary_can_be_drawn(diary: list[DiaryEntry], baseline: int) -> None:
    from xml.etree import ElementTree

    procedure = block(*diary, baseline=baseline)
    ElementTree.fromstring(diary_svg(procedure, score_block(procedure)))


def test_little_relief_that_was_first_scored_late_is_not_judged() -> None:
    """What the anaesthetic did before is not known, and must not be taken for nothing."""
    late = at(round(expected_duration(AgentName.BUPIVACAINE).floor_hours * 60) + 1, 6)
    response = score_block(block(late))
    assert [one.code for one in response.reasons] == [Reason.FIRST_SCORE_LATE]
    assert response.relief_percent is None
    assert score_block(block(at(30, 6), late)).relief_percent == 25
    assert score_block(block(at(15, 6), late)).relief_percent is None, "what comes before the window does not count"
    assert score_block(block(replace(late, score=1))).relief_percent == 87.5
    assert score_block(block(late, agents=None)).relief_percent == 25, "how long it acts is not known"
    stated = score_block(block(late, stated_relief=StatedRelief(percent=90)))
    assert (stated.method, stated.relief_percent) == ("stated", 90)
