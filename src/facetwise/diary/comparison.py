"""Two comparative blocks of the same joints: do they agree, and as the anaesthetics would have it?

Classes after Barnsley 1993 and Lord 1995 (clinical dossier, section 3); the definitions were not read in a source.
"""

from enum import StrEnum
from math import inf

import msgspec

from facetwise.diary.expected import expected_duration
from facetwise.diary.response import Duration, Response
from facetwise.diary.scoring import score_block
from facetwise.evidence import Certainty
from facetwise.records import AgentName, Procedure

DEFAULT_THRESHOLD = 80


class Concordance(StrEnum):
    """How a pair of comparative blocks agrees."""

    CONCORDANT = "concordant"
    CONCORDANT_PROLONGED = "concordant_prolonged"
    DISCORDANT = "discordant"
    DISCORDANT_PROLONGED = "discordant_prolonged"
    DISCREPANT = "discrepant"


_SAYS = {
    Concordance.CONCORDANT: "Both relieved, the longer-acting anaesthetic for longer, each within its expected time.",
    Concordance.CONCORDANT_PROLONGED: "Both relieved, the longer-acting for longer, at least one beyond its time.",
    Concordance.DISCORDANT: "Both relieved, but the shorter-acting anaesthetic at least as long as the longer-acting.",
    Concordance.DISCORDANT_PROLONGED: "Both relieved, the shorter-acting as long or longer and beyond its time.",
    Concordance.DISCREPANT: "Only one of the two relieved, which counts as negative.",
}


class Comparison(msgspec.Struct, frozen=True):
    """The class of a pair; None with the reason when it cannot be told."""

    concordance: Concordance | None
    says: str
    threshold: float
    certainty: Certainty = Certainty.UNVERIFIED


def compare_blocks(first: Procedure, second: Procedure, threshold: int = DEFAULT_THRESHOLD) -> Comparison:
    """Compare two blocks of the same joints, one with lidocaine and one with bupivacaine, in either order.

    `threshold` is the relief in percent that counts; it must be one of the reported thresholds.
    """
    concordance, says = _compare(first, second, threshold)
    return Comparison(concordance, says or (_SAYS[concordance] if concordance else ""), threshold)


def _compare(first: Procedure, second: Procedure, threshold: int) -> tuple[Concordance | None, str]:
    responses = [score_block(first), score_block(second)]
    if not all(response.judged for response in responses):
        return None, "The response of at least one block cannot be judged."
    relieved = [_relieved(response, threshold) for response in responses]
    if not any(relieved):
        return None, "Neither block relieved enough: both are negative."
    if not all(relieved):
        return Concordance.DISCREPANT, ""
    agents = {first.anaesthetic: responses[0], second.anaesthetic: responses[1]}
    short, long_ = agents.get(AgentName.LIDOCAINE), agents.get(AgentName.BUPIVACAINE)
    if short is None or long_ is None:
        return None, "Comparative blocks need one with lidocaine and one with bupivacaine."
    return _by_duration(short.lasted.get(threshold), long_.lasted.get(threshold))


def _relieved(response: Response, threshold: int) -> bool:
    return response.relief_percent is not None and response.relief_percent >= threshold


def _by_duration(short: Duration | None, long_: Duration | None) -> tuple[Concordance | None, str]:
    if short is None or long_ is None:
        return None, "How long the relief lasted is not documented."
    longer = _longer(long_, short)
    beyond_short = _beyond(short, AgentName.LIDOCAINE)
    if longer is None:
        return None, "The diaries do not tell which block lasted longer."
    if not longer:
        return _prolonged(beyond_short, Concordance.DISCORDANT, Concordance.DISCORDANT_PROLONGED)
    beyond_long = _beyond(long_, AgentName.BUPIVACAINE)
    either = True if beyond_short or beyond_long else (None if None in (beyond_short, beyond_long) else False)
    return _prolonged(either, Concordance.CONCORDANT, Concordance.CONCORDANT_PROLONGED)


def _longer(one: Duration, other: Duration) -> bool | None:
    """Whether one lasted longer; None when the bounds overlap."""
    if one.bounds[0] > other.bounds[1]:
        return True
    return False if one.bounds[1] <= other.bounds[0] else None


def _beyond(lasted: Duration, agent: AgentName) -> bool | None:
    """Whether relief outlasted what is expected of the anaesthetic."""
    expected = expected_duration(agent)
    ceiling = expected.ceiling_hours if expected else inf
    low, high = lasted.bounds
    return True if low > ceiling else (False if high <= ceiling else None)


def _prolonged(beyond: bool | None, usual: Concordance, prolonged: Concordance) -> tuple[Concordance | None, str]:
    if beyond is None:
        return None, f"{_SAYS[usual].split('.')[0]}, but the diaries do not tell whether within the expected time."
    return (prolonged if beyond else usual), ""
