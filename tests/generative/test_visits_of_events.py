"""Visits find the procedures that a join would find, whatever the tables look like."""

import math
from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from facetwise.audit.reading.visits_of_events import first_event_of_visits, visits_by_event

KEYS = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(-1, 1))
NUMBERS = st.sampled_from([math.nan, 0.0, 50.0, 80.0])


@given(
    st.lists(KEYS, max_size=12).map(sorted),
    st.lists(st.tuples(KEYS, st.integers(0, 4), NUMBERS, NUMBERS), max_size=20),
)
def test_visits_are_those_of_a_join_and_one_a_day(events, visits) -> None:
    visits = sorted(visits, key=lambda visit: visit[0][0])
    patient, date, sequence = (np.array([event[at] for event in events], np.int64) for at in range(3))
    of = [np.array([visit[0][at] for visit in visits], np.int64) for at in range(3)]
    day = np.array([visit[1] for visit in visits], np.int32)
    relief, function = (np.array([visit[at] for visit in visits], float) for at in (2, 3))

    rows = first_event_of_visits(patient, date, sequence, *of)
    starts, days, reliefs, functions = visits_by_event(date, sequence, patient, rows, day, relief, function)

    assert list(rows) == [events.index(visit[0]) if visit[0] in events else -1 for visit in visits]
    for at, event in enumerate(events):
        expected = defaultdict(lambda: (math.nan, math.nan))
        for key, on, least, best in visits:
            if key == event:
                before = expected[on]
                expected[on] = (_of(min, before[0], least), _of(max, before[1], best))
        mine = slice(starts[at], starts[at + 1])
        assert list(days[mine]) == sorted(expected)
        for name, found in ((0, reliefs), (1, functions)):
            np.testing.assert_array_equal(found[mine], [expected[on][name] for on in sorted(expected)])


def _of(choose, one: float, other: float) -> float:
    """The chosen one of the numbers there are."""
    there = [number for number in (one, other) if not math.isnan(number)]
    return choose(there) if there else math.nan
