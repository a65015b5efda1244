"""Letters and checklists as PDF, with the fonts that come with the typesetter."""

import re
from typing import NamedTuple

import typst

from facetwise.letters.page import Page
from facetwise.letters.typesetting import typst_source


class Pdf(NamedTuple):
    """The file, and the first text in it that the fonts cannot show; empty when they show everything."""

    data: bytes
    not_shown: str


def pdf(page: Page) -> Pdf:
    """The page as a PDF: the same bytes for the same page, whatever fonts the machine has.

    It is an accessible PDF (PDF/UA-1) unless it holds letters that the fonts lack.
    """
    source = typst_source(page).encode()
    try:
        return Pdf(typst.compile(source, format="pdf", ignore_system_fonts=True, pdf_standards="ua-1"), "")
    except typst.TypstError as error:
        lacking = _LACKING.search(str(error))
        if lacking is None:
            raise
        return Pdf(typst.compile(source, format="pdf", ignore_system_fonts=True), lacking["text"])


_LACKING = re.compile(r'the text `"(?P<text>.*?)"` could not be displayed')
