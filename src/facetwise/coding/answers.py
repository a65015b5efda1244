"""What a session would be billed as: lines, what is done but not paid, warnings, and what is missing."""

import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from facetwise.coding.codebook import Citation
from facetwise.records import Contractor, Place
from facetwise.rules import Missing


class Open(StrEnum):
    """A fact that nobody documented and that a line depends on. The line then leaves out what follows from it."""

    SIDE = "side"
    PURPOSE = "purpose"
    PLACE = "place"
    GUIDANCE = "guidance"
    ABLATION_MODE = "ablation_mode"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a claim, with the rules that made it.

    `sides` says left, right or both for the levels it stands for. `open` names the facts that would complete it:
    without the purpose nobody knows whether it carries KX. `refused_by` is the rule why it is not paid.
    """

    code: str
    units: int
    modifiers: tuple[str, ...]
    levels: tuple[str, ...]
    sides: str
    wording: str
    rules: tuple[Citation, ...]
    open: tuple[Open, ...] = ()
    refused_by: Citation | None = None

    def __str__(self) -> str:
        """The line as it stands on a claim: `64493-LT-KX × 1`."""
        return "-".join((self.code, *self.modifiers)) + f" × {self.units}"


class Remark(msgspec.Struct, frozen=True):
    """Something to bear in mind: in words about this session, and the rule behind it."""

    says: str
    rule: Citation


class CheckedDiagnosis(msgspec.Struct, frozen=True):
    """A documented diagnosis against the list of a billing article; `listed` is None where no list was read."""

    code: str
    listed: bool | None
    article: str


class BillingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The billing lines of one session.

    `not_payable` holds lines for what was done and coded but is not paid, each with the rule. `complete` is false
    while the joints of a procedure are not documented. `junction` says that T12-L1 with L1-2 is billed as one session.
    """

    date: datetime.date
    payer: str
    contractor: Contractor | None
    place: Place | None
    procedures: tuple[str, ...]
    lines: tuple[Line, ...]
    not_payable: tuple[Line, ...]
    warnings: tuple[Remark, ...]
    diagnoses: tuple[CheckedDiagnosis, ...]
    missing: tuple[Missing, ...]
    complete: bool
    junction: bool
    format: Literal["facetwise-billing/1"] = "facetwise-billing/1"
