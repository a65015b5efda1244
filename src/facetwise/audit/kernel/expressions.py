"""How a kernel spells expressions: lines that compute, and the name or literal that holds the truth."""

from collections.abc import Sequence

from facetwise.audit.kernel.facts import FactSpelling
from facetwise.audit.kernel.writer import Bounds, Writer, number
from facetwise.records import FieldType
from facetwise.rules.expressions import Always, And, Compare, Expression, In, Is, Literal, Name, Not, Or


class Spelling:
    """Spells expressions into the function that `write` holds.

    Each method writes what it needs, and gives the name or the literal that holds the answer.
    """

    def __init__(self, facts: FactSpelling) -> None:
        self.facts = facts
        self.write = Writer()

    def truth(self, expression: Expression, row: str) -> str:
        """The truth of an expression; inside a measure its row is the event in the variable `row`."""
        match expression:
            case Always(content=content):
                return "2" if content else "0"
            case Not(part=part):
                return self.write.kept(f"2 - {self.truth(part, row)}")
            case Is(field=field):
                return self.write.kept(self.facts.value(field, row))
            case Compare():
                return self._compared(expression, row)
            case In(left=Name() as name, choices=choices):
                return self._listed(name, [choice.content for choice in choices], row)
            case And(parts=parts):
                return self._joined(parts, "min", "0", row)
            case Or(parts=parts):
                return self._joined(parts, "max", "2", row)
        raise TypeError(f"there is no spelling for {expression}")

    def _joined(self, parts: Sequence[Expression], function: str, decided: str, row: str) -> str:
        """AND and OR, in the order written, ending at the first part that decides."""
        write = self.write
        result = write.kept(self.truth(parts[0], row))
        depth = write.depth
        for part in parts[1:]:
            write(f"if {result} != {decided}:")
            write.depth += 1
            truth = self.truth(part, row)
            write(f"{result} = {function}({result}, {truth})")
        write.depth = depth
        return result

    def _compared(self, comparison: Compare, row: str) -> str:
        left, right, operator = comparison.left, comparison.right, comparison.operator
        name = left if isinstance(left, Name) else right
        assert isinstance(name, Name)  # the grammar refuses two literals
        if self.facts.field(name).type is FieldType.TEXT:
            codes = [self._code(side, name, row) for side in (left, right)]
            same = "2 if {0} == {1} else 0" if operator == "=" else "0 if {0} == {1} else 2"
            return self.write.kept(("1 if {0} < 0 or {1} < 0 else (" + same + ")").format(*codes))
        one, other = self._bounds(left, row), self._bounds(right, row)
        spelled = {
            "<": f"less({one}, {other})",
            "<=": f"at_most({one}, {other})",
            ">": f"less({other}, {one})",
            ">=": f"at_most({other}, {one})",
            "=": f"equal({one}, {other})",
            "!=": f"2 - equal({one}, {other})",
        }
        return self.write.kept(spelled[operator])

    def _code(self, side: Name | Literal, name: Name, row: str) -> str:
        if isinstance(side, Name):
            return self.write.kept(self.facts.value(side, row))
        return str(self.facts.field(name).values.index(str(side.content)))

    def _listed(self, name: Name, choices: Sequence[float | str], row: str) -> str:
        field = self.facts.field(name)
        if field.type is FieldType.TEXT:
            code = self.write.kept(self.facts.value(name, row))
            among = " or ".join(f"{code} == {field.values.index(str(choice))}" for choice in choices)
            return self.write.kept(f"1 if {code} < 0 else (2 if {among} else 0)")
        bounds = self._bounds(name, row)
        tests = [self.write.kept(f"equal({bounds}, {number(choice)}, {number(choice)})") for choice in choices]
        return self.write.kept(f"max({', '.join(tests)}, 0)")

    def _bounds(self, operand: Name | Literal, row: str) -> Bounds:
        if isinstance(operand, Name):
            return self.facts.bounds(operand, row, self.write)
        return Bounds(number(operand.content), number(operand.content))
