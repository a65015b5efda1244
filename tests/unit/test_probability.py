"""Chances against the published tables, their interval, what they rest on, and where there is none."""

import math
import subprocess
import sys

import msgspec
import numpy as np
import pytest

from facetwise.evidence import Certainty, figure
from facetwise.probability import (
    Likelihood,
    NoFigure,
    Setting,
    assumptions,
    chance_ablation_helps,
    chance_after_negative_block,
    chance_of_source,
)
from facetwise.probability.draws import by_counts, by_interval, counts, generator, share_draws, told
from facetwise.probability.posterior import after_negative_block, after_positive_blocks, all_positive
from facetwise.spine import Region

LUMBAR, THORACIC, CERVICAL = Region.LUMBAR, Region.THORACIC, Region.CERVICAL
EVERY_SOURCE = [
    chance_of_source(region, blocks, threshold, setting)
    for region in Region
    for threshold in (50, 80)
    for setting in Setting
    for blocks in (0, 1, 2)
]
EVERY_ABLATION = [
    chance_ablation_helps(region, blocks, threshold)
    for region in Region
    for threshold in (50, 80)
    for blocks in (0, 1, 2)
]
TOLD = [one for one in (*EVERY_SOURCE, *EVERY_ABLATION) if isinstance(one, Likelihood)]


def test_the_predictive_value_of_one_lumbar_block_in_the_1994_series():
    chance = chance_of_source(LUMBAR, 1, 50)
    wilson = figure("lumbar_single_block_predictive_value_schwarzer_1994_wilson_percent")
    assert chance.percent == figure("lumbar_single_block_predictive_value_schwarzer_1994_percent").value == 31
    assert (chance.low, chance.high) == (wilson.low, wilson.high)


@pytest.mark.parametrize(
    ("region", "published"),
    [
        (LUMBAR, "lumbar_prior_31_percent_single_block_predictive_value_percent"),
        (CERVICAL, "cervical_prior_55_percent_single_block_predictive_value_percent"),
        (THORACIC, "thoracic_prior_42_percent_single_block_predictive_value_percent"),
    ],
)
def test_one_block_makes_of_the_printed_prevalence_what_bayes_makes_of_it(region, published):
    assert abs(chance_of_source(region, 1, 80).percent - figure(published).value) <= 0.5


@pytest.mark.parametrize(
    ("study", "definition_b"),
    [
        (chance_of_source(LUMBAR, 1, 50), "lumbar_single_block_false_positive_definition_b_schwarzer_1994_percent"),
        (
            chance_of_source(CERVICAL, 1, 80).beside[0],
            "cervical_single_block_false_positive_definition_b_manchikanti_2002_percent",
        ),
    ],
)
def test_the_other_false_positive_rate_is_what_the_chance_leaves(study, definition_b):
    assert abs(100 - study.percent - figure(definition_b).value) <= 1


@pytest.mark.parametrize(
    ("setting", "region", "threshold", "id"),
    [
        (None, LUMBAR, 80, "lumbar_prevalence_dual_block_80_percent_manchikanti_2004"),
        (None, LUMBAR, 50, "lumbar_prevalence_dual_block_50_percent_schwarzer_1994"),
        (None, CERVICAL, 80, "cervical_prevalence_dual_block_80_percent_manchikanti_2004"),
        (None, THORACIC, 80, "thoracic_prevalence_dual_block_80_percent_manchikanti_2004"),
        (
            Setting.PLACEBO_CONTROLLED,
            LUMBAR,
            80,
            "lumbar_prevalence_placebo_controlled_complete_relief_macvicar_2021_percent",
        ),
    ],
)
def test_before_any_block_the_chance_is_the_prevalence_of_the_setting(setting, region, threshold, id):
    chance = chance_of_source(region, 0, threshold, setting)
    assert chance.percent == figure(id).value
    assert [one.figure for one in chance.figures if one.role != "note"] == [id]


TRIAL_OF_2010 = [
    (0, 17, 51, "lumbar_ablation_success_no_block_per_ablation_cohen_2010_percent"),
    (1, 7, 18, "lumbar_ablation_success_one_block_per_ablation_cohen_2010_percent"),
    (2, 9, 14, "lumbar_ablation_success_two_blocks_per_ablation_cohen_2010_percent"),
]


@pytest.mark.parametrize(("blocks", "successes", "of", "id"), TRIAL_OF_2010)
def test_success_of_ablation_in_the_2010_trial(blocks, successes, of, id):
    chance = chance_ablation_helps(LUMBAR, blocks, 50)
    low, high = wilson(successes, of)
    assert counts(assumptions().for_ablation(LUMBAR, 50, blocks).share) == (successes, of)
    assert chance.percent == figure(id).value
    assert low < chance.percent < high
    assert abs(chance.low - low) < 2.5
    assert abs(chance.high - high) < 2.5


def wilson(successes: int, of: int) -> tuple[float, float]:
    """The Wilson 95% interval of a share, in percent."""
    z, share = 1.959964, successes / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z * math.sqrt(share * (1 - share) / of + z**2 / (4 * of**2)) / (1 + z**2 / of)
    return 100 * (middle - half), 100 * (middle + half)


def test_the_two_ways_to_count_the_trial_rank_its_arms_in_opposite_ways():
    chances = [chance_ablation_helps(LUMBAR, blocks, 50) for blocks in (0, 1, 2)]
    per_ablation = [one.percent for one in chances]
    as_randomised = [chances[0].percent, *(one.beside[0].percent for one in chances[1:])]
    assert per_ablation == sorted(per_ablation) == [33, 39, 64]
    assert as_randomised == [33, 16, 22]
    assert all("as randomised" in one.beside[0].says for one in chances[1:])


@pytest.mark.parametrize(
    ("id", "off"),
    [
        ("lumbar_prevalence_dual_block_80_percent_manchikanti_2004", 1),
        ("lumbar_single_block_false_positive_manchikanti_2004_percent", 1),
        ("cervical_single_block_false_positive_manchikanti_2004_percent", 1),
        ("thoracic_single_block_false_positive_manchikanti_2004_percent", 4.5),  # printed lopsided
        ("lumbar_ablation_success_6_to_12_months_conger_2020_percent", 2.5),  # printed symmetric, far from the middle
        ("cervical_ablation_success_block_80_to_99_percent_follow_on_percent", 1),
    ],
)
def test_a_distribution_fitted_to_an_interval_covers_it(id, off):
    found = figure(id)
    fitted = by_interval(found)
    draws = 100 * generator().beta(fitted.a, fitted.b, 100_000)
    low, middle, high = np.quantile(draws, [0.025, 0.5, 0.975])
    assert abs(middle - found.value) < 0.2
    assert abs(low - found.low) < off
    assert abs(high - found.high) < off
    inside = np.mean((draws > found.low) & (draws < found.high))
    assert 0.93 < inside < 0.975


@pytest.mark.parametrize(("successes", "of"), [(0, 12), (1, 12), (7, 18), (26, 176)])
def test_counts_become_a_distribution_inside_0_and_100(successes, of):
    fitted = by_counts(successes, of)
    assert (fitted.a, fitted.b) == (successes + 0.5, of - successes + 0.5)
    low, high = np.quantile(generator().beta(fitted.a, fitted.b, 20_000), [0.025, 0.975])
    assert 0 <= low < high < 1


def test_a_stated_range_is_drawn_evenly_and_not_beyond():
    share = assumptions().for_source(LUMBAR, 80, Setting.GENERAL_PAIN).prevalence
    draws = share_draws(share, generator())
    assert share.by == "range"
    assert 0.10 <= draws.min() < 0.1001
    assert 0.1499 < draws.max() <= 0.15


@pytest.mark.parametrize("chance", TOLD, ids=lambda one: f"{one.what}, {one.people}"[:90])
def test_whatever_is_told_is_whole_and_says_what_it_rests_on(chance):
    assert 0 <= chance.low <= chance.percent == chance.per_100 <= chance.high <= 100
    assert chance.low < chance.high
    assert chance.figures
    assert chance.certainty is max(
        (figure(one.figure).certainty for one in chance.figures if one.role != "note"), key=list(Certainty).index
    )
    assert chance.assumptions[0] == f"Counted are people {chance.people}."
    assert not any(mark in text for text in chance.assumptions for mark in "{}")
    assert msgspec.json.decode(msgspec.json.encode(chance), type=Likelihood | NoFigure) == chance


def test_every_question_has_an_answer_or_a_reason():
    missing = [one for one in (*EVERY_SOURCE, *EVERY_ABLATION) if isinstance(one, NoFigure)]
    assert all(one.reason.endswith(".") for one in missing)
    assert len(missing) + len(TOLD) == 2 * 3 * 3 * 3 + 2 * 3 * 3


@pytest.mark.parametrize(
    ("chance", "reason"),
    [
        (chance_ablation_helps(THORACIC, 2, 80), "No usable figure for the success of thoracic ablation"),
        (chance_ablation_helps(THORACIC, 0, 50), "No usable figure for the success of thoracic ablation"),
        (chance_ablation_helps(CERVICAL, 0, 80), "without a block"),
        (chance_ablation_helps(CERVICAL, 2, 50), "two blocks of at least 50% relief"),
        (chance_ablation_helps(LUMBAR, 1, 80), "neither its interval nor the size"),
        (chance_of_source(CERVICAL, 1, 50), "counts a cervical block as positive from 50% relief"),
        (chance_of_source(THORACIC, 1, 50), "counts a thoracic block as positive from 50% relief"),
        (chance_of_source(THORACIC, 1, 80, Setting.GENERAL_PAIN), "outside interventional practice"),
        (chance_after_negative_block(LUMBAR, 80), "100% by construction"),
        (chance_after_negative_block(THORACIC, 50), "counts a thoracic block"),
    ],
)
def test_where_no_source_gives_a_figure_there_is_none(chance, reason):
    assert isinstance(chance, NoFigure)
    assert reason in chance.reason


def test_a_share_printed_without_interval_stands_beside_and_is_no_answer():
    (beside,) = chance_ablation_helps(CERVICAL, 1, 80).beside
    assert (beside.percent, beside.low, beside.high) == (58, None, None)


def test_a_figure_from_memory_makes_its_chance_unverified():
    assert chance_of_source(CERVICAL, 1, 80).certainty is Certainty.PRIMARY
    assert chance_of_source(CERVICAL, 1, 80, Setting.GENERAL_PAIN).certainty is Certainty.UNVERIFIED
    assert chance_ablation_helps(LUMBAR, 1, 50).certainty is Certainty.UNVERIFIED  # how many went on is inferred


def test_a_figure_that_a_note_quotes_is_listed_and_does_not_make_the_chance_less_certain():
    chance = chance_ablation_helps(CERVICAL, 2, 80)
    notes = {one.figure: one.certainty for one in chance.figures if one.role == "note"}
    assert notes["cervical_ablation_pain_free_27_weeks_lord_1996_percent"] is Certainty.SECONDARY
    assert chance.certainty is Certainty.PRIMARY
    assert any("58% were free of pain" in text and "8% after a sham" in text for text in chance.assumptions)


@pytest.mark.parametrize(("region", "threshold"), [(LUMBAR, 80), (LUMBAR, 50), (CERVICAL, 80), (THORACIC, 80)])
def test_every_positive_block_raises_the_chance(region, threshold):
    before, one, two = (chance_of_source(region, blocks, threshold).percent for blocks in (0, 1, 2))
    assert before < one < two


def test_a_second_block_that_only_repeats_the_first_gains_nothing():
    one = chance_of_source(LUMBAR, 1, 80)
    repeated, halfway, independent = (chance_of_source(LUMBAR, 2, 80, dependence=rho) for rho in (1, 0.5, 0))
    assert (repeated.percent, repeated.low, repeated.high) == (one.percent, one.low, one.high)
    assert repeated.percent < halfway.percent < independent.percent


def test_an_unknown_dependence_widens_the_interval_to_both_ends():
    unknown, fixed = chance_of_source(LUMBAR, 2, 80), chance_of_source(LUMBAR, 2, 80, dependence=0.5)
    independent, repeated = unknown.beside[:2]
    assert unknown.high - unknown.low > fixed.high - fixed.low
    assert repeated.percent < unknown.percent < independent.percent
    assert any("is not known" in text for text in unknown.assumptions)
    assert any("correlate by 0.5" in text for text in fixed.assumptions)


def test_a_block_that_misses_some_is_worth_less_when_positive_and_tells_something_when_negative():
    usual, less = chance_of_source(LUMBAR, 1, 80), chance_of_source(LUMBAR, 1, 80, sensitivity=0.8)
    negative = chance_after_negative_block(LUMBAR, 80, sensitivity=0.8)
    assert less.percent < usual.percent
    assert 0 < negative.percent < chance_of_source(LUMBAR, 0, 80).percent
    assert any("find 80% of those" in text for text in less.assumptions)
    assert any("miss nobody" in text for text in usual.assumptions)


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"sensitivity": 0}, "sensitivity is 0"),
        ({"sensitivity": 1.2}, "sensitivity is 1.2"),
        ({"dependence": -0.1}, "dependence is -0.1"),
        ({"dependence": float("nan")}, "dependence is nan"),
    ],
)
def test_an_impossible_assumption_is_refused(wrong, what):
    with pytest.raises(ValueError, match=what):
        chance_of_source(LUMBAR, 1, 80, **wrong)


def test_two_blocks_of_a_study_whose_standard_is_two_blocks_say_what_the_number_means():
    assert any("By the study's own standard" in text for text in chance_of_source(LUMBAR, 2, 80).assumptions)
    placebo = chance_of_source(LUMBAR, 2, 80, Setting.PLACEBO_CONTROLLED)
    assert not any("own standard" in text for text in placebo.assumptions)
    assert placebo.assumptions[1] == '"Source" means confirmed by placebo-controlled blocks.'


def test_the_thoracic_answer_tells_that_its_target_is_doubtful():
    assert any("5 of 22 branches" in text for text in chance_of_source(THORACIC, 1, 80).assumptions)


def test_seeded_draws_give_the_same_answer_again():
    worked_out = chance_of_source.__wrapped__
    assert worked_out(LUMBAR, 2, 80) == worked_out(LUMBAR, 2, 80) == chance_of_source(LUMBAR, 2, 80)
    assert (generator().random(9) == generator().random(9)).all()


def test_the_median_and_the_ends_of_draws():
    assert told(np.linspace(0, 1, 100_001)) == (50, 2, 98)


def test_the_formulas_by_hand():
    assert after_positive_blocks(0.31, 1, 0.27, 0, 1) == pytest.approx(0.31 / (0.31 + 0.69 * 0.27))
    assert after_positive_blocks(0.31, 1, 0.27, 0.5, 2) == pytest.approx(0.31 / (0.31 + 0.69 * (0.0729 + 0.09855)))
    assert after_negative_block(0.3, 0.8, 0.4) == pytest.approx(0.06 / (0.06 + 0.42))
    assert [all_positive(0.3, blocks, 0) for blocks in (0, 1, 2)] == pytest.approx([1, 0.3, 0.09])


def test_two_blocks_drawn_with_a_correlation_are_both_positive_as_often_as_the_formula_says():
    random, rate, correlation, count = np.random.default_rng(7), 0.27, 0.4, 400_000
    first = random.random(count) < rate
    repeats = random.random(count) < correlation
    second = np.where(repeats, first, random.random(count) < rate)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(correlation, abs=0.01)
    assert np.mean(first & second) == pytest.approx(all_positive(rate, 2, correlation), abs=0.003)


def test_the_package_and_a_page_of_it_import_no_numpy():
    program = (
        "import sys, facetwise.probability, facetwise.reports.likelihood\n"
        "from facetwise.probability import assumptions\n"
        "assumptions()\n"
        "print('numpy' in sys.modules)\n"
    )
    outcome = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert outcome.stdout.strip() == "False"
