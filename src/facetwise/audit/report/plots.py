"""Plots with two axes: the curve of relief, funnel plots, and shares by month."""

from collections.abc import Callable, Iterable, Sequence
from math import sqrt

from facetwise.audit.report.drawing import WIDTH, box, nice_steps, path, polyline, svg, text
from facetwise.audit.report.funnel_limits import limits
from facetwise.audit.report.page import share
from facetwise.audit.report.summary import Curve, Group, Groups, Period

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320, 46, 14, 28, 46
"""Pixels: a plot and its margins."""

LIMIT_POINTS = 80
"""Points at which the limits are drawn."""


class _Axes:
    """Places values on a plot, and draws its grid."""

    def __init__(
        self, low_x: float, most_x: float, low_y: float, high_y: float, bend: Callable[[float], float] = float
    ) -> None:
        self.bend = bend
        self.low_x, self.most_x = low_x, most_x
        self.low_y, self.high_y = low_y, high_y

    def x(self, value: float) -> float:
        first, last = self.bend(self.low_x), self.bend(self.most_x)
        return LEFT + (self.bend(value) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return TOP + (self.high_y - value) / (self.high_y - self.low_y) * (HEIGHT - TOP - BOTTOM)

    def grid(self, xs: Iterable[float], x_says: str, y_says: str) -> list[str]:
        """Lines and numbers; shares are told in percent."""
        parts = [text(0, 14, y_says, "soft"), text((WIDTH + LEFT) / 2, HEIGHT - 6, x_says, "soft middle")]
        for value in nice_steps(self.high_y * 100):
            if value >= self.low_y * 100:
                y = self.y(value / 100)
                parts.append(path(f"M {LEFT} {y:.1f} H {WIDTH - RIGHT}", "grid"))
                parts.append(text(LEFT - 6, y + 5, f"{value:g}%", "soft end"))
        for value in xs:
            parts.append(text(self.x(value), HEIGHT - BOTTOM + 18, f"{value:,g}", "soft middle"))
        return parts


def relief_svg(curve: Curve, name: str, title: str) -> str:
    """Relief over the months, with its interval, and read the other way as a dashed line."""
    last = curve.marks[-1].months
    axes = _Axes(0, last, 0, 1)
    step = next((months for months in (1, 2, 3, 6, 12, 24) if last / months <= 8), 24)
    parts = axes.grid(range(0, last + 1, step), "months after ablation", "relief still holds")
    upper = [(axes.x(0), axes.y(1)), *((axes.x(one.months), axes.y(one.high)) for one in curve.marks)]
    lower = [(axes.x(one.months), axes.y(one.low)) for one in reversed(curve.marks)]
    parts.append(path("M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in [*upper, *lower]) + " Z", "band"))
    start = (axes.x(0), axes.y(1))
    parts.append(polyline([start, *((axes.x(one.months), axes.y(one.held_early)) for one in curve.marks)], "other"))
    points = [(axes.x(one.months), axes.y(one.held)) for one in curve.marks]
    parts.append(polyline([start, *points], "line"))
    parts += [_dot(x, y, "dot") for x, y in points]
    told = "; ".join(f"{one.months} months: {one.held:.0%}" for one in curve.marks)
    return svg(name, title, f"Relief of at least {curve.limit:g} percent still held after {told}.", HEIGHT, parts)


def funnel_svg(groups: Groups, name: str, title: str) -> str:
    """Each group by its volume and its share, with the share of all and the limits of chance around it."""
    everyone = [*groups.groups, *(one for one in (groups.pool, groups.unnamed) if one is not None)]
    overall = sum(one.supported for one in everyone) / sum(one.requests for one in everyone)
    axes = _Axes(*_span([one.requests for one in groups.groups]), *_heights(groups, overall), bend=sqrt)
    parts = axes.grid(_ticks(axes.low_x, axes.most_x), "requests", "supported by the record")
    parts.append(path(f"M {LEFT} {axes.y(overall):.1f} H {WIDTH - RIGHT}", "mean"))
    volumes = [
        axes.low_x + (axes.most_x - axes.low_x) * (point / LIMIT_POINTS) ** 2 for point in range(LIMIT_POINTS + 1)
    ]
    whole = sorted({max(1, round(volume)) for volume in volumes})
    for limit, kind in zip(zip(*limits(overall, whole), strict=True), _LIMIT_KINDS, strict=True):
        inside = [(volume, one) for volume, one in zip(whole, limit, strict=True) if axes.low_y <= one <= axes.high_y]
        if len(inside) > 1:
            parts.append(polyline([(axes.x(volume), axes.y(one)) for volume, one in inside], kind))
    parts += [_group(one, axes) for one in groups.groups]
    outside = [one for one in groups.groups if "outer" in one.place]
    told = f"{len(groups.groups)} groups around {overall:.1%}, {len(outside)} of them outside the outer limits."
    return svg(name, title, told, HEIGHT, parts)


_LIMIT_KINDS = ("outer", "inner", "inner", "outer")


def _span(volumes: Sequence[int]) -> tuple[float, float]:
    """From a little less than the least volume to a little more than the greatest."""
    return min(volumes) * 0.8, max(volumes) * 1.05 + 1


def _heights(groups: Groups, overall: float) -> tuple[float, float]:
    """From the least share to the greatest, with the limits of the smallest group where they fit."""
    shares = [one.supported / one.requests for one in groups.groups]
    (around,) = limits(overall, [min(one.requests for one in groups.groups)])
    low, high = min(*shares, around.outer_low, overall), max(*shares, around.outer_high, overall)
    room = max((high - low) * 0.08, 0.01)
    return max(0.0, low - room), min(1.0, high + room)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers of the kind 1, 2, 5 between two others."""
    rounded = [first * 10.0**zeros for zeros in range(9) for first in (1, 2, 5)]
    return [tick for tick in rounded if low <= tick <= high][-6:]


def _group(one: Group, axes: _Axes) -> str:
    x, y = axes.x(one.requests), axes.y(one.supported / one.requests)
    note = f"{one.name}: {one.supported:,} of {one.requests:,} ({share(one.supported, one.requests)})"
    if "outer" in one.place:
        return path(f"M {x:.1f} {y - 6:.1f} l 6 6 -6 6 -6 -6 Z", "outlier", note)
    return _dot(x, y, "dot" if not one.place else "dot edge", note)


def months_svg(periods: Sequence[Period], name: str, title: str) -> str:
    """The share that is supported, over the months, above bars for how many requests there were."""
    first = _month(periods[0].first)
    months = _month(periods[-1].last) - first + 1
    shares = [one.supported / one.requests for one in periods]
    axes = _Axes(0, months, 0, min(1.0, max(*shares, 0.02) * 1.25))
    years = [number for number in range(first, first + months + 1) if number % 12 == 0]
    parts = axes.grid([], "", "supported by the record")
    for year in years[:: max(1, len(years) // 8 + 1)]:
        parts.append(text(axes.x(year - first), HEIGHT - BOTTOM + 18, str(year // 12), "soft middle"))
    busiest = max(one.requests / _length(one) for one in periods)
    for one in periods:
        start, height = axes.x(_month(one.first) - first), one.requests / _length(one) / busiest * 60
        width = axes.x(_month(one.last) - first + 1) - start
        parts.append(box(start, HEIGHT - BOTTOM - height, width, height, "ground", _period_note(one)))
    middles = [axes.x((_month(one.first) + _month(one.last) + 1) / 2 - first) for one in periods]
    points = [(x, axes.y(held)) for x, held in zip(middles, shares, strict=True)]
    parts.append(polyline(points, "line"))
    parts += [_dot(*point, "dot small", _period_note(one)) for point, one in zip(points, periods, strict=True)]
    parts.append(text((WIDTH + LEFT) / 2, HEIGHT - 6, "line: share; bars: requests a month", "soft middle"))
    told = "; ".join(_period_note(one) for one in periods[-12:])
    return svg(name, title, f"The latest: {told}.", HEIGHT, parts)


def _month(written: str) -> int:
    year, month = written.split("-")
    return int(year) * 12 + int(month) - 1


def _length(one: Period) -> int:
    return _month(one.last) - _month(one.first) + 1


def _period_note(one: Period) -> str:
    when = one.first if one.first == one.last else f"{one.first} to {one.last}"
    return f"{when}: {one.supported:,} of {one.requests:,} ({share(one.supported, one.requests)})"


def _dot(x: float, y: float, kind: str, note: str = "") -> str:
    inside = f"<title>{note.replace('&', '&amp;').replace('<', '&lt;')}</title>" if note else ""
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{3 if "small" in kind else 4}">{inside}</circle>'
