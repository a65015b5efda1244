"""Pages as Markdown, for notes and tickets."""

from collections.abc import Iterator

from facetwise.reports.page import Block, Bullets, Page, Paragraph, Table


def markdown(page: Page) -> str:
    """The page as GitHub-flavoured Markdown, ending in a newline."""
    return "\n\n".join(_parts(page)) + "\n"


def _parts(page: Page) -> Iterator[str]:
    yield f"# {_escaped(page.title)}"
    yield f"*{_escaped(page.about)}*"
    yield from (_escaped(line) for line in page.lead)
    for section in page.sections:
        blocks = [text for block in section.unfolded if (text := _block(block))]
        if blocks:
            yield f"## {_escaped(section.title)}"
            yield from blocks
    yield "---"
    yield "\n\n".join(f"*{_escaped(line)}*" for line in page.footer)


def _block(block: Block) -> str:
    match block:
        case Paragraph(text=text, tone=tone):
            return f"**{_escaped(text)}**" if tone == "warning" else _escaped(text)
        case Bullets(items=items):
            return "\n".join(f"- {_escaped(item)}" for item in items)
        case Table(columns=columns, rows=rows):
            lines = [columns, ["---"] * len(columns), *rows]
            return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)
        case _:
            return ""


def _cell(text: str) -> str:
    return text if text == "---" else _escaped(text).replace("|", "\\|")


def _escaped(text: str) -> str:
    """Text that Markdown would take for markup, made plain again."""
    for character in "\\`*_[]<>":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split())
