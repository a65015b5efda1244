"""What came of a block: relief, how long it lasted, and whether that can be judged at all."""

from enum import StrEnum
from math import inf

import msgspec


class Reason(StrEnum):
    """Why a diary, or a part of it, cannot be judged."""

    NO_DIARY = "no_diary"
    NO_BASELINE = "no_baseline"
    BASELINE_TOO_LOW = "baseline_too_low"
    BASELINE_IS_A_RANGE = "baseline_is_a_range"
    NO_ENTRY_IN_WINDOW = "no_entry_in_window"
    ASLEEP = "asleep"
    NOT_PROVOKED = "not_provoked"
    RESCUE_ANALGESIC = "rescue_analgesic"
    SEDATION = "sedation"
    SCALE_CHANGED = "scale_changed"
    RANGE_NOT_NUMBER = "range_not_number"
    SIDES_DIFFER = "sides_differ"
    FIRST_SCORE_LATE = "first_score_late"


CONFOUNDING = frozenset({Reason.ASLEEP, Reason.NOT_PROVOKED, Reason.RESCUE_ANALGESIC, Reason.SEDATION})
"""Reasons against the block itself: what the patient states cannot be trusted either."""


class Unjudgeable(msgspec.Struct, frozen=True):
    """One reason why relief cannot be known. Unjudgeable is not negative."""

    code: Reason
    says: str


class Duration(msgspec.Struct, frozen=True):
    """How long relief held, in hours: at least, and at most; `at_most_hours` is None when the diary ended first."""

    at_least_hours: float
    at_most_hours: float | None

    @property
    def bounds(self) -> tuple[float, float]:
        """Both bounds as numbers, infinity where there is no upper one."""
        return self.at_least_hours, inf if self.at_most_hours is None else self.at_most_hours


class AgainstAgent(StrEnum):
    """Relief against the duration expected of the anaesthetic."""

    SHORTER = "shorter than expected"
    AS_EXPECTED = "as expected"
    LONGER = "longer than expected"
    CANNOT_BE_COMPARED = "cannot be compared"


class Response(msgspec.Struct, frozen=True):
    """The response of one block.

    `relief_percent` is the peak relief that counts, and `method` says whether it comes from the scores or from what the
    patient states; both measures are kept. `relief_by_hour` is from the scores. `lasted` maps a threshold in percent to
    a duration. `lasted_as_agent` says whether relief of at least 80 percent lasted at least as long as the anaesthetic
    is expected to act. `by_side` holds one response a side when both were rated.
    """

    judged: bool
    reasons: tuple[Unjudgeable, ...] = ()
    relief_percent: float | None = None
    method: str | None = None
    relief_percent_by_scores: float | None = None
    relief_percent_stated: float | None = None
    relief_by_hour: dict[int, float] = msgspec.field(default_factory=dict)
    lasted: dict[int, Duration] = msgspec.field(default_factory=dict)
    lasted_as_agent: bool | None = None
    against_agent: AgainstAgent = AgainstAgent.CANNOT_BE_COMPARED
    against_agent_says: str = ""
    caveats: tuple[str, ...] = ()
    by_side: dict[str, "Response"] = msgspec.field(default_factory=dict)
