"""What one policy says of events, counted: verdicts, statuses, what a moved threshold changes, and who and when."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from facetwise.audit.kernel.compiled import Answers
from facetwise.audit.kernel.source import NOTHING, STATUSES, UNDECIDED
from facetwise.audit.kernel.table import Array
from facetwise.audit.report.tallying import MET, tally, tally_statuses
from facetwise.rules import Policy

GROUPS = ("facility", "clinician")
"""Columns of the event table by which requests are told apart."""

NO_ANSWER = len(STATUSES)
"""What a moved threshold may make of a verdict beside the five: the policy has no rule for the event any more."""


class GroupTally(msgspec.Struct):
    """Requests of one facility, clinician or month: by kind of request, supported or not; and the people in each.

    `people` counts supported or not over all kinds.
    """

    requests: Array
    people: Array

    def add(self, other: "GroupTally") -> None:
        """Count in another batch."""
        self.requests += other.requests
        self.people += other.people


class PolicyTally(msgspec.Struct):
    """Counts of one policy. The last kind of request stands for events of which the policy cannot tell what is asked.

    `verdicts` is kind by verdict, `statuses` kind by criterion by status, `alone` counts requests that a criterion
    fails alone, kind by criterion. `moves` is, for each variant, kind by verdict by the verdict with the threshold
    moved. What ends in `people` counts different people.
    """

    requests: tuple[str, ...]
    criteria: tuple[str, ...]
    verdicts: Array
    verdict_people: Array
    asked_people: Array
    statuses: Array
    status_people: Array
    alone: Array
    alone_people: Array
    moves: dict[str, Array] = msgspec.field(default_factory=dict)
    move_people: dict[str, Array] = msgspec.field(default_factory=dict)
    groups: dict[str, dict[str | None, GroupTally]] = msgspec.field(default_factory=lambda: {one: {} for one in GROUPS})
    months: dict[int, GroupTally] = msgspec.field(default_factory=dict)

    @classmethod
    def empty(cls, policy: Policy, moved: Sequence[str] = ()) -> "PolicyTally":
        """Nothing counted yet; `moved` are the names of the variants."""
        kinds, criteria, five = len(policy.requests) + 1, len(policy.criteria()), len(STATUSES)
        zeros = _zeros
        return cls(
            requests=tuple(rules.id for rules in policy.requests),
            criteria=tuple(policy.criteria()),
            verdicts=zeros(kinds, five),
            verdict_people=zeros(kinds, five),
            asked_people=zeros(kinds),
            statuses=zeros(kinds, criteria, five),
            status_people=zeros(criteria, five),
            alone=zeros(kinds, criteria),
            alone_people=zeros(criteria),
            moves={name: zeros(kinds, five, five + 1) for name in moved},
            move_people={name: zeros(kinds, five, five + 1) for name in moved},
        )

    def add(self, other: "PolicyTally") -> None:
        """Count in another batch."""
        for name in _ARRAYS:
            getattr(self, name).__iadd__(getattr(other, name))
        for name, moved in other.moves.items():
            self.moves[name] += moved
            self.move_people[name] += other.move_people[name]
        for by, groups in other.groups.items():
            _add_groups(self.groups[by], groups)
        _add_groups(self.months, other.months)


_ARRAYS = ("verdicts", "verdict_people", "asked_people", "statuses", "status_people", "alone", "alone_people")


def _zeros(*shape: int) -> Array:
    return np.zeros(shape, np.int64)


def _add_groups(ours: dict[Any, GroupTally], theirs: Mapping[Any, GroupTally]) -> None:
    for name, group in theirs.items():
        if name in ours:
            ours[name].add(group)
        else:
            ours[name] = group


def kinds_of(asked: Array, requests: int) -> Array:
    """The kind of request by number, the last where it cannot be told, -1 where nothing is asked."""
    return np.where(asked == UNDECIDED, requests, np.where(asked == NOTHING, -1, asked)).astype(np.int64)


def tally_answers(tally_: PolicyTally, policy: Policy, answers: Answers, patients: Array) -> Array:
    """Count verdicts and statuses; `patients` is the patient of each event. Gives the kind of every event."""
    kinds = kinds_of(answers.asked, len(policy.requests))
    tally(kinds, patients, np.zeros_like(tally_.asked_people), tally_.asked_people)
    codes = np.where(kinds < 0, -1, kinds * len(STATUSES) + answers.verdict)
    tally(codes, patients, tally_.verdicts.reshape(-1), tally_.verdict_people.reshape(-1))
    slots = {name: slot for slot, name in enumerate(tally_.criteria)}
    masks = np.array([sum(1 << slots[one.id] for one in rules.criteria) for rules in policy.requests], np.int64)
    deciding = sum(1 << slots[name] for name, one in policy.criteria().items() if not one.advisory)
    tally_statuses(
        answers.asked,
        answers.known,
        answers.met,
        answers.other,
        patients,
        masks,
        deciding,
        tally_.statuses,
        tally_.status_people,
        tally_.alone,
        tally_.alone_people,
    )
    return kinds


def tally_moved(tally_: PolicyTally, name: str, kinds: Array, verdicts: Array, moved: Answers, patients: Array) -> None:
    """Count what a variant makes of every verdict of the policy as it is."""
    after = np.where(moved.asked == NOTHING, NO_ANSWER, moved.verdict)
    codes = np.where(kinds < 0, -1, (kinds * len(STATUSES) + verdicts) * (NO_ANSWER + 1) + after)
    tally(codes, patients, tally_.moves[name].reshape(-1), tally_.move_people[name].reshape(-1))


def tally_groups(tally_: PolicyTally, table: pa.Table, kinds: Array, supported: Array, patients: Array) -> None:
    """Count requests by facility and by clinician, where the table names them."""
    for by in GROUPS:
        if by in table.column_names:
            names = table[by].combine_chunks()
            if not pa.types.is_dictionary(names.type):
                names = names.dictionary_encode(null_encoding="encode")
            codes = np.asarray(names.indices.fill_null(len(names.dictionary)))
            counted = _by_code(codes, len(names.dictionary) + 1, kinds, supported, patients, len(tally_.asked_people))
            words: list[str | None] = [*names.dictionary.to_pylist(), None]
            found: dict[str | None, GroupTally] = {}
            for code, group in counted.items():
                _add_groups(found, {words[code]: group})
            tally_.groups[by] = found


def tally_months(tally_: PolicyTally, month: Array, kinds: Array, supported: Array, patients: Array) -> None:
    """Count requests by month, in months since the year 0."""
    if len(month):
        first = int(month.min())
        counted = _by_code(
            month - first, int(month.max()) - first + 1, kinds, supported, patients, len(tally_.asked_people)
        )
        tally_.months = {first + code: group for code, group in counted.items()}


def is_supported(verdicts: Array) -> Array:
    """Whether the record shows every criterion met."""
    found: Array = verdicts == MET
    return found


def _by_code(
    codes: Array, size: int, kinds: Array, supported: Array, patients: Array, number_of_kinds: int
) -> dict[int, GroupTally]:
    asked = kinds >= 0
    flags = np.where(supported, 0, 1)
    requests, unused = (np.zeros(size * number_of_kinds * 2, np.int64) for _ in range(2))
    tally(np.where(asked, (codes * number_of_kinds + kinds) * 2 + flags, -1), patients, requests, unused)
    people = np.zeros(size * 2, np.int64)
    tally(np.where(asked, codes * 2 + flags, -1), patients, np.zeros_like(people), people)
    found = np.unique(codes[asked])
    return {
        int(code): GroupTally(
            requests.reshape(size, number_of_kinds, 2)[code].copy(), people.reshape(size, 2)[code].copy()
        )
        for code in found
    }
