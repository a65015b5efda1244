"""The pathway drawn from its own document: Mermaid for the docs, SVG for the report with the patient's place marked."""

from collections.abc import Iterable
from html import escape
from textwrap import wrap
from typing import NamedTuple

from facetwise.rules import Policy, Step


def mermaid(pathway: Policy) -> str:
    """The pathway as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    lines += [f'    {step.id}["{step.title}"]' for step in pathway.steps]
    lines += [f'    {step.id} -->|"{edge.when}"| {edge.to}' for step in pathway.steps for edge in step.leads_to]
    return "\n".join(lines) + "\n"


WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 168, 52, 26, 46, 14
LINE = 22
"""Pixels: a box, the gaps between boxes, the margin; and characters on a line of a box."""


class Box(NamedTuple):
    """A step with the upper left corner of its box, in pixels."""

    step: Step
    x: float
    y: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + WIDTH / 2, self.y + HEIGHT / 2


def pathway_svg(pathway: Policy, here: str | None = None, *, name: str = "pathway") -> str:
    """The pathway as an accessible SVG of its own size; the step `here` is marked as the patient's place.

    `name` starts the ids inside, and must differ between drawings on one page.
    """
    boxes = _layout(pathway)
    width = max(box.x for box in boxes.values()) + WIDTH + MARGIN
    height = max(box.y for box in boxes.values()) + HEIGHT + MARGIN
    marked = f" The patient is at: {pathway.step(here).title}." if here else ""
    onward = {edge.to for edge in pathway.step(here).leads_to} if here else set()
    parts = [
        f'<svg class="pathway" role="img" viewBox="0 0 {width:g} {height:g}" xmlns="http://www.w3.org/2000/svg"'
        f' aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(pathway.title)}</title>',
        f'<desc id="{name}-desc">{escape(_in_words(pathway))}{escape(marked)}</desc>',
        STYLE,
        _ARROWHEAD.replace("ARROW", f"{name}-arrow"),
    ]
    for step in pathway.steps:
        parts += [
            _edge(boxes[step.id], boxes[edge.to], boxes.values(), step.id == here, f"{name}-arrow")
            for edge in step.leads_to
        ]
    parts += [_box(box, here, onward) for box in boxes.values()]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _layout(pathway: Policy) -> dict[str, Box]:
    """Every step in the row and column that the document gives it."""
    return {
        step.id: Box(
            step,
            MARGIN + step.drawn.column * (WIDTH + GAP_X),
            MARGIN + step.drawn.row * (HEIGHT + GAP_Y),
        )
        for step in pathway.steps
    }


def _in_words(pathway: Policy) -> str:
    """Every way onward as a sentence, for readers who cannot see the drawing."""
    return " ".join(
        f"{step.title} leads to {pathway.step(edge.to).title} when {edge.when}."
        for step in pathway.steps
        for edge in step.leads_to
    )


def _box(box: Box, here: str | None, onward: set[str]) -> str:
    state = "here" if box.step.id == here else ("onward" if box.step.id in onward else "")
    lines = wrap(box.step.title, LINE)
    x, y = box.middle
    first = y - (len(lines) - 1) * 8 + 4
    text = "".join(f'<text x="{x:g}" y="{first + 16 * n:g}">{escape(line)}</text>' for n, line in enumerate(lines))
    badge = f'<text class="badge" x="{x:g}" y="{box.y - 5:g}">you are here</text>' if state == "here" else ""
    rect = f'<rect x="{box.x:g}" y="{box.y:g}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>'
    return f'<g class="step {state}">{rect}{text}{badge}</g>'


def _edge(start: Box, end: Box, boxes: Iterable[Box], lit: bool, arrow: str) -> str:
    """An arrow from box to box that bends where there is room."""
    shape = _same_column(start, end) if start.x == end.x else _across(start, end, boxes)
    return f'<path class="way{" lit" if lit else ""}" d="{shape}" marker-end="url(#{arrow})"/>'


def _same_column(start: Box, end: Box) -> str:
    """Straight down to the next row; further down around the left, back up around the right."""
    (x1, y1), (x2, y2) = start.middle, end.middle
    rows = end.step.drawn.row - start.step.drawn.row
    if rows == 1:
        return f"M {x1:g} {y1 + HEIGHT / 2:g} L {x2:g} {y2 - HEIGHT / 2:g}"
    side = -1 if rows > 0 else 1
    edge = x1 + side * WIDTH / 2
    reach = edge + side * GAP_X
    return f"M {edge:g} {y1:g} C {reach:g} {y1:g} {reach:g} {y2:g} {edge:g} {y2:g}"


def _across(start: Box, end: Box, boxes: Iterable[Box]) -> str:
    """Sideways then up or down where that corner is free of boxes, otherwise up or down first."""
    (x1, y1), (x2, y2) = start.middle, end.middle
    right, down = (1 if x2 > x1 else -1), (1 if y2 > y1 else -1)
    if y1 == y2:
        return f"M {x1 + right * WIDTH / 2:g} {y1:g} L {x2 - right * WIDTH / 2:g} {y2:g}"
    start_at, end_at = start.step.drawn, end.step.drawn
    taken = {(box.step.drawn.row, box.step.drawn.column) for box in boxes}
    rows = range(start_at.row, end_at.row, down)
    if not any((row, end_at.column) in taken for row in rows):
        return f"M {x1 + right * WIDTH / 2:g} {y1:g} Q {x2:g} {y1:g} {x2:g} {y2 - down * HEIGHT / 2:g}"
    return f"M {x1:g} {y1 + down * HEIGHT / 2:g} Q {x1:g} {y2:g} {x2 - right * WIDTH / 2:g} {y2:g}"


STYLE = """<style>
.pathway { --ink: #1d2b33; --box: #f3f6f7; --line: #9fb0b8; --here: #0b6e6e; max-width: 100%; height: auto;
  font: 13px system-ui, sans-serif }
.pathway rect { fill: var(--box); stroke: var(--line) }
.pathway text { fill: var(--ink); text-anchor: middle }
.pathway .way { fill: none; stroke: var(--line); stroke-width: 1.2 }
.pathway .lit { stroke: var(--here); stroke-width: 2.2 }
.pathway .here rect { fill: var(--here); stroke: var(--here) }
.pathway .here text { fill: #fff; font-weight: 600 }
.pathway .here .badge { fill: var(--here) }
.pathway .onward rect { stroke: var(--here); stroke-width: 2 }
@media (prefers-color-scheme: dark) { .pathway { --ink: #e7eef0; --box: #22303a; --line: #566b77; --here: #2aa198 } }
@media print { .pathway { --ink: #000; --box: #fff; --line: #888; --here: #0b6e6e } }
</style>"""
"""How it looks, as it stands in the drawing itself."""

_ARROWHEAD = (
    '<defs><marker id="ARROW" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>'
)
