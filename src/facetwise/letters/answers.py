"""The policies' answers. One that cannot tell which of its rules apply still says what all of those ask."""

import datetime
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from facetwise.pathway import CheckResult, check
from facetwise.records import Record, Request
from facetwise.rules import Assessment, Finding, History, Policy, RequestRules, Situation, View, find


def answers(record: Record, request: Request, policies: Sequence[Policy], as_of: datetime.date) -> CheckResult:
    """What `check` answers, with the findings that are asked for in any case where a policy's rules stay open."""
    result = check(record, request, policies, as_of)
    situation = Situation(History(record, as_of), request)
    assessments = tuple(
        replace(one, findings=_in_any_case(policy, situation.under(policy))) if _is_open(one) else one
        for one, policy in zip(result.proposal.assessments, policies, strict=True)
    )
    return replace(result, proposal=replace(result.proposal, assessments=assessments))


def _is_open(assessment: Assessment) -> bool:
    return assessment.asked is None and bool(assessment.missing)


def _in_any_case(policy: Policy, view: View) -> tuple[Finding, ...]:
    """The findings of the criteria that every kind of request that may be meant has in common."""
    possible = list(_possible(policy, view))
    shared = set.intersection(*({one.id for one in rules.criteria} for rules in possible)) if possible else set()
    return tuple(find(one, view) for one in possible[0].criteria if one.id in shared) if possible else ()


def _possible(policy: Policy, view: View) -> Iterator[RequestRules]:
    """The kinds of request that may be meant: those undecided before the first that is."""
    for rules in policy.requests:
        meant = rules.asked_when.truth(view.facts)
        if meant is not False:
            yield rules
        if meant:
            return
