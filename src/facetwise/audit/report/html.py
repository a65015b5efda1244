"""The page as one self-contained HTML file: no script, nothing from anywhere else, printable."""

from functools import cache

from jinja2 import Template

from facetwise.audit.report.summary import Summary
from facetwise.audit.report.whole_page import page
from facetwise.templating import template


def html(summary: Summary) -> str:
    """What may be shown of a population as a complete HTML document."""
    return _template().render(page=page(summary))


@cache
def _template() -> Template:
    return template("facetwise.audit.report", "report.html")
