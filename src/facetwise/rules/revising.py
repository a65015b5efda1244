"""A revision: the earlier document with the criteria, measures and dates that changed. One text, one difference."""

from msgspec.structs import replace

from facetwise.rules.documents import CriterionDocument, PolicyDocument, RequestDocument


def revise(earlier: PolicyDocument, revision: PolicyDocument) -> PolicyDocument:
    """`earlier` as `revision` changes it: same-named parts are replaced, new ones added, `drops` removed."""
    groups = dict(earlier.groups)
    for name, criteria in revision.groups.items():
        groups[name] = _revised(groups.get(name, ()), criteria)
    requests = dict(earlier.requests)
    for name, request in revision.requests.items():
        requests[name] = _revised_request(requests.get(name), request)
    return replace(
        revision,
        sources={**earlier.sources, **revision.sources},
        payer=revision.payer or earlier.payer,
        checked_on=revision.checked_on or earlier.checked_on,
        conventions={**earlier.conventions, **revision.conventions},
        regions=revision.regions or earlier.regions,
        measures={**earlier.measures, **revision.measures},
        groups={name: _without(criteria, revision.drops) for name, criteria in groups.items()},
        requests={
            name: replace(request, criteria=_without(request.criteria, revision.drops))
            for name, request in requests.items()
        },
        steps=revision.steps or earlier.steps,
        notes=(*earlier.notes, *revision.notes),
    )


def _revised_request(earlier: RequestDocument | None, revision: RequestDocument) -> RequestDocument:
    if earlier is None:
        return revision
    return replace(
        revision,
        includes=revision.includes or earlier.includes,
        criteria=_revised(earlier.criteria, revision.criteria),
    )


def _revised(
    earlier: tuple[CriterionDocument, ...], changed: tuple[CriterionDocument, ...]
) -> tuple[CriterionDocument, ...]:
    """The earlier criteria in their order, each replaced by its changed namesake, then the new ones."""
    by_id = {criterion.id: criterion for criterion in changed}
    kept = tuple(by_id.pop(criterion.id, criterion) for criterion in earlier)
    return kept + tuple(by_id.values())


def _without(criteria: tuple[CriterionDocument, ...], drops: tuple[str, ...]) -> tuple[CriterionDocument, ...]:
    return tuple(criterion for criterion in criteria if criterion.id not in drops)
