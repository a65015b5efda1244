"""The counts of one policy, tied together so that what is hidden cannot be worked out, and as they may be shown.

Rows of two policies that are the same in all their counts go by one name: what is hidden in one is hidden in both.
"""

from collections.abc import Callable, Collection, Iterator

import numpy as np

from facetwise.audit.decidable import share_decidable
from facetwise.audit.findings import CANNOT_BE_TOLD, PolicyManifest
from facetwise.audit.kernel.source import STATUSES
from facetwise.audit.report.policy_tally import NO_ANSWER
from facetwise.audit.report.population import Asked
from facetwise.audit.report.protected_groups import groups, periods
from facetwise.audit.report.summary import Count, CriterionCounts, Move, Moved, PolicySummary, Verdicts
from facetwise.audit.report.suppression import Counts, Name, Sum
from facetwise.audit.report.tallying import MET, NOT_DOCUMENTED, NOT_MET
from facetwise.rules import Policy

Shown = Callable[[Name], Count]

NO_RULE = "no rule"
"""What stands beside the five verdicts where a moved threshold leaves an event without a rule."""


class PolicyCounts:
    """One policy's counts. Kinds of request with too few are left out of everything, so that nothing need be hidden."""

    def __init__(self, asked: Asked, counts: Counts, events: Name, least: int) -> None:
        self.asked = asked
        self.counts = counts
        tally = asked.tally
        sizes = tally.verdicts.sum(axis=1)
        few = (sizes > 0) & ((sizes < least) | (tally.asked_people < least))
        self.kinds = [int(kind) for kind in np.flatnonzero((sizes > 0) & ~few)]
        self.left_out = [int(kind) for kind in np.flatnonzero(few)]
        self.verdicts = {kind: self._verdicts(kind) for kind in self.kinds}
        self.requests = {kind: counts.total(("asked", *row), row, worth=30) for kind, row in self.verdicts.items()}
        self.all = counts.total(("requests", *self.requests.values()), self.requests.values(), worth=300)
        met = [row[MET] for row in self.verdicts.values()]
        self.supported = counts.total(("supported", *met), met, worth=300)
        other = counts.values[events] - counts.values[self.all]
        self.other = counts.add(("other events", self.all), other)
        counts.sums.append(Sum(events, (self.all, self.other)))
        self._criteria()
        self.moved = {one.name: self._moved(one.name) for one in asked.variants}

    def _verdicts(self, kind: int) -> tuple[Name, ...]:
        row = self.asked.tally.verdicts[kind]
        people = self.asked.tally.verdict_people[kind]
        key = ("verdict", self._kind(kind), *row.tolist())
        return tuple(
            self.counts.add((*key, verdict), row[verdict], people[verdict], worth=15)
            for verdict in range(len(STATUSES))
        )

    def _kind(self, kind: int) -> str:
        requests = self.asked.tally.requests
        return requests[kind] if kind < len(requests) else CANNOT_BE_TOLD

    def _criteria(self) -> None:
        """Every criterion by status; the kinds of request that ask it make up its total."""
        counts, tally = self.counts, self.asked.tally
        self.criteria: dict[int, tuple[Name, tuple[Name, ...], Name]] = {}
        for slot, name in enumerate(tally.criteria):
            kinds = [kind for kind in self.kinds if kind < len(tally.requests) and self._asks(kind, name)]
            if not kinds:
                continue
            asked = tuple(self.requests[kind] for kind in kinds)
            total = asked[0] if len(asked) == 1 else counts.total(("asked", *asked), asked, worth=30)
            row, alone = tally.statuses[kinds, slot].sum(axis=0), int(tally.alone[kinds, slot].sum())
            key = ("criterion", name, *row.tolist(), alone, total)
            left = [kind for kind in self.left_out if kind < len(tally.requests)]
            unseen = tally.statuses[left, slot].sum(axis=0)
            statuses = tuple(
                counts.add((*key, status), row[status], max(tally.status_people[slot, status] - unseen[status], 0))
                for status in range(len(STATUSES))
            )
            counts.sums.append(Sum(total, statuses))
            people = max(int(tally.alone_people[slot]) - int(tally.alone[left, slot].sum()), 0)
            only = counts.add((*key, "alone"), alone, people)
            among = counts.add((*key, "among others"), int(row[NOT_MET]) - alone, published=False)
            counts.sums.append(Sum(statuses[NOT_MET], (only, among)))
            self.criteria[slot] = total, statuses, only
        open_ = [statuses[NOT_DOCUMENTED] for _, statuses, _ in self.criteria.values()]
        self.open = counts.total(("open", *open_), open_, worth=100)

    def _asks(self, kind: int, criterion: str) -> bool:
        return any(one.id == criterion for one in self.asked.policy.requests[kind].criteria)

    def _moved(self, variant: str) -> dict[int, dict[tuple[int, int], Name]]:
        """The moves of each kind of request that a variant touches, by verdict before and after."""
        found = {}
        for kind in self.kinds:
            moves = self.asked.tally.moves[variant][kind]
            if np.count_nonzero(moves) > np.count_nonzero(np.diagonal(moves)):
                found[kind] = self._moves_of(variant, kind)
        return found

    def _moves_of(self, variant: str, kind: int) -> dict[tuple[int, int], Name]:
        counts, tally = self.counts, self.asked.tally
        moves, people = tally.moves[variant][kind], tally.move_people[variant][kind]
        key = ("moved", variant.partition("-moved-")[2], self.requests[kind], *moves.reshape(-1).tolist())
        names = {
            (before, after): counts.add(
                (*key, before, after), moves[before, after], people[before, after], published=before != after
            )
            for before in range(len(STATUSES))
            for after in range(NO_ANSWER + 1)
        }
        for before in range(len(STATUSES)):
            row = tuple(names[before, after] for after in range(NO_ANSWER + 1))
            counts.sums.append(Sum(self.verdicts[kind][before], row))
        for after in range(NO_ANSWER + 1):
            worth = 10 if after == MET else 5
            counts.total((*key, "after", after), [names[before, after] for before in range(len(STATUSES))], worth=worth)
        return names

    def summary(self, manifest: PolicyManifest, available: Collection[str], shown: Shown, least: int) -> PolicySummary:
        """The policy as it may be shown. `available` is what the data have columns for."""
        asked, totals = self.asked, [total for total, _, _ in self.criteria.values()]
        answers = [shown(total) for total in totals]
        enough = bool(shown(self.all)) and shown(self.supported) is not None
        return PolicySummary(
            manifest=manifest,
            title=asked.policy.title,
            in_force=_in_force(asked.policy),
            decidable=share_decidable(asked.policy, available),
            requests=shown(self.all),
            supported=shown(self.supported),
            other_events=shown(self.other),
            left_out=tuple(self._title(kind) for kind in self.left_out),
            open=shown(self.open),
            answers=None if None in answers else sum(one for one in answers if one is not None),
            verdicts=tuple(
                Verdicts(self._kind(kind), self._title(kind), shown(self.requests[kind]), tuple(map(shown, row)))
                for kind, row in self.verdicts.items()
            ),
            criteria=tuple(self._criteria_shown(shown)),
            moved=tuple(self._moved_shown(number, shown) for number in range(len(asked.variants))),
            groups=groups(asked.tally, self.kinds, self.left_out, least, enough=enough),
            periods=periods(asked.tally, self.kinds, self.left_out, least) if enough else (),
        )

    def _title(self, kind: int) -> str:
        requests = self.asked.policy.requests
        return requests[kind].title if kind < len(requests) else "Which rules apply cannot be told"

    def _criteria_shown(self, shown: Shown) -> Iterator[CriterionCounts]:
        criteria = list(self.asked.policy.criteria().values())
        for slot, (total, statuses, alone) in self.criteria.items():
            one = criteria[slot]
            yield CriterionCounts(
                name=one.id,
                says=one.says,
                advisory=one.advisory,
                asked=shown(total),
                statuses=tuple(map(shown, statuses)),
                alone=shown(alone),
            )

    def _moved_shown(self, number: int, shown: Shown) -> Moved:
        variant = self.asked.variants[number]
        verdicts, moves = [], []
        for kind, names in self.moved[variant.name].items():
            key = next(iter(names.values()))[:-2]
            after = tuple(shown((*key, "after", verdict)) for verdict in range(NO_ANSWER + 1))
            verdicts.append(Verdicts(self._kind(kind), self._title(kind), shown(self.requests[kind]), after))
            moves += [
                Move(self._kind(kind), STATUSES[before], (*STATUSES, NO_RULE)[after], shown(name))
                for (before, after), name in names.items()
                if before != after and shown(name) != 0
            ]
        return Moved(variant.says, tuple(verdicts), tuple(moves))


def _in_force(policy: Policy) -> str:
    first, last = policy.effective_from, policy.effective_to
    words = [f"from {first}" if first else "", f"to {last}" if last else ""]
    return " ".join(word for word in words if word) or "undated"
