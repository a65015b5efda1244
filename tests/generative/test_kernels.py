"""Kernels say what the reference evaluator says, for every policy, on any history.

The generated source is run as plain Python here, so that every policy can be tried in seconds; one is compiled too.
"""

import numpy as np
import pytest
from events_strategy import events
from hypothesis import given
from hypothesis import strategies as st

from facetwise.audit.kernel.compiled import answers_of, kernel_for, statuses_in
from facetwise.audit.kernel.source import NOT_ASKED, STATUSES, UNDECIDED
from facetwise.audit.kernel.table import events_in
from facetwise.audit.reference import reference_statuses
from facetwise.rules import Status, load_library, verdict_of

WRITTEN = [policy for policy in load_library().values() if policy.contractor is None]


@pytest.mark.parametrize("policy", WRITTEN, ids=lambda policy: policy.id)
@given(data=st.data())
def test_a_kernel_agrees_with_the_reference(policy, data):
    kernel = kernel_for(policy, None, compiled=False)
    table, visits = data.draw(events(list(kernel.columns)))
    here = events_in(table, visits)
    asked, statuses = reference_statuses(policy, here)
    answers = answers_of(kernel, here)
    found = statuses_in(policy, answers)
    assert answers.asked.tolist() == asked.tolist()
    assert [STATUSES[one] for one in answers.verdict] == verdicts(policy, asked, statuses)
    assert np.array_equal(found, statuses), _difference(policy, found, statuses, asked)


def verdicts(policy, asked, statuses):
    """The verdict of each event, as `rules.findings` draws it."""
    deciding = [slot for slot, one in enumerate(policy.criteria().values()) if not one.advisory]
    found = []
    for request, row in zip(asked, statuses, strict=True):
        if request == UNDECIDED:
            found.append("not documented")
        else:
            found.append(str(verdict_of([Status(STATUSES[row[slot]]) for slot in deciding if row[slot] != NOT_ASKED])))
    return found


def _difference(policy, found, statuses, asked):
    names = list(policy.criteria())
    rows, slots = np.nonzero(found != statuses)
    return [
        (int(row), names[slot], int(found[row, slot]), int(statuses[row, slot]))
        for row, slot in zip(rows, slots, strict=True)
    ]
