"""Letters and checklists as source of the typesetter Typst. Every text goes in as a string literal, never as markup."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import zip_longest

from facetwise.letters.page import (
    Block,
    Bullets,
    Cell,
    Form,
    Icons,
    Page,
    Part,
    Picture,
    Prose,
    References,
    Table,
    Text,
    pieces,
)
from facetwise.letters.paper import on_paper
from facetwise.letters.wording import plain


def typst_source(page: Page) -> str:
    """The page as a complete Typst document, without a date, so that equal letters are equal files."""
    language, _, region = page.language.partition("-")
    lines = "".join(f"{_string(line)}, " for line in page.letterhead)
    given = f"({lines}), {_string(language)}, {_string(region.lower()) if region else 'none'}"
    sheet = f"#show: sheet.with({_string(page.title)}, {_string(page.about)}, {given})"
    return "\n".join([_preamble(), sheet, *_parts(page)]) + "\n"


def _parts(page: Page) -> Iterator[str]:
    for line in page.lead:
        yield _paragraph(line)
    for part in page.parts:
        yield from _part(part)
    yield f"#foot({', '.join(f'quiet({_content(text)})' for text in page.footer)})"


def _part(part: Part) -> Iterator[str]:
    if part.starts_page:
        yield "#pagebreak(weak: true)"
    yield f"#heading(level: {part.level - 1}, {_string(part.title)})"
    for block, after in zip_longest(part.blocks, part.blocks[1:]):
        text = _block(block)
        yield f"#before-picture[{text}]" if isinstance(block, Text) and isinstance(after, Icons | Picture) else text


def _block(block: Block) -> str:
    match block:
        case Text():
            return _paragraph(block)
        case Prose(sentences=sentences):
            told = (f"{_content(one.text)}, ref-to({one.reference})" for one in sentences)
            return f"#par(({', [ ], '.join(told)}).join())"
        case Form(rows=rows):
            cells = (f"quiet({_content(label)}), {_content(text)}" for label, text in rows)
            return f"#form({', '.join(cells)})"
        case Table(columns=columns, widths=widths, rows=rows):
            shares = ", ".join(f"{width}fr" for width in widths)
            heads = ", ".join(f"strong({_content(column)})" for column in columns)
            cells = (_cell(cell) for row in rows for cell in row)
            return f"#sheet-table(({shares},), ({heads},), {', '.join(cells)})"
        case Bullets(items=items):
            return f"#list({', '.join(_cell(item) for item in items)})"
        case Icons(filled=filled, caption=caption):
            return f"#icons({filled}, {_string(caption)})"
        case Picture(svg=svg, says=says, caption=caption):
            width = "4.5cm" if block.small else "11cm"
            return f"#picture({_string(on_paper(svg))}, {_string(says)}, {_content(caption)}, {width})"
        case References(items=items):
            return "\n".join(f"#place-of({number}, {_content(item)})" for number, item in enumerate(items, 1))


def _paragraph(line: Text) -> str:
    if line.tone == "warning":
        return f"#warning({_content(line.text)})"
    return f"#par({_line(line)})"


def _cell(cell: Cell) -> str:
    return f"({_joined([_line(line) for line in cell], 'linebreak()')})" if cell else "[]"


def _line(line: Text) -> str:
    if line.tone == "status":
        return f"status({_string(line.text)})"
    told = [f"quiet({_content(line.text)})" if line.tone == "quiet" else _content(line.text)]
    return _joined([*told, *(f"ref-to({number})" for number in line.references)], "[ ]" if line.references else "")


def _content(text: str) -> str:
    """Text as an expression, its places to fill in marked."""
    told = [f"{'fill-in' if fill else 'text'}({_string(piece)})" for piece, fill in pieces(text)]
    return _joined(told) if told else "[]"


def _joined(parts: Sequence[str], between: str = "") -> str:
    return (f" + {between} + " if between else " + ").join(parts)


def _string(text: str) -> str:
    """A Typst string literal. Inside it only a backslash and a quotation mark mean anything."""
    start, end = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() else "")
    escaped = plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{start}{escaped}{end}"'


@cache
def _preamble() -> str:
    """How the parts look."""
    return files(__package__).joinpath("templates", "letter.typ").read_text(encoding="utf-8").rstrip()
