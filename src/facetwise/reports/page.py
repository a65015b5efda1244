"""The blocks that a page is made of. They say what is to be read, and nothing of how it looks."""

import msgspec


class Paragraph(msgspec.Struct, frozen=True):
    """A few sentences. `tone` is "", "warning" or "quiet"."""

    text: str
    tone: str = ""


class Bullets(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """Rows under headings. A cell that is a status (`met`, `not met`, …) is shown as one."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


class Drawing(msgspec.Struct, frozen=True):
    """An SVG, shown only where pictures can be."""

    svg: str
    caption: str


Block = Paragraph | Bullets | Table | Drawing


class Section(msgspec.Struct, frozen=True):
    """Blocks under a heading. One that is not `open` starts folded where a reader can unfold it.

    Where nothing can be folded, the line `brief` stands in for the blocks of a section that is not open.
    """

    title: str
    blocks: tuple[Block, ...]
    open: bool = True
    brief: str = ""

    @property
    def unfolded(self) -> tuple[Block, ...]:
        """The blocks to show where nothing can be folded."""
        return self.blocks if self.open or not self.brief else (Paragraph(self.brief, "quiet"),)


class Page(msgspec.Struct, frozen=True):
    """A whole answer: what it is about, the answer in one line, and the reasons."""

    title: str
    about: str
    headline: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
