"""Why a criterion stands as it does: the values it saw, what counted, what is missing, what would help."""

from collections.abc import Iterable, Iterator

from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field
from facetwise.rules.expressions import (
    And,
    Compare,
    Expression,
    In,
    Is,
    Literal,
    Name,
    Not,
    Or,
    is_known,
    names_in,
    open_names,
)
from facetwise.rules.findings import ArmResult, DecidingValue, Finding, Missing, Status, shown
from facetwise.rules.measures import Row
from facetwise.rules.policy import Criterion, Measure
from facetwise.rules.situation import View
from facetwise.rules.truth import Truth
from facetwise.rules.wording import OPERATORS, OPPOSITE, field_of, named

NOT_AVAILABLE = "The policy text was not available."


def explain_finding(criterion: Criterion, status: Status, view: View) -> Finding:
    """The finding of a criterion whose status is known."""
    names = _names(criterion, status)
    return Finding(
        criterion=criterion.id,
        says=criterion.says,
        status=status,
        advisory=criterion.advisory,
        values=tuple(_value(name, view) for name in names),
        procedures=tuple(dict.fromkeys(_counted(names, view))),
        missing=missing_for(_open(criterion, view), view) if status is Status.NOT_DOCUMENTED else (),
        arms=_arms(criterion, view),
        would_change=_would_change(criterion, view) if status is Status.NOT_MET else "",
        source=criterion.citation.title,
        where=criterion.citation.where,
        url=criterion.citation.url,
        certainty=criterion.citation.certainty,
        strength=criterion.strength,
        text_available=criterion.available,
        note=criterion.note if criterion.available else f"{NOT_AVAILABLE} {criterion.note}".strip(),
    )


def _names(criterion: Criterion, status: Status) -> tuple[Name, ...]:
    """Every name the status depended on, each once, in reading order."""
    if status is Status.NOT_APPLICABLE and criterion.applies_when is not None:
        return tuple(dict.fromkeys(names_in(criterion.applies_when)))
    if status in (Status.NEEDS_REVIEW, Status.NOT_DOCUMENTED) and criterion.unless is not None:
        return tuple(dict.fromkeys((*criterion.names, *names_in(criterion.unless))))
    return criterion.names


def _value(name: Name, view: View) -> DecidingValue:
    field = field_of(name, view.policy)
    return DecidingValue(name.name, field.meaning, shown(view.facts[name.name], field.unit))


def _counted(names: Iterable[Name], view: View) -> Iterator[str]:
    """The procedures that the measures among `names` counted, or may have to count."""
    for name in names:
        found = view.membership.get(name.name)
        if found is None:
            continue
        yield from (row.label for row in found.certain)
        yield from (f"{row.label} (not certain)" for row in found.possible)


def _open(criterion: Criterion, view: View) -> Iterator[Name]:
    """The undocumented names that keep a criterion from being decided."""
    expressions = [criterion.applies_when, *(arm.test for arm in criterion.arms), criterion.unless]
    for expression in expressions:
        if expression is not None:
            yield from open_names(expression, view.facts)


def missing_for(names: Iterable[Name], view: View) -> tuple[Missing, ...]:
    """The questions that would fill these names. A measure asks for what its rows, or the history, leave open."""
    missing: list[Missing] = []
    for name in names:
        measure = view.policy.measures.get(name.name)
        if measure is None:
            missing.append(_question(REQUEST_FIELDS[name.name]))
        else:
            missing += _missing_in_measure(measure, view)
    return tuple(dict.fromkeys(missing))


def _missing_in_measure(measure: Measure, view: View) -> Iterator[Missing]:
    if not view.relations[measure.over].complete:
        yield _question(REQUEST_FIELDS["earlier_procedures_known"])
    found = view.membership[measure.name]
    for row in found.possible:
        if measure.where is not None:
            yield from _missing_in_row(measure.where, row, view)
    for row in found.certain + found.possible:
        if measure.of is not None and not is_known(row.facts[measure.of.name]):
            yield _question(PRIOR_FIELDS[measure.of.name], row.label)


def _missing_in_row(where: Expression, row: Row, view: View) -> Iterator[Missing]:
    for name in open_names(where, view.facts, row.facts):
        if name.of_row:
            yield _question(PRIOR_FIELDS[name.name], row.label)
        else:
            yield from missing_for([name], view)


def _question(field: Field, about: str = "") -> Missing:
    return Missing(field.name, field.question, field.path, about)


def _arms(criterion: Criterion, view: View) -> tuple[ArmResult, ...]:
    if len(criterion.arms) < 2:
        return ()
    return tuple(ArmResult(arm.says, _arm_status(arm.test.truth(view.facts))) for arm in criterion.arms)


def _arm_status(truth: Truth) -> Status:
    return {True: Status.MET, False: Status.NOT_MET, None: Status.NOT_DOCUMENTED}[truth]


def _would_change(criterion: Criterion, view: View) -> str:
    """What would have to be different, from the comparisons that failed."""
    in_full = len(criterion.names) > 1
    wanted = list(dict.fromkeys(text for arm in criterion.arms for text in _wanted(arm.test, view, in_full)))
    joined = " and ".join(wanted) if criterion.needed == len(criterion.arms) else " or ".join(wanted)
    return f"It would be met with {joined}" if joined else ""


def _wanted(test: Expression, view: View, in_full: bool, negated: bool = False) -> Iterator[str]:
    """The comparisons that failed, as they would have to be; each with the name of its fact where there are several."""
    if test.truth(view.facts) is not negated:
        return
    match test:
        case Compare(left=Name() as name, operator=operator, right=Literal(content=content)):
            field = field_of(name, view.policy)
            words = OPERATORS[OPPOSITE[operator] if negated else operator]
            yield _named(field, " ".join(part for part in (words, shown(content, field.unit)) if part), in_full)
        case In(left=Name() as name, choices=choices):
            words = " or ".join(shown(choice.content) for choice in choices)
            yield _named(field_of(name, view.policy), f"{'none of ' if negated else ''}{words}", in_full)
        case Is(field=name):
            yield _named(field_of(name, view.policy), "no" if negated else "yes", in_full)
        case Not(part=part):
            yield from _wanted(part, view, in_full, not negated)
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from _wanted(part, view, in_full, negated)


def _named(field: Field, wanted: str, in_full: bool) -> str:
    return named(field, wanted) if in_full else wanted
