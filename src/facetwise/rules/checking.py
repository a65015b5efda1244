"""What a policy that compiles may still have wrong: rules that can never come true, ranges of dates that collide."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from facetwise.documents import Problem, YamlDocument, did_you_mean
from facetwise.rules.checking_sources import places_of, source_problems
from facetwise.rules.expressions import Always, And, Not
from facetwise.rules.findings import Status
from facetwise.rules.meaning import test_of
from facetwise.rules.policy import Criterion, Policy
from facetwise.rules.reachable import countable, possible, reachable_statuses
from facetwise.rules.topics import Topic


def policy_problems(policy: Policy, yaml: YamlDocument) -> list[Problem]:
    """What is left out or cannot be: dates, payer, topics, sources, measures that never count, criteria never met."""
    return [
        *_dates(policy, yaml),
        *_left_out(policy, yaml),
        *source_problems(policy, yaml),
        *_unreachable(policy, yaml),
    ]


def _left_out(policy: Policy, yaml: YamlDocument) -> Iterator[Problem]:
    """What comparing and choosing policies needs, and nothing else would miss."""
    if policy.kind == "payer" and policy.payer is None:
        yield yaml.problem(("payer",), "The policy does not say whose it is", "Give payer: a name in lower_case")
    places = places_of(policy)
    for criterion in policy.criteria().values():
        place = places.get(criterion.id, ())
        if policy.kind in ("guideline", "payer") and criterion.topic is None:
            yield yaml.problem(place, f"The criterion {criterion.id} has no topic", did_you_mean("", list(Topic)))
        if not policy.document.regions and any(name.name == "levels_in_scope" for name in criterion.names):
            what = f"{criterion.id} asks for levels_in_scope, and the policy draws no regions"
            yield yaml.problem(place, what, "Draw `regions` with the levels that are covered, or drop the criterion")


def _dates(policy: Policy, yaml: YamlDocument) -> Iterator[Problem]:
    effective = policy.document.effective
    first, by, last = effective.from_, effective.from_by, effective.to
    if first and last and last < first:
        yield yaml.problem(("effective", "to"), f"The policy ends on {last}, before it starts on {first}", "Swap them")
    if by and (first is None or by < first):
        yield yaml.problem(("effective", "from_by"), f"from_by {by} is before from", "Give the later day as from_by")


def _unreachable(policy: Policy, yaml: YamlDocument) -> Iterator[Problem]:
    for name, measure in policy.measures.items():
        if not countable(measure, policy):
            what = f"No procedure can belong to the measure {name}"
            yield yaml.problem(("measures", name, "where"), what, "Look for two demands that exclude each other")
    for number, rules in enumerate(policy.requests):
        place = ("requests", rules.id, "asked_when")
        if not possible(rules.asked_when, policy):
            what = f"The request {rules.id} can never be meant"
            yield yaml.problem(place, what, "Look for demands that exclude each other")
        for earlier in policy.requests[:number]:
            if not possible(And((rules.asked_when, Not(earlier.asked_when))), policy):
                what = f"The request {rules.id} can never be meant: {earlier.id} above it is meant whenever it is"
                yield yaml.problem(place, what, "Let their asked_when exclude each other")
                break
    yield from _told_apart(policy, yaml)
    places = places_of(policy)
    for criterion in policy.criteria().values():
        if criterion.available and not _says_no(criterion) and Status.MET not in reachable_statuses(criterion, policy):
            what = f"The criterion {criterion.id} can never be met"
            remedy = "Look for two demands that exclude each other; to refuse always, write test: 'false'"
            yield yaml.problem(places.get(criterion.id, ()), what, remedy)


def _says_no(criterion: Criterion) -> bool:
    """Whether a criterion refuses on purpose: its author wrote `false`."""
    return all(arm.test == Always(False) for arm in criterion.arms)


def _told_apart(policy: Policy, yaml: YamlDocument) -> Iterator[Problem]:
    """Criteria of several requests that share an id and not a test: a finding could not say which was meant."""
    first: dict[str, tuple[str, object]] = {}
    for rules in policy.requests:
        for criterion in rules.criteria:
            meaning = (criterion.available, test_of(criterion, policy))
            request, other = first.setdefault(criterion.id, (rules.id, meaning))
            if meaning != other:
                what = f"The criterion {criterion.id} of {rules.id} tests something else than that of {request}"
                yield yaml.problem(("requests", rules.id), what, "Give each its own id")


class Written(NamedTuple):
    """Where the dates of a policy are written."""

    yaml: YamlDocument
    path: tuple[str | int, ...]


def overlaps(policies: Iterable[Policy], written: Mapping[str, Written]) -> list[Problem]:
    """Policies of one payer, contractor and series that would both certainly be in force on some day.

    `written` says where the dates of each of them stand, by id.
    """
    series: dict[tuple[object, ...], list[Policy]] = {}
    for policy in policies:
        if policy.kind == "payer" and policy.payer is not None:
            key = (policy.payer, policy.contractor, policy.document.series)
            series.setdefault(key, []).append(policy)
    return [problem for members in series.values() for problem in _overlaps_in(members, written)]


def _overlaps_in(policies: Sequence[Policy], written: Mapping[str, Written]) -> Iterator[Problem]:
    ordered = sorted(policies, key=lambda policy: (str(policy.effective_from or ""), policy.id))
    for number, policy in enumerate(ordered):
        for later in ordered[number + 1 :]:
            surely_from = later.document.effective.from_by or later.effective_from
            if policy.effective_to is None or surely_from is None or surely_from <= policy.effective_to:
                who = f"{policy.payer}{f' ({policy.contractor})' if policy.contractor else ''}"
                what = f"{policy.id} and {later.id} of {who} are both in force from {surely_from or 'the beginning'}"
                remedy = f"End {policy.id} the day before, or give another `series`"
                place = written.get(later.id) or written.get(policy.id)
                yield place.yaml.problem(place.path, what, remedy) if place else Problem("effective", what, remedy)
