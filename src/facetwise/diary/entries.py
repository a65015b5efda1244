"""Which entries of a diary can be used, and why the others cannot."""

from collections.abc import Sequence
from typing import NamedTuple

from facetwise.diary.protocol import Protocol
from facetwise.diary.response import Reason, Unjudgeable
from facetwise.records import DiaryEntry, Scale

_SAYS = {
    Reason.ASLEEP: "The patient slept, so pain could not be scored.",
    Reason.NOT_PROVOKED: "Pain was scored at rest, not during the activity that provokes it.",
    Reason.RESCUE_ANALGESIC: "A rescue analgesic was taken, so later scores say nothing of the block.",
    Reason.SCALE_CHANGED: "The scores are on another scale than the baseline.",
    Reason.RANGE_NOT_NUMBER: "A range was written instead of a number.",
}


class Scored(NamedTuple):
    """A usable entry: minutes after the block, and relief in percent, negative when the pain grew."""

    minutes: int
    relief: float


class Sifted(NamedTuple):
    """A diary's usable entries by time, and why others in the window were left out."""

    usable: tuple[Scored, ...]
    left_out: tuple[Unjudgeable, ...]
    in_window: int


def sift(entries: Sequence[DiaryEntry], baseline: float, scale: Scale, used: Scale, protocol: Protocol) -> Sifted:
    """The usable entries. `scale` is the baseline's, `used` the diary's where an entry names no other."""
    rescue = min((entry.minutes for entry in entries if entry.rescue_analgesic), default=None)
    usable: list[Scored] = []
    left_out: dict[Reason, None] = {}
    in_window = 0
    for entry in sorted(entries, key=_by_time):
        reason = _unusable(entry, scale, used, rescue)
        inside = within(entry.minutes, protocol)
        in_window += inside
        if reason is None and entry.score is not None:
            usable.append(Scored(entry.minutes, (baseline - entry.score) / baseline * 100))
        elif reason is not None and inside:
            left_out[reason] = None
    return Sifted(_one_a_minute(usable), tuple(why(reason) for reason in sorted(left_out)), in_window)


def within(minutes: float, protocol: Protocol) -> bool:
    """Whether a time lies in the anaesthetic window."""
    return protocol.window_start_minutes <= minutes <= protocol.hours * 60


def why(reason: Reason) -> Unjudgeable:
    """A reason about entries, in words."""
    return Unjudgeable(reason, _SAYS[reason])


def _by_time(entry: DiaryEntry) -> tuple[int, float]:
    return entry.minutes, -1.0 if entry.score is None else entry.score


def _unusable(entry: DiaryEntry, scale: Scale, used: Scale, rescue: int | None) -> Reason | None:
    if rescue is not None and entry.minutes >= rescue:
        return Reason.RESCUE_ANALGESIC
    if entry.asleep:
        return Reason.ASLEEP
    if entry.provoked is False:
        return Reason.NOT_PROVOKED
    if (entry.scale or used) != scale:
        return Reason.SCALE_CHANGED
    return Reason.RANGE_NOT_NUMBER if entry.low is not None else None


def _one_a_minute(usable: list[Scored]) -> tuple[Scored, ...]:
    """Two scores of one minute count as the lesser relief, so that no order decides."""
    least: dict[int, float] = {}
    for scored in usable:
        least[scored.minutes] = min(scored.relief, least.get(scored.minutes, scored.relief))
    return tuple(Scored(minutes, relief) for minutes, relief in sorted(least.items()))
