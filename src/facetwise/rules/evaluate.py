"""The reference evaluator: its answers are what the rules mean, and every other engine must agree with it."""

from facetwise.rules.explain import explain_finding, missing_for
from facetwise.rules.expressions import open_names
from facetwise.rules.findings import Assessment, Finding, Missing, Status, verdict_of
from facetwise.rules.policy import Criterion, Policy, RequestRules
from facetwise.rules.situation import Situation, View
from facetwise.rules.truth import Truth, threshold


def assess(policy: Policy, situation: Situation) -> Assessment:
    """What `policy` says of the situation's request.

    The first kind of request whose `asked_when` is true is the one that is meant. When that cannot be told, the
    verdict is *not documented* with what is missing; when the policy speaks of no such request, *not applicable*.
    """
    return assess_view(situation.under(policy))


def assess_view(view: View) -> Assessment:
    """The same, of facts that are already drawn up for one policy."""
    policy = view.policy
    rules, missing = _rules_asked(policy, view)
    if rules is None:
        verdict = Status.NOT_DOCUMENTED if missing else Status.NOT_APPLICABLE
        return Assessment(policy.id, policy.issuer, policy.title, policy.kind, verdict, missing=missing)
    findings = tuple(find(criterion, view) for criterion in rules.criteria)
    deciding = [finding for finding in findings if not finding.advisory]
    verdict = verdict_of([finding.status for finding in deciding])
    failed = [finding for finding in deciding if finding.status is Status.NOT_MET]
    return Assessment(
        policy=policy.id,
        issuer=policy.issuer,
        title=policy.title,
        policy_kind=policy.kind,
        verdict=verdict,
        asked=rules.id,
        asked_title=rules.title,
        findings=findings,
        missing=_distinct([one for finding in deciding for one in finding.missing]),
        rests_on_unverified=bool(failed) and not any(finding.certainty.verified for finding in failed),
    )


def _rules_asked(policy: Policy, view: View) -> tuple[RequestRules | None, tuple[Missing, ...]]:
    for rules in policy.requests:
        meant = rules.asked_when.truth(view.facts)
        if meant:
            return rules, ()
        if meant is None:
            return None, missing_for(open_names(rules.asked_when, view.facts), view)
    return None, ()


def find(criterion: Criterion, view: View) -> Finding:
    """One criterion's status with its explanation."""
    return explain_finding(criterion, status_of(criterion, view), view)


def status_of(criterion: Criterion, view: View) -> Status:
    """One criterion's status.

    A test that fails while nobody documented whether its exception holds is *not documented*: the exception may yet
    turn it into *needs review*, and no further fact may ever move a status that was decided.
    """
    facts = view.facts
    if not criterion.available:
        return Status.NOT_APPLICABLE
    applies: Truth = True if criterion.applies_when is None else criterion.applies_when.truth(facts)
    if applies is False:
        return Status.NOT_APPLICABLE
    holds = threshold((arm.test.truth(facts) for arm in criterion.arms), criterion.needed)
    if applies is None or holds is None:
        return Status.NOT_DOCUMENTED
    if holds:
        return Status.MET
    excused: Truth = False if criterion.unless is None else criterion.unless.truth(facts)
    if excused is None:
        return Status.NOT_DOCUMENTED
    return Status.NEEDS_REVIEW if excused else Status.NOT_MET


def _distinct(missing: list[Missing]) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(missing))
