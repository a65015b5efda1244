"""The table of conventions in the docs is what the library's documents say. `make golden` writes it anew."""

import os
import re
from pathlib import Path

from facetwise.rules import load_library

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "conventions.md"
MARKED = re.compile(r"<!-- conventions: begin -->\n.*?<!-- conventions: end -->", re.DOTALL)


def test_the_page_lists_every_convention_of_the_library() -> None:
    block = f"<!-- conventions: begin -->\n{table()}\n<!-- conventions: end -->"
    text = PAGE.read_text(encoding="utf-8")
    if os.environ.get("FACETWISE_REGENERATE"):
        PAGE.write_text(MARKED.sub(lambda _: block, text), encoding="utf-8")
    else:
        assert block in text


def table() -> str:
    by_text: dict[tuple[str, str, str, str], list[str]] = {}
    for policy in load_library().values():
        if policy.contractor is None:
            for name, one in policy.document.conventions.items():
                by_text.setdefault((name, one.value or "", one.says, one.because), []).append(policy.id)
    lines = ["| policy | name | value | says | because |", "|---|---|---|---|---|"]
    for (name, value, says, because), policies in sorted(by_text.items(), key=lambda item: (item[1], item[0])):
        cells = [", ".join(policies), f"`{name}`", value, says, because]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)
