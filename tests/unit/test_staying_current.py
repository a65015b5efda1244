"""How current a policy is: a year after its last check it is flagged, and so is one past its end."""

import datetime

import pytest
from msgspec.structs import replace

from facetwise.rules import load_library
from facetwise.rules.staying_current import currency_of

LIBRARY = load_library()
CHECKED = datetime.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("on", "stale"), [("2026-11-24", False), ("2027-11-22", False), ("2027-11-23", True), ("2030-01-01", True)]
)
def test_after_a_year_without_a_check(on, stale):
    policy = LIBRARY["medicare-hospital-outpatient-2023"]
    flags = currency_of(policy, datetime.date.fromisoformat(on)).flags
    assert any("12 months" in flag for flag in flags) is stale


def test_one_that_ended_names_what_followed():
    flags = currency_of(LIBRARY["medicare-facet-2021"], CHECKED, LIBRARY.values()).flags
    assert "ended; followed by medicare-facet-2024" in flags
    assert not any("12 months" in flag for flag in flags)


def test_the_last_day_is_still_in_force():
    policy = LIBRARY["medicare-facet-2021"]
    assert not any("ended" in flag for flag in currency_of(policy, policy.effective_to).flags)


def test_not_yet_in_force():
    policy = LIBRARY["medicare-hospital-outpatient-2023"]
    assert "not yet in force" in currency_of(policy, datetime.date(2023, 6, 30)).flags


def test_without_a_check_the_earliest_reading_counts_and_is_not_called_a_check():
    policy = LIBRARY["medicare-facet-2024"]
    unchecked = replace(policy, document=replace(policy.document, checked_on=None))
    one = currency_of(unchecked, CHECKED)
    assert one.checked_on is None
    days = {criterion.citation.read_on for criterion in policy.criteria().values()} - {None}
    assert len(days) > 1
    assert one.read_on == min(days)


def test_one_fresh_source_does_not_reset_the_year():
    policy = LIBRARY["aetna-cpb-0016"]
    first, *others = policy.requests
    fresh = replace(first.criteria[0], citation=replace(first.criteria[0].citation, read_on=datetime.date(2028, 1, 1)))
    changed = replace(policy, requests=(replace(first, criteria=(fresh, *first.criteria[1:])), *others))
    assert any("12 months" in flag for flag in currency_of(changed, datetime.date(2028, 1, 2)).flags)


def test_nobody_read_what_cites_nothing():
    policy = LIBRARY["aetna-cpb-0016"]
    assert "never read" in currency_of(replace(policy, requests=(), steps=()), CHECKED).flags


FOLLOWED = [
    ("medicare-noridian-jf-l38803-2024", "medicare-noridian-jf-l38801-2024"),  # under another number
    ("medicare-noridian-jf-l38803-2021", "medicare-noridian-jf-l38803-2024"),
    ("medicare-cgs-l34832-before-2021", "medicare-cgs-l38773-2021"),
    ("medicare-cgs-l38773-2021", "medicare-cgs-l38773-2024"),
    ("medicare-facet-before-2021", "medicare-facet-2021"),
]


@pytest.mark.parametrize(("ended", "follower"), FOLLOWED)
def test_who_followed(ended, follower):
    assert f"ended; followed by {follower}" in currency_of(LIBRARY[ended], CHECKED, LIBRARY.values()).flags


def test_a_contractors_policy_vouches_for_nothing_but_its_own_row():
    not_read = currency_of(LIBRARY["medicare-ngs-l35936-2024"], CHECKED)
    assert (not_read.checked_on, not_read.read_on) == (None, None)
    assert (not_read.read_in_primary, not_read.read_in_secondary) == (0, 0)
    assert "never read" in not_read.flags
    second_hand = currency_of(LIBRARY["medicare-noridian-jf-l38801-2024"], CHECKED)
    assert second_hand.read_in_primary == 0
    assert second_hand.read_in_secondary > 0
    assert second_hand.unverified == currency_of(LIBRARY["medicare-facet-2024"], CHECKED).unverified


def test_criteria_are_counted_by_how_they_were_read():
    policy = LIBRARY["medicare-facet-2024"]
    one = currency_of(policy, CHECKED)
    counted = one.read_in_primary + one.read_in_secondary + one.unverified + one.text_not_available
    assert counted == len(policy.criteria())
