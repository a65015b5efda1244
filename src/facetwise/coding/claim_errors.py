"""What can be wrong with a billed line, and one such error with its rule and the line that was expected."""

from enum import StrEnum
from typing import Literal

import msgspec

from facetwise.coding.answers import Line
from facetwise.coding.codebook import Citation, cite
from facetwise.evidence.sources import Certainty


class ErrorKind(StrEnum):
    """The kinds of error, in the order in which a claim is looked at."""

    WRONG_DATE = "wrong date"
    WRONG_PLACE = "wrong place"
    WRONG_FAMILY = "codes of the wrong region"
    NON_THERMAL_AS_THERMAL = "non-thermal billed as thermal"
    WRONG_CODE = "wrong code"
    NERVES_AS_LEVELS = "nerves counted as levels"
    SIDES_AS_LEVELS = "sides counted as levels"
    ONE_JOINT_TWICE = "one joint counted twice"
    WRONG_UNITS = "wrong units"
    MISSING_50 = "modifier 50 missing"
    EXTRA_50 = "modifier 50 on one side"
    TWO_LINES = "two lines where modifier 50 is right"
    ONE_LINE = "one line where two are right"
    WRONG_SIDE = "wrong side"
    MISSING_SIDE = "side missing"
    MISSING_KX = "KX missing"
    EXTRA_KX = "KX where it does not belong"
    ADD_ON_WITHOUT_PRIMARY = "add-on without its primary"
    THIRD_LEVEL = "third level"
    NOT_PAYABLE = "not payable"
    MISSING_LINE = "missing line"
    EXTRA_LINE = "extra line"
    GUIDANCE_BILLED = "guidance billed separately"
    DIAGNOSIS = "diagnosis"
    EDIT_PAIR = "pair of codes"
    UNITS_A_DAY = "units a day"
    PRIOR_AUTHORIZATION = "prior authorization"
    NOT_CHECKED = "not checked"


class ClaimError(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong with a claim, or to be looked at.

    `line` is the number of the line in the file, None where a line is missing; `also` are further lines it concerns.
    `rules` starts with the one that is broken. `expected` holds the lines that would be right, none where the billed
    line should not be there. A `warning` is not an error of the claim: it may be right, and somebody has to look.
    """

    claim: str
    line: int | None
    kind: ErrorKind
    what: str
    rules: tuple[Citation, ...]
    expected: tuple[Line, ...] = ()
    also: tuple[int, ...] = ()
    weight: Literal["error", "warning"] = "error"

    @property
    def unverified(self) -> bool:
        """Whether the rule was not read in any source."""
        return self.rules[0].certainty is Certainty.UNVERIFIED


def rules_named(*ids: str) -> tuple[Citation, ...]:
    """Rules by id, each once."""
    return tuple(cite(id) for id in dict.fromkeys(ids))
