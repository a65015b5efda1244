"""Comparative blocks: lidocaine and bupivacaine, how long each relieved at least 80 percent, and the class."""

import datetime

import pytest

from facetwise.diary import Concordance, compare_blocks
from facetwise.records import Agent, AgentName, Diary, DiaryEntry, Kind, PainScore, Procedure, Sedation

# hours of relief with lidocaine, with bupivacaine (None: no relief at all), class
TABLE = [
    (2, 5, Concordance.CONCORDANT),
    (1, 8, Concordance.CONCORDANT),
    (6, 10, Concordance.CONCORDANT),
    (8, 12, Concordance.CONCORDANT_PROLONGED),
    (2, 30, Concordance.CONCORDANT_PROLONGED),
    (5, 2, Concordance.DISCORDANT),
    (5, 4, Concordance.DISCORDANT),
    (12, 4, Concordance.DISCORDANT_PROLONGED),
    (None, 5, Concordance.DISCREPANT),
    (2, None, Concordance.DISCREPANT),
    (None, None, None),
]


def _block(agent: AgentName, hours: int | None, until: int = 48) -> Procedure:
    scores = {30: 1 if hours else 8, **{60 * n: 1 if hours and n <= hours else 8 for n in range(1, until + 1)}}
    return Procedure(
        kind=Kind.MEDIAL_BRANCH_BLOCK,
        date=datetime.date(2026, 1, 1),
        agents=(Agent(name=agent),),
        sedation=Sedation.NONE,
        pain_before=PainScore(score=8),
        diary=Diary(entries=tuple(DiaryEntry(minutes=minutes, score=score) for minutes, score in scores.items())),
    )


@pytest.mark.parametrize(("lidocaine", "bupivacaine", "expected"), TABLE)
def test_the_class_of_a_pair(lidocaine: int | None, bupivacaine: int | None, expected: Concordance | None) -> None:
    short, long_ = _block(AgentName.LIDOCAINE, lidocaine), _block(AgentName.BUPIVACAINE, bupivacaine)
    assert compare_blocks(short, long_).concordance == expected
    assert compare_blocks(long_, short).concordance == expected


def test_bounds_that_overlap_leave_the_class_open() -> None:
    short, long_ = _block(AgentName.LIDOCAINE, 5), _block(AgentName.BUPIVACAINE, 5)
    comparison = compare_blocks(short, long_)
    assert comparison.concordance is None
    assert "which block lasted longer" in comparison.says


def test_a_diary_that_ends_early_leaves_prolongation_open() -> None:
    short, long_ = _block(AgentName.LIDOCAINE, 2), _block(AgentName.BUPIVACAINE, 8, until=8)
    assert compare_blocks(short, long_).concordance is None


def test_two_blocks_with_one_agent_are_not_comparative() -> None:
    comparison = compare_blocks(_block(AgentName.LIDOCAINE, 2), _block(AgentName.LIDOCAINE, 3))
    assert comparison.concordance is None
    assert "one with lidocaine and one with bupivacaine" in comparison.says


def test_the_classes_are_marked_as_unverified() -> None:
    comparison = compare_blocks(_block(AgentName.LIDOCAINE, 2), _block(AgentName.BUPIVACAINE, 5))
    assert not comparison.certainty.verified
