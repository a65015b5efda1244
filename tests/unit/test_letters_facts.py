"""Every sentence of a letter rests on facts that stand in the record, and goes when they go."""

import datetime
import re
from enum import Enum
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_strategy import DAYS, records, requests

from facetwise.examples import example_names, example_record
from facetwise.letters import (
    Fact,
    Letter,
    Statement,
    checklist_page,
    documentation_checklist,
    letter_page,
    medical_necessity_letter,
)
from facetwise.letters.html import html
from facetwise.letters.markdown import markdown
from facetwise.letters.typesetting import typst_source
from facetwise.pathway import next_step
from facetwise.records import Condition, Diary, Kind, Purpose, Record, Request, as_it_stood
from facetwise.rules import Status, policy_named
from facetwise.spine import SiteSet

DAY = datetime.date(2026, 11, 23)
POLICIES = [policy_named("facet-pathway"), policy_named("medicare-facet-2024")]
STEP = re.compile(r"(?P<name>[a-z_]+)|\[(?P<index>\d+)\]")


def steps(path: str) -> list[str | int]:
    return [int(one["index"]) if one["index"] else one["name"] for one in STEP.finditer(path)]


def standing_at(fact: Fact, record: Record, request: Request) -> Any:
    """What stands in the record, or the request, where the fact says."""
    path = steps(fact.path)
    here: Any = record
    if fact.source == "request":
        assert path.pop(0) == "request"
        here = request
    for step in path:
        here = here[step] if isinstance(step, int) else getattr(here, step)
    return here


def same(value: Any, words: str) -> bool:
    """Whether the words say the value, by the simplest rules that a reader would use."""
    match value:
        case bool():
            return words == {True: "yes", False: "no"}[value]
        case int() | float():
            return float(words) == pytest.approx(value, rel=1e-4)
        case datetime.date() | SiteSet():
            return words == str(value)
        case Condition():
            return words == {True: "present", False: "absent"}[value.present]
        case Diary():
            return int(words.split()[0]) == len(value.entries)
        case tuple():
            return len(value) == (0 if words == "none" else words.count(",") + 1)
        case Enum() | str():
            return letters_of(words) == letters_of(str(value)) or "\ufffd" in words
    return False


def letters_of(text: str) -> str:
    return "".join(one for one in text.lower().replace("chiropractic care", "chiropractic") if one.isalnum())


def proposed(record: Record) -> Request:
    proposal = next_step(record, DAY, []).proposal
    return (
        proposal.request if proposal else Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=DAY, purpose=Purpose.DIAGNOSTIC)
    )


def facts_of(letter: Letter) -> list[Fact]:
    told = [fact for one in letter.statements for fact in one.facts]
    return told + [fact for one in (*letter.addressee, *letter.details, *letter.enclosures) for fact in one.facts]


@pytest.mark.parametrize("name", example_names())
def test_every_fact_of_an_example_stands_in_the_record(name: str) -> None:
    record = example_record(name, DAY)
    request = proposed(record)
    letter = medical_necessity_letter(record, request, POLICIES, DAY)
    assert letter.statements
    for fact in facts_of(letter):
        assert same(standing_at(fact, record, request), fact.value_in_words), fact


@pytest.mark.parametrize("name", example_names())
def test_every_fact_of_a_checklist_stands_in_the_record(name: str) -> None:
    record = example_record(name, DAY)
    request = proposed(record)
    checklist = documentation_checklist(record, request, POLICIES, DAY)
    facts = [fact for one in checklist.lists for row in one.rows for shown in row.shown for fact in shown.facts]
    assert facts or name == "sparse-referral"
    for fact in facts:
        standing = standing_at(fact, record, request)
        if fact.path == "procedures" and standing:
            assert int(fact.value_in_words.split()[0]) == len(standing)
        else:
            assert same(standing, fact.value_in_words), fact


def day_of(fact: Fact, record: Record) -> set[datetime.date | None]:
    """The days that the part around a fact is dated with; a fact that is a day is dated itself."""
    parts = [record]
    for step in steps(fact.path):
        parts.append(parts[-1][step] if isinstance(step, int) else getattr(parts[-1], step))
    if isinstance(parts[-1], datetime.date):
        return {parts[-1]}
    dated = [one for one in parts if isinstance(one, msgspec.Struct)][::-1]
    for part in dated:
        days = {getattr(part, name, None) for name in ("date", "start", "end", "on")} - {None}
        if days:
            return days
    return {None}


@pytest.mark.parametrize("name", example_names())
def test_a_fact_has_the_date_of_the_part_it_stands_in(name: str) -> None:
    record = example_record(name, DAY)
    for fact in facts_of(medical_necessity_letter(record, proposed(record), POLICIES, DAY)):
        if fact.source == "record":
            assert fact.date in day_of(fact, record), fact
        else:
            assert fact.date is None


FORBIDDEN = ("unfortunately", "not documented", "unknown", "sadly", "clearly", "obviously", "none", "null")
ONE_SENTENCE = re.compile(r"[.!?]”?$")


@pytest.mark.parametrize("name", example_names())
def test_prose_is_plain_and_never_speaks_of_what_is_missing(name: str) -> None:
    record = example_record(name, DAY)
    for one in medical_necessity_letter(record, proposed(record), POLICIES, DAY).statements:
        assert ONE_SENTENCE.search(one.text)
        without_quotes = re.sub(r"“.*?”", "", one.text)
        assert not re.search(r"[.!?] [A-Z]", without_quotes), one.text
        assert not any(re.search(rf"\b{word}\b", without_quotes.lower()) for word in FORBIDDEN), one.text


def removable(part: Any, at: str = "") -> list[str]:
    """Every place of a record that is filled in and may be empty, from the leaves up."""
    places = []
    for field in msgspec.structs.fields(part):
        value, path = getattr(part, field.name), f"{at}.{field.name}".lstrip(".")
        if isinstance(value, msgspec.Struct):
            places += removable(value, path)
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                places += removable(one, f"{path}[{index}]") if isinstance(one, msgspec.Struct) else []
        if value is not None and field.default is None:
            places.append(path)
    return places


def without(part: Any, path: str) -> Any:
    """The record without what stands at a path."""
    first, *rest = steps(path)
    return _without(part, first, rest)


def _without(part: Any, step: str | int, rest: list[str | int]) -> Any:
    if isinstance(step, int):
        return tuple(_without(one, rest[0], rest[1:]) if index == step else one for index, one in enumerate(part))
    if rest:
        return msgspec.structs.replace(part, **{step: _without(getattr(part, step), rest[0], rest[1:])})
    return msgspec.structs.replace(part, **{step: None})


def inside(path: str, other: str) -> bool:
    return path == other or path.startswith((f"{other}.", f"{other}["))


def rests_on(one: Statement, path: str) -> bool:
    """Whether a sentence cites a place, something around it, or, when it is a date, its neighbours."""
    around = path.rpartition(".")[0] if path.endswith(("date", "on", "start", "end")) else path
    return any(inside(fact.path, around) or inside(path, fact.path) for fact in one.facts)


@given(st.sampled_from(example_names()), st.data())
@settings(max_examples=200)
def test_removing_a_fact_removes_its_sentence_and_no_other_and_leaves_a_gap(name: str, data: st.DataObject) -> None:
    record = example_record(name, DAY)
    request = proposed(record)
    before = medical_necessity_letter(record, request, POLICIES, DAY)
    path = data.draw(st.sampled_from(removable(record)))
    after = medical_necessity_letter(without(record, path), request, POLICIES, DAY)
    assert not any(inside(fact.path, path) for one in after.statements for fact in one.facts)
    told = {one.text for one in after.statements}
    assert {one.text for one in before.statements if not rests_on(one, path)} <= told
    needed = {(need.policy, need.criterion) for gap in after.gaps for need in gap.needed_for}
    for assessment in after.assessments:
        for finding in assessment.findings:
            if finding.status is Status.NOT_DOCUMENTED:
                assert (assessment.policy, finding.criterion) in needed


@pytest.mark.parametrize(
    ("path", "question", "place"),
    [
        ("complaint.onset", "When did this pain begin?", "complaint.onset"),
        ("conditions.infection", "Is there any infection?", "conditions.infection"),
        ("goals.ablation_intended", "Would ablation be done if the blocks are positive?", "goals.ablation_intended"),
        (
            "procedures[0].agents",
            "How long did the relief last, and which anaesthetic was used?",
            "procedures[0].diary",
        ),
    ],
)
def test_what_a_policy_needs_becomes_a_gap_when_it_is_removed(path: str, question: str, place: str) -> None:
    record = example_record("second-block-due", DAY)
    request = proposed(record)
    before = medical_necessity_letter(record, request, POLICIES, DAY)
    after = medical_necessity_letter(without(record, path), request, POLICIES, DAY)
    assert question not in {gap.question for gap in before.gaps}
    (gap,) = [gap for gap in after.gaps if gap.question == question]
    assert gap.path == place
    assert gap.needed_for


@given(records(), requests(), DAYS)
@settings(max_examples=60)
def test_any_record_gives_a_letter_that_every_renderer_takes(record: Record, request: Request, as_of: Any) -> None:
    letter = medical_necessity_letter(record, request, POLICIES, as_of)
    stood = as_it_stood(record, as_of)
    for one in letter.statements:
        assert one.facts
        for fact in one.facts:
            assert fact.date is None or fact.date <= as_of or fact.source == "request" or fact.path.endswith("on"), fact
    for page in (letter_page(letter), checklist_page(documentation_checklist(record, request, POLICIES, as_of))):
        assert markdown(page).endswith("\n")
        assert html(page).rstrip().endswith("</html>")
        assert typst_source(page)
    if stood == record:
        for fact in facts_of(letter):
            assert same(standing_at(fact, record, request), fact.value_in_words), fact
