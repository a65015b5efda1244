"""What procedures add up to, when some of them may or may not belong.

Each table is a relation as a measure sees it: the day of each procedure, its sequence within the day, whether it
belongs (T certainly, F not, ? not documented), and the value that is aggregated. Below the line stand the measures.
`otherwise` is 0 for `max`, `min`, `latest` and `earliest` of nothing.
"""

import pytest
from tables import TRUTH, number

from facetwise.records import Field, FieldType, Interval
from facetwise.rules import Measure
from facetwise.rules.expressions import Is, Name
from facetwise.rules.measures import Row, Rows, measure_value, members

SCENARIOS = {
    "no procedure at all": """
        day sequence belongs value
        ---
        count 0       count_days 0    sum 0
        latest 0      earliest 0      max 0         min 0
    """,
    "none belongs": """
        day sequence belongs value
        1      -        F      10
        ---
        count 0       count_days 0    sum 0
        latest 0      earliest 0      max 0         min 0
    """,
    "two that certainly belong": """
        day sequence belongs value
        1      -        T      10
        5      -        T      30
        ---
        count 2       count_days 2    sum 40
        latest 30     earliest 10     max 30        min 10
    """,
    "order of rows does not matter": """
        day sequence belongs value
        5      -        T      30
        1      -        T      10
        ---
        count 2       count_days 2    sum 40
        latest 30     earliest 10     max 30        min 10
    """,
    "one that may belong": """
        day sequence belongs value
        1      -        ?      10
        ---
        count 0..1    count_days 0..1 sum 0..10
        latest 0..10  earliest 0..10  max 0..10     min 0..10
    """,
    "a later one may belong": """
        day sequence belongs value
        1      -        T      10
        5      -        ?      30
        ---
        count 1..2    count_days 1..2 sum 10..40
        latest 10..30 earliest 10     max 10..30    min 10
    """,
    "an earlier one may belong": """
        day sequence belongs value
        1      -        ?      30
        5      -        T      10
        ---
        count 1..2    count_days 1..2 sum 10..40
        latest 10     earliest 10..30 max 10..30    min 10
    """,
    "two on one day are one session": """
        day sequence belongs value
        1      -        T      10
        1      -        T      10
        ---
        count 2       count_days 1    sum 20
        latest 10     earliest 10     max 10        min 10
    """,
    "one that may belong on the day of one that does": """
        day sequence belongs value
        1      -        T      10
        1      -        ?      20
        ---
        count 1..2    count_days 1    sum 10..30
        latest 10..20 earliest 10..20 max 10..20    min 10
    """,
    "a day without a sequence has no order": """
        day sequence belongs value
        1      -        T      10
        1      -        T      20
        ---
        count 2       count_days 1    sum 30
        latest 10..20 earliest 10..20 max 20        min 10
    """,
    "a day with a sequence has one": """
        day sequence belongs value
        1      2        T      10
        1      1        T      20
        ---
        count 2       count_days 1    sum 30
        latest 10     earliest 20     max 20        min 10
    """,
    "the same sequence twice orders nothing": """
        day sequence belongs value
        1      1        T      10
        1      1        T      20
        ---
        count 2       count_days 1    sum 30
        latest 10..20 earliest 10..20 max 20        min 10
    """,
    "a sequence on one of two orders nothing": """
        day sequence belongs value
        1      1        T      10
        1      -        T      20
        ---
        count 2       count_days 1    sum 30
        latest 10..20 earliest 10..20 max 20        min 10
    """,
    "a value known only within bounds": """
        day sequence belongs value
        1      -        T      10
        5      -        T      5..30
        ---
        count 2       count_days 2    sum 15..40
        latest 5..30  earliest 10     max 10..30    min 5..10
    """,
    "a value that is not documented": """
        day sequence belongs value
        1      -        T      10
        5      -        T      ?
        ---
        count 2       count_days 2
        latest ?      earliest 10
    """,
    "all may belong": """
        day sequence belongs value
        1      -        ?      10
        5      -        ?      30
        ---
        count 0..2    count_days 0..2 sum 0..40
        latest 0..30  earliest 0..30  max 0..30     min 0..30
    """,
    "a negative value may make a sum smaller": """
        day sequence belongs value
        1      -        T      10
        5      -        ?      -4
        ---
        count 1..2    count_days 1..2 sum 6..10
        latest -4..10 earliest 10     max 10        min -4..10
    """,
    "what the history does not tell": """
        day sequence belongs value
        1      -        T      10
        5      -        ?      30
        ... and perhaps more
        ---
        count 1..     count_days 1..  sum ?
        latest ?      earliest ?      max ?         min ?
    """,
}

CASES = [
    (name, *expected)
    for name, text in SCENARIOS.items()
    for expected in zip(*[iter(text.partition("---")[2].split())] * 2, strict=True)
]


@pytest.mark.parametrize(("scenario", "kind", "expected"), CASES, ids=[f"{name}: {kind}" for name, kind, _ in CASES])
def test_measure(scenario, kind, expected):
    relation = read_rows(SCENARIOS[scenario].partition("---")[0])
    measure = measure_of(kind)
    value = measure_value(measure, members(measure, relation, {}), relation.complete)
    assert value == number(expected)
    assert isinstance(value, Interval) == (".." in expected)


def read_rows(text: str) -> Rows:
    _, *lines = [line.split() for line in text.strip().splitlines()]
    rows = [
        Row(
            facts={"belongs": TRUTH[belongs], "value": number(value)},
            day=int(day),
            sequence=None if sequence == "-" else int(sequence),
            label="",
        )
        for day, sequence, belongs, value in (line for line in lines if line[0] != "...")
    ]
    return Rows(rows, complete=["...", "and", "perhaps", "more"] not in lines)


def measure_of(kind: str, otherwise: object = 0) -> Measure:
    return Measure(
        name="m",
        says="",
        kind=kind,
        over="prior",
        of=None if kind in ("count", "count_days") else Name("value", of_row=True),
        where=Is(Name("belongs", of_row=True)),
        otherwise=otherwise,
        field=Field("m", FieldType.NUMBER, "", "", "", ""),
    )


WORDS = """
    first second |  first_belongs second_belongs  latest
    thermal thermal   T T   thermal
    thermal pulsed    T T   pulsed
    thermal pulsed    T F   thermal
    thermal pulsed    T ?   -
    thermal thermal   T ?   thermal
    ?       pulsed    T T   pulsed
    pulsed  ?         T T   -
    pulsed  ?         T F   pulsed
    thermal pulsed    ? ?   -
    thermal pulsed    F F   none
"""


@pytest.mark.parametrize("line", WORDS.strip().splitlines()[1:])
def test_the_latest_word(line):
    """A word has no bounds: when it may be one of two, it is not documented (-)."""
    first, second, belongs_first, belongs_second, expected = line.split()
    rows = [
        Row({"belongs": TRUTH[belongs], "value": None if word == "?" else word}, day, None, "")
        for day, (word, belongs) in enumerate(((first, belongs_first), (second, belongs_second)))
    ]
    measure = measure_of("latest", otherwise="none")
    value = measure_value(measure, members(measure, Rows(rows), {}), True)
    assert value == (None if expected == "-" else expected)


def test_never_is_longer_ago_than_any_number():
    """A patient without an earlier block has waited long enough; one whose history is unknown may not have."""
    measure = measure_of("latest", otherwise=float("inf"))
    assert measure_value(measure, members(measure, Rows([]), {}), True) == float("inf")
    assert measure_value(measure, members(measure, Rows([], complete=False), {}), False) is None


def test_without_a_condition_every_row_belongs():
    relation = read_rows("day sequence belongs value\n1 - F 10\n2 - ? 20")
    measure = Measure("m", "", "count", "prior", None, None, 0, Field("m", FieldType.NUMBER, "", "", "", ""))
    assert measure_value(measure, members(measure, relation, {}), True) == 2
