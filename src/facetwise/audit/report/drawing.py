"""What the pictures of the page share: a frame with a title and a description, text, boxes, lines, a legend."""

from collections.abc import Iterable
from html import escape
from textwrap import shorten, wrap

WIDTH = 420
"""Pixels: a picture that fits a phone."""

LINE, GAP = 18, 10
"""Pixels: a line of text, and a gap."""

_CHARACTER = 7.7
"""Pixels: how wide a character is, about."""


def svg(name: str, title: str, description: str, height: float, parts: Iterable[str], width: float = WIDTH) -> str:
    """An accessible SVG. `name` starts the ids inside, and must differ between pictures on one page."""
    head = (
        f'<svg class="chart" role="img" viewBox="0 0 {width:g} {height:g}" xmlns="http://www.w3.org/2000/svg"'
        f' aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    )
    return "\n".join([head, *parts, "</svg>"])


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """Text with its baseline at y. `kind` is made of the style classes end, middle, strong, soft, inside."""
    class_ = f' class="{kind}"' if kind else ""
    return f'<text{class_} x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, kind: str, note: str = "") -> str:
    """A filled rectangle; `note` is shown under the pointer."""
    inside = f"<title>{escape(note)}</title>" if note else ""
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"'
    return f'<rect class="{kind}" {shape}>{inside}</rect>'


def path(shape: str, kind: str, note: str = "") -> str:
    """A line or an area."""
    inside = f"<title>{escape(note)}</title>" if note else ""
    return f'<path class="{kind}" d="{shape}">{inside}</path>'


def polyline(points: Iterable[tuple[float, float]], kind: str) -> str:
    """A line through points."""
    return path("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points), kind)


def lines_of(words: str, pixels: float, most: int = 2) -> list[str]:
    """A text in lines that fit, the last cut where there are too many."""
    characters = int(pixels / _CHARACTER)
    found = wrap(words, characters)
    if len(found) > most:
        found = [*found[: most - 1], shorten(" ".join(found[most - 1 :]), characters, placeholder=" …")]
    return found


def legend(y: float, entries: Iterable[tuple[str, str]], width: float = WIDTH) -> tuple[list[str], float]:
    """Coloured squares with their words in as many lines as they need, and where the picture may go on."""
    parts, x = [], 0.0
    for kind, words in entries:
        needed = 22 + len(words) * _CHARACTER + GAP
        if x and x + needed > width:
            x, y = 0.0, y + LINE + 2
        parts += [box(x, y, 14, 14, kind), text(x + 20, y + 12, words, "soft")]
        x += needed
    return parts, y + LINE + GAP


def nice_steps(most: float, wanted: int = 4) -> list[float]:
    """Round numbers from 0 up to `most`, about as many as wanted."""
    if most <= 0:
        return [0.0]
    rough = most / wanted
    unit = 10.0 ** (len(f"{rough:.0f}") - 1) if rough >= 1 else 10.0 ** -len(f"{1 / rough:.0f}")
    step = next(one * unit for one in (1, 2, 2.5, 5, 10) if one * unit >= rough)
    return [step * number for number in range(int(most / step + 1e-9) + 1)]
