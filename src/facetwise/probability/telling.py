"""What goes with every chance: whom it counts, which figures it rests on, how certain they are."""

from collections.abc import Iterable, Sequence

from facetwise.evidence import figure
from facetwise.probability.assumptions import BesideRow, Share
from facetwise.probability.draws import Told, generator, share_draws, told
from facetwise.probability.likelihood import (
    ABLATION,
    SOURCE,
    Beside,
    Likelihood,
    PositiveBlocks,
    Threshold,
    Used,
    worst,
)
from facetwise.probability.reading import assumptions
from facetwise.probability.words import filled, of_100, quoted, scale_word
from facetwise.spine import Region

WOULD = {SOURCE: "would have their pain from the joints", ABLATION: "would do well after ablation"}
NOTE = "note"


def likelihood(
    what: str,
    asked: tuple[Region, PositiveBlocks, Threshold],
    found: Told,
    people: str,
    texts: Sequence[str],
    figures: Sequence[Used],
    beside: Iterable[Beside] = (),
) -> Likelihood:
    """A chance as it is told. `texts` may quote figures, which are then listed as notes."""
    notes = [used(id, NOTE) for id in dict.fromkeys(id for text in texts for id in quoted(text))]
    region, blocks, threshold = asked
    return Likelihood(
        what=what,
        region=region,
        positive_blocks=blocks,
        threshold_percent=threshold,
        percent=found.percent,
        low=found.low,
        high=found.high,
        per_100=found.percent,
        words=scale_word(found.percent, assumptions().words),
        says=of_100(*found, WOULD[what]),
        people=people,
        assumptions=(f"Counted are people {people}.", *(filled(text) for text in texts if text)),
        figures=(*figures, *notes),
        certainty=worst(one.certainty for one in figures),
        beside=tuple(beside),
    )


def used(id: str, role: str) -> Used:
    """A figure with what it stands for."""
    found = figure(id)
    return Used(id, role, found.says, found.source.title, found.certainty)


def used_for(share: Share, role: str) -> list[Used]:
    """The figures of a share."""
    left_out = [used(share.all_but, "left out of the count")] if share.all_but else []
    return [used(share.figure, role), *left_out]


def shown_beside(row: BesideRow) -> Beside:
    """A share of its own, with an interval where one can be had."""
    certainty = worst(one.certainty for one in used_for(row.share, ""))
    if row.share.by == "printed":
        return Beside(row.says, round(figure(row.share.figure).value or 0), None, None, certainty)
    return Beside(row.says, *told(share_draws(row.share, generator())), certainty)


def after_blocks(blocks: PositiveBlocks, threshold: Threshold) -> str:
    """How far the work-up has come."""
    relief = f"at least {threshold}% relief"
    return ("before any block", f"after one block with {relief}", f"after two blocks with {relief} each")[blocks]
