"""Sets of sites: what they share, what they cover, and what an undocumented side leaves open."""

import pytest
from hypothesis import given
from spine_strategies import any_site_sets, completions, site_sets

from facetwise.spine import Side, Site, SiteSet, parse_sites

# Sets that meet at few levels, so that they overlap often, with few undocumented sides, so that all can be tried.
CLOSE = site_sets(("L3-4", "L4-5", "L5-S1"), max_size=4)

RELATIONS = """
    this                 that                 overlaps  covers
    left L4-5            left L4-5            T         T
    left L4-5            right L4-5           F         F
    left L4-5            left L5-S1           F         F
    left L4-5, L5-S1     left L4-5            T         T
    left L4-5            left L4-5, L5-S1     T         F
    bilateral L4-5       left L4-5            T         T
    left L4-5            bilateral L4-5       T         F
    bilateral L4-5       L4-5                 T         T
    left L4-5            L4-5                 ?         ?
    L4-5                 left L4-5            ?         ?
    L4-5                 bilateral L4-5       T         ?
    L4-5                 L4-5                 ?         ?
    L4-5                 L5-S1                F         F
    L4-5, L5-S1          left L4-5            ?         ?
    L4-5                 left L4-5, L5-S1     ?         F
    left L4-5            L4-5, L5-S1          ?         F
"""
ROWS = [
    tuple(part.strip() for part in (line[:21], line[21:42], line[42:52], line[52:]))
    for line in (line.removeprefix("    ") for line in RELATIONS.strip("\n").splitlines()[1:])
]


@pytest.mark.parametrize(("this", "that", "overlaps", "covers"), ROWS)
def test_relations(this, that, overlaps, covers):
    truth = {"T": True, "F": False, "?": None}
    one, other = parse_sites(this), parse_sites(that)
    assert one.overlaps(other) is truth[overlaps]
    assert other.overlaps(one) is truth[overlaps]
    assert one.covers(other) is truth[covers]


def decided(answers: set[bool]) -> bool | None:
    return answers.pop() if len(answers) == 1 else None


@given(CLOSE, CLOSE)
def test_overlaps_is_exactly_what_all_completions_agree_on(one, other):
    answers = {bool(this.left & that.left or this.right & that.right) for this in completions(one) for that in completions(other)}  # fmt: skip
    assert one.overlaps(other) is decided(answers)


@given(CLOSE, CLOSE)
def test_covers_is_exactly_what_all_completions_agree_on(one, other):
    answers = {
        not (that.left & ~this.left or that.right & ~this.right)
        for this in completions(one)
        for that in completions(other)
    }
    assert one.covers(other) is decided(answers)


@given(any_site_sets(), any_site_sets())
def test_mirroring_both_changes_no_relation(one, other):
    assert one.mirrored().overlaps(other.mirrored()) is one.overlaps(other)
    assert one.mirrored().covers(other.mirrored()) is one.covers(other)
    assert one.mirrored().mirrored() == one
    assert one.mirrored().levels == one.levels


@given(any_site_sets(), any_site_sets())
def test_union(one, other):
    both = one | other
    assert set(both) == set(one) | set(other)
    assert both.covers(SiteSet(one.left, one.right)) is True
    assert both.levels == one.levels | other.levels


@given(any_site_sets())
def test_a_set_is_made_of_its_sites(sites):
    assert SiteSet.of(sites) == sites
    assert len(list(sites)) == len(sites)
    assert hash(SiteSet.of(reversed(list(sites)))) == hash(sites)


@given(any_site_sets().filter(len))
def test_what_is_printed_is_read_back(sites):
    assert parse_sites(str(sites)) == sites


@given(any_site_sets().filter(len))
def test_what_is_printed_is_read_back_in_capitals(sites):
    assert parse_sites(str(sites).upper()) == sites


def test_an_empty_set():
    nothing, something = SiteSet(), parse_sites("left L4-5")
    assert (str(nothing), len(nothing), list(nothing)) == ("", 0, [])
    assert nothing.overlaps(something) is False
    assert something.covers(nothing) is True
    assert nothing.covers(something) is False


def test_a_set_is_not_equal_to_anything_else():
    assert SiteSet(1) != (1, 0, 0)
    assert SiteSet(1) != SiteSet(0, 1)
    assert repr(parse_sites("l4-5 left")) == "SiteSet(left L4-5)"


def test_an_unknown_level_is_refused():
    with pytest.raises(KeyError):
        SiteSet.of([Site("L5-6", Side.LEFT)])
