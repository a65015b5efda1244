"""Limits within which chance alone would put the share of a group of so many: exact binomial ones."""

from collections.abc import Iterable
from typing import NamedTuple

INNER, OUTER = 95.0, 99.8
"""Percent of groups that lie within the limits if chance alone tells them apart; the limits of funnel plots."""


class Limits(NamedTuple):
    """Shares, from 0 to 1: the outer limits, with the inner ones between them."""

    outer_low: float
    inner_low: float
    inner_high: float
    outer_high: float


def limits(share: float, requests: Iterable[int]) -> list[Limits]:
    """The limits around the share of all, for groups of so many requests.

    Quantiles of the binomial distribution, drawn out between the whole numbers as Spiegelhalter does (2005, Statistics
    in Medicine 24:1185), so that they have no steps.
    """
    tails = [(1 - width / 100) / 2 for width in (OUTER, INNER)]
    chances = (tails[0], tails[1], 1 - tails[1], 1 - tails[0])
    return [Limits(*(_quantile(chance, number, share) for chance in chances)) for number in requests]


def place(share: float, within: Limits) -> str:
    """Where a share lies against its limits; "" where nothing but chance need tell it apart."""
    if share < within.outer_low:
        return "below the outer limit"
    if share > within.outer_high:
        return "above the outer limit"
    if share < within.inner_low:
        return "below the inner limit"
    return "above the inner limit" if share > within.inner_high else ""


def _quantile(chance: float, number: int, share: float) -> float:
    from scipy.stats import binom  # type: ignore[import-untyped]

    if share in (0.0, 1.0):
        return share
    most = int(binom.ppf(chance, number, share))
    below, up_to = binom.cdf(most - 1, number, share), binom.cdf(most, number, share)
    drawn_out = most - (up_to - chance) / (up_to - below)
    return float(min(max(drawn_out / number, 0.0), 1.0))
