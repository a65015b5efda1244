"""Bars: stages of a way, verdicts, days, failing criteria."""

from collections.abc import Iterator, Sequence

from facetwise.audit.kernel.source import STATUSES
from facetwise.audit.report.drawing import GAP, LINE, WIDTH, box, legend, lines_of, svg, text
from facetwise.audit.report.page import SUPPRESSED, number, share
from facetwise.audit.report.summary import Count, CriterionCounts, Stage, Times, Verdicts
from facetwise.audit.report.tallying import MET, NEEDS_REVIEW, NOT_APPLICABLE, NOT_DOCUMENTED, NOT_MET

BAR, LABEL = 22, 150
"""Pixels: how high a bar is, and how wide the labels beside bars are."""

ORDER = (MET, NOT_MET, NEEDS_REVIEW, NOT_DOCUMENTED, NOT_APPLICABLE)
"""Statuses from left to right."""

_ON_PALE = {NOT_DOCUMENTED: " dark", NOT_APPLICABLE: " dark"}

KINDS = tuple(status.replace(" ", "-") for status in STATUSES)
"""The style of each status."""


def stage_bars(stages: Sequence[Stage], name: str, title: str) -> str:
    """A bar for each stage, as long as its share of the first."""
    first = stages[0].patients
    parts, y = [], 4.0
    for stage in stages:
        told = _told(stage.patients, first) if stage is not stages[0] else number(first)
        parts += [text(0, y + 13, stage.says), text(WIDTH, y + 13, told, "end strong")]
        y += LINE
        if stage.patients is None or not first:
            parts.append(box(0, y, WIDTH, BAR, "hidden"))
        else:
            parts += [box(0, y, WIDTH, BAR, "ground"), box(0, y, WIDTH * stage.patients / first, BAR, "main")]
        y += BAR + GAP
    return svg(name, title, stages_in_words(stages), y, parts)


def stages_in_words(stages: Sequence[Stage]) -> str:
    """The stages as a sentence."""
    return "; ".join(f"{stage.says}: {number(stage.patients)}" for stage in stages) + "."


def verdict_bars(rows: Sequence[Verdicts], name: str, title: str) -> str:
    """A bar for each kind of request, cut into its verdicts."""
    present = [status for status in ORDER if any(row.verdicts[status] != 0 for row in rows)]
    entries = [(KINDS[status], STATUSES[status]) for status in present]
    if any(None in row.verdicts for row in rows):
        entries.append(("hidden", SUPPRESSED))
    parts, y = legend(2, entries)
    for row in rows:
        parts.append(text(WIDTH, y + 13, number(row.requests), "end"))
        for line in lines_of(row.title, WIDTH - 70):
            parts.append(text(0, y + 13, line))
            y += LINE
        parts += _segments(row, y)
        y += BAR + GAP
    return svg(name, title, " ".join(_verdicts_in_words(row) for row in rows), y, parts)


def _segments(row: Verdicts, y: float) -> Iterator[str]:
    if not row.requests:
        yield box(0, y, WIDTH, BAR, "hidden")
        return
    x = 0.0
    for status in ORDER:
        count = row.verdicts[status]
        if count:
            width = WIDTH * count / row.requests
            told = share(count, row.requests)
            yield box(x, y, width, BAR, KINDS[status], f"{STATUSES[status]}: {count:,} ({told})")
            if width > 9 * len(told):
                yield text(x + width / 2, y + 16, told, f"inside middle{_ON_PALE.get(status, '')}")
            x += width
    yield box(x, y, WIDTH - x, BAR, "hidden") if None in row.verdicts else ""


def _verdicts_in_words(row: Verdicts) -> str:
    told = ", ".join(f"{STATUSES[status]} {number(row.verdicts[status])}" for status in ORDER)
    return f"{row.title}: {number(row.requests)}, of which {told}."


def time_bars(times: Times, name: str) -> str:
    """A bar for each bin, as long as its share of all."""
    parts, y = [], 2.0
    most = max(one.patients for one in times.bins)
    room = WIDTH - LABEL - 100
    for one in times.bins:
        parts += [
            text(LABEL - 10, y + 15, days_in_words(one.first, one.last), "end soft"),
            box(LABEL, y, room * one.patients / most, BAR - 2, "main"),
            text(
                LABEL + room * one.patients / most + 6,
                y + 15,
                _told(one.patients, times.patients),
            ),
        ]
        y += BAR + 4
    told = "; ".join(f"{days_in_words(one.first, one.last)}: {one.patients:,}" for one in times.bins)
    return svg(name, times.says, told + ".", y, parts)


def _told(part: Count, whole: Count) -> str:
    told = share(part, whole)
    return f"{number(part)} · {told}" if told else number(part)


def days_in_words(first: int, last: int | None) -> str:
    """A stretch of days."""
    if last is None:
        return f"{first:,} days or more"
    return f"{first} to {last} days"


def criterion_bars(criteria: Sequence[CriterionCounts], name: str, title: str) -> str:
    """For each criterion the share of requests that fail it, and behind that the share of which nobody knows."""
    parts, y = legend(2, [(KINDS[NOT_MET], "not met"), (KINDS[NOT_DOCUMENTED], "not documented")])
    told = []
    for one in criteria:
        for line in lines_of(one.says, WIDTH):
            parts.append(text(0, y + 13, line))
            y += LINE - 1
        y += 3
        failed, unknown = one.statuses[NOT_MET], one.statuses[NOT_DOCUMENTED]
        parts += _failing(failed, unknown, one.asked, y)
        words = f"{_of(failed, one.asked, 'not met')}, {_of(unknown, one.asked, 'not documented')}"
        parts.append(text(0, y + 28, words, "soft"))
        told.append(f"{one.says} {words}.")
        y += 28 + GAP + 4
    return svg(name, title, " ".join(told), y, parts)


def _failing(failed: Count, unknown: Count, asked: Count, y: float) -> Iterator[str]:
    yield box(0, y, WIDTH, 12, "ground")
    x = 0.0
    for count, status in ((failed, NOT_MET), (unknown, NOT_DOCUMENTED)):
        if count and asked:
            yield box(x, y, WIDTH * count / asked, 12, KINDS[status])
            x += WIDTH * count / asked


def _of(count: Count, whole: Count, what: str) -> str:
    told = share(count, whole)
    return f"{what} {number(count)}{f' ({told})' if told else ''}"
