"""A policy as one SQL statement: from the tables `events` and `visits` to the status of every criterion.

Written for DuckDB; `sql_dialects.py` turns it into the SQL of other databases. What an expression means is said by
`facetwise.rules`; these modules only spell it, as the kernels do, and every engine must agree with the reference.
"""

from collections.abc import Sequence

import msgspec

from facetwise.audit.sql.events import event_table, pair_table, request_tables
from facetwise.audit.sql.expressions import Spelling
from facetwise.audit.sql.layout import Call, Case, Column, Joined, Negated, Piece, Table, comment, joined, select
from facetwise.audit.sql.measures import measure_tables
from facetwise.audit.sql.names import NEVER, Names, Needs, needs_of, word
from facetwise.audit.sql.sites import regions_shown
from facetwise.audit.sql.visits import visit_tables
from facetwise.documents import DocumentError, Problem
from facetwise.records import FieldType
from facetwise.rules import Criterion, Policy, RequestRules, Status
from facetwise.rules.expressions import Expression

CANNOT_BE_TOLD = "cannot be told"
"""What `asked` says where nobody documented which request is meant."""

KEYS = ("patient", "date", "sequence", "kind", "event", "asked")
"""The columns of the result before those of the criteria."""


class Question(msgspec.Struct, frozen=True):
    """A criterion as a column of the result. Requests that give one id to different criteria share the column."""

    id: str
    variants: tuple[tuple[Criterion, tuple[str, ...]], ...]

    def columns(self) -> list[str]:
        """The columns that hold the truth of each variant's test."""
        return [self.id if n == 0 else f"{self.id}_{n + 1}" for n in range(len(self.variants))]

    def names(self) -> list[str]:
        """These, and those of when each variant applies and of its exception."""
        return [f"{column}{end}" for column in self.columns() for end in ("", "_applies", "_excused")]


def policy_sql(policy: Policy) -> str:
    """The statement of a policy. Raises `DocumentError` where its names cannot stand in one."""
    needs, questions = needs_of(policy), _questions(policy.requests)
    tables = [
        event_table(needs),
        *visit_tables(needs),
        *request_tables(policy, needs),
        *(pair_table(policy, needs, over) for over in needs.of_rows),
        *measure_tables(policy, needs),
        _measured(policy, needs),
        _answered(policy, questions),
    ]
    _check_names(tables, questions)
    head = [f"Policy {policy.id}: {policy.title} ({policy.issuer}).", *_HEAD, regions_shown(policy)]
    lines = [line for text in head for line in comment(text, 0)]
    columns = [Column(", ".join(KEYS)), *(_status(question) for question in questions)]
    final = select(columns, ["FROM answered", "ORDER BY patient, event"], indent=0)
    return "\n".join([*lines, "WITH " + ",\n\n".join(table.text() for table in tables), "", *final]) + "\n"


_HEAD = (
    "Generated from the policy. Do not edit.",
    "Reads the tables events and visits. NULL is not documented; a column that you do not have is NULL throughout.",
    f"NAME_low and NAME_high are a number that is known only within bounds. {NEVER} stands for infinity.",
)


LONGEST = 63
"""As many characters as PostgreSQL keeps of a name."""


def _check_names(tables: Sequence[Table], questions: Sequence[Question]) -> None:
    """Raise `DocumentError` where two tables or two columns would have one name, or a name is cut off."""
    columns = [*KEYS, *(name for question in questions for name in question.names())]
    problems = [
        Problem(name, f"The statement has this {what} twice", "Give the measure, request or criterion another name")
        for what, names in (("table", ["events", "visits", *(table.name for table in tables)]), ("column", columns))
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    long = [name for name in (*columns, *(table.name for table in tables)) if len(name) > LONGEST]
    problems += [
        Problem(name, f"This name in the statement has {len(name)} characters", f"Use at most {LONGEST}")
        for name in dict.fromkeys(long)
    ]
    if problems:
        raise DocumentError(problems)


def _questions(requests: Sequence[RequestRules]) -> list[Question]:
    found: dict[str, dict[Criterion, tuple[str, ...]]] = {}
    for rules in requests:
        for criterion in rules.criteria:
            variants = found.setdefault(criterion.id, {})
            variants[criterion] = (*variants.get(criterion, ()), rules.id)
    return [Question(id_, tuple(variants.items())) for id_, variants in found.items()]


def _measured(policy: Policy, needs: Needs) -> Table:
    """Every request with its measures, and whether it is each of the policy's requests."""
    names = Names(policy)
    spelling = Spelling(names)
    columns, source = [Column("r.*")], ["FROM request AS r"]
    for n, measure in enumerate(needs.measures, 1):
        numeric = measure.field.type is FieldType.NUMBER
        columns.append(Column(f"{measure.name}_low, {measure.name}_high" if numeric else measure.name))
        source += joined(measure.name, f"m{n}", "r")
    columns += [Column(spelling.truth(rules.asked_when), f"asks_{rules.id}", rules.title) for rules in policy.requests]
    return Table("measured", "Each request with its measures, and what it may ask.", select(columns, source))


def _answered(policy: Policy, questions: Sequence[Question]) -> Table:
    """The truth of every criterion's test, of when it applies, and of its exception."""
    spelling = Spelling(Names(policy))
    branches: list[tuple[Piece, Piece]] = []
    for rules in policy.requests:
        branches.append((f"asks_{rules.id}", word(rules.id)))
        branches.append((f"asks_{rules.id} IS NULL", word(CANNOT_BE_TOLD)))
    asked: Piece = Case(tuple(branches)) if branches else "CAST(NULL AS VARCHAR)"
    columns = [Column(", ".join(KEYS[:-1])), Column(asked, KEYS[-1])]
    for question in questions:
        for name, (criterion, _) in zip(question.columns(), question.variants, strict=True):
            columns += _tests(criterion, name, spelling)
    says = "What is asked, and the truth of each criterion: of its test, of when it applies, and of its exception."
    return Table("answered", says, select(columns, ["FROM measured"]))


def _tests(criterion: Criterion, name: str, spelling: Spelling) -> list[Column]:
    if not criterion.available:
        return []
    columns = [Column(_holds(criterion, spelling), name, criterion.says)]
    others: tuple[tuple[str, Expression | None], ...] = (
        (f"{name}_applies", criterion.applies_when),
        (f"{name}_excused", criterion.unless),
    )
    return columns + [Column(spelling.truth(part), other) for other, part in others if part is not None]


def _holds(criterion: Criterion, spelling: Spelling) -> Piece:
    """`rules.truth.threshold` of the arms."""
    truths, needed = tuple(spelling.truth(arm.test) for arm in criterion.arms), criterion.needed
    if len(truths) == 1 == needed:
        return truths[0]
    if needed in (1, len(truths)) and truths:
        return Joined("OR" if needed == 1 else "AND", truths)
    certain = Joined("+", tuple(Case(((truth, "1"),), "0") for truth in truths))
    possible = Joined("+", tuple(Case(((Negated(truth), "0"),), "1") for truth in truths))
    return Case(((_at_least(certain, needed), "TRUE"), (Negated(_at_least(possible, needed)), "FALSE")))


def _at_least(count: Piece, needed: int) -> Piece:
    return Joined(">=", (count, str(needed)))


def _status(question: Question) -> Column:
    """The status of a criterion where it is asked: `rules.evaluate.status_of`."""
    branches = tuple(
        (Call("asked IN ", tuple(word(name) for name in requests)), _status_of(criterion, column))
        for column, (criterion, requests) in zip(question.columns(), question.variants, strict=True)
    )
    return Column(Case(branches), question.id, question.variants[0][0].says)


def _status_of(criterion: Criterion, name: str) -> Piece:
    if not criterion.available:
        return word(Status.NOT_APPLICABLE)
    branches: list[tuple[Piece, Piece]] = []
    if criterion.applies_when is not None:
        branches.append((f"NOT {name}_applies", word(Status.NOT_APPLICABLE)))
        branches.append((f"{name}_applies IS NULL", word(Status.NOT_DOCUMENTED)))
    branches.append((name, word(Status.MET)))
    if criterion.unless is None:
        branches.append((f"NOT {name}", word(Status.NOT_MET)))
    else:
        branches.append((Joined("AND", (f"NOT {name}", f"{name}_excused")), word(Status.NEEDS_REVIEW)))
        branches.append((Joined("AND", (f"NOT {name}", f"NOT {name}_excused")), word(Status.NOT_MET)))
    return Case(tuple(branches), word(Status.NOT_DOCUMENTED))
