"""The earliest date: when a request that is only too early becomes possible.

Facts change with time only on the days when a counted number of days, weeks or months passes a number that a rule
compares it with. Those days are few, so each is tried; between them nothing can change.
"""

import datetime
from collections.abc import Iterator

from msgspec.structs import replace

from facetwise.pathway.results import Earliest
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, FieldType, Record, Request, add_months
from facetwise.rules import Assessment, Criterion, Policy, Situation, Status, View, status_of
from facetwise.rules.expressions import And, Compare, Expression, Literal, Name, Not, Or, names_in

HORIZON_YEARS = 3
"""How far ahead to look. No rule in the library waits longer than two years."""


def earliest_date(policy: Policy, situation: Situation, assessment: Assessment) -> Earliest | None:
    """The first later date on which fewer criteria stand in the way than today; None when time does not help."""
    today = situation.request.date
    hindering = _hindering(policy, situation.under(policy), assessment)
    best: Earliest | None = None
    fewest = len(hindering)
    for day in sorted(_turning_days(policy, hindering, situation)):
        if not today < day <= today.replace(day=1, year=today.year + HORIZON_YEARS):
            continue
        later = _later(situation, day).under(policy)
        still = [criterion for criterion in hindering if _hinders(criterion, later)]
        if len(still) < fewest:
            fewest = len(still)
            waits_for = tuple(criterion.says for criterion in hindering if criterion not in still)
            best = Earliest(policy.id, day, waits_for, others_open=bool(still))
    return best


def _hindering(policy: Policy, view: View, assessment: Assessment) -> list[Criterion]:
    """The criteria whose test has certainly failed."""
    rules = next((rules for rules in policy.requests if rules.id == assessment.asked), None)
    if rules is None:
        return []
    return [criterion for criterion in rules.criteria if not criterion.advisory and _hinders(criterion, view)]


def _hinders(criterion: Criterion, view: View) -> bool:
    """Whether a criterion stands in the way: not met, or saved only by a reason that nobody has documented."""
    return status_of(replace(criterion, unless=None), view) is Status.NOT_MET


def _later(situation: Situation, day: datetime.date) -> Situation:
    return Situation(situation.history, replace(situation.request, date=day, same_session=None))


def _turning_days(policy: Policy, criteria: list[Criterion], situation: Situation) -> set[datetime.date]:
    """Every day on which a counted time may pass a number that one of the criteria compares it with."""
    limits = {limit for criterion in criteria for arm in criterion.arms for limit in _limits(arm.test, policy)}
    if not limits:
        return set()
    origins = set(_origins(situation.history.record, situation.request))
    return {day for origin in origins for unit, number in limits for day in _passing(origin, unit, number)}


_COUNTED = ("days", "weeks", "months")


def _limits(expression: Expression, policy: Policy) -> Iterator[tuple[str, int]]:
    """Numbers that a counted time is compared with, in an expression and in the measures it uses."""
    match expression:
        case Not(part=part):
            yield from _limits(part, policy)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _limits(part, policy)
        case Compare(left=Name() as name, right=Literal(content=float() as number)):
            if (unit := _unit(name, policy)) in _COUNTED:
                yield unit, int(number)
        case Compare(left=Literal(content=float() as number), right=Name() as name):
            if (unit := _unit(name, policy)) in _COUNTED:
                yield unit, int(number)
    for name in names_in(expression):
        measure = None if name.of_row else policy.measures.get(name.name)
        if measure is not None and measure.where is not None:
            yield from _limits(measure.where, policy)


def _unit(name: Name, policy: Policy) -> str:
    fields = PRIOR_FIELDS if name.of_row else REQUEST_FIELDS
    field = fields[name.name] if name.name in fields else policy.measures[name.name].field
    return field.unit if field.type is FieldType.NUMBER else ""


def _origins(record: Record, request: Request) -> Iterator[datetime.date]:
    """The days from which times are counted."""
    if record.complaint.onset is not None:
        yield record.complaint.onset
    for course in record.conservative_care or ():
        yield from (day for day in (course.start, course.end) if day is not None)
    for procedure in record.procedures or ():
        yield procedure.date
    for planned in request.same_session or ():
        yield planned.date


def _passing(origin: datetime.date, unit: str, number: int) -> Iterator[datetime.date]:
    """The days on which the time since `origin` reaches `number` and exceeds it."""
    for count in (number, number + 1):
        try:
            if unit == "months":
                yield add_months(origin, count)
            else:
                yield origin + datetime.timedelta(days=count * (7 if unit == "weeks" else 1))
        except (ValueError, OverflowError):  # a rule may compare with a number beyond the calendar
            return
