"""What a name means: criterion, step, measure, field, policy or figure, with its source, its test and its history."""

from collections.abc import Iterator
from difflib import get_close_matches

import msgspec

from facetwise.evidence import Figure, load_figures
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field
from facetwise.reports.page import Block, Bullets, Page, Paragraph, Section, Table
from facetwise.rules import Policy, load_library
from facetwise.rules.documents import CriterionDocument, MeasureDocument


class UnknownName(KeyError):
    """Nothing has this name; the text names what comes close."""

    def __str__(self) -> str:
        return str(self.args[0])


class Meaning(msgspec.Struct, frozen=True):
    """One thing that has the name: what kind of thing, where, what it says, and how it is decided."""

    kind: str
    within: str
    says: str
    details: tuple[tuple[str, str], ...]


class Explanation(msgspec.Struct, frozen=True):
    """Everything that has a name, oldest first, and what changed from one version to the next."""

    name: str
    meanings: tuple[Meaning, ...]
    history: tuple[str, ...]


def explanation(name: str) -> Explanation:
    """Everything that `name` means. Raises `UnknownName`."""
    meanings = _merged([*_in_policies(name), *_fields(name), *_figures(name)])
    if not meanings:
        close = get_close_matches(name, sorted(set(_names())), n=3, cutoff=0.5)
        hint = f"Did you mean {', '.join(close)}?" if close else "Ids are in `facetwise next --format json`"
        raise UnknownName(f'Nothing is called "{name}". {hint}')
    return Explanation(name, tuple(meanings), tuple(_history(name)))


def _merged(meanings: list[Meaning]) -> list[Meaning]:
    """The same thing said in several policies, said once."""
    within: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[str]] = {}
    for meaning in meanings:
        within.setdefault((meaning.kind, meaning.says, meaning.details), []).append(meaning.within)
    return [Meaning(kind, " and ".join(places), says, details) for (kind, says, details), places in within.items()]


def explanation_page(found: Explanation) -> Page:
    """An explanation for a person."""
    sections = []
    for meaning in found.meanings:
        blocks: list[Block] = [Paragraph(meaning.says)]
        if meaning.details:
            blocks.append(Table(("", ""), meaning.details))
        sections.append(
            Section(f"{meaning.kind} in {meaning.within}" if meaning.within else meaning.kind, tuple(blocks))
        )
    if found.history:
        sections.append(Section("History", (Bullets(found.history),)))
    return Page(
        title=found.name,
        about=f"{len(found.meanings)} meaning{'s' if len(found.meanings) > 1 else ''}",
        headline=found.name,
        lead=(found.meanings[-1].says,),
        sections=tuple(sections),
        footer=("Facetwise informs a clinician and decides nothing.",),
    )


def _policies() -> list[Policy]:
    """Oldest first, so that a revision follows what it revises."""
    return sorted(load_library().values(), key=lambda policy: str(policy.effective_from or ""))


def _names() -> Iterator[str]:
    yield from REQUEST_FIELDS
    yield from PRIOR_FIELDS
    yield from load_figures()
    for policy in load_library().values():
        yield policy.id
        yield from policy.document.measures
        yield from (step.id for step in policy.steps)
        yield from (criterion.id for criterion, _ in _criteria(policy))


def _criteria(policy: Policy) -> Iterator[tuple[CriterionDocument, str]]:
    """Every criterion as its author wrote it, with the requests or the step that ask it."""
    document = policy.document
    for name, group in document.groups.items():
        asked = ", ".join(request for request, rules in document.requests.items() if name in rules.includes)
        yield from ((criterion, asked) for criterion in group)
    for request, rules in document.requests.items():
        yield from ((criterion, request) for criterion in rules.criteria)
    yield from ((step.here_when, f"step {step.id}") for step in document.steps)


def _in_policies(name: str) -> Iterator[Meaning]:
    for policy in _policies():
        if policy.id == name:
            yield _policy(policy)
        for criterion, asked in _criteria(policy):
            if criterion.id == name:
                yield _criterion(criterion, asked, policy)
        if name in policy.document.measures:
            yield _measure(policy.document.measures[name], policy)
        for step in policy.document.steps:
            if step.id == name:
                leads = "; ".join(f"{edge.to}, when {edge.when}" for edge in step.leads_to)
                details = (("is reached when", step.here_when.says), *_test(step.here_when), ("leads to", leads))
                yield Meaning("step", policy.title, f"{step.title}. {step.does}", details)


def _policy(policy: Policy) -> Meaning:
    dates = f"{policy.effective_from or 'always'} to {policy.effective_to or 'further notice'}"
    asked = ", ".join(rules.title for rules in policy.requests)
    details = [("issuer", policy.issuer), ("in force", dates), ("answers", asked)]
    details += [("revises", policy.revises)] if policy.revises else []
    details += [("source", f"{source.title} ({source.certainty})") for source in policy.sources.values()]
    details += [("note", note) for note in policy.notes]
    return Meaning("policy", "", f"{policy.title}. {policy.document.summary}", tuple(details))


def _criterion(criterion: CriterionDocument, asked: str, policy: Policy) -> Meaning:
    details = [("asked of", asked), *_test(criterion), *_cited(criterion, policy)]
    details += [("advisory", "it never decides a verdict")] if criterion.advisory else []
    details += [("note", criterion.note)] if criterion.note else []
    return Meaning("criterion", f"{policy.id}", criterion.says, tuple(details))


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
    details += [("otherwise", measure.otherwise)] if measure.otherwise else []
    return Meaning("measure", policy.id, measure.says, tuple(details))


def _fields(name: str) -> Iterator[Meaning]:
    for fields, within in ((REQUEST_FIELDS, "facts of a request"), (PRIOR_FIELDS, "facts of an earlier procedure")):
        if name in fields:
            yield _field(fields[name], within)


def _field(field: Field, within: str) -> Meaning:
    details = [("kind of value", f"{field.type}" + (f", in {field.unit}" if field.unit else ""))]
    details += [("values", ", ".join(field.values))] if field.values else []
    details += [("question", field.question), ("place in the record", field.path)]
    return Meaning("field", within, field.meaning, tuple(details))


def _figures(name: str) -> Iterator[Meaning]:
    figure = load_figures().get(name)
    if figure is not None:
        yield Meaning("figure", f"evidence on {figure.topic.replace('_', ' ')}", figure.says, tuple(_figure(figure)))


def _figure(figure: Figure) -> Iterator[tuple[str, str]]:
    if figure.value is not None:
        yield "value", " ".join(part for part in (figure.operator or "", f"{figure.value:g}", figure.unit) if part)
    if figure.low is not None and figure.high is not None:
        yield figure.interval or "interval", f"{figure.low:g} to {figure.high:g} {figure.unit}"
    if figure.n is not None:
        yield "n", str(figure.n)
    for label in ("population", "definition", "note"):
        if text := getattr(figure, label):
            yield label, text
    source = figure.source
    yield "source", source.title + (f", {figure.cites.where}" if figure.cites.where else "")
    yield "certainty", str(figure.certainty)
    if source.url or source.doi:
        yield "where", source.url or f"doi:{source.doi}"


def _history(name: str) -> Iterator[str]:
    """How a criterion changed from each policy to the one that revises it."""
    for policy in _policies():
        if policy.revises is None:
            continue
        before = {criterion.id: criterion for criterion, _ in _criteria(load_library()[policy.revises])}
        after = {criterion.id: criterion for criterion, _ in _criteria(policy)}
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
