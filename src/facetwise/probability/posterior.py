"""The chance that the joints are the source of the pain: before any block, after one positive block, after two.

docs/explanation/how-likely.md derives the formulas. Rates are shares from 0 to 1, single numbers or draws.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, get_args

from facetwise.probability.assumptions import OtherPair, Setting, Share, SourceGap, SourceRow
from facetwise.probability.draws import Told, generator, share_draws, told
from facetwise.probability.likelihood import (
    SOURCE,
    Beside,
    Likelihood,
    NoFigure,
    PositiveBlocks,
    Threshold,
    Used,
    worst,
)
from facetwise.probability.reading import assumptions
from facetwise.probability.telling import after_blocks, likelihood, used_for
from facetwise.spine import Region

if TYPE_CHECKING:
    from facetwise.probability.draws import Draws

    Rate = Draws | float


@cache
def chance_of_source(
    region: Region,
    positive_blocks: PositiveBlocks,
    threshold_percent: Threshold,
    setting: Setting | None = None,
    *,
    sensitivity: float | None = None,
    dependence: float | None = None,
) -> Likelihood | NoFigure:
    """The chance that the joints are the source of the pain after so many positive blocks of them.

    A block is positive from `threshold_percent` relief on. `sensitivity` is the share of true sources that a block
    finds, above 0 and up to 1; `dependence` the correlation of two blocks of one patient, from 0 to 1. What is not
    given is as `assumptions.yaml` has it. Raises `ValueError` for a sensitivity or dependence outside its bounds.
    """
    _require(sensitivity, dependence)
    setting = setting or assumptions().usual_setting
    row = assumptions().for_source(region, threshold_percent, setting)
    if isinstance(row, SourceGap):
        return NoFigure(SOURCE, row.reason)
    return likelihood(
        SOURCE,
        (region, positive_blocks, threshold_percent),
        _told(row, positive_blocks, sensitivity, dependence),
        people=_people(region, setting, after_blocks(positive_blocks, threshold_percent)),
        texts=tuple(_texts(row, positive_blocks, sensitivity, dependence)),
        figures=_figures(row, positive_blocks),
        beside=_beside(row, positive_blocks, sensitivity, dependence),
    )


@cache
def chance_after_negative_block(
    region: Region, threshold_percent: Threshold, setting: Setting | None = None, *, sensitivity: float | None = None
) -> Likelihood | NoFigure:
    """The chance after a first block that was negative: no figure unless a `sensitivity` is assumed."""
    _require(sensitivity, None)
    setting = setting or assumptions().usual_setting
    row = assumptions().for_source(region, threshold_percent, setting)
    if isinstance(row, SourceGap):
        return NoFigure(SOURCE, row.reason)
    if sensitivity is None:
        return NoFigure(SOURCE, assumptions().sensitivity.because)
    prevalence, false_positive, _ = _draws(row.prevalence, row.false_positive)
    found = told(after_negative_block(prevalence, sensitivity, false_positive))
    people = _people(region, setting, f"after one block with less than {threshold_percent}% relief")
    return likelihood(
        SOURCE,
        (region, 0, threshold_percent),
        found,
        people=people,
        texts=(assumptions().references[row.reference].says, _sensitivity_text(sensitivity), *row.notes),
        figures=_figures(row, 1),
    )


def all_positive(rate: "Rate", blocks: PositiveBlocks, dependence: "Rate") -> "Rate":
    """The chance that so many blocks are all positive, where each is with `rate` and two correlate by `dependence`."""
    return (1.0, rate, rate * rate + dependence * rate * (1 - rate))[blocks]


def after_positive_blocks(
    prevalence: "Draws", sensitivity: "Rate", false_positive: "Rate", dependence: "Rate", blocks: PositiveBlocks
) -> "Draws":
    """Bayes' rule: the share of sources among those whose blocks were all positive."""
    sources = prevalence * all_positive(sensitivity, blocks, dependence)
    others = (1 - prevalence) * all_positive(false_positive, blocks, dependence)
    return sources / (sources + others)


def after_negative_block(prevalence: "Draws", sensitivity: "Rate", false_positive: "Rate") -> "Draws":
    """Bayes' rule: the share of sources among those whose first block was negative."""
    missed = prevalence * (1 - sensitivity)
    return missed / (missed + (1 - prevalence) * (1 - false_positive))


def _told(
    pair: SourceRow | OtherPair, blocks: PositiveBlocks, sensitivity: float | None, dependence: float | None
) -> Told:
    prevalence, false_positive, correlation = _draws(pair.prevalence, pair.false_positive)
    found = assumptions().sensitivity.value if sensitivity is None else sensitivity
    together: Rate = correlation if dependence is None else dependence
    return told(after_positive_blocks(prevalence, found, false_positive, together, blocks))


@lru_cache(maxsize=4)
def _draws(prevalence: Share, false_positive: Share) -> "tuple[Draws, Draws, Draws]":
    """Draws of a study's two shares and of the dependence, the same for every question about the study."""
    random, dependence = generator(), assumptions().dependence
    shares = share_draws(prevalence, random), share_draws(false_positive, random)
    return *shares, random.uniform(dependence.low, dependence.high, assumptions().draws)


def _beside(
    row: SourceRow, blocks: PositiveBlocks, sensitivity: float | None, dependence: float | None
) -> Iterator[Beside]:
    """The ends of the dependence where it was drawn, then other studies."""
    certainty = worst(one.certainty for one in _figures(row, blocks))
    if blocks == max(get_args(PositiveBlocks)) and dependence is None:
        low, high = _told(row, blocks, sensitivity, 0), _told(row, blocks, sensitivity, 1)
        yield Beside("if the second block errs independently of the first", *low, certainty)
        yield Beside("if the second block only repeats the first", *high, certainty)
    for other in row.others:
        worse = worst(one.certainty for one in _figures(other, blocks))
        yield Beside(f"by {other.says}", *_told(other, blocks, sensitivity, dependence), worse)


def _figures(pair: SourceRow | OtherPair, blocks: PositiveBlocks) -> list[Used]:
    """The figures used: before any block the false positive rate is not."""
    rate = used_for(pair.false_positive, "false positive rate of one block") if blocks else []
    return [*used_for(pair.prevalence, "prevalence"), *rate]


def _people(region: Region, setting: Setting, after: str) -> str:
    return f"with chronic {region} pain, {assumptions().settings[setting].says}, {after}"


def _texts(
    row: SourceRow, blocks: PositiveBlocks, sensitivity: float | None, dependence: float | None
) -> Iterator[str]:
    """What was counted and what is assumed, in sentences."""
    yield assumptions().references[row.reference].says
    if blocks:
        yield _sensitivity_text(sensitivity)
        yield from row.notes
    if blocks == max(get_args(PositiveBlocks)):
        yield _dependence_text(dependence)
        yield assumptions().references[row.reference].after_two


def _sensitivity_text(sensitivity: float | None) -> str:
    if sensitivity is None:
        return assumptions().sensitivity.says
    return f"A block is taken to find {sensitivity * 100:g}% of those whose pain comes from the joints."


def _dependence_text(dependence: float | None) -> str:
    if dependence is None:
        return assumptions().dependence.says
    return f"The errors of two blocks of one patient are taken to correlate by {dependence:g}."


def _require(sensitivity: float | None, dependence: float | None) -> None:
    if sensitivity is not None and not 0 < sensitivity <= 1:
        raise ValueError(f"sensitivity is {sensitivity}. Give a share above 0, up to 1")
    if dependence is not None and not 0 <= dependence <= 1:
        raise ValueError(f"dependence is {dependence}. Give a correlation from 0 to 1")
