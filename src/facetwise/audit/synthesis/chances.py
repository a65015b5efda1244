"""What is true of each stratum, and how often blocks err and ablation helps there, from the published figures.

docs/explanation/synthetic-populations.md derives the formulas. Shares are from 0 to 1, times in months.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from statistics import mean
from typing import get_args

import msgspec

from facetwise.audit.synthesis.assumptions import Like, WithoutSource, WrittenStratum
from facetwise.audit.synthesis.reading import assumptions, figure_ids
from facetwise.documents.typing import Path
from facetwise.evidence import figure
from facetwise.probability import assumptions as published
from facetwise.probability.assumptions import AblationRow, Share, SourceRow
from facetwise.probability.likelihood import PositiveBlocks, Threshold
from facetwise.spine import Region

_, ONE, TWO = get_args(PositiveBlocks)


class Stratum(msgspec.Struct, frozen=True):
    """A practice and its patients.

    `prevalence` is the share whose joints hurt, `false_positive` the share of the others whose first block is positive,
    `repeated_error` that of those whose confirming block is too. Ablation helps `helped_source` of those whose joints
    hurt and `helped_others` of the others, a repeat after success `helped_again`; relief holds from `success_months` on
    with a median of `first_months` and `repeat_months`.
    """

    region: Region
    threshold: Threshold
    share: float
    prevalence: float
    false_positive: float
    repeated_error: float
    helped_source: float
    helped_others: float
    helped_again: float
    success_months: int
    first_months: float
    repeat_months: float

    @property
    def first_positive(self) -> float:
        """The share of all patients whose first block is positive."""
        return self.prevalence + (1 - self.prevalence) * self.false_positive

    @property
    def confirmed(self) -> float:
        """The share of all patients with two positive blocks, which is what the studies call prevalence."""
        return self.prevalence + (1 - self.prevalence) * self.false_positive * self.repeated_error


@cache
def strata() -> tuple[Stratum, ...]:
    """Every stratum, in the order of the file. Raises `DocumentError` where a published row is missing."""
    hidden = {(one.region, one.threshold): _hidden(one) for one in assumptions().strata}
    others = _solved(hidden, assumptions().ablation_without_source)[1]
    helped = {name: _helped(name, hidden[name], others) for name in hidden}
    return tuple(_stratum(one, hidden[one.region, one.threshold], helped) for one in assumptions().strata)


def figure_value(id: str) -> float:
    """The number of a figure: its value, or the middle of a range that names none."""
    found = figure(id)
    return found.value if found.value is not None else mean((found.low or 0, found.high or 0))


def share_of(id: str) -> float:
    """A figure in percent as a share from 0 to 1."""
    return figure_value(id) / 100


def source_row(region: Region, threshold: Threshold) -> SourceRow:
    """The published prevalence and false positive rate. Raises `ValueError` where there are none."""
    row = published().for_source(region, threshold, published().usual_setting)
    if not isinstance(row, SourceRow):
        raise ValueError(f"No figures for {region} blocks at {threshold}%: take the stratum out")
    return row


def success(region: Region, threshold: Threshold, blocks: PositiveBlocks) -> Share | None:
    """The published share whom ablation helped after so many positive blocks."""
    row = published().for_ablation(region, threshold, blocks)
    return row.share if isinstance(row, AblationRow) else None


class _Hidden(msgspec.Struct, frozen=True):
    """What a surer test would find: prevalence, false positive rate, and what one and two positive blocks are worth."""

    prevalence: float
    false_positive: float
    worth: tuple[float, float, float]


def _hidden(written: WrittenStratum) -> _Hidden:
    """The truth from which a study with comparative blocks would find what was published."""
    row = source_row(written.region, written.threshold)
    confirmed, caught = share_of(row.prevalence.figure), share_of(row.false_positive.figure)
    repeated = assumptions().repeated_error.value
    first_positive = confirmed + caught * (1 - confirmed)
    prevalence = (confirmed - first_positive * repeated) / (1 - repeated)
    false_positive = (first_positive - prevalence) / (1 - prevalence)
    return _Hidden(prevalence, false_positive, (prevalence, prevalence / first_positive, prevalence / confirmed))


_Name = tuple[Region, Threshold]
_Helped = tuple[float, float]
"""How often ablation helps where the joint is the source, and where it is not."""


def _solved(hidden: dict[_Name, _Hidden], of: WithoutSource) -> _Helped:
    """The two unknowns from two published shares, after one positive block and after two."""
    one, two = (success(of.region, of.threshold, blocks) for blocks in (ONE, TWO))
    if one is None or two is None:
        raise ValueError(f"No figures of ablation after one and after two blocks for {of.region} at {of.threshold}%")
    _, worth_one, worth_two = hidden[of.region, of.threshold].worth
    gained = (share_of(two.figure) - share_of(one.figure)) / (worth_two - worth_one)
    others = share_of(one.figure) - worth_one * gained
    return others + gained, others


def _helped(name: _Name, hidden: _Hidden, others: float) -> _Helped | None:
    two = success(*name, TWO)
    if two is None:
        return None
    worth = hidden.worth[2]
    return (share_of(two.figure) - (1 - worth) * others) / worth, others


def _stratum(written: WrittenStratum, hidden: _Hidden, helped: dict[_Name, _Helped | None]) -> Stratum:
    like: Like | WrittenStratum = written.ablation_like or written
    found = helped[like.region, like.threshold]
    if found is None:
        raise ValueError(f"No figure of ablation for {like.region} at {like.threshold}%: name another in ablation_like")
    return Stratum(
        region=written.region,
        threshold=written.threshold,
        share=written.share,
        prevalence=hidden.prevalence,
        false_positive=hidden.false_positive,
        repeated_error=assumptions().repeated_error.value,
        helped_source=found[0],
        helped_others=found[1],
        helped_again=share_of(written.repeat_success),
        success_months=written.success_months,
        first_months=figure_value(written.relief_first),
        repeat_months=figure_value(written.relief_repeat),
    )


def figures_used() -> dict[str, str]:
    """Every figure that a population is made from, and what it stands for there."""
    used: dict[str, list[str]] = {}
    for one in assumptions().strata:
        row, name = source_row(one.region, one.threshold), f"{one.region}, {one.threshold}%"
        _note(used, f"prevalence, {name}", row.prevalence)
        _note(used, f"false positive rate, {name}", row.false_positive)
        for blocks in _blocks_used(one):
            if share := success(one.region, one.threshold, blocks):
                _note(used, f"success of ablation after {blocks} positive, {name}", share)
    for path, id, _ in figure_ids(assumptions()):
        used.setdefault(id, []).append(", ".join(_words(path)))
    return {id: "; ".join(dict.fromkeys(roles)) for id, roles in used.items()}


def _words(path: Path) -> Iterator[str]:
    return (part.replace("_", " ") for part in path if isinstance(part, str) and part not in ("figure", "figures"))


def _blocks_used(one: WrittenStratum) -> Iterable[PositiveBlocks]:
    solved = assumptions().ablation_without_source
    return (ONE, TWO) if (one.region, one.threshold) == (solved.region, solved.threshold) else (TWO,)


def _note(used: dict[str, list[str]], role: str, share: Share) -> None:
    used.setdefault(share.figure, []).append(role)
