"""The pathway drawn from its own document: Mermaid for the docs, SVG for the report with the patient's place marked."""

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
        _STYLE,
        _ARROWHEAD.replace("ARROW", f"{name}-arrow"),
    ]
    for step in pathway.steps:
        parts += [_edge(boxes[step.id], boxes[edge.to], step.id == here, f"{name}-arrow") for edge in step.leads_to]
    parts += [_box(box, here, onward) for box in boxes.values()]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _layout(pathway: Policy) -> dict[str, Box]:
    """Steps in rows by how far they are from the start, in the columns that the document gives them."""
    rows = _rows(pathway)
    boxes: dict[str, Box] = {}
    taken: set[tuple[int, int]] = set()
    for step in sorted(pathway.steps, key=lambda step: rows[step.id]):
        row = rows[step.id]
        while (row, step.column) in taken:
            row += 1
        taken.add((row, step.column))
        boxes[step.id] = Box(step, MARGIN + step.column * (WIDTH + GAP_X), MARGIN + row * (HEIGHT + GAP_Y))
    return {step.id: boxes[step.id] for step in pathway.steps}


def _rows(pathway: Policy) -> dict[str, int]:
    """The longest way from the start to each step, without walking any step twice."""
    rows: dict[str, int] = {}

    def visit(step: Step, depth: int, walked: frozenset[str]) -> None:
        if step.id in walked or rows.get(step.id, -1) >= depth:
            return
        rows[step.id] = depth
        for edge in step.leads_to:
            if edge.to not in walked:
                visit(pathway.step(edge.to), depth + 1, walked | {step.id})

    visit(pathway.steps[-1], 0, frozenset())
    return {step.id: rows.get(step.id, 0) for step in pathway.steps}


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


def _edge(start: Box, end: Box, lit: bool, arrow: str) -> str:
    """A smooth arrow that leaves and enters boxes at the side that faces the other."""
    (x1, y1), (x2, y2) = start.middle, end.middle
    if abs(start.y - end.y) < 1:
        x1, x2 = (start.x + WIDTH, end.x) if x1 < x2 else (start.x, end.x + WIDTH)
        bend = f"C {(x1 + x2) / 2:g} {y1:g} {(x1 + x2) / 2:g} {y2:g}"
    elif start.y < end.y:
        y1, y2 = start.y + HEIGHT, end.y
        bend = f"C {x1:g} {y1 + GAP_Y * 0.7:g} {x2:g} {y2 - GAP_Y * 0.7:g}"
    else:  # back up: around the side
        side = 1 if x1 <= x2 else -1
        x1, x2 = x1 + side * WIDTH / 2, x2 + side * WIDTH / 2
        reach = max(x1, x2) if side > 0 else min(x1, x2)
        bend = f"C {reach + side * GAP_X:g} {y1:g} {reach + side * GAP_X:g} {y2:g}"
    shape = f"M {x1:g} {y1:g} {bend} {x2:g} {y2:g}"
    return f'<path class="way{" lit" if lit else ""}" d="{shape}" marker-end="url(#{arrow})"/>'


_STYLE = """<style>
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

_ARROWHEAD = (
    '<defs><marker id="ARROW" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>'
)
