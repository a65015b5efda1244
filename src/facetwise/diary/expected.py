"""How long an anaesthetic is expected to act on a medial branch, from the cited figures."""

from functools import cache

import msgspec

from facetwise.evidence import Certainty, figure
from facetwise.records import AgentName

_FLOORS = {
    AgentName.LIDOCAINE: "lidocaine_duration_floor_hours",
    AgentName.BUPIVACAINE: "bupivacaine_duration_floor_hours",
}
_CEILINGS = {
    AgentName.LIDOCAINE: "lidocaine_duration_ceiling_hours",
    AgentName.BUPIVACAINE: "bupivacaine_duration_ceiling_hours",
}


class ExpectedDuration(msgspec.Struct, frozen=True):
    """From when relief is as long as expected, and up to when, in hours. The ceiling has its own certainty."""

    floor_hours: float
    ceiling_hours: float
    ceiling_certainty: Certainty


@cache
def expected_duration(agent: AgentName | None) -> ExpectedDuration | None:
    """The expected duration; None where the evidence has no figure: ropivacaine, mixtures, an unknown agent."""
    if agent not in _FLOORS:
        return None
    floor, ceiling = figure(_FLOORS[agent]), figure(_CEILINGS[agent])
    if floor.value is None or ceiling.value is None:
        return None
    return ExpectedDuration(floor.value, ceiling.value, ceiling.certainty)
