"""What must hold of Bayes' rule with dependent blocks, and of every picture, whatever the numbers."""

import re

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from facetwise.probability import assumptions, chance_of_source, icon_array_svg
from facetwise.probability.posterior import after_negative_block, after_positive_blocks, all_positive
from facetwise.probability.words import scale_word
from facetwise.spine import Region

inner = st.floats(0.01, 0.99)
rate = st.floats(0, 1)
blocks = st.sampled_from([1, 2])
CLOSE = 1e-9


@given(inner, inner, rate, blocks, st.data())
def test_a_higher_prevalence_raises_the_chance(prevalence, false_positive, dependence, count, data):
    higher = data.draw(st.floats(prevalence, 0.99))
    chances = [after_positive_blocks(p, 1, false_positive, dependence, count) for p in (prevalence, higher)]
    assert chances[0] <= chances[1] + CLOSE


@given(inner, inner, rate, blocks, st.data())
def test_a_higher_false_positive_rate_lowers_the_chance(prevalence, false_positive, dependence, count, data):
    higher = data.draw(st.floats(false_positive, 0.99))
    chances = [after_positive_blocks(prevalence, 1, f, dependence, count) for f in (false_positive, higher)]
    assert chances[0] >= chances[1] - CLOSE


@given(inner, inner, rate)
def test_no_positive_block_of_a_test_that_misses_nobody_lowers_the_chance(prevalence, false_positive, dependence):
    chances = [after_positive_blocks(prevalence, 1, false_positive, dependence, count) for count in (0, 1, 2)]
    assert chances[0] == prevalence or abs(chances[0] - prevalence) < CLOSE
    assert chances[0] <= chances[1] + CLOSE
    assert chances[1] <= chances[2] + CLOSE


@given(inner, inner, inner, rate)
def test_positive_blocks_raise_the_chance_as_long_as_sources_are_more_often_positive(p, sensitivity, f, dependence):
    assume(sensitivity > f)
    one, two = (after_positive_blocks(p, sensitivity, f, dependence, count) for count in (1, 2))
    assert p <= one + CLOSE
    assert one <= two + CLOSE
    assert after_negative_block(p, sensitivity, f) <= p + CLOSE


@given(inner, inner, inner, rate, st.data())
def test_more_dependence_takes_from_a_second_block_and_full_dependence_takes_all(p, sensitivity, f, dependence, data):
    assume(sensitivity > f)
    more = data.draw(st.floats(dependence, 1))
    assert (
        after_positive_blocks(p, sensitivity, f, more, 2)
        <= after_positive_blocks(p, sensitivity, f, dependence, 2) + CLOSE
    )
    one = after_positive_blocks(p, sensitivity, f, 0, 1)
    assert abs(after_positive_blocks(p, sensitivity, f, 1, 2) - one) < CLOSE


@given(rate, rate)
def test_two_positive_blocks_lie_between_independence_and_repetition(one, dependence):
    assert one * one - CLOSE <= all_positive(one, 2, dependence) <= one + CLOSE


@given(inner, inner, inner)
def test_a_block_teaches_nothing_on_average(p, sensitivity, f):
    """The chance before is the mean of the chances after, weighed by how often each result comes."""
    positive = p * sensitivity + (1 - p) * f
    mean = positive * after_positive_blocks(p, sensitivity, f, 0, 1)
    mean += (1 - positive) * after_negative_block(p, sensitivity, f)
    assert abs(mean - p) < CLOSE


@given(st.floats(0, 100))
def test_every_percent_has_a_word(percent):
    assert scale_word(percent, assumptions().words) in {word.says for word in assumptions().words}


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3).map(sorted))
def test_every_picture_fills_as_many_as_it_says(bounds):
    low, percent, high = bounds
    chance = chance_of_source(Region.LUMBAR, 1, 80)
    svg = icon_array_svg(msgspec.structs.replace(chance, per_100=percent, low=low, high=high))
    assert len(re.findall(r'class="filled', svg)) == percent
    assert len(re.findall(r'class="(?:filled|empty)', svg)) == 100
    assert len(re.findall(r'within"', svg)) == high - low
