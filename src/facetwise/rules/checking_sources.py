"""Whether every criterion says where it stands, and every source of a policy is used and says how it was read."""

from collections.abc import Iterator

from facetwise.documents import Problem, YamlDocument
from facetwise.documents.typing import Path
from facetwise.rules.documents import PolicyDocument
from facetwise.rules.policy import Policy


def source_problems(policy: Policy, yaml: YamlDocument) -> Iterator[Problem]:
    """Sources without a day or that nobody cites, and criteria that cite none. What a revision inherits is not its."""
    for name, source in policy.sources.items():
        if (source.read_on is None) == source.certainty.verified:
            has = "no" if source.read_on is None else "a"
            what = f'The source "{name}" is {source.certainty}, and has {has} read_on'
            remedy = "Give the day it was read, or certainty: unverified for one that nobody read"
            yield yaml.problem(("sources", name), what, remedy)
    places = places_of(policy)
    for criterion in policy.criteria().values():
        if not criterion.citation.source:
            what = f"The criterion {criterion.id} does not say where it stands"
            yield yaml.problem(places.get(criterion.id, ()), what, "Give cites: a source, and the place in it")
    cited = set(_cited(policy.document))
    for name in (yaml.value.get("sources") or {}) if isinstance(yaml.value, dict) else ():
        if name not in cited:
            yield yaml.problem(("sources", name), *uncited(name))


def uncited(name: str) -> tuple[str, str]:
    """What is wrong with a source that nobody cites, and the remedy."""
    return f'No statement cites the source "{name}"', "Cite it, or leave it out"


def _cited(document: PolicyDocument) -> Iterator[str]:
    groups = [*document.groups.values(), *(request.criteria for request in document.requests.values())]
    groups.append(tuple(step.here_when for step in document.steps))
    yield from (criterion.cites.source for group in groups for criterion in group if criterion.cites)


def places_of(policy: Policy) -> dict[str, Path]:
    """Where each criterion is written, by id."""
    places: dict[str, Path] = {}
    for name, criteria in policy.document.groups.items():
        places |= {criterion.id: ("groups", name, number) for number, criterion in enumerate(criteria)}
    for name, request in policy.document.requests.items():
        for number, criterion in enumerate(request.criteria):
            places[criterion.id] = ("requests", name, "criteria", number)
    return places
