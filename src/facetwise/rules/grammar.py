"""From the text of a leaf to an expression: a closed subset of SQL, and nothing else.

AND OR NOT, comparisons, BETWEEN, IN, TRUE FALSE, literals and declared fields. There is no NULL to test for, because
a rule that asks whether something is documented would change its answer when somebody documents it.

sqlglot reads the text; its tree is translated node by node, and any node without a translation is refused.
"""

import logging
import re
from collections.abc import Mapping
from math import inf
from types import MappingProxyType
from typing import NamedTuple, NoReturn

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from facetwise.documents import did_you_mean
from facetwise.records import Field, FieldType
from facetwise.rules.expressions import Always, And, Compare, Expression, In, Is, Literal, Name, Not, Operand, Or

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it warns about is refused below, with a place

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "!=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}

_HINTS: dict[type[exp.Expr], str] = {
    exp.Is: "A rule cannot ask whether a fact is documented: leave the test out, a missing fact answers by itself",
    exp.NullSafeEQ: "Compare with = or !=",
    exp.NullSafeNEQ: "Compare with = or !=",
    exp.Null: "A rule cannot compare with NULL: a missing fact answers *not documented* by itself",
    exp.Like: "Text is compared with = or IN",
    exp.ILike: "Text is compared with = or IN",
    exp.DPipe: "Write OR",
    exp.Anonymous: "There are no functions: declare a measure, or ask for a field that has the value",
    exp.Func: "There are no functions: declare a measure, or ask for a field that has the value",
    exp.Binary: "There is no arithmetic: days and months are already counted, ask for the field that has the number",
}

_ACCEPTED = "A leaf is AND, OR, NOT, = != < <= > >=, BETWEEN, IN, literals and declared fields"


class LeafError(ValueError):
    """Text that is not an expression of the rule language. `offset` counts characters from the leaf's start."""

    def __init__(self, what: str, remedy: str, offset: int = 0) -> None:
        super().__init__(f"{what}. {remedy}")
        self.what = what
        self.remedy = remedy
        self.offset = offset


class Scope(NamedTuple):
    """The names that a leaf may use: facts of the request with the measures, and inside a measure those of a row.

    `constants` are the policy's conventions with a value; a leaf that names one holds the value.
    """

    facts: Mapping[str, Field]
    row: Mapping[str, Field] | None = None
    constants: Mapping[str, bool | float | str] = MappingProxyType({})


class _Typed(NamedTuple):
    operand: Operand
    field: Field | None
    node: exp.Expr


def parse_leaf(text: str, scope: Scope) -> Expression:
    """The expression that `text` means in `scope`. Raises `LeafError` with what, remedy and offset."""
    _refuse_foreign_marks(text)
    try:
        trees = sqlglot.parse(text)
        if len(trees) != 1 or trees[0] is None:
            raise LeafError(f'"{text}" is not one expression', _ACCEPTED)
        return _Translation(scope).boolean(trees[0])
    except SqlglotError as error:
        details = (getattr(error, "errors", None) or [{}])[0]
        offset = max(0, int(details.get("col") or 1) - 1)
        what = f'"{text}" is not an expression: it cannot be read from "{text[offset:][:30]}" on'
        raise LeafError(what, _ACCEPTED, offset) from None
    except RecursionError:
        raise LeafError("The expression is nested too deeply", "Split it into several criteria") from None


_FOREIGN = re.compile(r"--|/\*|==|!(?!=)|[^\w\s()<>=!,.+\-*/%|]", re.ASCII)
"""What the parser would take and the language has not: comments, ==, !, ;, quoted names, parameters, casts."""


def _refuse_foreign_marks(text: str) -> None:
    outside = re.sub(r"'[^']*'", lambda literal: " " * len(literal.group()), text)
    if found := _FOREIGN.search(outside):
        hints = {"--": _NO_COMMENT, "/*": _NO_COMMENT, '"': "Text is written with single quotes"}
        remedy = hints.get(found.group(), _ACCEPTED)
        raise LeafError(f'"{found.group()}" is outside the rule language', remedy, found.start())


_NO_COMMENT = "Write what there is to say as a `note` of the criterion"


class _Translation:
    """Translates one tree, in one scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def boolean(self, node: exp.Expr) -> Expression:
        match node:
            case exp.Paren():
                return self.boolean(node.this)
            case exp.Not():
                return Not(self.boolean(node.this))
            case exp.And():
                return And((*self._parts(node.left, And), *self._parts(node.right, And)))
            case exp.Or():
                return Or((*self._parts(node.left, Or), *self._parts(node.right, Or)))
            case exp.Boolean():
                return Always(bool(node.this))
            case exp.Column():
                return self._yes_or_no(node)
            case exp.Between():
                return self._between(node)
            case exp.In():
                return self._in(node)
        if type(node) in _COMPARISONS:
            return self._comparison(node)
        return self._unknown(node)

    def _parts(self, node: exp.Expr, kind: type[And] | type[Or]) -> tuple[Expression, ...]:
        """A side of AND or OR, flattened: a AND b AND c is one conjunction of three."""
        part = self.boolean(node)
        return part.parts if isinstance(part, And | Or) and isinstance(part, kind) else (part,)

    def _yes_or_no(self, node: exp.Column) -> Expression:
        if isinstance(constant := self._constant(node), bool):
            return Always(constant)
        name, field = self._name(node)
        if field.type is not FieldType.BOOLEAN:
            _refuse(node, f"{field.name} is {field.type.value}, not yes or no", "Compare it with something")
        return Is(name)

    def _comparison(self, node: exp.Expr) -> Expression:
        left, right = self._operand(node.this), self._operand(node.expression)
        if left.field is None and right.field is None:
            _refuse(node, "Two literals are compared", "Compare a declared field")
        self._check_types(left, right, ordered=type(node) not in (exp.EQ, exp.NEQ))
        return Compare(left.operand, _COMPARISONS[type(node)], right.operand)

    def _between(self, node: exp.Between) -> Expression:
        if node.args.get("symmetric") is not None:
            _refuse(node, "BETWEEN has no SYMMETRIC here", "Give the lower number first")
        middle, low, high = (self._operand(node.args[part]) for part in ("this", "low", "high"))
        self._check_types(middle, low, ordered=True)
        self._check_types(middle, high, ordered=True)
        return And((Compare(low.operand, "<=", middle.operand), Compare(middle.operand, "<=", high.operand)))

    def _in(self, node: exp.In) -> Expression:
        left = self._operand(node.this)
        if not node.expressions:
            _refuse(node, "IN needs a list", "Write field IN ('a', 'b')")
        choices = [self._operand(choice) for choice in node.expressions]
        for choice in choices:
            if not isinstance(choice.operand, Literal):
                _refuse(choice.node, "IN takes literals only", "Write field IN ('a', 'b')")
            self._check_types(left, choice, ordered=False)
        return In(left.operand, tuple(choice.operand for choice in choices if isinstance(choice.operand, Literal)))

    def _operand(self, node: exp.Expr) -> _Typed:
        match node:
            case exp.Paren():
                return self._operand(node.this)
            case exp.Column():
                if (constant := self._constant(node)) is not None and not isinstance(constant, bool):
                    return _Typed(Literal(constant), None, node)
                name, field = self._name(node)
                return _Typed(name, field, node)
            case exp.Literal(is_string=True):
                return _Typed(Literal(str(node.this)), None, node)
            case exp.Literal():
                return _Typed(Literal(_number(node)), None, node)
            case exp.Neg(this=exp.Literal(is_string=False)):
                return _Typed(Literal(-_number(node.this)), None, node)
        return self._unknown(node)

    def _constant(self, node: exp.Column) -> bool | float | str | None:
        return None if node.args.get("table") is not None else self.scope.constants.get(node.name)

    def _name(self, node: exp.Column) -> tuple[Name, Field]:
        name, row = node.name, self.scope.row
        if node.args.get("table") is not None:
            if node.table != "request" or node.args.get("db") is not None or row is None:
                _refuse(node, f'"{node.sql()}" is not a name', "Only a measure may write request.field")
            row = None
        if row is not None and name in row:
            return Name(name, of_row=True), row[name]
        if name in self.scope.facts:
            return Name(name), self.scope.facts[name]
        known = [*(self.scope.row or ()), *self.scope.facts, *self.scope.constants]
        _refuse(node, f'There is no field or measure "{name}"', did_you_mean(name, known))

    def _check_types(self, left: _Typed, right: _Typed, *, ordered: bool) -> None:
        for one, other in ((left, right), (right, left)):
            if one.field is None:
                continue
            if one.field.type is FieldType.BOOLEAN:
                _refuse(one.node, f"{one.field.name} is yes or no", f"Write {one.field.name} or NOT {one.field.name}")
            if one.field.type is FieldType.TEXT and ordered:
                _refuse(one.node, f"{one.field.name} has no order", "Compare it with = or IN")
            self._check_against(one.field, other)

    def _check_against(self, field: Field, other: _Typed) -> None:
        if other.field is not None:
            if other.field.type is not field.type:
                _refuse(other.node, f"{field.name} and {other.field.name} are different kinds of value", _ACCEPTED)
        elif isinstance(other.operand, Literal):
            content = other.operand.content
            if field.type is FieldType.NUMBER and isinstance(content, str):
                _refuse(other.node, f"{field.name} is a number", f"Write it without quotes, in {field.unit or 'units'}")
            if field.type is FieldType.TEXT and (not isinstance(content, str) or content not in field.values):
                written = content if isinstance(content, str) else f"{content:g}"
                _refuse(other.node, f"{field.name} is never '{written}'", did_you_mean(written, field.values))

    def _unknown(self, node: exp.Expr) -> NoReturn:
        hint = next((hint for kind, hint in _HINTS.items() if isinstance(node, kind)), _ACCEPTED)
        _refuse(node, f'"{node.sql()}" is outside the rule language', hint)


def _number(node: exp.Expr) -> float:
    try:
        number = float(node.this)
    except ValueError:
        number = inf
    if number == inf:
        _refuse(node, f"{node.this} is no number", "Write it as 14, 0.5 or 1e3")
    return number


def _refuse(node: exp.Expr, what: str, remedy: str) -> NoReturn:
    raise LeafError(what, remedy, _offset(node))


def _offset(node: exp.Expr) -> int:
    """Where a node starts: at its first part that remembers its place."""
    starts = [int(part.meta["start"]) for part in node.walk() if "start" in part.meta]
    return min(starts, default=0)
