"""Records to JSON and back, and what a record that cannot be true is told."""

import json

import jsonschema
import pytest
from hypothesis import given, settings
from records_strategy import records, requests

from facetwise.documents import DocumentError
from facetwise.records import (
    Record,
    Request,
    read_record,
    read_request,
    record_problems,
    record_schema,
    request_problems,
    write_json,
)
from facetwise.spine import parse_sites

RECORD_SCHEMA = jsonschema.Draft202012Validator(record_schema(), format_checker=jsonschema.FormatChecker())
REQUEST_SCHEMA = jsonschema.Draft202012Validator(record_schema(Request), format_checker=jsonschema.FormatChecker())


@given(records())
def test_a_record_survives_json(record):
    assert record_problems(record) == []
    assert read_record(write_json(record)) == record
    assert read_record(json.loads(write_json(record))) == record


@given(requests())
def test_a_request_survives_json(request):
    assert request_problems(request) == []
    assert read_request(write_json(request)) == request


@given(records())
def test_writing_is_stable(record):
    text = write_json(record)
    assert text.endswith(b"\n")
    assert write_json(read_record(text)) == text


@settings(max_examples=25)
@given(records(), requests())
def test_the_schema_accepts_what_is_written(record, request):
    RECORD_SCHEMA.validate(json.loads(write_json(record)))
    REQUEST_SCHEMA.validate(json.loads(write_json(request)))


def record(**parts: object) -> dict[str, object]:
    return {"patient": {"id": "p"}, **parts}


def block(**fields: object) -> dict[str, object]:
    return {"kind": "medial_branch_block", "date": "2026-03-01", **fields}


def test_what_is_not_documented_is_left_out():
    assert json.loads(write_json(read_record(record()))) == {"format": "facetwise-record/1", "patient": {"id": "p"}}


def test_absent_and_empty_are_different_facts():
    absent, empty = read_record(record()), read_record(record(procedures=[], imaging=[]))
    assert (absent.procedures, absent.imaging) == (None, None)
    assert (empty.procedures, empty.imaging) == ((), ())
    assert json.loads(write_json(empty))["procedures"] == []
    assert read_record(record(procedures=None)) == absent


def test_false_and_zero_are_facts():
    written = record(complaint={"limits_function": False, "pain": [{"score": 0}]}, examinations=[{"sacroiliac_tests_positive": 0}])  # fmt: skip
    assert json.loads(write_json(read_record(written))) == {"format": "facetwise-record/1", **written} | {
        "complaint": {"limits_function": False, "pain": [{"score": 0.0}]}
    }


def test_sites_are_written_canonically():
    assert read_record(record(complaint={"sites": "R L3 L4 MB + L5 DR"})).complaint.sites == parse_sites("right L4-S1")
    assert b'"right L4-5, L5-S1"' in write_json(read_record(record(complaint={"sites": "R L3 L4 MB + L5 DR"})))


ACCEPTED = [
    record(),
    record(format="facetwise-record/1"),
    record(procedures=None),
    record(procedures=[block(sites="left L4-5", agents=[{"name": "lidocaine"}])]),
    record(complaint={"pain": [{"low": 4, "high": 6}]}, conditions={"fusion": {"present": True, "sites": "L4-5"}}),
]
REFUSED_BY_BOTH = [
    {},
    [],
    record(extra=1),
    record(format="facetwise-record/2"),
    record(patient={"id": ""}),
    record(patient={"id": "p", "name": "Jane"}),
    record(patient={"id": "p", "birth_year": "1960"}),
    record(patient={"id": "p", "birth_year": 1200}),
    record(complaint=None),
    record(complaint={"region": "neck"}),
    record(complaint={"onset": "03/01/2026"}),
    record(complaint={"pain": [{"score": 11}]}),
    record(complaint={"sites": ["L4-5"]}),
    record(conditions={"fusion": True}),
    record(conditions={"fusionn": {"present": True}}),
    record(procedures={}),
    record(procedures=[{"kind": "medial_branch_block"}]),
    record(procedures=[block(temperature_c=0)]),
    record(procedures=[block(agents=[{"name": "lidocaine", "dose": 1}])]),
    record(procedures=[block(diary={"entries": [{"minutes": -1}]})]),
    record(procedures=[block(diary={"entries": [{"minutes": 1, "side": "both"}]})]),
]


@pytest.mark.parametrize("document", ACCEPTED, ids=json.dumps)
def test_schema_and_reader_accept_alike(document):
    RECORD_SCHEMA.validate(document)
    assert isinstance(read_record(document), Record)


@pytest.mark.parametrize("document", REFUSED_BY_BOTH, ids=json.dumps)
def test_schema_and_reader_refuse_alike(document):
    assert not RECORD_SCHEMA.is_valid(document)
    with pytest.raises(DocumentError):
        read_record(json.dumps(document).encode())


def test_every_object_of_the_schema_is_closed():
    for name, definition in {**record_schema()["$defs"], **record_schema(Request)["$defs"]}.items():
        if "properties" in definition:
            assert definition["additionalProperties"] is False, name


IMPOSSIBLE = {
    "pain before birth": (
        {"patient": {"id": "p", "birth_year": 1990}, "complaint": {"onset": "1989-12-31"}},
        ("complaint.onset", "1989-12-31 is before the patient's birth in 1990", "Correct one of the two"),
    ),
    "a procedure before birth": (
        {"patient": {"id": "p", "birth_year": 1990}, "procedures": [{"kind": "other", "date": "1989-12-31"}]},
        ("procedures[0].date", "1989-12-31 is before the patient's birth in 1990", "Correct one of the two"),
    ),
    "care that ends before it starts": (
        record(
            conservative_care=[
                {"kind": "medication"},
                {"kind": "medication", "start": "2026-02-01", "end": "2026-01-31"},
            ]
        ),
        (
            "conservative_care[1].end",
            "The course ends on 2026-01-31, before it starts on 2026-02-01",
            "Correct one of the two dates",
        ),
    ),
    "half a range": (
        record(complaint={"pain": [{"low": 3}]}),
        ("complaint.pain[0]", "A range needs both low and high", "Give both, or one score"),
    ),
    "the other half": (
        record(procedures=[block(pain_before={"high": 3})]),
        ("procedures[0].pain_before", "A range needs both low and high", "Give both, or one score"),
    ),
    "a range the wrong way round": (
        record(complaint={"pain": [{"score": 1}, {"low": 6, "high": 4.5}]}),
        ("complaint.pain[1]", "The range runs from 6 down to 4.5", "Give the lower one first"),
    ),
    "a score and a range": (
        record(procedures=[block(pain_before={"score": 5, "low": 4, "high": 6})]),
        (
            "procedures[0].pain_before",
            "Both a score and a range are given",
            "Keep the one that was written down",
        ),
    ),
    "a range in a diary": (
        record(
            procedures=[
                block(pain_before={"score": 5}, diary={"entries": [{"minutes": 0}, {"minutes": 5, "low": 2, "high": 1}]})
            ]
        ),
        (
            "procedures[0].diary.entries[1]",
            "The range runs from 2 down to 1",
            "Give the lower one first",
        ),
    ),
    "an id used twice": (
        record(procedures=[block(id="a"), block(), block(), block(id="a")]),
        ("procedures[3].id", 'The id "a" is used twice', "Give each its own id"),
    ),
    "a diary without a baseline": (
        record(procedures=[block(diary={"entries": [{"minutes": 30, "score": 2}]})]),
        (
            "procedures[0].pain_before",
            "The diary has pain scores, and there is no score from before the block to compare them with",
            "Give pain_before, or state the relief in percent instead",
        ),
    ),
    "a baseline without a score": (
        record(procedures=[block(pain_before={"scale": "nrs"}, diary={"entries": [{"minutes": 30, "low": 1, "high": 2}]})]),
        (
            "procedures[0].pain_before",
            "The diary has pain scores, and there is no score from before the block to compare them with",
            "Give pain_before, or state the relief in percent instead",
        ),
    ),
    "a follow-up before the procedure": (
        record(procedures=[block(follow_ups=[{"date": "2026-03-01"}, {"date": "2026-02-28"}])]),
        (
            "procedures[0].follow_ups[1].date",
            "The follow-up on 2026-02-28 is before the procedure on 2026-03-01",
            "Correct one of the two dates",
        ),
    ),
    "a score from before that was taken after": (
        record(procedures=[block(pain_before={"score": 5, "date": "2026-03-02"})]),
        (
            "procedures[0].pain_before.date",
            "The score from before is dated 2026-03-02, after the procedure on 2026-03-01",
            "Correct one of the two dates",
        ),
    ),
    "a block where there is no medial branch": (
        record(procedures=[block(sites="left C1-2, C2-3")]),
        (
            "procedures[0].sites",
            "A medial branch block cannot aim at C1-2",
            "C1-2 (lateral atlanto-axial) is supplied by the ventral ramus of C2, not by medial branches: "
            "only an injection into the joint can test it",
        ),
    ),
    "an ablation where there is no medial branch": (
        record(procedures=[{"kind": "radiofrequency_ablation", "date": "2026-03-01", "sites": "C0-1"}]),
        (
            "procedures[0].sites",
            "A radiofrequency ablation cannot aim at C0-1",
            "C0-1 (atlanto-occipital) is supplied by the ventral ramus of C1, not by medial branches: "
            "only an injection into the joint can test it",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_true(name):
    document, expected = IMPOSSIBLE[name]
    with pytest.raises(DocumentError) as refusal:
        read_record(document)
    assert [(problem.where, problem.what, problem.remedy) for problem in refusal.value.problems] == [expected]


POSSIBLE = [
    record(procedures=[block(diary={"entries": [{"minutes": 30, "stated_relief_percent": 80}]})]),
    record(procedures=[block(pain_before={"low": 6, "high": 8}, diary={"entries": [{"minutes": 30, "score": 2}]})]),
    record(procedures=[block(pain_before={"score": 6, "date": "2026-03-01"})]),
    record(procedures=[block(follow_ups=[{"date": "2026-03-01"}])]),
    record(procedures=[{"kind": "facet_joint_injection", "date": "2026-03-01", "sites": "left C1-2"}]),
    record(conservative_care=[{"kind": "medication", "start": "2026-02-01", "end": "2026-02-01"}]),
    {"patient": {"id": "p", "birth_year": 1990}, "complaint": {"onset": "1990-01-01"}},
]


@pytest.mark.parametrize("document", POSSIBLE, ids=json.dumps)
def test_what_is_unusual_and_can_be_true(document):
    assert read_record(document)


def test_every_impossible_thing_is_named_at_once():
    document = {
        "patient": {"id": "p", "birth_year": 1990},
        "complaint": {"onset": "1980-01-01", "pain": [{"low": 3}]},
        "procedures": [block(id="a", sites="C1-2"), block(id="a", follow_ups=[{"date": "2020-01-01"}])],
    }
    with pytest.raises(DocumentError) as refusal:
        read_record(document)
    assert [problem.where for problem in refusal.value.problems] == [
        "complaint.onset",
        "complaint.pain[0]",
        "procedures[1].id",
        "procedures[0].sites",
        "procedures[1].follow_ups[0].date",
    ]


IMPOSSIBLE_REQUESTS = {
    "no nerve to block": (
        block(sites="C1-2"),
        [("sites", "A medial branch block cannot aim at C1-2")],
    ),
    "another day": (
        block(same_session=[block(), block(date="2026-03-02")]),
        [("same_session[1].date", "2026-03-02 is not the day of the request, 2026-03-01")],
    ),
    "no nerve to block in the session": (
        block(same_session=[block(sites="left C0-1")]),
        [("same_session[0].sites", "A medial branch block cannot aim at C0-1")],
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE_REQUESTS)
def test_what_cannot_be_done(name):
    document, expected = IMPOSSIBLE_REQUESTS[name]
    with pytest.raises(DocumentError) as refusal:
        read_request(document)
    assert [(problem.where, problem.what) for problem in refusal.value.problems] == expected


def test_sites_that_are_not_understood():
    with pytest.raises(DocumentError) as refusal:
        read_record(record(complaint={"sites": "L9-10"}))
    (problem,) = refusal.value.problems
    assert (problem.where, problem.what) == ("complaint.sites", 'Found "L9-10"')
    assert problem.remedy.startswith('"L9" in "L9-10" is no vertebra. Write for example')


def test_types_come_first_and_what_cannot_be_true_afterwards():
    document = record(complaint={"region": "neck"}, procedures=[block(sites="C1-2")])
    with pytest.raises(DocumentError) as refusal:
        read_record(document)
    assert [problem.where for problem in refusal.value.problems] == ["complaint.region"]
