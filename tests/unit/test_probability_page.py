"""The tables of docs/explanation/how-likely.md are what the functions count. `FACETWISE_REGENERATE=1` writes them anew."""

import os
import re
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from facetwise.evidence import figure
from facetwise.probability import (
    Likelihood,
    PositiveBlocks,
    Setting,
    Threshold,
    assumptions,
    chance_ablation_helps,
    chance_after_negative_block,
    chance_of_source,
)
from facetwise.probability.draws import counts, generator, share_draws, told
from facetwise.probability.posterior import after_positive_blocks
from facetwise.spine import Region

PAGE = Path(__file__).parents[2] / "docs/explanation/how-likely.md"
BLOCKS, THRESHOLDS = get_args(PositiveBlocks), sorted(get_args(Threshold), reverse=True)
PAIRS = [("lumbar", 80), ("lumbar", 50), ("cervical", 80), ("thoracic", 80)]


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(columns), ["---"] * len(list(columns)), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def shown(chance) -> str:
    return f"{chance.percent} ({chance.low} to {chance.high})" if getattr(chance, "low", None) is not None else "none"


def printed(id: str) -> float:
    return figure(id).value / 100


def usual(region: str, threshold: int):
    return assumptions().for_source(Region(region), threshold, assumptions().usual_setting)


def settings() -> str:
    rows = []
    for region, threshold in product(Region, THRESHOLDS):
        chances = [chance_of_source(region, 0, threshold, setting) for setting in Setting]
        if any(isinstance(one, Likelihood) for one in chances):
            rows.append((region, f"{threshold}%", *map(shown, chances)))
    return table(("region", "threshold", *(setting.replace("_", " ") for setting in Setting)), rows)


def one_block() -> str:
    rows = []
    for region, threshold in PAIRS:
        row = usual(region, threshold)
        p, f = printed(row.prevalence.figure), printed(row.false_positive.figure)
        sources, others = 1000 * p, 1000 * (1 - p) * f
        percent = f"{100 * after_positive_blocks(p, 1, f, 0, 1):.1f}"
        rows.append(
            (region, f"{threshold}%", f"{100 * p:g}", f"{100 * f:g}", f"{sources:.0f}", f"{others:.0f}", percent)
        )
    columns = ("region", "threshold", "p, %", "f, %", "sources, positive", "others, positive", "sources among them, %")
    return table(columns, rows)


def two_definitions() -> str:
    ids = [
        ("Schwarzer 1994, lumbar", "lumbar_single_block_false_positive_schwarzer_1994_percent",
         "lumbar_single_block_false_positive_definition_b_schwarzer_1994_percent"),
        ("Manchikanti 2002, cervical", "cervical_single_block_false_positive_manchikanti_2002_percent",
         "cervical_single_block_false_positive_definition_b_manchikanti_2002_percent"),
    ]  # fmt: skip
    rows = [(name, f"{figure(a).value:g}", f"{figure(b).value:g}") for name, a, b in ids]
    return table(("study", "definition A, %", "definition B, %"), rows)


def sensitivity() -> str:
    rows = []
    for s in (1, 0.9, 0.8, 0.7):
        chances = [chance_of_source(Region.LUMBAR, k, 80, sensitivity=s) for k in (1, 2)]
        negative = chance_after_negative_block(Region.LUMBAR, 80, sensitivity=s)
        rows.append((f"{100 * s:g}%", *map(shown, chances), shown(negative)))
    return table(("s (lumbar, 80%)", "after one", "after two", "after a negative first block"), rows)


def dependence() -> str:
    rows = []
    for rho in (0, 0.25, 0.5, 0.75, 1, None):
        chances = [chance_of_source(Region(region), 2, threshold, dependence=rho) for region, threshold in PAIRS]
        rows.append(("from 0 to 1, as used" if rho is None else f"{rho:g}", *map(shown, chances)))
    return table(("ρ", *(f"{region}, {threshold}%" for region, threshold in PAIRS)), rows)


def second_blocks() -> str:
    rows = []
    for region, threshold in PAIRS:
        row = usual(region, threshold)
        p, f = printed(row.prevalence.figure), printed(row.false_positive.figure)
        first = p + (1 - p) * f
        rows.append((region, f"{threshold}%", f"{100 * first:.0f}", f"{100 * p / first:.0f}"))
    return table(("region", "threshold", "positive to the first, %", "of these positive to the second, %"), rows)


def fits() -> str:
    rows = []
    for share in used_shares():
        found, by = figure(share.figure), told(share_draws(share, generator()))
        value = "" if found.value is None else f"{found.value:g}"
        if share.by == "counts":
            value += " ({} of {})".format(*counts(share))
        ends = f"{found.low:g} to {found.high:g}" if found.low is not None else "none printed"
        rows.append((f"`{share.figure}`", share.by, value, ends, by.percent, f"{by.low} to {by.high}"))
    return table(
        ("figure", "by", "value", "interval or range", "median", "95% interval of the draws"), dict.fromkeys(rows)
    )


def used_shares():
    for row in assumptions().source:
        yield from (row.prevalence, row.false_positive)
        yield from (share for other in row.others for share in (other.prevalence, other.false_positive))
    for row in assumptions().ablation:
        yield from (row.share, *(beside.share for beside in row.beside if beside.share.by != "printed"))


def source() -> str:
    rows = []
    for region, threshold, setting in product(Region, THRESHOLDS, Setting):
        chances = [chance_of_source(region, blocks, threshold, setting) for blocks in BLOCKS]
        if isinstance(chances[0], Likelihood):
            name = setting.replace("_", " ")
            rows.append((region, f"{threshold}%", name, *map(shown, chances), chances[-1].certainty))
    return table(("region", "threshold", "setting", "before", "after one", "after two", "figures"), rows)


def other_studies() -> str:
    rows = []
    for region, threshold in PAIRS:
        chances = [chance_of_source(Region(region), blocks, threshold) for blocks in BLOCKS]
        for number, other in enumerate(usual(region, threshold).others):
            studies = [[one for one in chance.beside if one.says.startswith("by ")][number] for chance in chances]
            name = f"{region}, {threshold}%"
            rows.append((name, other.says, *map(shown, studies), studies[-1].certainty, other.because))
    return table(("", "study", "before", "after one", "after two", "figures", "why it is not used"), rows)


def published() -> str:
    derived = [
        ("lumbar", 80, "lumbar_prior_31_percent_single_block_predictive_value_percent"),
        ("cervical", 80, "cervical_prior_55_percent_single_block_predictive_value_percent"),
        ("thoracic", 80, "thoracic_prior_42_percent_single_block_predictive_value_percent"),
    ]
    rows = [("predictive value of one lumbar block, 1994 series",
             f"{figure(PREDICTIVE_VALUE).value:g}", shown(chance_of_source(Region.LUMBAR, 1, 50)))]  # fmt: skip
    rows += [
        (f"one {region} block, Bayes with the printed numbers of 2004", f"{figure(id).value:g}",
         shown(chance_of_source(Region(region), 1, threshold)))
        for region, threshold, id in derived
    ]  # fmt: skip
    rows += [
        (
            f"lumbar ablation after {name}, trial of 2010",
            f"{figure(id).value:g}",
            shown(chance_ablation_helps(Region.LUMBAR, k, 50)),
        )
        for k, name, id in PER_ABLATION
    ]
    return table(("", "published, %", "counted here, %"), rows)


PREDICTIVE_VALUE = "lumbar_single_block_predictive_value_schwarzer_1994_percent"
PER_ABLATION = [
    (0, "no block", "lumbar_ablation_success_no_block_per_ablation_cohen_2010_percent"),
    (1, "one block", "lumbar_ablation_success_one_block_per_ablation_cohen_2010_percent"),
    (2, "two blocks", "lumbar_ablation_success_two_blocks_per_ablation_cohen_2010_percent"),
]


def ablation() -> str:
    rows = []
    for region, threshold, blocks in product(Region, THRESHOLDS, BLOCKS):
        chance = chance_ablation_helps(region, blocks, threshold)
        where = f"{region}, {threshold}%, {blocks}"
        if isinstance(chance, Likelihood):
            says = assumptions().for_ablation(region, threshold, blocks).says
            rows.append((where, f"**{says}**", shown(chance), chance.certainty))
        for one in chance.beside:
            percent = shown(one) if one.low is not None else f"{one.percent}, no interval"
            rows.append((where, one.says, percent, one.certainty))
    return table(("region, threshold, positive blocks", "series", "did well, of 100", "figures"), rows)


def words() -> str:
    scale, below = [], 0.0
    for word in assumptions().words:
        scale.append((f"from {below:g}" + (f", below {word.below:g}" if word.below <= 100 else ""), word.says))
        below = word.below
    return table(("percent", "word"), scale)


def gaps() -> str:
    rows = [
        ("source", one.regions, one.thresholds, [setting.replace("_", " ") for setting in one.settings], one.reason)
        for one in assumptions().source_gaps
    ]
    rows += [
        ("ablation", one.regions, one.thresholds, [f"{blocks} positive" for blocks in one.positive_blocks], one.reason)
        for one in assumptions().ablation_gaps
    ]
    listed = [
        (what, ", ".join(regions), ", ".join(f"{one}%" for one in thresholds), ", ".join(third), reason)
        for what, regions, thresholds, third, reason in rows
    ]
    return table(("chance", "region", "threshold", "where", "why"), listed)


TABLES = {
    "settings": settings,
    "one block": one_block,
    "two definitions": two_definitions,
    "sensitivity": sensitivity,
    "dependence": dependence,
    "second blocks": second_blocks,
    "fits": fits,
    "source": source,
    "other studies": other_studies,
    "published": published,
    "ablation": ablation,
    "words": words,
    "gaps": gaps,
}
MARKED = r"<!-- counted: {} -->\n(.*?)<!-- counted: end -->"


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_page_is_what_the_functions_count(name):
    text = PAGE.read_text(encoding="utf-8")
    counted = f"\n{TABLES[name]()}\n\n"
    if os.environ.get("FACETWISE_REGENERATE"):
        block = f"<!-- counted: {name} -->\n{counted}<!-- counted: end -->"
        text = re.sub(MARKED.format(name), lambda _: block, text, count=1, flags=re.S)
        PAGE.write_text(text, encoding="utf-8")
    (found,) = re.findall(MARKED.format(name), text, flags=re.S)
    assert found == counted


def test_every_table_of_the_page_is_counted():
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"<!-- counted: (?!end)(.*?) -->", text) == list(TABLES)


def test_no_other_percent_stands_on_the_page():
    """What is counted stands in the tables, so that the prose cannot go stale."""
    prose = re.sub(r"<!-- counted: (?!end).*?<!-- counted: end -->", "", PAGE.read_text(encoding="utf-8"), flags=re.S)
    percents = set(re.findall(r"\d+(?:\.\d+)? ?%", prose))
    assert percents == {"95%", "50%", "80%", "100%"}
