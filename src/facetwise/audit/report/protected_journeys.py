"""What became of patients, tied together so that what is hidden cannot be worked out, and as it may be shown."""

from collections.abc import Callable, Iterator
from itertools import pairwise, product

import numpy as np

from facetwise.audit.kernel.table import Array
from facetwise.audit.report.journeys import JourneyTally, relief_limits
from facetwise.audit.report.recoding import Row, merged
from facetwise.audit.report.relief_curve import marks
from facetwise.audit.report.summary import Bin, Count, Curve, Flow, Journeys, Stage, Stream, Times
from facetwise.audit.report.suppression import Counts, Name
from facetwise.audit.report.ways import TOOK, WAYS, Of, both, columns, stages

Shown = Callable[[Name], Count]

BINS = (1, 14, 28, 56, 84, 182, 365, 730)
"""First days of the bins in which times are told: fortnights, then about months, half years and years."""

ALL_WORTH, STAGE_WORTH, PLACE_WORTH, TIME_WORTH = 50, 8, 5, 20
"""What a reader would miss most: see `Counts.worth`."""


class JourneyCounts:
    """Patients by the way they took. Every count is a sum of ways, each of which is protected too."""

    def __init__(self, tally: JourneyTally, counts: Counts) -> None:
        self.tally = tally
        self.counts = counts
        self.ways = {way: counts.add(("way", *way), tally.paths[way], published=False) for way in WAYS}
        self.funnel = tuple(self._funnel())
        self.streams = tuple(self._streams())
        self.places = {
            place.says: self._count(("place", place.says), place.of, PLACE_WORTH if number else ALL_WORTH)
            for number, column in enumerate(columns().values())
            for place in column
        }
        self.times = {name: self._count(("took", name), of, TIME_WORTH) for name, (_, of) in TOOK.items()}
        self.followed = counts.add(("followed",), int(tally.ended_late.sum()))
        self.not_followed = counts.add(("not followed",), tally.not_followed)

    def _count(self, name: Name, of: Of, worth: float = 1) -> Name:
        return self.counts.total(name, [one for way, one in self.ways.items() if of(*way)], worth=worth)

    def _funnel(self) -> Iterator[tuple[str, Name]]:
        """Each stage is part of the one before, and who dropped out between is protected too."""
        before: Name | None = None
        for number, (says, of) in enumerate(stages()):
            name = self._count(("stage", number), of, STAGE_WORTH if number else ALL_WORTH)
            if before is not None:
                dropped = self.counts.values[before] - self.counts.values[name]
                lost = self.counts.add(("lost before", number), dropped, published=False)
                self.counts.total(before, (name, lost))
            before = name
            yield says, name

    def _streams(self) -> Iterator[tuple[str, str, Name]]:
        for left, right in pairwise(columns().values()):
            for start, end in product(left, right):
                yield start.says, end.says, self._count(("stream", start.says, end.says), both(start.of, end.of))

    def summary(self, shown: Shown, least: int) -> Journeys:
        """The patients as they may be shown."""
        flow = Flow(
            headings=tuple(columns()),
            columns=tuple(
                tuple(Stage(place.says, shown(self.places[place.says]), place.label) for place in column)
                for column in columns().values()
            ),
            streams=tuple(Stream(start, end, shown(name)) for start, end, name in self.streams if shown(name) != 0),
        )
        return Journeys(
            limits=relief_limits(),
            funnel=tuple(Stage(says, shown(name)) for says, name in self.funnel),
            flow=flow,
            times=tuple(self._times(name, shown(count), least) for name, count in self.times.items()),
            curve=self._curve(shown, least),
        )

    def _curve(self, shown: Shown, least: int) -> Curve:
        followed = shown(self.followed)
        found = marks(self.tally.ended_late, self.tally.ended_early, least) if followed else ()
        return Curve(relief_limits()[0], followed, shown(self.not_followed), found)

    def _times(self, name: str, patients: Count, least: int) -> Times:
        says, days = TOOK[name][0], self.tally.days[name]
        if not patients:
            return Times(says, patients, (), None)
        enough = patients >= 4 * least
        return Times(says, patients, tuple(_bins(days, least)), _quartiles(days) if enough else None)


def _bins(days: Array, least: int) -> list[Bin]:
    """Days put together; the last bins are left out where nobody is in them."""
    edges = zip(BINS, (*BINS[1:], len(days)), strict=True)
    rows = [Row((str(number),), (int(days[first:last].sum()),)) for number, (first, last) in enumerate(edges)]
    bins = []
    for row in merged(rows, least):
        after = int(row.names[-1]) + 1
        bins.append(Bin(BINS[int(row.names[0])], BINS[after] - 1 if after < len(BINS) else None, row.counts[0]))
    while not bins[-1].patients:
        bins.pop()
    return bins


def _quartiles(days: Array) -> tuple[int, int, int]:
    """The days by which a quarter, half and three quarters had taken the step."""
    up_to = np.cumsum(days) / days.sum()
    first, half, third = (int(np.searchsorted(up_to, share)) for share in (0.25, 0.5, 0.75))
    return first, half, third
