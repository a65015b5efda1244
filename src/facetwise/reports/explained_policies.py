"""What a name means in the policies of the library: policy, criterion, measure, convention or step, and its history."""

import re
from collections.abc import Iterator

from facetwise.evidence import figure
from facetwise.reports.meaning import Meaning
from facetwise.rules import Policy, load_library
from facetwise.rules.documents import CriterionDocument, MeasureDocument


def in_policies(name: str) -> Iterator[Meaning]:
    """Everything in the library's policies that has this name, oldest policy first."""
    if name in load_library():
        yield policy_meaning(load_library()[name])
    for policy in _policies():
        for criterion, asked in criteria_as_written(policy):
            if criterion.id == name:
                yield criterion_meaning(criterion, asked, policy)
        if name in policy.document.measures:
            yield _measure(policy.document.measures[name], policy)
        if name in policy.document.conventions:
            convention = policy.document.conventions[name]
            details = [("value", convention.value)] if convention.value is not None else []
            yield Meaning("convention", policy.id, convention.says, (*details, ("because", convention.because)))
        for step in policy.document.steps:
            if step.id == name:
                leads = "; ".join(f"{edge.to}, when {edge.when}" for edge in step.leads_to)
                reached = (("is reached when", step.here_when.says), *_test(step.here_when), ("leads to", leads))
                yield Meaning("step", policy.title, f"{step.title}. {step.does}", reached)


def names_in_policies() -> Iterator[str]:
    """Every name that `in_policies` knows."""
    yield from load_library()
    for policy in _policies():
        yield from policy.document.measures
        yield from policy.document.conventions
        yield from (step.id for step in policy.steps)
        yield from (criterion.id for criterion, _ in criteria_as_written(policy))


def _policies() -> list[Policy]:
    """Oldest first, so that a revision follows what it revises. Contractors' policies repeat the text they apply."""
    written = [policy for policy in load_library().values() if policy.contractor is None]
    return sorted(written, key=lambda policy: str(policy.effective_from or ""))


def criteria_as_written(policy: Policy) -> Iterator[tuple[CriterionDocument, str]]:
    """Every criterion as its author wrote it, with the requests or the step that ask it."""
    document = policy.document
    for name, group in document.groups.items():
        asked = ", ".join(request for request, rules in document.requests.items() if name in rules.includes)
        yield from ((criterion, asked) for criterion in group)
    for request, rules in document.requests.items():
        yield from ((criterion, request) for criterion in rules.criteria)
    yield from ((step.here_when, f"step {step.id}") for step in document.steps)


def policy_meaning(policy: Policy) -> Meaning:
    """A policy: issuer, dates, what it answers, sources, conventions and notes."""
    dates = f"{policy.effective_from or 'always'} to {policy.effective_to or 'further notice'}"
    asked = ", ".join(rules.title for rules in policy.requests)
    details = [("issuer", policy.issuer), ("in force", dates), ("answers", asked)]
    details += [("dates", doubt)] if (doubt := policy.document.effective.note) else []
    details += [("revises", policy.revises)] if policy.revises else []
    details += [("source", f"{source.title} ({source.certainty})") for source in policy.sources.values()]
    details += [("convention", f"{one.says} {one.because}") for one in policy.document.conventions.values()]
    details += [("note", note) for note in policy.notes]
    return Meaning("policy", "", f"{policy.title}. {policy.document.summary}", tuple(details))


def criterion_meaning(criterion: CriterionDocument, asked: str, policy: Policy) -> Meaning:
    """A criterion as its author wrote it: who is asked, its test, its source and remarks."""
    details = [("asked of", asked), *_test(criterion), *_conventions(_texts(criterion), policy)]
    details += [("text", "not available, so the criterion is not applicable")] if criterion.text_not_available else []
    details += [("strength", criterion.strength)] if criterion.strength else []
    details += _cited(criterion, policy)
    details += [("advisory", "it never decides a verdict")] if criterion.advisory else []
    details += [("evidence", figure(name).says) for name in criterion.figures]
    details += [("note", criterion.note)] if criterion.note else []
    return Meaning("criterion", f"{policy.id}", criterion.says, tuple(details))


def _texts(criterion: CriterionDocument) -> str:
    return " ".join(text for _, text in _test(criterion))


def _conventions(text: str, policy: Policy) -> Iterator[tuple[str, str]]:
    """The conventions that a leaf names, with what they stand for."""
    for name, convention in policy.document.conventions.items():
        if convention.value is not None and re.search(rf"\b{name}\b", text):
            yield "convention", f"{name} is {convention.value}. {convention.says} {convention.because}"


def _test(criterion: CriterionDocument) -> Iterator[tuple[str, str]]:
    if criterion.applies_when:
        yield "applies when", criterion.applies_when
    if criterion.test:
        yield "test", criterion.test
    for form in ("all_of", "any_of", "of"):
        for leaf in getattr(criterion, form) or ():
            yield form.replace("_", " "), f"{leaf.says} {leaf.test}"
    if criterion.unless:
        yield "unless, then needs review", criterion.unless


def _cited(criterion: CriterionDocument, policy: Policy) -> Iterator[tuple[str, str]]:
    cites = criterion.cites
    source = policy.sources.get(cites.source) if cites else None
    if cites is None or source is None:
        yield "source", "none (unverified)"
        return
    place = f", {cites.where}" if cites.where else ""
    read = f", read on {source.read_on}" if source.read_on else ""
    yield "source", f"{source.title}{place}{read}"
    yield "certainty", str(cites.certainty or source.certainty)
    if source.url or source.doi:
        yield "where", source.url or f"doi:{source.doi}"


def _measure(measure: MeasureDocument, policy: Policy) -> Meaning:
    kinds = ("count", "count_days", "latest", "earliest", "max", "min", "sum")
    details = [(kind.replace("_", " "), value) for kind in kinds if (value := getattr(measure, kind))]
    details += [("where", measure.where)] if measure.where else []
    details += _conventions(measure.where or "", policy)
    details += [("otherwise", measure.otherwise)] if measure.otherwise else []
    return Meaning("measure", policy.id, measure.says, tuple(details))


def history_of(name: str) -> Iterator[str]:
    """How a criterion changed from each policy to the one that revises it."""
    for policy in _policies():
        if policy.revises is None:
            continue
        before = {criterion.id: criterion for criterion, _ in criteria_as_written(load_library()[policy.revises])}
        after = {criterion.id: criterion for criterion, _ in criteria_as_written(policy)}
        if name not in before and name not in after:
            continue
        since = f"{policy.id}, in force from {policy.effective_from}"
        if name not in after:
            yield f"dropped by {since}"
        elif name not in before:
            yield f"added by {since}"
        elif before[name] == after[name]:
            yield f"unchanged in {since}"
        else:
            yield f"changed by {since}: {_difference(before[name], after[name])}"


def _difference(before: CriterionDocument, after: CriterionDocument) -> str:
    changes = []
    for part in ("says", "applies_when", "test", "all_of", "any_of", "at_least", "unless", "note"):
        old, new = getattr(before, part), getattr(after, part)
        if old != new:
            changes.append(f"{part.replace('_', ' ')} was {old or 'absent'!s} and is {new or 'absent'!s}")
    return "; ".join(changes) or "its citation"
