"""What may be shown of a population. A count that must not be shown is None."""

import msgspec

from facetwise.audit.decidable import Decidable
from facetwise.audit.findings import PolicyManifest

Count = int | None


class Stage(msgspec.Struct, frozen=True):
    """A stage of the way from the first block to ablation, and how many patients came so far. `label` is shorter."""

    says: str
    patients: Count
    label: str = ""


class Stream(msgspec.Struct, frozen=True):
    """Patients who went from one place to the next."""

    start: str
    end: str
    patients: Count


class Flow(msgspec.Struct, frozen=True):
    """Where everybody went: places by their column, each with its patients, and the streams between them."""

    headings: tuple[str, ...]
    columns: tuple[tuple[Stage, ...], ...]
    streams: tuple[Stream, ...]


class Bin(msgspec.Struct, frozen=True):
    """Patients for whom a step took so long; days from `first` to `last`, which is None in the last bin."""

    first: int
    last: int | None
    patients: int


class Times(msgspec.Struct, frozen=True):
    """How long it took from one step to another, in days. Quartiles are None where too few people stand behind them."""

    says: str
    patients: Count
    bins: tuple[Bin, ...]
    quartiles: tuple[int, int, int] | None


class Mark(msgspec.Struct, frozen=True):
    """The curve of relief at one time: those who still could lose it, and what happened since the mark before.

    `held` is the share in whom relief still holds, with its 95% interval; `held_early` the same where relief is taken
    to have ended at the last visit that still found it.
    """

    months: int
    followed: int
    ended: int
    left: int
    held: float
    low: float
    high: float
    held_early: float


class Curve(msgspec.Struct, frozen=True):
    """Relief after the first ablation: patients with a visit that tells of it, those without, and the marks."""

    limit: float
    patients: Count
    not_followed: Count
    marks: tuple[Mark, ...]


class Journeys(msgspec.Struct, frozen=True):
    """What became of the patients. `limits` are the two thresholds of relief, in percent."""

    limits: tuple[float, float]
    funnel: tuple[Stage, ...]
    flow: Flow
    times: tuple[Times, ...]
    curve: Curve


class Verdicts(msgspec.Struct, frozen=True):
    """Requests of one kind by verdict, in the order of `STATUSES`."""

    name: str
    title: str
    requests: Count
    verdicts: tuple[Count, ...]


class CriterionCounts(msgspec.Struct, frozen=True):
    """A criterion by status, in the order of `STATUSES`, and how many requests it alone failed."""

    name: str
    says: str
    advisory: bool
    asked: Count
    statuses: tuple[Count, ...]
    alone: Count


class Move(msgspec.Struct, frozen=True):
    """Requests of one kind whose verdict a moved threshold changes."""

    kind: str
    before: str
    after: str
    requests: Count


class Moved(msgspec.Struct, frozen=True):
    """A policy with a threshold moved: what was moved, and verdicts and moves of the kinds of request it touches."""

    says: tuple[str, ...]
    verdicts: tuple[Verdicts, ...]
    moves: tuple[Move, ...]


class Group(msgspec.Struct, frozen=True):
    """Requests of one facility or clinician, or of several together, and how many the record supports.

    `name` is None where the table does not name one. `place` tells where the share lies: "" within the inner limits,
    else below or above the inner or outer ones.
    """

    name: str | None
    requests: int
    supported: int
    several: int = 1
    place: str = ""


class Groups(msgspec.Struct, frozen=True):
    """Facilities or clinicians side by side. `why_not` says why there are none."""

    by: str
    groups: tuple[Group, ...] = ()
    pool: Group | None = None
    unnamed: Group | None = None
    why_not: str = ""


class Period(msgspec.Struct, frozen=True):
    """Requests from one month to another, both included, written YYYY-MM."""

    first: str
    last: str
    requests: int
    supported: int


class PolicySummary(msgspec.Struct, frozen=True):
    """One policy. `left_out` are kinds of request with too few to show; `other_events` those and what has no rule.

    `open` counts answers that are *not documented*, of `answers` in all. `decidable` is no count of people.
    """

    manifest: PolicyManifest
    title: str
    in_force: str
    decidable: Decidable
    requests: Count
    supported: Count
    other_events: Count
    left_out: tuple[str, ...]
    open: Count
    answers: Count
    verdicts: tuple[Verdicts, ...]
    criteria: tuple[CriterionCounts, ...]
    moved: tuple[Moved, ...]
    groups: tuple[Groups, ...]
    periods: tuple[Period, ...]


class Summary(msgspec.Struct, frozen=True):
    """A page's worth of a population. Nothing under `least` is in it, nor can it be worked out."""

    least: int
    source: str
    source_format: str
    inputs: tuple[tuple[str, str], ...]
    engine: str
    software: str
    started: str
    events: Count
    rejected: Count
    policies: tuple[PolicySummary, ...]
    journeys: Journeys
