"""The diary protocol: when pain is scored after a block, and what makes a score usable."""

from functools import cache

import msgspec

from facetwise.evidence import figure

THRESHOLDS = (50, 75, 80, 100)
"""Percent of relief for which a duration is reported. Guidelines and payers differ on which of them counts."""


class Protocol(msgspec.Struct, frozen=True):
    """What a clinic asks of a diary.

    `baseline_floor` is in points of the 0-10 scale; `window_start_minutes` and `hours` bound the time after the block
    in which peak relief is looked for; `gap` is the difference between stated and scored relief, in percentage points,
    above which the two are said to disagree.
    """

    baseline_floor: float
    window_start_minutes: float
    hours: float
    gap: float


@cache
def default_protocol() -> Protocol:
    """The protocol of the cited figures; each figure's note says what was chosen and why."""
    return Protocol(
        baseline_floor=_value("baseline_nrs_floor"),
        window_start_minutes=_value("anaesthetic_window_start_minutes"),
        hours=_value("diary_hours"),
        gap=_value("stated_and_scored_relief_gap_percent_points"),
    )


def _value(name: str) -> float:
    value = figure(name).value
    if value is None:
        raise ValueError(f"the figure {name} has no value")
    return value
