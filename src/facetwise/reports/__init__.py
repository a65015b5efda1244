"""Answers as pages for people. A page is written once, as blocks, and rendered as text, Markdown or HTML."""

from facetwise.reports.answers import check_page, next_page
from facetwise.reports.html import html
from facetwise.reports.markdown import markdown
from facetwise.reports.page import Bullets, Drawing, Page, Paragraph, Section, Table
from facetwise.reports.text import print_page

__all__ = [
    "Bullets",
    "Drawing",
    "Page",
    "Paragraph",
    "Section",
    "Table",
    "check_page",
    "html",
    "markdown",
    "next_page",
    "print_page",
]
