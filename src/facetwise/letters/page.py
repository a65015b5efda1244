"""The blocks that a letter or a checklist is laid out in. Renderers know these and nothing of letters."""

import re
from collections.abc import Iterator

import msgspec

from facetwise.letters.letter import PLACEHOLDER


class Text(msgspec.Struct, frozen=True):
    """A line of text. `tone` is "", "quiet", "warning" or "status"."""

    text: str
    tone: str = ""


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


class References(msgspec.Struct, frozen=True):
    """Where each numbered sentence stands in the record, from 1 on."""

    items: tuple[str, ...]


Block = Text | Prose | Form | Table | Bullets | Icons | References


class Part(msgspec.Struct, frozen=True):
    """Blocks under a heading; `level` 2 for a part, 3 for a part of a part. One that `groups` heads those after it."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 2
    groups: bool = False


class Page(msgspec.Struct, frozen=True):
    """A whole document."""

    title: str
    about: str
    lead: tuple[Text, ...]
    parts: tuple[Part, ...]
    footer: tuple[str, ...]


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
