"""Pages for patients as one self-contained HTML file: no script, nothing from anywhere else, printable."""

from functools import cache

import msgspec
from jinja2 import Template

from facetwise.education.decision_aid import Answers
from facetwise.education.drawing import icon_array
from facetwise.education.page import DecisionAid, EducationPage
from facetwise.templating import template


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """How a decision aid is filled in on a screen and sent somewhere: `hidden` are names and values that go with it.

    `told` stands above it all, `answers` are those that are filled in already. `further` is another page to read: its
    address and title.
    """

    action: str
    submit: str
    hidden: tuple[tuple[str, str], ...] = ()
    told: str = ""
    longest_question: int | None = None
    answers: Answers = Answers()
    further: tuple[str, str] | None = None


def html(page: EducationPage | DecisionAid, sheet: Sheet | None = None) -> str:
    """The page or the decision aid as a complete HTML document.

    The answers of an aid stay on the paper, unless a `sheet` says where they are sent.
    """
    name = "decision_aid.html" if isinstance(page, DecisionAid) else "understand.html"
    return _template(name).render(page=page, sheet=sheet)


@cache
def _template(name: str) -> Template:
    return template("facetwise.education", name, icons=icon_array)
