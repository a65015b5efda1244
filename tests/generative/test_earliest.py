"""The earliest date, against trying every day up to the horizon."""

import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from records_strategy import records

from facetwise.pathway.earliest import HORIZON_YEARS, _hindering, _hinders, _later, earliest_date
from facetwise.pathway.proposing import draft_request
from facetwise.records import Record
from facetwise.rules import History, Situation, assess, load_library

LIBRARY = load_library()
STEPS = [step for step in LIBRARY["facet-pathway"].steps if step.proposes is not None]


@settings(deadline=None)
@given(records(), st.sampled_from(STEPS), st.sampled_from(sorted(LIBRARY)))
def test_it_is_the_first_day_on_which_fewest_criteria_stand_in_the_way(record: Record, step, name: str) -> None:
    done = [procedure.date for procedure in record.procedures or ()]
    today = max(done, default=datetime.date(2026, 1, 1)) + datetime.timedelta(days=5)
    history = History(record, today)
    request = draft_request(step, history.record, today)
    assert request is not None
    situation, policy = Situation(history, request), LIBRARY[name]
    assessment = assess(policy, situation)
    found = earliest_date(policy, situation, assessment)
    assert (found.date if found else None) == _by_trying(policy, situation, assessment, today)


def _by_trying(policy, situation, assessment, today: datetime.date) -> datetime.date | None:
    hindering = _hindering(policy, situation.under(policy), assessment)
    best, fewest = None, len(hindering)
    day = today
    while fewest and day < today.replace(day=1, year=today.year + HORIZON_YEARS):
        day += datetime.timedelta(days=1)
        view = _later(situation, day).under(policy)
        count = sum(_hinders(criterion, view) for criterion in hindering)
        if count < fewest:
            best, fewest = day, count
    return best
