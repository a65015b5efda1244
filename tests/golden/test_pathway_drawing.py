"""The docs show the pathway as its document draws it. `make golden` writes the drawing anew."""

import os
import re
from pathlib import Path

from facetwise.pathway import mermaid, pathway_svg
from facetwise.rules import policy_named

DOCS = Path(__file__).parents[2] / "docs/reference"
MARKED = re.compile(r"<!-- drawn: begin -->\n.*?<!-- drawn: end -->", re.DOTALL)


def test_the_mermaid_in_the_docs() -> None:
    page = DOCS / "pathway.md"
    block = f"<!-- drawn: begin -->\n```mermaid\n{mermaid(policy_named('facet-pathway'))}```\n<!-- drawn: end -->"
    text = page.read_text(encoding="utf-8")
    if os.environ.get("FACETWISE_REGENERATE"):
        page.write_text(MARKED.sub(lambda _: block, text), encoding="utf-8")
    else:
        assert block in text


def test_the_svg_in_the_docs() -> None:
    picture = DOCS / "pathway.svg"
    svg = pathway_svg(policy_named("facet-pathway"))
    if os.environ.get("FACETWISE_REGENERATE"):
        picture.write_text(svg, encoding="utf-8")
    assert picture.read_text(encoding="utf-8") == svg
