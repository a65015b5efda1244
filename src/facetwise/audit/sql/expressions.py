"""How a statement spells conditions. SQL's own logic of NULL is Kleene's, so a leaf mostly becomes itself."""

from collections.abc import Sequence

from facetwise.audit.sql.layout import Call, Case, Joined, Negated, Piece
from facetwise.audit.sql.names import Bounds, Names, number, word
from facetwise.records import FieldType
from facetwise.rules.expressions import Always, And, Compare, Expression, In, Is, Literal, Name, Not, Operand, Or

_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Spelling:
    """Spells the conditions of one policy: of a request, or `in_measure` of a procedure p and the request r."""

    def __init__(self, names: Names, *, in_measure: bool = False) -> None:
        self.names = names
        self.in_measure = in_measure

    def truth(self, expression: Expression) -> Piece:
        """A condition that is TRUE, FALSE or NULL as `rules.expressions` says."""
        match expression:
            case Always(content=content):
                return "TRUE" if content else "FALSE"
            case Is(field=field):
                return self.names.value(field, self.in_measure)
            case Not(part=part):
                return Negated(self.truth(part))
            case And(parts=parts):
                return Joined("AND", tuple(self.truth(part) for part in parts))
            case Or(parts=parts):
                return Joined("OR", tuple(self.truth(part) for part in parts))
            case Compare(left=left, operator=operator, right=right):
                return self._compared(left, operator, right)
            case In(left=Name() as name, choices=choices):
                return self._listed(name, [choice.content for choice in choices])
        raise TypeError(f"there is no spelling for {expression}")

    def _compared(self, left: Operand, operator: str, right: Operand) -> Piece:
        if isinstance(left, Literal):
            left, operator, right = right, _MIRRORED[operator], left
        assert isinstance(left, Name)  # the grammar refuses two literals
        if self.names.field(left).type is FieldType.TEXT:
            return f"{self._word(left)} {_spelled(operator)} {self._word(right)}"
        return compared(self._bounds(left), operator, self._bounds(right))

    def _listed(self, name: Name, choices: Sequence[float | str]) -> Piece:
        if self.names.field(name).type is FieldType.TEXT:
            return Call(f"{self._word(name)} IN ", tuple(word(choice) for choice in choices))
        bounds, numbers = self._bounds(name), [number(choice) for choice in choices]
        if bounds.exact:
            return Call(f"{bounds.low} IN ", tuple(numbers))
        equal = tuple(compared(bounds, "=", Bounds(choice, choice)) for choice in numbers)
        return equal[0] if len(equal) == 1 else Joined("OR", equal)

    def _word(self, operand: Operand) -> str:
        return self.names.value(operand, self.in_measure) if isinstance(operand, Name) else word(operand.content)

    def _bounds(self, operand: Operand) -> Bounds:
        if isinstance(operand, Name):
            return self.names.bounds(operand, self.in_measure)
        return Bounds(number(operand.content), number(operand.content))


def compared(left: Bounds, operator: str, right: Bounds) -> Piece:
    """A comparison that is decided only when every number the two sides may be agrees."""
    if left.exact and right.exact:
        return f"{left.low} {_spelled(operator)} {right.low}"
    if operator in _OPPOSITE:
        always, never = _extremes(left, operator, right)
        return Case(((always, "TRUE"), (never, "FALSE")))
    same = [f"{left.low} = {right.low}", *(f"{side.low} = {side.high}" for side in (left, right) if not side.exact)]
    equal: Piece = Joined("AND", tuple(same))
    apart: Piece = Joined("OR", (f"{left.high} < {right.low}", f"{left.low} > {right.high}"))
    return Case(((equal, "TRUE" if operator == "=" else "FALSE"), (apart, "FALSE" if operator == "=" else "TRUE")))


def _extremes(left: Bounds, operator: str, right: Bounds) -> tuple[str, str]:
    """When an order holds of all numbers between the bounds, and when of none."""
    if operator.startswith("<"):
        return f"{left.high} {operator} {right.low}", f"{left.low} {_OPPOSITE[operator]} {right.high}"
    return f"{left.low} {operator} {right.high}", f"{left.high} {_OPPOSITE[operator]} {right.low}"


def _spelled(operator: str) -> str:
    return "<>" if operator == "!=" else operator
