"""The page as one self-contained HTML file: no script, nothing from anywhere else, printable."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from facetwise.audit.report.summary import Summary
from facetwise.audit.report.whole_page import page


def html(summary: Summary) -> str:
    """What may be shown of a population as a complete HTML document."""
    return _template().render(page=page(summary))


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("facetwise.audit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment.get_template("report.html")
