"""The record as it stood on a day, and calendar months as whole numbers."""

import datetime
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from records_strategy import DAYS, records

from facetwise.records import Record, add_months, as_it_stood, complete_months, read_record

DAY = date(2026, 3, 1)


def stood(**parts: Any) -> Record:
    return as_it_stood(read_record({"patient": {"id": "p"}, **parts}), DAY)


def dates_in(value: object) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from dates_in(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from dates_in(getattr(value, name))


@given(records(), DAYS)
def test_nothing_dated_later_is_there(record, day):
    assert all(dated <= day for dated in dates_in(as_it_stood(record, day)))


@given(records())
def test_in_the_end_all_of_it_is_there(record):
    assert as_it_stood(record, date(9999, 12, 31)) == record


@given(records(), DAYS, DAYS)
def test_a_record_that_stood_later_stood_the_same_before(record, one, other):
    earlier, later = sorted((one, other))
    assert as_it_stood(as_it_stood(record, later), earlier) == as_it_stood(record, earlier)


LATER, THAT_DAY = "2026-03-02", "2026-03-01"


def test_what_is_dated_that_day_or_not_at_all_is_there():
    record = stood(
        complaint={"onset": THAT_DAY, "pain": [{"score": 1}, {"score": 2, "date": THAT_DAY}, {"score": 3, "date": LATER}]},
        imaging=[{"modality": "mri"}, {"modality": "ct", "date": LATER}],
    )  # fmt: skip
    assert record.complaint.onset == DAY
    assert [pain.score for pain in record.complaint.pain or ()] == [1, 2]
    assert [image.modality for image in record.imaging or ()] == ["mri"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("examinations", {}),
        ("imaging", {"modality": "mri"}),
    ],
)
def test_a_list_whose_parts_all_came_later_is_not_documented(name, part):
    """Nobody had said that there were none."""
    assert getattr(stood(**{name: [{**part, "date": LATER}]}), name) is None
    assert getattr(stood(**{name: []}), name) == ()
    assert getattr(stood(), name) is None


def test_care_that_began_later_is_not_documented():
    assert stood(conservative_care=[{"kind": "medication", "start": LATER}]).conservative_care is None
    assert stood(conservative_care=[]).conservative_care == ()


def test_care_that_ended_later_was_still_running():
    course = {"kind": "medication", "start": "2026-01-01", "end": LATER, "outcome": "failed"}
    (known,) = stood(conservative_care=[course]).conservative_care or ()
    assert (known.start, known.end, known.outcome) == (date(2026, 1, 1), None, "ongoing")


def test_care_without_a_start_that_ended_later_says_only_that_it_was_given():
    (known,) = stood(conservative_care=[{"kind": "medication", "end": LATER, "outcome": "helped"}]).conservative_care or ()  # fmt: skip
    assert (known.start, known.end, known.outcome) == (None, None, None)


def test_care_that_ended_that_day_keeps_its_outcome():
    course = {"kind": "medication", "start": "2026-01-01", "end": THAT_DAY, "outcome": "failed"}
    (known,) = stood(conservative_care=[course]).conservative_care or ()
    assert (known.end, known.outcome) == (DAY, "failed")


def test_procedures_that_all_came_later_mean_an_empty_history():
    """Unlike other lists: who lists procedures knows the history, and before the first of them it was empty."""
    assert stood(procedures=[{"kind": "other", "date": LATER}]).procedures == ()
    assert stood(procedures=[]).procedures == ()
    assert stood().procedures is None


def test_follow_ups_that_came_later():
    procedure = {"kind": "other", "date": THAT_DAY}
    visits = [{"date": THAT_DAY, "relief_percent": 80}, {"date": LATER, "relief_percent": 10}]
    (done,) = stood(procedures=[{**procedure, "follow_ups": visits}]).procedures or ()
    assert [visit.relief_percent for visit in done.follow_ups or ()] == [80]
    (done,) = stood(procedures=[{**procedure, "follow_ups": visits[1:]}]).procedures or ()
    assert done.follow_ups is None
    (done,) = stood(procedures=[{**procedure, "follow_ups": []}]).procedures or ()
    assert done.follow_ups == ()


def test_conditions_assessed_later_were_not_assessed():
    conditions = {
        "infection": {"present": True, "on": LATER},
        "fracture": {"present": False, "on": THAT_DAY},
        "tumour": {"present": False},
    }
    known = stood(conditions=conditions).conditions
    assert known.infection is None
    assert known.fracture is not None
    assert known.tumour is not None


MONTHS = """
    2026-01-15  2026-02-14   0
    2026-01-15  2026-02-15   1
    2026-01-31  2026-02-28   0
    2026-01-31  2026-03-01   1
    2024-01-31  2024-02-29   0
    2024-02-29  2025-02-28  11
    2024-02-29  2025-03-01  12
    2024-02-29  2028-02-29  48
    2025-12-31  2026-01-01   0
    2026-03-31  2026-04-30   0
    2026-03-31  2026-05-01   1
    2026-03-01  2026-03-01   0
"""


@pytest.mark.parametrize("line", MONTHS.strip().splitlines())
def test_complete_months(line):
    earlier, later, months = line.split()
    assert complete_months(date.fromisoformat(earlier), date.fromisoformat(later)) == int(months)


def test_twelve_months_from_the_29th_of_february():
    assert add_months(date(2024, 2, 29), 12) == date(2025, 3, 1)


def test_months_against_a_calendar():
    """Every start in four years, walked through 13 months day by day."""
    one_day = datetime.timedelta(days=1)
    for offset in range(4 * 365 + 1):
        start = date(2023, 1, 1) + offset * one_day
        day, complete = start, 0
        for _ in range(400):
            before, day = day, day + one_day
            skipped = day.day == 1 and start.day > before.day
            if day.day == start.day or skipped:
                complete += 1
                assert add_months(start, complete) == day
            assert complete_months(start, day) == complete


@given(DAYS, DAYS)
def test_months_backwards_are_negative(one, other):
    earlier, later = sorted((one, other))
    assert complete_months(earlier, later) >= 0
    if earlier < later:
        assert complete_months(later, earlier) < 0
