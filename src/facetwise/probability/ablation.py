"""The chance that ablation helps, by region, number of positive blocks and the relief that counts as positive.

The series measured success after ablation, by their own definitions. What they do not tell stays without a figure.
"""

from functools import cache

from facetwise.probability.assumptions import AblationGap
from facetwise.probability.draws import generator, share_draws, told
from facetwise.probability.likelihood import ABLATION, Likelihood, NoFigure, PositiveBlocks, Threshold
from facetwise.probability.reading import assumptions
from facetwise.probability.telling import after_blocks, likelihood, shown_beside, used_for
from facetwise.spine import Region


@cache
def chance_ablation_helps(
    region: Region, positive_blocks: PositiveBlocks, threshold_percent: Threshold
) -> Likelihood | NoFigure:
    """The chance that ablation helps after so many positive blocks, each of `threshold_percent` relief or more.

    Counted per ablation done. Where a trial also tells it for all who were randomised, that is `beside`.
    """
    row = assumptions().for_ablation(region, threshold_percent, positive_blocks)
    beside = tuple(shown_beside(one) for one in row.beside)
    if isinstance(row, AblationGap):
        return NoFigure(ABLATION, row.reason, beside)
    return likelihood(
        ABLATION,
        (region, positive_blocks, threshold_percent),
        told(share_draws(row.share, generator())),
        people=f"with chronic {region} pain, {after_blocks(positive_blocks, threshold_percent)}, {row.says}",
        texts=(f'"Helps" means {row.helps}.', *row.notes, *assumptions().ablation_notes[region]),
        figures=used_for(row.share, "share who did well"),
        beside=beside,
    )
