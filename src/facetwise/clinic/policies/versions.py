"""What changed between two versions of a text, line by line."""

from collections.abc import Iterator
from difflib import unified_diff
from typing import NamedTuple

AROUND = 3
"""Unchanged lines shown around a change."""


class Line(NamedTuple):
    """A line of a difference: what became of it, in a word, and its text."""

    kind: str
    text: str


_KINDS = {"+": "added", "-": "removed", " ": "same"}


def difference(before: str, after: str) -> list[Line]:
    """The lines that were added or removed with those around them; a gap stands for lines that did not change."""
    return list(_lines(before, after))


def _lines(before: str, after: str) -> Iterator[Line]:
    first = True
    for line in list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=AROUND))[2:]:
        if line.startswith("@@"):
            if not first:
                yield Line("gap", "…")
            first = False
        else:
            yield Line(_KINDS[line[0]], line[1:])
