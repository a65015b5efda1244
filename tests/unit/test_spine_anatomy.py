"""Levels, nerves and regions: what the anatomy books print, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.evidence import Certainty
from facetwise.spine import (
    LEVELS,
    NERVES,
    NoMedialBranchSupply,
    Region,
    joints_supplied,
    level_mask,
    level_named,
    levels_in,
    nerve_named,
    nerves_of_level,
    refusal,
    region_of,
    vertebra_below,
    volume_limit,
)
from facetwise.spine.nerves import levels_of_nerve, supply_certainty

SUPPLY = """
    C2-3    TON
    C3-4    C3 MB, C4 MB
    C4-5    C4 MB, C5 MB
    C5-6    C5 MB, C6 MB
    C6-7    C6 MB, C7 MB
    C7-T1   C7 MB, C8 MB
    T1-2    C8 MB, T1 MB
    T2-3    T1 MB, T2 MB
    T3-4    T2 MB, T3 MB
    T4-5    T3 MB, T4 MB
    T5-6    T4 MB, T5 MB
    T6-7    T5 MB, T6 MB
    T7-8    T6 MB, T7 MB
    T8-9    T7 MB, T8 MB
    T9-10   T8 MB, T9 MB
    T10-11  T9 MB, T10 MB
    T11-12  T10 MB, T11 MB
    T12-L1  T11 MB, T12 MB
    L1-2    T12 MB, L1 MB
    L2-3    L1 MB, L2 MB
    L3-4    L2 MB, L3 MB
    L4-5    L3 MB, L4 MB
    L5-S1   L4 MB, L5 DR
"""
ROWS = [line.split(maxsplit=1) for line in SUPPLY.strip().splitlines()]
NERVES_OF = {level: nerves.split(", ") for level, nerves in ROWS}


@pytest.mark.parametrize("level", NERVES_OF)
def test_nerves_of_a_level(level):
    assert [nerve.short for nerve in nerves_of_level(level)] == NERVES_OF[level]
    assert refusal(level) is None


def test_every_level_is_in_the_table_or_refused():
    assert list(LEVELS) == ["C0-1", "C1-2", *NERVES_OF]


@pytest.mark.parametrize(("level", "root"), [("C0-1", "C1"), ("C1-2", "C2")])
def test_the_two_uppermost_joints_have_no_medial_branch(level, root):
    with pytest.raises(NoMedialBranchSupply, match=f"ventral ramus of {root}, not by medial branches") as refused:
        nerves_of_level(level)
    assert str(refused.value) == refusal(level)
    assert "only an injection into the joint can test it" in str(refused.value)


@pytest.mark.parametrize("name", ["L6-S1", "C2-C3", "l4-5", "", "S1-2"])
def test_what_is_no_level(name):
    for function in (nerves_of_level, level_named):
        with pytest.raises(KeyError):
            function(name)
    with pytest.raises(KeyError):
        level_mask([name])


@pytest.mark.parametrize("nerve", NERVES, ids=[nerve.short for nerve in NERVES])
def test_both_directions_agree(nerve):
    assert levels_of_nerve(nerve.short) == tuple(level for level, nerves in NERVES_OF.items() if nerve.short in nerves)


def test_names_of_nerves():
    assert nerve_named("third occipital nerve").short == "TON"
    assert nerve_named("l5 dr").name == "L5 dorsal ramus"
    assert nerve_named("L4 medial branch").short == "L4 MB"
    for name in ("L5 MB", "C2 MB", "C9 MB", ""):
        with pytest.raises(KeyError):
            nerve_named(name)


TARGETS = [
    ("C5 MB", "waist of the C5 articular pillar"),
    ("C7 MB", "C7 superior articular process"),
    ("C8 MB", "T1 transverse process"),
    ("T1 MB", "T2 transverse process"),
    ("T5 MB", "above the T6 transverse process"),
    ("T11 MB", "junction of the T12"),
    ("T12 MB", "junction of the L1"),
    ("L3 MB", "junction of the L4"),
    ("L4 MB", "junction of the L5"),
    ("L5 DR", "sacral ala"),
    ("TON", "C2-3 joint line"),
]


@pytest.mark.parametrize(("nerve", "landmark"), TARGETS)
def test_below_the_neck_a_nerve_is_reached_one_vertebra_lower(nerve, landmark):
    assert landmark in nerve_named(nerve).target


CHAIN = [nerve.short for nerve in NERVES if nerve.short != "TON"]


@given(st.integers(0, len(CHAIN) - 1), st.integers(1, len(CHAIN)))
def test_n_adjacent_nerves_give_n_minus_1_joints(first, count):
    nerves = CHAIN[first : first + count]
    joints, unused = joints_supplied(nerves)
    assert len(joints) == len(nerves) - 1
    assert unused == (nerves if len(nerves) == 1 else [])
    numbers = [level_named(joint) for joint in joints]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else not joints


@given(st.lists(st.sampled_from([nerve.short for nerve in NERVES]), unique=True))
def test_joints_of_any_nerves(nerves):
    joints, unused = joints_supplied(nerves)
    assert joints == [level for level in NERVES_OF if set(NERVES_OF[level]) <= set(nerves)]
    assert set(unused) == set(nerves) - {nerve for joint in joints for nerve in NERVES_OF[joint]}


def test_the_third_occipital_nerve_alone_supplies_a_joint():
    assert joints_supplied(["TON"]) == (["C2-3"], [])


@pytest.mark.parametrize(
    ("level", "region", "below"),
    [
        ("C0-1", Region.CERVICAL, "C1"),
        ("C7-T1", Region.CERVICAL, "T1"),
        ("T1-2", Region.THORACIC, "T2"),
        ("T12-L1", Region.THORACIC, "L1"),
        ("L1-2", Region.LUMBAR, "L2"),
        ("L5-S1", Region.LUMBAR, "S1"),
    ],
)
def test_regions_and_vertebrae(level, region, below):
    assert region_of(level) is region
    assert vertebra_below(level) == below


def test_levels_are_numbered_from_the_top():
    assert len(LEVELS) == 25
    assert [level_named(level) for level in LEVELS] == list(range(25))


@given(st.sets(st.sampled_from(LEVELS)))
def test_masks_and_names(levels):
    assert levels_in(level_mask(levels)) == sorted(levels, key=LEVELS.index)


def test_what_was_seen_in_a_source_says_so():
    assert supply_certainty("L5-S1") is Certainty.SECONDARY
    assert supply_certainty("T5-6") is Certainty.UNVERIFIED


LIMITS = [
    (nerve_named("L4 MB"), "<=", 0.5),
    (nerve_named("L5 DR"), "<=", 0.5),
    (nerve_named("C5 MB"), "<", 0.3),
    (nerve_named("C8 MB"), "<", 0.3),
    (nerve_named("TON"), "<", 0.3),
    (Region.LUMBAR, "<", 1.5),
    (Region.CERVICAL, "<=", 1),
]


@pytest.mark.parametrize(("target", "operator", "limit"), LIMITS)
def test_a_volume_limit_keeps_the_operator_as_printed(target, operator, limit):
    figure = volume_limit(target)
    assert figure is not None
    assert (figure.operator, figure.value, figure.unit) == (operator, limit, "mL")


@pytest.mark.parametrize("target", [nerve_named("T4 MB"), Region.THORACIC])
def test_no_limit_was_found_for_the_thoracic_spine(target):
    assert volume_limit(target) is None
