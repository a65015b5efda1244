"""Chances in words: the scale, people out of a hundred, and texts that quote figures."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from facetwise.evidence import figure

if TYPE_CHECKING:
    from facetwise.probability.assumptions import Word

_QUOTED = re.compile(r"\{(\w+)(\.n)?\}")


def scale_word(percent: float, scale: "Sequence[Word]") -> str:
    """The word for a percent from 0 to 100, by cut points that are our convention."""
    return next(word.says for word in scale if percent < word.below)


def of_100(percent: int, low: int, high: int, would: str) -> str:
    """A sentence: of 100 people like this, about so many `would` ..., and between what bounds."""
    about = f"about {percent}" if percent else "hardly any"
    return f"Of 100 people like this, {about} {would} (95% interval {low} to {high})."


def quoted(text: str) -> Iterator[str]:
    """The ids of the figures that a text quotes."""
    yield from (match.group(1) for match in _QUOTED.finditer(text))


def filled(text: str) -> str:
    """A text with the values of the figures that it quotes, `{id}`, or with their n, `{id.n}`."""
    return _QUOTED.sub(_value, text)


def _value(match: re.Match[str]) -> str:
    found = figure(match.group(1))
    return f"{found.n if match.group(2) else found.value:g}"
