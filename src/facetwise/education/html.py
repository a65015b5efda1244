"""Pages for patients as one self-contained HTML file: no script, nothing from anywhere else, printable."""

from functools import cache

from jinja2 import Template

from facetwise.education.drawing import icon_array
from facetwise.education.page import DecisionAid, EducationPage
from facetwise.templating import template


def html(page: EducationPage | DecisionAid) -> str:
    """The page or the decision aid as a complete HTML document. The answers of an aid stay on the paper."""
    name = "decision_aid.html" if isinstance(page, DecisionAid) else "understand.html"
    return _template(name).render(page=page)


@cache
def _template(name: str) -> Template:
    return template("facetwise.education", name, icons=icon_array)
