"""Where a patient is on the pathway, as far as a page for patients tells it."""

import datetime

import msgspec

from facetwise.diary import score_block
from facetwise.education.reading import texts
from facetwise.education.written import Passage
from facetwise.pathway import NextStep, next_step
from facetwise.pathway.proposing import joints_in_question
from facetwise.probability import Likelihood, PositiveBlocks, Threshold
from facetwise.records import Kind, Purpose, Record
from facetwise.rules import UnknownPolicy, policy_named
from facetwise.spine import Region

NOTHING_YET = "nothing_yet"
"""The passage for a step that none is written for."""


class YourChance(msgspec.Struct, frozen=True):
    """How likely the joints are the source for people like this one, of 100, after so many good blocks."""

    value: int
    low: int
    high: int
    positive_blocks: PositiveBlocks
    threshold_percent: Threshold
    figures: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True):
    """What is personal on a page. `kind` names the passage, such as `second_block`; what is not documented is None.

    `relief_percent` and `block_date` are those of the last diagnostic block, if its relief is known. `earliest` is the
    day from which no payer that was asked finds the procedure too early.
    """

    kind: str
    step: str
    region: Region | None = None
    relief_percent: int | None = None
    block_date: datetime.date | None = None
    earliest: datetime.date | None = None
    chance: YourChance | None = None

    @property
    def has_choice(self) -> bool:
        """Whether an injection and a block are both open, so that the decision aid fits."""
        return self.kind == "choice"


def plan_kinds() -> tuple[str, ...]:
    """Every kind of plan there is a passage for."""
    return tuple(passage.id for passage in texts().passages.passages)


def plan_of_record(record: Record, as_of: datetime.date) -> Plan:
    """The plan of a record as it stood on `as_of`, by what the guidelines and whoever pays say."""
    return plan_of(next_step(record, as_of), record)


def plan_of(answer: NextStep, record: Record | None = None) -> Plan:
    """The plan in the answer of `next_step`. With the `record` also what the last block did."""
    relief, date = _last_block(record, answer.as_of) if record else (None, None)
    return Plan(
        kind=_passage_of(answer.step.id).id,
        step=answer.step.id,
        region=answer.likelihoods.region,
        relief_percent=relief,
        block_date=date,
        earliest=_earliest(answer),
        chance=_chance(answer),
    )


def passage_for(plan: Plan) -> Passage:
    """What is written for a kind of plan. Raises `ValueError` for one that there is not."""
    for passage in texts().passages.passages:
        if passage.id == plan.kind:
            return passage
    raise ValueError(f'"{plan.kind}" is no kind of plan. There are: {", ".join(plan_kinds())}')


def _passage_of(step: str) -> Passage:
    passages = texts().passages.passages
    found = next((passage for passage in passages if step in passage.steps), None)
    return found or next(passage for passage in passages if passage.id == NOTHING_YET)


def _earliest(answer: NextStep) -> datetime.date | None:
    waits = answer.proposal.earliest if answer.proposal else ()
    return max((one.date for one in waits if _is_payer(one.policy)), default=None)


def _is_payer(policy: str) -> bool:
    try:
        return policy_named(policy).kind == "payer"
    except UnknownPolicy:
        return False


def _last_block(record: Record, as_of: datetime.date) -> tuple[int | None, datetime.date | None]:
    """Relief and day of the last diagnostic block of the joints in question, if both can be told; else neither."""
    joints = joints_in_question(record)
    blocks = [
        one
        for one in record.procedures or ()
        if one.kind is Kind.MEDIAL_BRANCH_BLOCK and one.purpose is Purpose.DIAGNOSTIC and one.date <= as_of
        if joints is None or one.sites is None or joints.overlaps(one.sites) is not False
    ]
    last_day = max((one.date for one in blocks), default=None)
    last = [one for one in blocks if one.date == last_day]
    if len(last) != 1:
        return None, None
    relief = score_block(last[0]).relief_percent
    return (None, None) if relief is None else (round(relief), last_day)


def _chance(answer: NextStep) -> YourChance | None:
    """The chance of the source by the stricter threshold that has a figure which somebody read."""
    for at in answer.likelihoods.at:
        now = at.source_now
        if isinstance(now, Likelihood) and now.certainty.verified:
            return YourChance(
                now.per_100,
                now.low,
                now.high,
                now.positive_blocks,
                now.threshold_percent,
                tuple(one.figure for one in now.figures if one.role != "note"),
            )
    return None
