"""What the page is made of. A figure has a picture, a line below it, and the table that it was drawn from."""

from typing import NamedTuple

import msgspec

from facetwise.audit.report.summary import Count

SUPPRESSED = "suppressed"
"""What stands in a cell of which the count must not be shown."""


class Paragraph(msgspec.Struct, frozen=True):
    """A few sentences. `tone` is "", "warning" or "quiet"."""

    text: str
    tone: str = ""


class Table(msgspec.Struct, frozen=True):
    """Rows under headings. Columns from `numbers` on hold numbers. `folded` is what a folded one is called."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    numbers: int = 1
    folded: str = ""


class Bullets(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[str, ...]


class Figure(msgspec.Struct, frozen=True):
    """A picture with its title, its caption and its numbers. `wide` may be wider than a phone."""

    title: str
    svg: str
    caption: str
    table: Table
    wide: bool = False


Block = Paragraph | Table | Bullets | Figure


class Section(msgspec.Struct, frozen=True):
    """Blocks under a heading, and sections below it. `anchor` is its place on the page; one not `open` is folded."""

    title: str
    blocks: tuple[Block, ...]
    sections: tuple["Section", ...] = ()
    anchor: str = ""
    open: bool = True


class Page(NamedTuple):
    """The whole page."""

    title: str
    about: str
    headline: str
    lead: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    footer: tuple[str, ...]


def number(count: Count) -> str:
    """A count as it is written."""
    return SUPPRESSED if count is None else f"{count:,}"


def share(part: Count, whole: Count) -> str:
    """A share in percent, where both counts may be shown."""
    if part is None or not whole:
        return ""
    percent = part / whole * 100
    return f"{percent:.1f}%" if 0 < percent < 10 or 90 < percent < 100 else f"{percent:.0f}%"


def counted(count: Count, one: str, several: str) -> str:
    """A count with its noun."""
    return f"{number(count)} {one if count == 1 else several}"
