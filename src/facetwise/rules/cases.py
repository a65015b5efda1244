"""Cases: small situations beside a policy, with the statuses it must give. The test runner and `validate` run them.

A case gives facts as the field catalogue declares them, not a whole record: what is not given is not documented.
A value is `true`, `false`, a number, a word, an interval such as `3..7`, or `?` for not documented.
"""

import datetime
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.documents.typing import Path
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field, FieldType, Interval, complete_months
from facetwise.rules.documents import Identifier, Part, PolicyId
from facetwise.rules.evaluate import assess_view, status_of
from facetwise.rules.expressions import Value
from facetwise.rules.findings import Status
from facetwise.rules.measures import Row, Rows
from facetwise.rules.policy import Criterion, Policy, RequestRules
from facetwise.rules.reachable import reachable_statuses
from facetwise.rules.situation import View


class CaseDocument(Part, frozen=True, kw_only=True):
    """One situation and what the policy must say of it.

    `request` names the rules to ask; without it the policy finds them itself, and `expect` may hold `asked` and
    `verdict`. `history: unknown` means that earlier procedures are not documented beyond those listed. With `on`, the
    day of the request, a procedure may give its `date`, from which days and months before are counted.
    """

    says: str
    request: Identifier | None = None
    on: datetime.date | None = None
    facts: dict[str, str] = msgspec.field(default_factory=dict)
    prior: tuple[dict[str, str], ...] = ()
    same_day: tuple[dict[str, str], ...] = ()
    history: Annotated[str, Meta(pattern="^(known|unknown)$")] = "known"
    expect: dict[str, str]
    source: str = ""


class CasesDocument(Part, frozen=True, kw_only=True):
    """The cases of one policy."""

    policy: PolicyId
    cases: tuple[CaseDocument, ...]


class Case(msgspec.Struct, frozen=True):
    """A case with typed facts, ready to run, the line on which it starts, and those of what it expects."""

    document: CaseDocument
    facts: Mapping[str, Value]
    relations: Mapping[str, Rows]
    file: str
    line: int
    lines: Mapping[str, int] = msgspec.field(default_factory=dict)

    def view(self, policy: Policy) -> View:
        """The case as a policy sees it."""
        return View(policy, self.facts, self.relations)


def read_cases(text: str, file: str) -> tuple[str, list[Case]]:
    """The policy's id and its cases. Raises `DocumentError` with every problem and its line."""
    yaml = read_yaml(text, file)
    document = yaml.typed(CasesDocument)
    reading = _Reading(yaml)
    cases = [reading.case(case, ("cases", number)) for number, case in enumerate(document.cases)]
    if reading.problems:
        raise DocumentError(reading.problems)
    return document.policy, cases


def run_case(case: Case, policy: Policy) -> list[Problem]:
    """What the policy says otherwise than the case expects, and what it can never say; nothing when they agree."""
    view = case.view(policy)
    problems = []
    for about, expected in case.document.expect.items():
        found = _answer(about, case.document.request, policy, view)
        if found != expected:
            what = f"{case.document.says} {about}: expected {expected}, found {found}"
            remedy = _remedy(about, expected, found, case, policy)
            problems.append(Problem(f"expect.{about}", what, remedy, case.file, case.lines.get(about, case.line)))
    return problems


def _answer(about: str, request: str | None, policy: Policy, view: View) -> str:
    if request is None:
        assessment = assess_view(view)
        if about in ("asked", "verdict"):
            return str((assessment.asked or "nothing") if about == "asked" else assessment.verdict)
        statuses = {finding.criterion: finding.status for finding in assessment.findings}
        return str(statuses.get(about, "not asked"))
    criterion = _criterion(policy, request, about)
    return str(status_of(criterion, view)) if criterion else "not asked"


def _criterion(policy: Policy, request: str, name: str) -> Criterion | None:
    rules: RequestRules | None = next((rules for rules in policy.requests if rules.id == request), None)
    return next((criterion for criterion in rules.criteria if criterion.id == name), None) if rules else None


def _remedy(about: str, expected: str, found: str, case: Case, policy: Policy) -> str:
    """What to do about a case that does not come out: above all when no facts at all could make it."""
    criterion = policy.criteria().get(about)
    requests = [rules.id for rules in policy.requests]
    if about in ("asked", "verdict") and case.document.request is not None:
        return f"A case that expects {about} has no `request`: leave it out, and give kind and purpose as facts"
    if about == "asked":
        return did_you_mean(expected, [*requests, "nothing"])
    if case.document.request is not None and case.document.request not in requests:
        return f"{policy.id} has no such request. " + did_you_mean(case.document.request, requests)
    if criterion is None and about not in ("asked", "verdict"):
        return f"{policy.id} has no such criterion. " + did_you_mean(about, list(policy.criteria()))
    if found == "not asked":
        return "The criterion is asked of another request: name that one"
    if criterion is not None and expected not in (possible := reachable_statuses(criterion, policy)):
        return "The case is unreachable: this criterion can only be " + ", ".join(sorted(possible))
    return "Correct the case or the policy"


class _Reading:
    """Types the facts of every case, collecting problems."""

    def __init__(self, yaml: YamlDocument) -> None:
        self.yaml = yaml
        self.problems: list[Problem] = []

    def case(self, document: CaseDocument, path: Path) -> Case:
        facts = self._values(document.facts, REQUEST_FIELDS, (*path, "facts"))
        prior = self._rows(document.prior, document.on, (*path, "prior"))
        relations = {
            "prior": Rows(prior, complete=document.history == "known"),
            "same_day": Rows(self._rows(document.same_day, document.on, (*path, "same_day"))),
        }
        for about, status in document.expect.items():
            if about != "asked" and status not in list(Status):
                remedy = did_you_mean(status, [str(one) for one in Status])
                self.problems.append(self.yaml.problem((*path, "expect", about), f'"{status}" is no status', remedy))
        places = self.yaml.places
        line = places[path].line if path in places else 1
        lines = {about: places[*path, "expect", about].line for about in document.expect}
        return Case(document, facts, relations, self.yaml.file, line, lines)

    def _rows(self, rows: tuple[dict[str, str], ...], on: datetime.date | None, path: Path) -> list[Row]:
        typed = []
        for number, row in enumerate(rows):
            facts = self._values(self._counted(row, on, (*path, number)), PRIOR_FIELDS, (*path, number))
            days = facts["days_before"]
            typed.append(
                Row(facts, -int(days) if isinstance(days, int | float) else 0, None, f"procedure {number + 1}")
            )
        return typed

    def _counted(self, row: dict[str, str], on: datetime.date | None, path: Path) -> dict[str, str]:
        """A row whose date has become the days and months before the request."""
        if "date" not in row:
            return row
        try:
            day = datetime.date.fromisoformat(row["date"])
            if on is None or day > on:
                raise ValueError
        except ValueError:
            remedy = "Write a day YYYY-MM-DD that is not after `on`, the day of the request"
            self.problems.append(self.yaml.problem((*path, "date"), f'"{row["date"]}" cannot be counted from', remedy))
            return {name: text for name, text in row.items() if name != "date"}
        counted = {"days_before": str((on - day).days), "months_before": str(complete_months(day, on))}
        return {**counted, **{name: text for name, text in row.items() if name != "date"}}

    def _values(self, given: dict[str, str], fields: Mapping[str, Field], path: Path) -> dict[str, Value]:
        values: dict[str, Value] = dict.fromkeys(fields)
        for name, text in given.items():
            if name not in fields:
                remedy = did_you_mean(name, list(fields))
                self.problems.append(self.yaml.problem((*path, name), f'There is no field "{name}"', remedy))
                continue
            try:
                values[name] = _value(text, fields[name])
            except ValueError as error:
                self.problems.append(self.yaml.problem((*path, name), str(error), f"Write {fields[name].type}, or ?"))
        return values


def _value(text: str, field: Field) -> Value:
    if text == "?":
        return None
    if field.type is FieldType.BOOLEAN:
        if text not in ("true", "false"):
            raise ValueError(f'"{text}" is not true or false')
        return text == "true"
    if field.type is FieldType.TEXT:
        if text not in field.values:
            raise ValueError(f'"{text}" is none of {", ".join(field.values)}')
        return text
    low, _, high = text.partition("..")
    return Interval(float(low), float(high)) if high else float(low)
