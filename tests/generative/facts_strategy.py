"""Facts drawn from what the catalogue declares, unknowns among them, and one step towards knowing more."""

from collections.abc import Mapping

from hypothesis import strategies as st

from facetwise.records import Field, FieldType, Interval
from facetwise.rules.expressions import Facts, Value

NUMBERS = st.sampled_from([0, 1, 2, 3, 6, 12, 13, 14, 23, 24, 49, 50, 79, 80, 90, 100, 800])
"""Numbers at which the library's rules turn, and others."""


@st.composite
def intervals(draw: st.DrawFn, within: Interval | None = None) -> Interval:
    """An interval of more than one number, inside another one if that is given."""
    numbers = NUMBERS if within is None else NUMBERS.filter(lambda x: within.low <= x <= within.high)
    low, high = sorted(draw(st.lists(numbers, min_size=2, max_size=2, unique=True)))
    top = float("inf") if within is None or within.high == float("inf") else high
    return Interval(low, draw(st.sampled_from([high, top])))


def known(field: Field) -> st.SearchStrategy[Value]:
    """A documented value of a field."""
    if field.type is FieldType.BOOLEAN:
        return st.booleans()
    return NUMBERS if field.type is FieldType.NUMBER else st.sampled_from(field.values)


def values(field: Field) -> st.SearchStrategy[Value]:
    """A value of a field, or that it is unknown, or known only within bounds."""
    partly = st.none() | intervals() if field.type is FieldType.NUMBER else st.none()
    return known(field) | partly


def facts_of(fields: Mapping[str, Field]) -> st.SearchStrategy[dict[str, Value]]:
    """A value for each field."""
    return st.fixed_dictionaries({name: values(field) for name, field in fields.items()})


def open_fields(facts: Facts) -> list[str]:
    """The names whose values could still be known better."""
    return [name for name, value in facts.items() if value is None or isinstance(value, Interval)]


@st.composite
def learnt(draw: st.DrawFn, value: Value, field: Field) -> Value:
    """A value that tells more than this one: any at all for an unknown, one inside an interval."""
    if value is None:
        return draw(known(field) | intervals() if field.type is FieldType.NUMBER else known(field))
    assert isinstance(value, Interval)
    inside = [
        x for x in (0, 1, 2, 3, 6, 12, 13, 14, 23, 24, 49, 50, 79, 80, 90, 100, 800) if value.low <= x <= value.high
    ]
    if len(inside) < 2:
        return draw(st.sampled_from([value.low, value.high]))
    narrower = draw(intervals(value))
    return draw(st.sampled_from([*inside, narrower]))
