"""JSON as people and machines get it wrong: each time one clear error, and never a traceback."""

import datetime
import json
import time
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from facetwise.documents import DocumentError, Problem, did_you_mean, read_json, read_json_value


class Block(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["block", "injection"]
    date: datetime.date | None = None
    relief: Annotated[float, Meta(ge=0, le=100)] | None = None
    volume: Annotated[float, Meta(gt=0)] | None = None
    levels: int | None = None
    sedated: bool | None = None
    name: Annotated[str, Meta(min_length=1)] | None = None
    code: Annotated[str, Meta(pattern="^[a-z]+$")] | None = None
    agents: tuple[str, ...] = ()
    doses: dict[str, float] = {}
    later: tuple["Block", ...] = ()


def refused(data: bytes | str, type_: type = Block) -> list[str]:
    with pytest.raises(DocumentError) as refusal:
        read_json(data.encode() if isinstance(data, str) else data, type_)
    return [str(problem) for problem in refusal.value.problems]


def test_a_sound_document():
    block = read_json(b'{"kind": "block", "date": "2026-03-01", "later": [{"kind": "injection"}]}', Block)
    assert block == Block("block", datetime.date(2026, 3, 1), later=(Block("injection"),))


NOT_JSON = [
    (b"", 1, 1, "The JSON ends too early"),
    (b"   \n ", 2, 2, "The JSON ends too early"),
    (b'{"kind": "block"', 1, 17, "The JSON ends too early"),
    (b'{"kind": "blo', 1, 10, "The JSON ends too early"),
    (b'{"kind":', 1, 9, "The JSON ends too early"),
    ('{"name": "Müller"'.encode(), 1, 18, "The JSON ends too early"),
    (b'{"kind": "block",\n "date" 5}', 2, 9, "Not JSON: Expecting ':' delimiter"),
    (b'{"kind": "block"} {}', 1, 19, "Not JSON: Extra data"),
    (b"{'kind': 'block'}", 1, 2, "Not JSON: Expecting property name enclosed in double quotes"),
    (b"kind: block", 1, 1, "Not JSON: Expecting value"),
    (b'{"name": "a\tb"}', 1, 12, "Not JSON: Invalid control character at"),
]


@pytest.mark.parametrize(("data", "line", "column", "what"), NOT_JSON)
def test_what_is_not_json_names_line_and_column(data, line, column, what):
    with pytest.raises(DocumentError) as refusal:
        read_json(data, Block)
    assert [(problem.line, problem.column, problem.what) for problem in refusal.value.problems] == [
        (line, column, what)
    ]


REFUSED_WHOLE = {
    "a repeated key": (
        b'{"kind": "block", "kind": "injection"}',
        'The key "kind" is given twice in one object. Keep one of the two',
    ),
    "a repeated key far inside": (
        b'{"kind": "block", "later": [{"kind": "block", "levels": 1, "levels": 1}]}',
        'The key "levels" is given twice in one object. Keep one of the two',
    ),
    "NaN": (
        b'{"kind": "block", "relief": NaN}',
        "NaN is not a JSON number. Leave out what was not measured",
    ),
    "minus infinity": (
        b'{"kind": "block", "relief": -Infinity}',
        "-Infinity is not a JSON number. Leave out what was not measured",
    ),
    "a number that overflows": (
        b'{"kind": "block", "volume": 1e999}',
        "1e999 is too great a number. Write the number that was measured",
    ),
    "a number of 5,000 digits": (
        b'{"kind": "block", "levels": ' + b"9" * 5000 + b"}",
        "A number has 5,000 digits. Write the number that was measured",
    ),
    "half a character": (
        b'{"kind": "block", "name": "\\ud83e"}',
        "A text holds half a character, written \\ud800 to \\udfff. Export the document again as UTF-8",
    ),
    "half a character in a key": (
        b'{"kind": "block", "\\uDC00": 1}',
        "A text holds half a character, written \\ud800 to \\udfff. Export the document again as UTF-8",
    ),
    "Latin-1": (
        '{"kind": "block", "name": "Müller"}'.encode("latin-1"),
        "The file is not UTF-8 text. Save it as UTF-8 JSON",
    ),
    "UTF-16": (
        '{"kind": "block"}'.encode("utf-16"),
        "The file is not UTF-8 text. Save it as UTF-8 JSON",
    ),
    "half a character as bytes": (
        b'{"kind": "block", "name": "\xed\xa0\x80"}',
        "The file is not UTF-8 text. Save it as UTF-8 JSON",
    ),
}


@pytest.mark.parametrize("name", REFUSED_WHOLE)
def test_refused_as_a_whole(name):
    data, message = REFUSED_WHOLE[name]
    assert refused(data) == [message]


def test_whole_characters_beyond_16_bits_are_read():
    assert read_json_value(b'"\\ud83e\\uddb4"') == "\N{BONE}"


def test_a_byte_order_mark_is_ignored():
    assert read_json(b'\xef\xbb\xbf{"kind": "block"}', Block) == Block("block")


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_ten_megabytes_of_nesting(opening):
    started = time.perf_counter()
    data = opening * (10 * 2**20 // len(opening))
    assert refused(data) == ["The document is nested too deeply. A record is a few levels deep: check how it was made"]
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("depth", [100, 400, 900])
def test_nesting_in_the_wrong_place(depth):
    assert len(refused(b'{"kind": "block", "later": ' + b"[" * depth + b"]" * depth + b"}")) == 1


def test_deep_nesting_of_the_right_type():
    depth = 5000
    assert len(refused(b'{"kind": "block", "later": [' * depth + b"]}" * depth)) == 1
    assert len(refused(b'{"kind": "block", "later": [' * 150 + b"{}" + b"]}" * 150)) == 1


def test_a_document_of_a_hundred_megabytes_is_not_even_parsed():
    started = time.perf_counter()
    assert refused(b" " * 100_000_000) == [
        "The document has 100,000,000 bytes. Give at most 67,108,864: one patient a file"
    ]
    assert time.perf_counter() - started < 2


WRONG = [
    ("[]", ["Found a list. Accepted: an object with " + ", ".join(Block.__struct_fields__)]),
    ("null", ["Found null. Accepted: an object with " + ", ".join(Block.__struct_fields__)]),
    ('"block"', ['Found "block". Accepted: an object with ' + ", ".join(Block.__struct_fields__)]),
    ("{}", ["kind: This field is required and missing. Give one of block, injection"]),
    (
        '{"kind": "blok"}',
        ['kind: Found "blok". Did you mean block? Accepted: block, injection'],
    ),
    ('{"kind": 5}', ["kind: Found 5. Accepted: one of block, injection"]),
    (
        '{"kind": "block", "dat": "2026-03-01"}',
        [
            "dat: This field is not known here. Did you mean date? "
            "Accepted: kind, date, relief, volume, levels, sedated, name, code, agents, doses, later"
        ],
    ),
    ('{"kind": "block", "date": 20260301}', ["date: Found 20260301. Accepted: a date written YYYY-MM-DD"]),
    ('{"kind": "block", "relief": "80%"}', ['relief: Found "80%". Accepted: a number from 0 to 100']),
    ('{"kind": "block", "relief": 101}', ["relief: Found 101. Accepted: a number from 0 to 100"]),
    ('{"kind": "block", "relief": true}', ["relief: Found true. Accepted: a number from 0 to 100"]),
    ('{"kind": "block", "volume": 0}', ["volume: Found 0. Accepted: a number above 0"]),
    ('{"kind": "block", "levels": 1.5}', ["levels: Found 1.5. Accepted: a whole number"]),
    ('{"kind": "block", "levels": "2"}', ['levels: Found "2". Accepted: a whole number']),
    ('{"kind": "block", "sedated": "no"}', ['sedated: Found "no". Accepted: true or false']),
    ('{"kind": "block", "sedated": 0}', ["sedated: Found 0. Accepted: true or false"]),
    ('{"kind": "block", "name": ""}', ['name: Found "". Accepted: text that is not empty']),
    ('{"kind": "block", "code": "A1"}', ['code: Found "A1". Accepted: text of the form ^[a-z]+$']),
    ('{"kind": "block", "name": {"first": 1}}', ["name: Found an object. Accepted: text that is not empty"]),
    ('{"kind": "block", "agents": "saline"}', ['agents: Found "saline". Accepted: a list']),
    ('{"kind": "block", "agents": ["saline", 5]}', ["agents[1]: Found 5. Accepted: text"]),
    ('{"kind": "block", "agents": null}', ["agents: Found null. Accepted: a list"]),
    ('{"kind": "block", "doses": []}', ["doses: Found a list. Accepted: an object"]),
    ('{"kind": "block", "doses": {"saline": "1 ml"}}', ['doses.saline: Found "1 ml". Accepted: a number']),
    (
        '{"kind": "block", "later": [{"kind": "block", "later": [{"kind": "x"}]}]}',
        ['later[0].later[0].kind: Found "x". Accepted: block, injection'],
    ),
    ('{"kind": "block", "later": [5]}', ["later[0]: Found 5. Accepted: an object with " + ", ".join(Block.__struct_fields__)]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "messages"), WRONG, ids=[data for data, _ in WRONG])
def test_what_is_mistyped(data, messages):
    assert refused(data) == messages


@pytest.mark.parametrize(
    "date",
    ["03/01/2026", "2026-3-1", "20260301", "2026-02-29", "2026-13-01", "2026-03-01T00:00:00", "March 2026", "", "0000-01-01"],
)  # fmt: skip
def test_a_date_in_another_format(date):
    assert refused(f'{{"kind": "block", "date": "{date}"}}') == [
        f'date: Found "{date}". Accepted: a date written YYYY-MM-DD'
    ]


def test_every_problem_is_named_at_once_in_document_order():
    data = """{"kind": "blok", "date": "03/01/2026", "relief": 120,
               "later": [{"kind": "block", "datum": 1}, {"levels": "two"}]}"""
    assert [message.partition(":")[0] for message in refused(data)] == [
        "kind",
        "date",
        "relief",
        "later[0].datum",
        "later[1].levels",
        "later[1].kind",
    ]


def test_a_long_value_is_shortened():
    assert refused(json.dumps({"kind": "x" * 10_000})) == [f'kind: Found "{"x" * 56}…". Accepted: block, injection']
    (message,) = refused(b'{"kind": "block", "relief": ' + b"9" * 100 + b"}")
    assert message == f"relief: Found {'9' * 57}…. Accepted: a number from 0 to 100"


def test_a_problem_names_its_file():
    with pytest.raises(DocumentError) as refusal:
        read_json(b"[", Block)
    (problem,) = refusal.value.in_file("records/one.json").problems
    assert problem.file == "records/one.json"
    assert str(problem).startswith("records/one.json")


def test_a_suggestion_is_made_only_when_it_is_close():
    assert did_you_mean("bloc", ["block", "injection"]) == "Did you mean block? Accepted: block, injection"
    assert did_you_mean("zebra", ["block", "injection"]) == "Accepted: block, injection"
    assert did_you_mean("n41", [f"n{n}" for n in range(50)]).endswith("n39, …")


def test_an_error_lists_its_problems():
    error = DocumentError([Problem("a", "One", "Mend"), Problem("", "Two", "Mend")])
    assert str(error) == "a: One. Mend\nTwo. Mend"


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(Block.__struct_fields__) | st.text(), inner, max_size=6)
    ),
)


@given(VALUES)
def test_any_json_is_read_or_refused_with_a_problem(value):
    try:
        read_json(json.dumps(value).encode(), Block)
    except DocumentError as refusal:
        assert refusal.problems


@given(st.binary())
def test_any_bytes_are_read_or_refused_with_a_problem(data):
    try:
        read_json_value(data)
    except DocumentError as refusal:
        assert refusal.problems
