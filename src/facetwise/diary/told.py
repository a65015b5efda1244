"""A diary in rows for a reader: each entry, and how long the relief lasted."""

from math import floor
from typing import NamedTuple

from facetwise.diary.response import Duration, Response
from facetwise.records import Procedure


class EntryRow(NamedTuple):
    """One entry: hours and minutes after the block, the pain as it was written, its number if it is one, and notes."""

    clock: str
    pain: str
    score: float | None
    notes: str


def relief_cut(percent: float) -> float:
    """Relief to a tenth of a percent, cut and not rounded, so that 79.96 never reads as the 80 that a rule asks for."""
    return floor(percent * 10) / 10


def entry_rows(block: Procedure) -> tuple[EntryRow, ...]:
    """The pain before the block, then every entry by time."""
    before = block.pain_before.score if block.pain_before else None
    entries = sorted(block.diary.entries if block.diary else (), key=lambda entry: entry.minutes)
    rows = [EntryRow("before", f"{before:g}", before, "")] if before is not None and entries else []
    for entry in entries:
        pain = "" if entry.score is None else f"{entry.score:g}"
        if entry.low is not None and entry.high is not None:
            pain = f"{entry.low:g} to {entry.high:g}"
        notes = (
            "asleep" if entry.asleep else "",
            "rescue analgesic" if entry.rescue_analgesic else "",
            "at rest" if entry.provoked is False else "",
            entry.side or "",
        )
        clock = f"{entry.minutes // 60}:{entry.minutes % 60:02d}"
        told = ", ".join(note for note in notes if note)
        rows.append(EntryRow(clock, pain or "not documented", entry.score, told))
    return tuple(rows)


def lasted_rows(response: Response) -> tuple[tuple[str, str], ...]:
    """How long relief of each threshold lasted."""
    return tuple((f"at least {percent}%", _lasted(lasted)) for percent, lasted in response.lasted.items())


def _lasted(duration: Duration) -> str:
    low, high = duration.bounds
    if high == 0:
        return "never reached"
    if high == low:
        return f"{low:.3g} h"
    return f"at least {low:.3g} h" if duration.at_most_hours is None else f"{low:.3g} to {high:.3g} h"
