"""Where patients went, as streams as wide as they are many."""

from typing import NamedTuple

from facetwise.audit.report.drawing import box, path, svg, text
from facetwise.audit.report.page import number
from facetwise.audit.report.summary import Flow, Stage

WIDTH, HEIGHT, TOP = 740, 420, 34
"""Pixels: the picture, and the room for headings."""

COLUMN, BAR, APART, LEAST = 152, 12, 38, 3
"""Pixels: from column to column, a bar, the least from one bar to the next, and the height of the smallest."""


class _Place(NamedTuple):
    stage: Stage
    x: float
    y: float
    height: float


def flow_svg(flow: Flow, name: str, title: str) -> str:
    """An accessible SVG of the streams. What is suppressed is a thin dashed line."""
    places = _places(flow)
    left, right = dict.fromkeys(places, 0.0), dict.fromkeys(places, 0.0)
    scale = _scale(flow)
    parts = [text(COLUMN * place, 14, heading, "soft") for place, heading in enumerate(flow.headings)]
    for one in flow.streams:
        start, end = places[one.start], places[one.end]
        note = f"{one.start} → {one.end}: {number(one.patients)}"
        if one.patients is None:
            shape = _curve(start.x + BAR, start.y + start.height / 2, end.x, end.y + end.height / 2)
            parts.append(path(f"M {shape}", "guess", note))
            continue
        width = one.patients * scale
        here, there = start.y + right[one.start], end.y + left[one.end]
        right[one.start] += width
        left[one.end] += width
        parts.append(path(_ribbon(start.x + BAR, here, end.x, there, width), "stream", note))
    for place in places.values():
        parts += _bar(place)
    return svg(name, title, in_words(flow), HEIGHT, parts, WIDTH)


def in_words(flow: Flow) -> str:
    """The streams in a sentence each."""
    return " ".join(f"From {one.start} to {one.end}: {number(one.patients)}." for one in flow.streams)


def _scale(flow: Flow) -> float:
    """Pixels for one patient: the fullest column fits."""
    room = HEIGHT - TOP - APART * max(len(column) for column in flow.columns)
    return room / max(1, *(sum(stage.patients or 0 for stage in column) for column in flow.columns))


def _places(flow: Flow) -> dict[str, _Place]:
    scale = _scale(flow)
    found = {}
    for number_, column in enumerate(flow.columns):
        heights = [max((stage.patients or 0) * scale, LEAST) for stage in column]
        y = TOP + (HEIGHT - TOP - sum(heights) - APART * (len(column) - 1)) / 2
        for stage, height in zip(column, heights, strict=True):
            found[stage.says] = _Place(stage, number_ * COLUMN, y, height)
            y += height + APART
    return found


def _bar(place: _Place) -> list[str]:
    kind = "main" if place.stage.patients is not None else "hidden"
    lines = (place.stage.label, number(place.stage.patients))
    y = place.y + place.height / 2 - 8 * len(lines) + 12
    parts = [box(place.x, place.y, BAR, place.height, kind)]
    for place_in, line in enumerate(lines):
        strong = "strong halo" if place_in == len(lines) - 1 else "halo"
        parts.append(text(place.x + BAR + 5, y + 16 * place_in, line, strong))
    return parts


def _ribbon(x1: float, y1: float, x2: float, y2: float, width: float) -> str:
    there = _curve(x1, y1, x2, y2)
    back = _curve(x2, y2 + width, x1, y1 + width)
    return f"M {there} L {back} Z"


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    middle = (x1 + x2) / 2
    return f"{x1:.1f} {y1:.1f} C {middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
