"""What must hold for every criterion, measure and record, whatever they are.

`FACETWISE_GENERATIVE=hours` looks for longer; see tests/conftest.py.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from types import SimpleNamespace

import msgspec
import pytest
from facts_strategy import facts_of, learnt, open_fields, values
from hypothesis import assume, given
from hypothesis import strategies as st
from records_strategy import mirrored, records, requests

from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field, FieldType, Interval, Record, Request
from facetwise.rules import (
    Assessment,
    Citation,
    Criterion,
    History,
    Measure,
    Policy,
    Situation,
    Status,
    View,
    assess,
    load_library,
    status_of,
)
from facetwise.rules.expressions import Always, And, Compare, Expression, In, Is, Literal, Name, Not, Or, Value, compare
from facetwise.rules.measures import Row, Rows, measure_value, members
from facetwise.rules.policy import Arm

POLICIES = load_library()
UNDECIDED = (Status.NOT_DOCUMENTED, Status.NEEDS_REVIEW)

# A small world of facts, in which expressions of every kind are drawn.
WORLD = {
    **{name: Field(name, FieldType.BOOLEAN, "", "", "", "") for name in ("p", "q")},
    **{name: Field(name, FieldType.NUMBER, "days", "", "", "") for name in ("x", "y")},
    "colour": Field("colour", FieldType.TEXT, "", "", "", "", ("red", "green")),
}
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
LITERALS = st.sampled_from([0, 1, 13, 14, 50, 80, 800]).map(lambda number: Literal(float(number)))


def expressions(of_row: bool = False) -> st.SearchStrategy[Expression]:
    """Expressions about the facts of that world."""

    def name(*among: str) -> st.SearchStrategy[Name]:
        return st.sampled_from(among).map(lambda chosen: Name(chosen, of_row=of_row))

    numbers = name("x", "y") | LITERALS
    words = st.sampled_from(["red", "green"]).map(Literal)
    leaves = (
        st.builds(Is, name("p", "q"))
        | st.builds(Always, st.booleans())
        | st.builds(Compare, numbers, st.sampled_from(OPERATORS), numbers)
        | st.builds(Compare, name("colour"), st.sampled_from(["=", "!="]), words)
        | st.builds(In, name("x", "y"), st.lists(LITERALS, min_size=1, max_size=3).map(tuple))
        | st.builds(In, name("colour"), st.lists(words, min_size=1, max_size=2).map(tuple))
    )

    def larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.builds(Not, inner) | st.builds(And, parts) | st.builds(Or, parts)

    return st.recursive(leaves, larger, max_leaves=6)


@st.composite
def criteria(draw: st.DrawFn) -> Criterion:
    arms = draw(st.lists(expressions(), min_size=1, max_size=3))
    return Criterion(
        id="drawn",
        says="",
        arms=tuple(Arm("", "", arm) for arm in arms),
        needed=draw(st.integers(1, len(arms))),
        applies_when=draw(st.none() | expressions()),
        unless=draw(st.none() | expressions()),
        advisory=False,
        citation=Citation(),
        note="",
        names=(),
    )


def with_one_more(data: st.DataObject, facts: dict[str, Value], fields: Mapping[str, Field]) -> dict[str, Value]:
    """The facts with one of them learnt, or known more closely."""
    unknown = open_fields(facts)
    assume(unknown)
    name = data.draw(st.sampled_from(unknown), label="learnt")
    return {**facts, name: data.draw(learnt(facts[name], fields[name]), label="value")}


# 1. Learning one more fact moves a criterion only from `not documented` or `needs review`.


@given(criteria(), facts_of(WORLD), st.data())
def test_a_further_fact_never_moves_what_is_decided(criterion, facts, data):
    more = with_one_more(data, facts, WORLD)
    before = status_of(criterion, SimpleNamespace(facts=facts))
    after = status_of(criterion, SimpleNamespace(facts=more))
    assert before is after or before in UNDECIDED


@given(expressions(), facts_of(WORLD), st.data())
def test_a_decided_expression_is_right_for_every_completion(expression, facts, data):
    complete = {name: _within(data, value, WORLD[name]) for name, value in facts.items()}
    truth = expression.truth(facts)
    assert expression.truth(complete) is not None
    assert truth is None or truth is expression.truth(complete)


def _within(data: st.DataObject, value: Value, field: Field) -> Value:
    while value is None or isinstance(value, Interval):
        value = data.draw(learnt(value, field))
    return value


@given(values(WORLD["x"]), values(WORLD["x"]), st.sampled_from(OPERATORS))
def test_a_comparison_and_its_opposite(left, right, operator):
    opposite = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}[operator]
    turned = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}[operator]
    truth, other = compare(left, operator, right), compare(left, opposite, right)
    assert other is (None if truth is None else not truth)
    assert compare(right, turned, left) is truth


# 2. The same for every criterion that is shipped, with its measures over earlier procedures.


class Drawn(msgspec.Struct):
    """Facts of a request and of other procedures, drawn from the catalogue without any record behind them."""

    facts: dict[str, Value]
    prior: list[Row]
    same_day: list[Row]
    complete: bool

    def under(self, policy: Policy) -> View:
        return View(policy, self.facts, {"prior": Rows(self.prior, self.complete), "same_day": Rows(self.same_day)})


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A procedure, more often of a kind and purpose that measures look at, on a day that agrees with `days_before`."""
    facts = draw(facts_of(PRIOR_FIELDS))
    days = draw(st.sampled_from([1, 8, 13, 14, 200, 365, 800]))
    facts |= {
        "kind": draw(st.sampled_from(["medial_branch_block", "radiofrequency_ablation", "facet_joint_injection"])),
        "days_before": days,
        "months_before": days // 31,
    }
    for relation in ("same_region", "overlaps_request", "covers_request"):
        facts[relation] = draw(st.sampled_from([True, True, None, False]))
    return Row(facts, 1000 - days, draw(st.none() | st.integers(1, 2)), "a procedure")


@st.composite
def drawn_facts(draw: st.DrawFn) -> Drawn:
    facts = draw(facts_of(REQUEST_FIELDS))
    priors, others = draw(st.lists(rows(), max_size=3)), draw(st.lists(rows(), max_size=1))
    return Drawn(facts, priors, others, draw(st.sampled_from([True, True, True, False])))


@st.composite
def with_more_known(draw: st.DrawFn, drawn: Drawn) -> Drawn:
    """The same with a few facts learnt, of the request or of a procedure, or the order within a day."""
    facts = dict(drawn.facts)
    prior = [Row(dict(row.facts), row.day, row.sequence, row.label) for row in drawn.prior]
    same_day = [Row(dict(row.facts), row.day, row.sequence, row.label) for row in drawn.same_day]
    places = [(facts, REQUEST_FIELDS), *((row.facts, PRIOR_FIELDS) for row in (*prior, *same_day))]
    unknown = [(known_facts, name, fields[name]) for known_facts, fields in places for name in open_fields(known_facts)]
    for known_facts, name, field in draw(st.lists(st.sampled_from(unknown), min_size=1, max_size=5)) if unknown else []:
        if known_facts[name] is None or isinstance(known_facts[name], Interval):
            known_facts[name] = draw(learnt(known_facts[name], field))
    if draw(st.booleans()):
        for number, row in enumerate(prior):
            row.sequence = row.sequence or number + 3
    return Drawn(facts, prior, same_day, drawn.complete)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
@given(data=st.data())
def test_a_further_fact_never_moves_a_decided_criterion_of_the_library(policy, data):
    drawn = data.draw(drawn_facts())
    before, after = drawn.under(policy), data.draw(with_more_known(drawn)).under(policy)
    for criterion in shipped_criteria(policy):
        was, became = status_of(criterion, before), status_of(criterion, after)
        assert was is became or was in UNDECIDED, criterion.id
    for rules in policy.requests:
        meant = rules.asked_when.truth(before.facts)
        assert meant is None or meant is rules.asked_when.truth(after.facts), rules.id


def shipped_criteria(policy: Policy) -> Iterator[Criterion]:
    yield from policy.criteria().values()
    yield from (step.here_when for step in policy.steps)


# 3. Left and right are alike.


@given(records(), requests())
def test_mirroring_the_patient_changes_nothing(record, request):
    assert statuses(record, request) == statuses(mirrored(record), mirrored(request))


def statuses(record: Record, request: Request) -> list[tuple[object, ...]]:
    """Every policy's verdict, and the status of every criterion, in order."""
    return [
        (one.policy, one.verdict, one.asked, [(finding.criterion, finding.status) for finding in one.findings])
        for one in assessments(record, request)
    ]


def assessments(record: Record, request: Request) -> list[Assessment]:
    situation = Situation(History(record, request.date), request)
    return [assess(policy, situation) for policy in POLICIES.values()]


# 4. Measures over procedures that may or may not belong, against every way in which that can turn out.


class Turned(msgspec.Struct, frozen=True):
    """A procedure as it turned out: whether it belongs, its day, its place within the day, its value."""

    belongs: bool
    day: int
    sequence: int
    value: float


REFERENCE: dict[str, Callable[[Sequence[Turned], float], float]] = {
    "count": lambda rows, _: len(rows),
    "count_days": lambda rows, _: len({row.day for row in rows}),
    "sum": lambda rows, _: sum(row.value for row in rows),
    "max": lambda rows, otherwise: max((row.value for row in rows), default=otherwise),
    "min": lambda rows, otherwise: min((row.value for row in rows), default=otherwise),
    "latest": lambda rows, otherwise: max(rows, key=_moment).value if rows else otherwise,
    "earliest": lambda rows, otherwise: min(rows, key=_moment).value if rows else otherwise,
}
"""What a measure means when everything is known."""


def _moment(row: Turned) -> tuple[int, int]:
    return row.day, row.sequence


@st.composite
def small_rows(draw: st.DrawFn) -> list[Row]:
    """At most four procedures on few days. Whether each belongs is its own fact `p`; its value may be unknown."""
    one = st.tuples(
        st.sampled_from([True, False, None]),
        st.integers(1, 2),
        st.none() | st.integers(1, 9),
        st.sampled_from([-2, 0, 5, 7]) | st.sampled_from([None, Interval(0, 5), Interval(-2, 7)]),
    )
    found = draw(st.lists(one, max_size=4))
    return [Row({"p": belongs, "x": value}, day, sequence, "") for belongs, day, sequence, value in found]


def ways(found: Sequence[Row]) -> Iterator[list[Turned]]:
    """Every way in which unknown memberships and values can turn out, in one order that the record allows."""
    belonging = product(*([row.facts["p"]] if row.facts["p"] is not None else [True, False] for row in found))
    chosen = list(product(*(_possible_values(row.facts["x"]) for row in found)))
    for belongs in belonging:
        for picked in chosen:
            yield [
                Turned(member, row.day, row.sequence or 0, value)
                for row, member, value in zip(found, belongs, picked, strict=True)
            ]


def _possible_values(value: Value) -> list[float]:
    if value is None:
        return [-9, 0, 99]
    return [value.low, value.high] if isinstance(value, Interval) else [value]


def measure_of(kind: str, where: Expression | None, otherwise: float) -> Measure:
    of = None if kind in ("count", "count_days") else Name("x", of_row=True)
    return Measure("m", "", kind, "prior", of, where, otherwise, WORLD["x"])


@pytest.mark.parametrize("kind", REFERENCE)
@given(found=small_rows(), otherwise=st.sampled_from([0, 6, float("inf")]))
def test_a_measure_holds_whatever_turns_out(kind, found, otherwise):
    assume(kind not in ("latest", "earliest") or _ordered(found))
    measure = measure_of(kind, Is(Name("p", of_row=True)), otherwise)
    value = measure_value(measure, members(measure, Rows(found), {}), complete=True)
    results = {REFERENCE[kind]([row for row in way if row.belongs], otherwise) for way in ways(found)}
    assert all(holds(value, result) for result in results)
    if kind in ("count", "count_days"):
        assert value == (results.pop() if len(results) == 1 else Interval(min(results), max(results)))


def _ordered(found: Sequence[Row]) -> bool:
    """Whether the procedures have one order, so that the latest is one of them."""
    moments = [(row.day, row.sequence) for row in found]
    return len(set(moments)) == len(moments) and all(
        row.sequence is not None or [day for day, _ in moments].count(row.day) == 1 for row in found
    )


def holds(value: Value, result: float) -> bool:
    """Whether a measure's value allows a result."""
    if value is None:
        return True
    return value.low <= result <= value.high if isinstance(value, Interval) else value == result


@given(st.lists(st.tuples(facts_of(WORLD), st.integers(1, 3)), max_size=3), expressions(of_row=True), st.data())
def test_a_count_under_any_condition_holds_whatever_turns_out(found, where, data):
    relation = [Row(facts, day, None, "") for facts, day in found]
    turned_out = [
        Row({name: _within(data, value, WORLD[name]) for name, value in row.facts.items()}, row.day, None, "")
        for row in relation
    ]
    for kind in ("count", "count_days"):
        measure = measure_of(kind, where, 0)
        value = measure_value(measure, members(measure, Rows(relation), {}), complete=True)
        result = measure_value(measure, members(measure, Rows(turned_out), {}), complete=True)
        assert isinstance(result, int)
        assert holds(value, result)


@given(small_rows(), small_rows(), st.sampled_from(list(REFERENCE)), st.sampled_from([0, 6]))
def test_a_history_that_is_not_documented_may_hold_anything(documented, undocumented, kind, otherwise):
    measure = measure_of(kind, Is(Name("p", of_row=True)), otherwise)
    value = measure_value(measure, members(measure, Rows(documented), {}), complete=False)
    for way in ways([*documented, *undocumented][:4]):
        if len(documented) <= 4:
            assert holds(value, REFERENCE[kind]([row for row in way if row.belongs], otherwise))


# 5. The order in which procedures are written down means nothing.


@given(records(), requests(), st.randoms(use_true_random=False))
def test_the_order_of_procedures_means_nothing(record, request, random):
    shuffled = list(record.procedures or ())
    random.shuffle(shuffled)
    other = msgspec.structs.replace(record, procedures=record.procedures and tuple(shuffled))
    assert statuses(record, request) == statuses(other, request)


@given(st.lists(rows(), max_size=4), st.randoms(use_true_random=False), facts_of(REQUEST_FIELDS))
def test_the_order_of_rows_means_nothing(found, random, facts):
    shuffled = list(found)
    random.shuffle(shuffled)
    for policy in POLICIES.values():
        one, other = (Drawn(facts, relation, [], True).under(policy) for relation in (found, shuffled))
        assert one.facts == other.facts
