"""Random numbers that depend on the seed, the chunk and what they are for, and on nothing else.

Only evenly spread numbers are drawn, which every version of numpy makes alike.
"""

from collections.abc import Sequence
from enum import IntEnum, auto
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facetwise.audit.synthesis.assumptions import Span

Array = NDArray[Any]


class Topic(IntEnum):
    """What a stream is for. One topic's numbers stay when another draws more."""

    PATIENTS = auto()
    COURSE = auto()
    RESPONSES = auto()
    FACTS = auto()
    CLINICIANS = auto()


class Stream:
    """The random numbers of one topic of one chunk of patients."""

    def __init__(self, seed: int, chunk: int, topic: Topic) -> None:
        sequence = np.random.SeedSequence(seed, spawn_key=(chunk, topic))
        self._generator = np.random.Generator(np.random.PCG64(sequence))

    def parts(self, count: int) -> Array:
        """So many numbers from 0 up to below 1."""
        return self._generator.random(count)

    def happens(self, count: int, share: ArrayLike) -> Array:
        """Whether something happens that does so with this share, a number or one for each."""
        happening: Array = self.parts(count) < share
        return happening

    def between(self, count: int, span: Span) -> Array:
        """Whole numbers from `low` to `high`, both included."""
        return self.whole(count, span.low, span.high)

    def whole(self, count: int, low: ArrayLike, high: ArrayLike) -> Array:
        """Whole numbers from `low` to `high`, both included, which may differ for each."""
        width = np.asarray(high) - np.asarray(low) + 1
        numbers: Array = np.asarray(low) + np.floor(self.parts(count) * width).astype(np.int32)
        return numbers

    def pick(self, count: int, weights: Sequence[float]) -> Array:
        """Places in a list, each as often as its weight says."""
        return picked(self.parts(count), weights)


def picked(parts: Array, weights: Sequence[float]) -> Array:
    """The place in a list of weights on which each number from 0 to 1 falls."""
    ends = np.cumsum(weights)
    places: Array = np.searchsorted(ends[:-1], parts * ends[-1], side="right").astype(np.int8)
    return places
