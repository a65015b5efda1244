"""How likely something is, as it is told: a percent with its interval, and everything it rests on."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from facetwise.evidence import Certainty
from facetwise.spine import Region

PositiveBlocks = Literal[0, 1, 2]
"""Positive blocks of the same joints so far; no source that was read tells of more than two."""

Threshold = Literal[50, 80]
"""Percent of relief from which a block counts as positive."""

SOURCE = "the joints are the source of the pain"
ABLATION = "ablation helps"
"""What the chance is of."""


class Used(msgspec.Struct, frozen=True):
    """A cited figure that a chance rests on, and what it stands for there."""

    figure: str
    role: str
    says: str
    source: str
    certainty: Certainty


class Beside(msgspec.Struct, frozen=True):
    """The same chance by another study or assumption. One printed without an interval has neither low nor high."""

    says: str
    percent: int
    low: int | None
    high: int | None
    certainty: Certainty


class Likelihood(msgspec.Struct, frozen=True, tag_field="kind", tag="likelihood"):
    """The chance of `what`: the median of its distribution in whole percent, with its 95% interval.

    `people` says whom it counts, `says` tells it of 100 of them, `words` is its place on the scale of words.
    `assumptions` begin with what was counted. `certainty` is the worst of the figures used, those of mere notes aside.
    """

    what: str
    region: Region
    positive_blocks: PositiveBlocks
    threshold_percent: Threshold
    percent: int
    low: int
    high: int
    per_100: int
    words: str
    says: str
    people: str
    assumptions: tuple[str, ...]
    figures: tuple[Used, ...]
    certainty: Certainty
    beside: tuple[Beside, ...] = ()
    interval: str = "95% interval"

    @property
    def by(self) -> str:
        """By which blocks it is counted, for the inside of a sentence."""
        if self.what == ABLATION and not self.positive_blocks:
            return "without a block"
        return f"by blocks of at least {self.threshold_percent}% relief"


class NoFigure(msgspec.Struct, frozen=True, tag_field="kind", tag="no_figure"):
    """Why nothing is told of `what`. `beside` holds what was printed and does not suffice for an interval."""

    what: str
    reason: str
    beside: tuple[Beside, ...] = ()


def worst(certainties: Iterable[Certainty]) -> Certainty:
    """The least certain of several."""
    return max(certainties, key=list(Certainty).index)
