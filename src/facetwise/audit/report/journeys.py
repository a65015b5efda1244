"""What became of the patients, counted: the way from the first block, the days between steps, relief after ablation."""

from typing import Any

import msgspec
import numpy as np

from facetwise.audit.events import COLUMNS
from facetwise.audit.kernel.table import Array, Events
from facetwise.audit.report.journey_kernel import ABLATION, BLOCK, NEVER, NO_ROLE, follow, follow_relief
from facetwise.evidence import figure
from facetwise.records import Kind, Purpose

RELIEF = ("not documented", "less", "lower", "upper")
"""Classes of relief after a block, by number: under the lower threshold, from it on, and from the upper one on."""

AFTER = ("no ablation", "ablation", "ablation and a repeat")
"""What followed, by number."""

INTERVALS = ("first_to_second", "first_to_ablation", "second_to_ablation", "ablation_to_repeat")
"""Times from step to step, in days."""


def relief_limits() -> tuple[float, float]:
    """The two thresholds in percent that blocks are judged by: one guideline's and another's."""
    lower = figure("lumbar_block_relief_cut_off_lumbar_guideline_2020_percent").value
    upper = figure("block_relief_cut_off_asipp_2020_percent").value
    assert lower is not None
    assert upper is not None
    return lower, upper


class JourneyTally(msgspec.Struct):
    """Patients by what became of them.

    `paths` counts by the class of relief after the first block, that after the second plus one (0 for none), and what
    followed. `days` counts the days of each interval. `ended_late` and `ended_early` count the days for which relief
    held, in two columns, still held when last seen and over: to the visit that showed it over, and to the one before.
    """

    paths: Array = msgspec.field(default_factory=lambda: np.zeros((len(RELIEF), len(RELIEF) + 1, len(AFTER)), np.int64))
    days: dict[str, Array] = msgspec.field(default_factory=lambda: {name: _no_days() for name in INTERVALS})
    ended_late: Array = msgspec.field(default_factory=lambda: np.zeros((0, 2), np.int64))
    ended_early: Array = msgspec.field(default_factory=lambda: np.zeros((0, 2), np.int64))
    not_followed: int = 0

    def add(self, other: "JourneyTally") -> None:
        """Count in the patients of another batch."""
        self.paths += other.paths
        self.days = {name: _longer(days, other.days[name]) for name, days in self.days.items()}
        self.ended_late = _longer(self.ended_late, other.ended_late)
        self.ended_early = _longer(self.ended_early, other.ended_early)
        self.not_followed += other.not_followed


def journeys_in(events: Events) -> JourneyTally:
    """The patients of a batch."""
    role, limits = _roles(events), relief_limits()
    patients = len(events.starts) - 1
    first, second, *times = (np.empty(patients, np.int32) for _ in range(6))
    order = (events.starts, events.date, (role, events.left, events.right, events.unsided))
    relief = events.facts.get("relief_percent", np.full(len(events), np.nan))
    follow(*order, relief, limits, first, second, *times)
    held, ended = np.empty(patients, np.int32), np.empty(patients, np.int32)
    visits = (events.visit_starts, events.visit_day, events.visit_relief)
    follow_relief(*order, *visits, limits[0], held, ended)
    to_second, to_ablation, from_second, again = times
    after = np.where(again != NEVER, 2, (to_ablation != NEVER).astype(np.int8))
    tally = JourneyTally(not_followed=int((held == NEVER).sum()))
    blocked = first != NEVER
    np.add.at(tally.paths, (first[blocked], second[blocked] + 1, after[blocked]), 1)
    days = (to_second, to_ablation, from_second, again)
    tally.days = {name: np.bincount(taken[taken != NEVER]) for name, taken in zip(INTERVALS, days, strict=True)}
    followed = held >= 0
    over = (ended[followed] != NEVER).astype(np.int8)
    tally.ended_early = _by_day(held[followed], over)
    tally.ended_late = _by_day(np.where(over, ended[followed], held[followed]), over)
    return tally


def _roles(events: Events) -> Array:
    """Blocks that nobody documented as therapeutic, and ablations."""
    kinds, purposes = COLUMNS["kind"].values, COLUMNS["purpose"].values
    role = np.full(len(events), NO_ROLE, np.int8)
    role[events.kind == kinds.index(Kind.RADIOFREQUENCY_ABLATION)] = ABLATION
    purpose = events.facts.get("purpose")
    therapeutic = np.zeros(len(events), bool) if purpose is None else purpose == purposes.index(Purpose.THERAPEUTIC)
    role[(events.kind == kinds.index(Kind.MEDIAL_BRANCH_BLOCK)) & ~therapeutic] = BLOCK
    return role


def _by_day(days: Array, over: Array) -> Array:
    counted = np.zeros((int(days.max(initial=-1)) + 1, 2), np.int64)
    np.add.at(counted, (days, over), 1)
    return counted


def _no_days() -> Array:
    return np.zeros(0, np.int64)


def _longer(ours: Array, theirs: Array) -> Array:
    """The sum of two counts by day, as long as the longer."""
    if len(ours) < len(theirs):
        ours, theirs = theirs, ours
    total: Any = ours.astype(np.int64)
    total[: len(theirs)] += theirs
    return total  # type: ignore[no-any-return]
