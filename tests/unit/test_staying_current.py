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


def test_without_a_check_the_latest_reading_counts_and_is_not_called_a_check():
    policy = LIBRARY["medicare-facet-2024"]
    unchecked = replace(policy, document=replace(policy.document, checked_on=None))
    one = currency_of(unchecked, CHECKED)
    assert one.checked_on is None
    assert one.read_on == max(source.read_on for source in policy.sources.values() if source.read_on)
    assert "never read" in currency_of(replace(unchecked, sources={}), CHECKED).flags


def test_criteria_are_counted_by_how_they_were_read():
    policy = LIBRARY["medicare-facet-2024"]
    one = currency_of(policy, CHECKED)
    counted = one.read_in_primary + one.read_in_secondary + one.unverified + one.text_not_available
    assert counted == len(policy.criteria())
