"""YAML read strictly: strings stay strings, and every refusal names its line."""

import datetime
import time
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.documents import DocumentError, Place, read_yaml


class Rule(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    kind: Literal["payer", "guideline"] = "payer"
    from_: datetime.date | None = msgspec.field(name="from", default=None)
    limit: float | None = None
    whole: int | None = None
    strict: bool = False
    parts: tuple["Rule", ...] = ()
    named: dict[str, "Rule"] = {}


def refused(text: str, type_: type = Rule) -> list[tuple[int | None, int | None, str]]:
    with pytest.raises(DocumentError) as refusal:
        read_yaml(text, "rules.yaml").typed(type_)
    assert all(problem.file == "rules.yaml" for problem in refusal.value.problems)
    return [(problem.line, problem.column, problem.what) for problem in refusal.value.problems]


def remedies(text: str) -> list[str]:
    with pytest.raises(DocumentError) as refusal:
        read_yaml(text, "rules.yaml").typed(Rule)
    return [problem.remedy for problem in refusal.value.problems]


def test_a_sound_document():
    rule = read_yaml("id: one\nfrom: 2024-07-07\nparts:\n  - {id: two, limit: 0.5}\n", "rules.yaml").typed(Rule)
    assert rule == Rule("one", from_=datetime.date(2024, 7, 7), parts=(Rule("two", limit=0.5),))


@pytest.mark.parametrize(
    "scalar",
    ["no", "on", "010", "12:30", "1e3", "0x1F", "1_000", "~", "null", "2024-07-07", ".nan", "=", "<<", "yes"],
)
def test_a_scalar_stays_as_it_was_written(scalar):
    assert read_yaml(f"a: {scalar}\nb: [{scalar}]", "f").value == {"a": scalar, "b": [scalar]}


def test_no_tag_makes_an_object():
    assert read_yaml("a: !!python/object/apply:os.system [echo]", "f").value == {"a": ["echo"]}
    assert read_yaml("a: !!int 5", "f").value == {"a": "5"}


def test_scalars_are_typed_by_what_is_wanted():
    rule = read_yaml("id: 010\nlimit: 10\nwhole: 7\nstrict: true", "f").typed(Rule)
    assert rule == Rule("010", limit=10.0, whole=7, strict=True)


def test_places_are_kept():
    document = read_yaml("id: one\nparts:\n  - id: two\n", "f")
    assert document.places["id",] == Place(1, 5)
    assert document.places["parts", 0, "id"] == Place(3, 9)


NOT_YAML = {
    "tab indentation": ("id: one\nparts:\n\t- id: two", 3, 1, "Not YAML: found character that cannot start any token"),
    "an open bracket": ("id: [one", 2, 1, "Not YAML: did not find expected ',' or ']'"),
    "an open quote": ("id: 'one", 1, 9, "Not YAML: found unexpected end of stream"),
    "bad indentation": ("id: one\n  kind: payer", 2, 7, "Not YAML: mapping values are not allowed in this context"),
    "an unknown alias": ("id: *one", 1, 5, "Anchors and aliases are not read"),
    "two documents": ("id: one\n---\nid: two", 2, 1, "A second document starts here"),
    "a control character": ("id: \x01", None, None, "Not YAML: unacceptable character"),
    "nothing": ("", 1, 1, "The document is empty"),
    "only a comment": ("# id: one\n", 1, 1, "The document is empty"),
    "only spaces": ("  \n \n", 1, 1, "The document is empty"),
}


@pytest.mark.parametrize("name", NOT_YAML)
def test_what_is_not_yaml(name):
    text, line, column, what = NOT_YAML[name]
    ((found_line, found_column, found),) = refused(text)
    assert found.startswith(what)
    assert found_line == line
    assert column is None or found_column is not None


def test_a_repeated_key_is_refused_where_it_stands_again():
    assert refused("id: one\nkind: payer\nid: two") == [(3, 1, 'The key "id" is given twice')]
    assert refused("id: one\nparts:\n  - id: two\n    id: three") == [(4, 5, 'The key "id" is given twice')]


def test_aliases_are_refused():
    assert refused("id: &a one\nkind: *a") == [(2, 7, "Anchors and aliases are not read")]
    assert remedies("id: &a one\nkind: *a") == ["Write the value out"]


def test_an_alias_bomb_does_not_explode():
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    started = time.perf_counter()
    assert {what for _, _, what in refused("\n".join(lines))} == {"Anchors and aliases are not read"}
    assert time.perf_counter() - started < 1


def test_an_alias_to_itself_does_not_loop():
    assert refused("&a [*a]") == [(1, 5, "Anchors and aliases are not read")]


@pytest.mark.parametrize(
    "text",
    ["[" * 1_000_000, "{a: " * 200_000, "- " * 100_000, "[" * 500 + "]" * 500, "\n".join(" " * n + "a:" for n in range(2000))],
    ids=["lists", "mappings", "block lists", "closed lists", "indentation"],
)  # fmt: skip
def test_deep_nesting_is_refused_at_once(text):
    """The C parser of YAML crashes the process on some of these, if it is let."""
    started = time.perf_counter()
    ((line, _, what),) = refused(text)
    assert line is not None
    assert what == "The document is nested too deeply"
    assert time.perf_counter() - started < 2


def test_a_key_must_be_a_word():
    assert refused("? [a, b]\n: 1") == [(1, 3, "A key must be a word")]


WRONG = [
    ("id: one\nkid: payer", [(2, 6, "This field is not known here")], "Did you mean"),
    ("id: one\nkind: payor", [(2, 7, 'Found "payor"')], "Did you mean payer? Accepted: guideline, payer"),
    ("id: one\nfrom: 07/07/2024", [(2, 7, 'Found "07/07/2024"')], "Accepted: a date written YYYY-MM-DD"),
    ("id: one\nlimit: half", [(2, 8, 'Found "half"')], "Accepted: a number"),
    ("id: one\nwhole: 1.5", [(2, 8, 'Found "1.5"')], "Accepted: a whole number"),
    ("id: one\nstrict: maybe", [(2, 9, 'Found "maybe"')], "Accepted: true or false"),
    ("id: one\nparts: two", [(2, 8, 'Found "two"')], "Accepted: a list"),
    ("id: one\nparts:\n  - {id: two, limt: 1}", [(3, 21, "This field is not known here")], "Did you mean limit?"),
    ("kind: payer", [(1, 1, "This field is required and missing")], "Give text"),
    ("id: one\nparts:\n  - kind: payer", [(3, 5, "This field is required and missing")], "Give text"),
    ("- id: one", [(1, 1, "Found a list")], "Accepted: an object with id, kind, from"),
    ("just text", [(1, 1, 'Found "just text"')], "Accepted: an object with id, kind, from"),
    ("id: one\nnamed: {a: {id: two, from: soon}}", [(2, 28, 'Found "soon"')], "Accepted: a date"),
    (
        "id: one\nkind: x\nfrom: y\nzz: 1",
        [(2, 7, 'Found "x"'), (3, 7, 'Found "y"'), (4, 5, "This field is not known here")],
        "Accepted: guideline, payer",
    ),
]


@pytest.mark.parametrize(("text", "found", "remedy"), WRONG, ids=[text for text, _, _ in WRONG])
def test_what_is_mistyped_has_a_line(text, found, remedy):
    assert refused(text) == found
    assert remedies(text)[0].startswith(remedy)


def test_a_byte_order_mark_is_ignored():
    assert read_yaml("\ufeffid: one", "f").value == {"id": "one"}


def test_a_problem_may_be_placed_inside_a_value():
    problem = read_yaml("id: one\ntest: a AND b", "f").problem(("test",), "b is unknown", "Use a", offset=6)
    assert (problem.where, problem.line, problem.column) == ("test", 2, 13)


@given(st.text(max_size=60) | st.text(alphabet="ab: -[]{},&*!|>'\"\n#?%@`", max_size=60))
def test_any_text_is_read_or_refused_with_a_problem(text):
    try:
        read_yaml(text, "f").typed(Rule)
    except DocumentError as refusal:
        assert refusal.problems
