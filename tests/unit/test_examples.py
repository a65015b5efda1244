"""The example patients: sound, lossless and never older than their stories, on whatever day they are asked for."""

import datetime
import re
from importlib.resources import files
from typing import Any

import pytest

from facetwise.documents import DocumentError
from facetwise.examples import example_names, example_record, example_value
from facetwise.records import Kind, read_record, write_json
from facetwise.spine import nerve_named, volume_limit

NAMES = example_names()
DAYS = [
    pytest.param(datetime.date.today(), id="today"),
    pytest.param(datetime.date(2028, 2, 29), id="29 February"),
    pytest.param(datetime.date(2027, 3, 31), id="31 March"),
]
LEAP_DAY = datetime.date(2028, 2, 29)

every_example = pytest.mark.parametrize("name", NAMES)
every_day = pytest.mark.parametrize("today", DAYS)


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_in(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [value] if isinstance(value, str) else []


def test_every_file_is_listed_once() -> None:
    stored = [file.name.removesuffix(".json") for file in files("facetwise.examples").joinpath("patients").iterdir()]
    assert sorted(stored) == sorted(NAMES)
    assert len(NAMES) >= 16


@every_example
@every_day
def test_an_example_is_sound_and_lossless(name: str, today: datetime.date) -> None:
    record = example_record(name, today)
    assert record == read_record(example_value(name, today))
    assert read_record(write_json(record)) == record
    assert write_json(read_record(write_json(record))) == write_json(record)


@every_example
def test_an_example_is_named_after_its_file_and_tells_its_story(name: str) -> None:
    record = example_record(name, LEAP_DAY)
    assert record.patient.id == name
    assert record.story is not None
    assert 2 <= len(re.findall(r"\.(?:\s|$)", record.story)) <= 3


@every_example
@every_day
def test_every_relative_date_becomes_one_that_is_not_after_today(name: str, today: datetime.date) -> None:
    texts = [text for text in texts_in(example_value(name, today)) if text != example_record(name, today).story]
    assert not [text for text in texts if "today" in text]
    dates = [datetime.date.fromisoformat(text) for text in texts if re.fullmatch(r"\d{4}-\d\d-\d\d", text)]
    assert all(date <= today for date in dates)


@every_example
def test_no_date_is_written_out(name: str) -> None:
    text = files("facetwise.examples").joinpath("patients", f"{name}.json").read_text(encoding="utf-8")
    assert not re.search(r"\d{4}-\d\d-\d\d", text)


@every_example
def test_lumbar_blocks_stay_within_the_volume_limit_of_a_nerve(name: str) -> None:
    limit = volume_limit(nerve_named("L4 MB"))
    assert limit is not None
    assert limit.value is not None
    for procedure in example_record(name, LEAP_DAY).procedures or ():
        if procedure.kind is Kind.MEDIAL_BRANCH_BLOCK:
            volumes = [agent.volume_ml for agent in procedure.agents or ()]
            assert volumes
            assert all(volume is not None and volume <= limit.value for volume in volumes)


@pytest.mark.parametrize(
    ("today", "ablated", "birth_year"),
    [
        (datetime.date(2028, 2, 29), datetime.date(2027, 12, 25), 1955),  # 29 December less 4 days
        (datetime.date(2027, 3, 31), datetime.date(2027, 1, 27), 1954),
        (datetime.date(2027, 4, 30), datetime.date(2027, 2, 25), 1954),  # 30 February is 1 March
    ],
)
def test_months_are_calendar_months(today: datetime.date, ablated: datetime.date, birth_year: int) -> None:
    record = example_record("ablation-follow-up", today)
    assert record.patient.birth_year == birth_year
    assert [one.date for one in record.procedures or () if one.kind is Kind.RADIOFREQUENCY_ABLATION] == [ablated]


def test_an_unknown_name_is_refused_with_the_likely_one() -> None:
    with pytest.raises(DocumentError, match=r'no example "second-block-du".*Did you mean second-block-due'):
        example_record("second-block-du", LEAP_DAY)


@pytest.mark.parametrize("name", ["../__init__", "", "patients/second-block-due"])
def test_a_name_is_never_a_path(name: str) -> None:
    with pytest.raises(DocumentError, match="There is no example"):
        example_value(name, LEAP_DAY)


@pytest.mark.parametrize("today", [datetime.date.min, datetime.date(1999, 12, 31), datetime.date.max])
def test_a_day_out_of_range_is_refused(today: datetime.date) -> None:
    with pytest.raises(DocumentError, match="cannot be dated relative to"):
        example_record("second-block-due", today)
