"""Letters and checklists as Markdown, for a chart note or a portal."""

from collections.abc import Iterator

from facetwise.letters.page import (
    Block,
    Bullets,
    Cell,
    Form,
    Icons,
    Page,
    Picture,
    Prose,
    References,
    Table,
    Text,
    pieces,
)


def markdown(page: Page) -> str:
    """The page as GitHub-flavoured Markdown, ending in a newline. A sentence's number leads to the list of places."""
    return "\n\n".join(_parts(page)) + "\n"


def _parts(page: Page) -> Iterator[str]:
    if page.letterhead:
        yield "\\\n".join(_escaped(line) for line in page.letterhead)
    yield f"# {_escaped(page.title)}"
    yield f"*{_escaped(page.about)}*"
    yield from (_text(line) for line in page.lead)
    for part in page.parts:
        yield f"{'#' * part.level} {_escaped(part.title)}"
        yield from (_block(block) for block in part.blocks)
    yield "---"
    yield from (f"*{_escaped(line)}*" for line in page.footer)


def _block(block: Block) -> str:
    match block:
        case Text():
            return _text(block)
        case Prose(sentences=sentences):
            return " ".join(f"{_marked(one.text)} [{one.reference}]" for one in sentences)
        case Form(rows=rows):
            return _rows(("", ""), [(_marked(label), _marked(text)) for label, text in rows])
        case Table(columns=columns, rows=rows):
            return _rows(columns, [tuple(_cell(cell) for cell in row) for row in rows])
        case Bullets(items=items):
            return "\n".join(f"- {_cell(item)}" for item in items)
        case Icons(filled=filled, caption=caption):
            people = ["●" * 10 if 10 * row + 10 <= filled else "●" * max(0, filled - 10 * row) for row in range(10)]
            told = f"{_escaped(caption.removesuffix('.'))}:"
            return "\n".join([told, "", "```text", *(row.ljust(10, "○") for row in people), "```"])
        case Picture(says=says, caption=caption):
            return "\n\n".join(dict.fromkeys((f"*{_escaped(says)}*", f"*{_escaped(caption)}*")))
        case References(items=items):
            return "\n".join(f"{number}. {_escaped(item)}" for number, item in enumerate(items, 1))


def _rows(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [columns, ("---",) * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(cell: Cell) -> str:
    return "<br>".join(_text(line) for line in cell)


def _text(line: Text) -> str:
    told = f"**{_escaped(line.text)}**" if line.tone == "warning" else _marked(line.text)
    return f"{told} [{', '.join(map(str, line.references))}]" if line.references else told


def _marked(text: str) -> str:
    """Text with its places to fill in set in bold."""
    return "".join(f"**{_escaped(piece)}**" if fill else _piece(piece) for piece, fill in pieces(text))


def _piece(text: str) -> str:
    """A piece between others keeps the spaces at its ends."""
    left, right = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if left else ''}{_escaped(text)}{' ' if right else ''}"


_MARKUP = "\\`*_[]<>#|~&$!"


def _escaped(text: str) -> str:
    """Text that Markdown would take for markup, made plain again."""
    text = " ".join(text.split())
    for character in _MARKUP:
        text = text.replace(character, f"\\{character}")
    return f"\\{text}" if text[:1] in "-+=" and text else text
