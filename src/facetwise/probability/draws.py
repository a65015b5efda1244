"""Cited shares as distributions: draws from them, and what is told of the draws. Here alone numpy is used."""

from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from facetwise.evidence import Figure, figure
from facetwise.probability.assumptions import Quantiles, Share
from facetwise.probability.reading import assumptions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]


class Told(NamedTuple):
    """A distribution of a share in whole percent: its median and the ends of its middle part."""

    percent: int
    low: int
    high: int


class Beta(NamedTuple):
    """A Beta distribution of a share."""

    a: float
    b: float


def generator() -> "np.random.Generator":
    """A generator that starts anew from the seed of the assumptions, so that every answer can be repeated."""
    import numpy as np

    return np.random.default_rng(assumptions().seed)


def share_draws(share: Share, random: "np.random.Generator") -> "Draws":
    """Draws of a share, from 0 to 1. `share` is not by `printed`, which has no distribution."""
    found, count = figure(share.figure), assumptions().draws
    if share.by == "range":
        return random.uniform(_of_one(found.low), _of_one(found.high), count)
    fitted = by_counts(*counts(share)) if share.by == "counts" else by_interval(found)
    return random.beta(fitted.a, fitted.b, count)


def counts(share: Share) -> tuple[int, int]:
    """How many of how many a share is: from its value and n, or from the part of n that `all_but` leaves."""
    found = figure(share.figure)
    of = found.n or 0
    if share.all_but:
        left_out = figure(share.all_but)
        of = round((left_out.n or 0) * (1 - _of_one(left_out.value)))
    return round(of * _of_one(found.value)), of


def by_counts(successes: int, of: int) -> Beta:
    """The posterior after `successes` of `of`."""
    prior = assumptions().prior
    return Beta(successes + prior.successes, of - successes + prior.failures)


def by_interval(found: Figure) -> Beta:
    """The Beta distribution with the figure's value as its median and the spread of its 95% interval.

    The spread is that of a normal distribution with an interval as wide. A Beta distribution is lopsided where many a
    printed interval is not, so its ends may lie a point or two away. Raises `ValueError` where none is so wide.
    """
    told, normal = assumptions().quantiles, NormalDist()
    width = normal.inv_cdf(told.high) - normal.inv_cdf(told.low)
    value = _of_one(found.value)
    deviation = (_of_one(found.high) - _of_one(found.low)) / width
    size = value * (1 - value) / deviation**2 - 1
    if size <= 1:
        raise ValueError(f"The interval of {found.id} is too wide for a Beta distribution. Use its counts.")
    third = 1 / 3  # the median of a Beta distribution is nearly (a - 1/3) / (a + b - 2/3)
    a = value * (size - third - third) + third
    return Beta(a, size - a)


def told(draws: "Draws") -> Told:
    """What is told of a distribution."""
    import numpy as np

    which: Quantiles = assumptions().quantiles
    ranks = [round(part * (len(draws) - 1)) for part in (which.low, which.middle, which.high)]
    low, middle, high = np.partition(draws, ranks)[ranks]  # the first np.quantile takes longer than all the draws
    return Told(round(middle * 100), round(low * 100), round(high * 100))


def _of_one(percent: float | None) -> float:
    if percent is None:
        raise ValueError("a figure without a number was used as a share")
    return percent / 100
