"""Lines of generated source, and the spelling of numbers."""

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from math import inf
from typing import NamedTuple


class Bounds(NamedTuple):
    """A number as the two expressions that give its bounds; for an exact one they are the same."""

    low: str
    high: str

    def __str__(self) -> str:
        return f"{self.low}, {self.high}"


class Writer:
    """Collects lines at the depth of the block that is open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 1
        self._fresh = count(1)

    def __call__(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    @contextmanager
    def block(self, opening: str) -> Iterator[None]:
        """The lines inside `opening`, such as `if x:`."""
        self(opening)
        self.depth += 1
        yield
        self.depth -= 1

    def kept(self, text: str) -> str:
        """A fresh name that holds the value of an expression."""
        name = f"t{next(self._fresh)}"
        self(f"{name} = {text}")
        return name


class Function(NamedTuple):
    """A function of a kernel: its parameters are what its lines mention and do not make themselves."""

    name: str
    parameters: tuple[str, ...]
    results: tuple[str, ...]
    lines: list[str]

    @classmethod
    def of(cls, name: str, body: Sequence[str], results: Sequence[str]) -> "Function":
        """A function around these lines."""
        tree = ast.parse("\n".join(["def f():", *body]))
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        used = dict.fromkeys(node.id for node in names if isinstance(node.ctx, ast.Load) and _given(node.id))
        parameters = tuple(sorted(used.keys() - made))
        returned = ", ".join(results)
        head = ["", "", "@njit(nogil=True, cache=True)", f"def {name}({', '.join(parameters)}):"]
        return cls(name, parameters, tuple(results), [*head, *body, f"    return {returned}"])

    def call(self) -> str:
        """The line that calls it, from where all its parameters are at hand under their own names."""
        return f"{', '.join(self.results)} = {self.name}({', '.join(self.parameters)})"


_GIVEN = re.compile(r"(c|m|q|rel)_\w+|visit_\w+|r|on|first|last|day_first|day_last|complete|date|sequence|kind|left|"
                    r"right|unsided|month|month_day")  # fmt: skip
"""What a function of a kernel may be given: events, facts, measures, and where it stands."""


def _given(name: str) -> bool:
    return _GIVEN.fullmatch(name) is not None


def number(value: object) -> str:
    """A number as source; infinitely long ago is `inf`."""
    if not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return "inf" if value == inf else repr(float(value))
