"""Pages as one self-contained HTML file: no script, no font or style from anywhere else, printable."""

from collections.abc import Sequence
from functools import cache

from jinja2 import Template

from facetwise.reports.page import Page
from facetwise.templating import template


def html(pages: Page | Sequence[Page]) -> str:
    """One page, or several with a table of contents, as a complete HTML document."""
    several = [pages] if isinstance(pages, Page) else list(pages)
    title = several[0].title if len(several) == 1 else "Facetwise: next steps"
    return _template().render(title=title, pages=several)


@cache
def _template() -> Template:
    return template("facetwise.reports", "page.html")
