"""The blocks that a letter or a checklist is laid out in. Renderers know these and nothing of letters."""

import re
from collections.abc import Iterator

import msgspec

from facetwise.letters.letter import PLACEHOLDER
from facetwise.pathway import DISCLAIMER

INFORMS = DISCLAIMER.partition(". ")[0] + "."
"""What stands below documents that ask no policy."""


class Text(msgspec.Struct, frozen=True):
    """A line of text, and the numbers of the references it rests on. `tone` is "", "quiet", "warning" or "status"."""

    text: str
    tone: str = ""
    references: tuple[int, ...] = ()


class Sentence(msgspec.Struct, frozen=True):
    """A sentence with the number under which its places are listed."""

    text: str
    reference: int


class Prose(msgspec.Struct, frozen=True):
    """Sentences, one after another."""

    sentences: tuple[Sentence, ...]


class Form(msgspec.Struct, frozen=True):
    """Labels and what is filled in."""

    rows: tuple[tuple[str, str], ...]


Cell = tuple[Text, ...]


class Table(msgspec.Struct, frozen=True):
    """Rows under headings; a cell holds lines. `widths` are the shares of the columns."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Bullets(msgspec.Struct, frozen=True):
    """A list; an item holds lines."""

    items: tuple[Cell, ...]


class Icons(msgspec.Struct, frozen=True):
    """100 people, of whom `filled` are marked."""

    filled: int
    caption: str


class Picture(msgspec.Struct, frozen=True):
    """An SVG with its caption; `says` is the picture in words, for whoever cannot see it."""

    svg: str
    says: str
    caption: str
    small: bool = False


class References(msgspec.Struct, frozen=True):
    """What the numbers lead to, from 1 on. `of_sentences`: each belongs to the one sentence of its number."""

    items: tuple[str, ...]
    of_sentences: bool = True


Block = Text | Prose | Form | Table | Bullets | Icons | Picture | References


class Part(msgspec.Struct, frozen=True):
    """Blocks under a heading; `level` 2 for a part, 3 for a part of a part. One that `groups` heads those after it.

    One that `starts_page` begins on a new sheet of paper.
    """

    title: str
    blocks: tuple[Block, ...]
    level: int = 2
    groups: bool = False
    starts_page: bool = False


class Page(msgspec.Struct, frozen=True):
    """A whole document. `letterhead` is whose it is, line by line."""

    title: str
    about: str
    lead: tuple[Text, ...]
    parts: tuple[Part, ...]
    footer: tuple[str, ...]
    letterhead: tuple[str, ...] = ()
    language: str = "en-GB"

    @property
    def open_places(self) -> int:
        """How many places are left to fill in."""
        return sum(fill for text in _texts(self) for _, fill in pieces(text))


_TO_FILL_IN = re.compile(rf"{re.escape(PLACEHOLDER)}[^\]]*\]")


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a place to fill in."""
    end = 0
    for match in _TO_FILL_IN.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], False
        yield match.group(), True
        end = match.end()
    if end < len(text):
        yield text[end:], False


def _texts(page: Page) -> Iterator[str]:
    """Every text in which a place to fill in can stand."""
    yield from (line.text for line in page.lead)
    for part in page.parts:
        for block in part.blocks:
            yield from _texts_of(block)


def _texts_of(block: Block) -> Iterator[str]:
    match block:
        case Text(text=text):
            yield text
        case Prose(sentences=sentences):
            yield from (one.text for one in sentences)
        case Form(rows=rows):
            yield from (text for _, text in rows)
        case Table(rows=table):
            yield from (line.text for row in table for cell in row for line in cell)
        case Bullets(items=items):
            yield from (line.text for item in items for line in item)
        case Icons() | Picture() | References():
            pass
