"""Procedures as they are thought of, one step for many patients at a time, and as they stand in the end: in order."""

import msgspec
import numpy as np

from facetwise.audit.synthesis.patients import Patients
from facetwise.audit.synthesis.streams import Array
from facetwise.records import Kind, Purpose

KINDS = tuple(Kind)
PURPOSES = tuple(Purpose)
NONE = -1
"""A word or an answer that there is none of."""


class Procedures(msgspec.Struct):
    """Every procedure of a chunk, sorted by patient, day and place within the day, which is 0 where one is alone.

    `patient` is a place in `Patients`, `day` counts from today. `positive` is 1 for a positive block, 0 for a negative
    one, -1 for what is none. `months` is for how long relief of half the pain or more holds, NaN where nobody asks.
    `twin` marks those with another of their kind on their day.
    """

    patient: Array
    day: Array
    place: Array
    kind: Array
    purpose: Array
    left: Array
    right: Array
    positive: Array
    months: Array
    twin: Array

    def __len__(self) -> int:
        return len(self.day)

    def of_kind(self, *kinds: Kind) -> Array:
        """Which procedures are of one of these kinds."""
        return np.isin(self.kind, [KINDS.index(kind) for kind in kinds])


class Steps:
    """Procedures being collected, in the order in which they are thought of."""

    def __init__(self, patients: Patients) -> None:
        self.patients = patients
        self._parts: list[tuple[Array, ...]] = []

    def add(
        self,
        who: Array,
        day: Array,
        kind: Kind,
        left: Array,
        right: Array,
        *,
        purpose: Purpose | None = None,
        positive: Array | None = None,
        months: Array | None = None,
    ) -> None:
        """A procedure of each patient of `who`, on that day. What would be done after today is left out."""
        (here,) = np.nonzero(who & (day <= 0))
        count = len(here)
        self._parts.append(
            (
                here.astype(np.int32),
                day[here].astype(np.int32),
                np.full(count, KINDS.index(kind), np.int8),
                np.full(count, PURPOSES.index(purpose) if purpose else NONE, np.int8),
                left[here].astype(np.int32),
                right[here].astype(np.int32),
                positive[here].astype(np.int8) if positive is not None else np.full(count, NONE, np.int8),
                months[here] if months is not None else np.full(count, np.nan),
            )
        )

    def procedures(self) -> Procedures:
        """All of them in order, the same procedure of one day once."""
        columns = [np.concatenate(column) for column in zip(*self._parts, strict=True)]
        patient, day, kind, _, left, right, *_ = columns
        order = np.lexsort((right, left, kind, day, patient))
        keys = np.stack([column[order] for column in (patient, day, kind, left, right)])
        again = np.r_[False, (keys[:, 1:] == keys[:, :-1]).all(axis=0)]
        kept = np.sort(order[~again])  # as thought of, which is the order within a day
        kept = kept[np.lexsort((day[kept], patient[kept]))]
        patient, day, *rest = (column[kept] for column in columns)
        kind, purpose, left, right, positive, months = rest
        return Procedures(
            patient=patient,
            day=day,
            place=_place(patient, day),
            kind=kind,
            purpose=purpose,
            left=left,
            right=right,
            positive=positive,
            months=months,
            twin=_twin(patient, day, kind),
        )


def _twin(patient: Array, day: Array, kind: Array) -> Array:
    order = np.lexsort((kind, day, patient))
    keys = np.stack([column[order] for column in (patient, day, kind)])
    same = np.r_[False, (keys[:, 1:] == keys[:, :-1]).all(axis=0), False]
    twin = np.zeros(len(order), bool)
    twin[order] = same[1:] | same[:-1]
    return twin


def _place(patient: Array, day: Array) -> Array:
    """The place of each procedure among those of its day, from 1; 0 where it is alone."""
    count = len(day)
    if not count:
        return np.zeros(0, np.int32)
    new = np.r_[True, (patient[1:] != patient[:-1]) | (day[1:] != day[:-1])]
    starts = np.flatnonzero(new)
    sizes = np.diff(np.r_[starts, count])
    place = np.arange(count) - np.repeat(starts, sizes) + 1
    return np.where(np.repeat(sizes, sizes) > 1, place, 0).astype(np.int32)
