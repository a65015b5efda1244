"""Letters and checklists as one self-contained HTML file: no script, nothing from anywhere else, printable."""

import re
from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from facetwise.letters.page import Page, pieces


def html(page: Page) -> str:
    """The page as a complete HTML document."""
    return _template().render(page=page)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("facetwise.letters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["pieces"] = _pieces
    return environment.get_template("letter.html")


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
