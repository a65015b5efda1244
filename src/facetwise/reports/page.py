"""The blocks that a page is made of. They say what is to be read, and nothing of how it looks."""

import msgspec

SOURCE = "Source"
"""The heading of cells that say where a row was taken from."""


class Cited(msgspec.Struct, frozen=True):
    """Where a statement stands: a policy, and which criterion or step of it. Where pages can be opened, it is."""

    policy: str
    criterion: str = ""


class Paragraph(msgspec.Struct, frozen=True):
    """A few sentences. `tone` is "", "warning" or "quiet"; `cited` is what they were taken from."""

    text: str
    tone: str = ""
    cited: Cited | None = None


class Bullets(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """Rows under headings. A cell that is a status (`met`, `not met`, …) is shown as one.

    `cited` is, row by row, what the cell under `Source` was taken from; empty where nothing was.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    cited: tuple[Cited, ...] = ()

    @property
    def cells(self) -> list[list[tuple[str, Cited | None]]]:
        """Every cell of every row, with what it was taken from."""
        cited = self.cited or (None,) * len(self.rows)
        named = [column == SOURCE for column in self.columns]
        return [
            [(cell, of if is_source else None) for cell, is_source in zip(row, named, strict=True)]
            for row, of in zip(self.rows, cited, strict=True)
        ]


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
