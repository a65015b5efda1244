"""Letters and checklists as one self-contained HTML file: no script, nothing from anywhere else, printable."""

import re
from collections.abc import Iterator
from functools import cache

from jinja2 import Template

from facetwise.letters.page import Page, Table, pieces
from facetwise.templating import template


def html(page: Page) -> str:
    """The page as a complete HTML document."""
    tables = [block for part in page.parts for block in part.blocks if isinstance(block, Table)]
    shares = sorted({_share(table, width) for table in tables for width in table.widths})
    return _template().render(page=page, shares=shares)


@cache
def _template() -> Template:
    return template("facetwise.letters", "letter.html", pieces=_pieces, share=_share, share_class=_share_class)


def _share(table: Table, width: int) -> float:
    """A column's share of the width in percent. It is given by a class: a page's policy may forbid style attributes."""
    return round(100 * width / sum(table.widths), 1)


def _share_class(share: float) -> str:
    return f"share-{share:g}".replace(".", "-")


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces for the template: `fill` is to be filled in, `whole` must not break at its hyphen."""
    for piece, fill in pieces(text):
        if fill:
            yield piece, "fill"
            continue
        for index, part in enumerate(_WHOLE.split(piece)):
            if part:
                yield part, "whole" if index % 2 else ""


_WHOLE = re.compile(r"(\b\d{4}-\d\d-\d\d\b|\b[CTL]\d{1,2}-[CTLS]?\d{1,2}\b)")
