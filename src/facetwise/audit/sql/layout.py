"""SQL as text that people read: one column a line, conditions broken at AND and OR, at most 120 columns wide."""

import textwrap
from collections.abc import Sequence

import msgspec

WIDTH = 120
STEP = 2


class Joined(msgspec.Struct, frozen=True):
    """Parts with AND, OR or + between them."""

    word: str
    parts: tuple["Piece", ...]


class Negated(msgspec.Struct, frozen=True):
    """NOT of a condition."""

    part: "Piece"


class Case(msgspec.Struct, frozen=True):
    """CASE: the value of the first branch whose condition is true. Without `otherwise` it is NULL."""

    branches: tuple[tuple["Piece", "Piece"], ...]
    otherwise: "Piece | None" = None


class Call(msgspec.Struct, frozen=True):
    """A call with its arguments, and what follows it, such as a window."""

    function: str
    arguments: tuple["Piece", ...]
    after: str = ""


Piece = str | Joined | Negated | Case | Call


class Column(msgspec.Struct, frozen=True):
    """A column of a SELECT; without a name, columns that are taken over as they are."""

    piece: Piece
    name: str = ""
    says: str = ""


class Table(msgspec.Struct, frozen=True):
    """A table of the WITH clause: what it holds, and the lines of its SELECT."""

    name: str
    says: str
    lines: list[str]

    def text(self) -> str:
        """The table as it stands in the statement, without the comma after it."""
        return "\n".join([f"{self.name} AS (", *comment(self.says, STEP), *self.lines, ")"])


def select(
    columns: Sequence[Column],
    source: Sequence[str],
    *,
    where: Piece | None = None,
    group_by: str = "",
    having: Piece | None = None,
    indent: int = STEP,
) -> list[str]:
    """The lines of a SELECT; `source` are those from FROM on."""
    pad = " " * indent
    lines = [f"{pad}SELECT", *_columns(columns, indent + STEP), *(pad + line for line in source)]
    if where is not None:
        lines += laid_out(where, indent, "WHERE ")
    if group_by:
        lines.append(f"{pad}GROUP BY {group_by}")
    if having is not None:
        lines += laid_out(having, indent, "HAVING ")
    return lines


def within(lines: Sequence[str], name: str) -> list[str]:
    """A SELECT as the source of another one, which is one step further out than its lines."""
    return ["FROM (", *(line.removeprefix(" " * STEP) for line in lines), f") AS {name}"]


def joined(table: str, alias: str, to: str, how: str = "LEFT JOIN") -> list[str]:
    """The lines that join a table with one row a request to another of the same request."""
    line = f"{how} {table} AS {alias} ON {alias}.patient = {to}.patient"
    event = f"AND {alias}.event = {to}.event"
    return [f"{line} {event}"] if len(line) + len(event) < WIDTH - 3 * STEP else [line, f"  {event}"]


def comment(text: str, indent: int) -> list[str]:
    """A comment of as many lines as it needs."""
    start = f"{' ' * indent}-- "
    words = " ".join(text.split())
    return textwrap.wrap(words, WIDTH, initial_indent=start, subsequent_indent=start, break_long_words=False)


def laid_out(piece: Piece, indent: int, before: str = "", after: str = "", *, closed: bool = False) -> list[str]:
    """The lines of a piece, on one line where it fits. `closed` puts parentheses around parts that are joined."""
    pad = " " * indent
    line = f"{pad}{before}{_inside(piece) if closed else flat(piece)}{after}"
    if len(line) <= WIDTH:
        return [line]
    match piece:
        case Joined(word=word, parts=parts):
            inner = [
                laid_out(part, indent + STEP, f"{word} " if n else "", closed=True) for n, part in enumerate(parts)
            ]
            return [f"{pad}{before}(", *_chained(inner), f"{pad}){after}"]
        case Negated(part=part):
            return laid_out(part, indent, f"{before}NOT ", after)
        case Case(branches=branches, otherwise=otherwise):
            inner = [_branch(when, then, indent + STEP) for when, then in branches]
            if otherwise is not None:
                inner.append(laid_out(otherwise, indent + STEP, "ELSE "))
            return [f"{pad}{before}CASE", *_chained(inner), f"{pad}END{after}"]
        case Call(function=function, arguments=arguments, after=window):
            last = len(arguments) - 1
            inner = [laid_out(one, indent + STEP, after="," if n < last else "") for n, one in enumerate(arguments)]
            return [f"{pad}{before}{function}(", *_chained(inner), f"{pad}){window}{after}"]
    return [line]


def flat(piece: Piece) -> str:
    """A piece on one line."""
    match piece:
        case Joined(word=word, parts=parts):
            return f" {word} ".join(_inside(part) for part in parts)
        case Negated(part=part):
            plain = isinstance(part, str) and part.replace(".", "").isidentifier()
            return f"NOT {flat(part) if plain else f'({flat(part)})'}"
        case Case(branches=branches, otherwise=otherwise):
            whens = "".join(f" WHEN {flat(when)} THEN {flat(then)}" for when, then in branches)
            return f"CASE{whens}{'' if otherwise is None else f' ELSE {flat(otherwise)}'} END"
        case Call(function=function, arguments=arguments, after=after):
            return f"{function}({', '.join(flat(argument) for argument in arguments)}){after}"
    return piece


def _inside(piece: Piece) -> str:
    return f"({flat(piece)})" if isinstance(piece, Joined) else flat(piece)


def _chained(inner: Sequence[Sequence[str]]) -> list[str]:
    return [line for lines in inner for line in lines]


def _branch(when: Piece, then: Piece, indent: int) -> list[str]:
    line = f"{' ' * indent}WHEN {flat(when)} THEN {flat(then)}"
    if len(line) <= WIDTH:
        return [line]
    if isinstance(then, str) and not isinstance(when, str):
        return laid_out(when, indent, "WHEN ", f" THEN {then}")
    return [*laid_out(when, indent, "WHEN ", " THEN"), *laid_out(then, indent + STEP)]


def _columns(columns: Sequence[Column], indent: int) -> list[str]:
    lines: list[str] = []
    for column in columns:
        if column.says:
            lines += comment(column.says, indent)
        if column.name:
            lines += laid_out(column.piece, indent, after=f" AS {column.name}")
        else:
            pad = " " * indent
            lines += textwrap.wrap(flat(column.piece), WIDTH - 1, initial_indent=pad, subsequent_indent=pad)
        lines[-1] += ","
    return [*lines[:-1], lines[-1].removesuffix(",")]
