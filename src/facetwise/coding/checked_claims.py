"""A file of claims against a patient's record: each claim beside the session it bills."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from facetwise import __version__
from facetwise.coding.answers import BillingAnswer
from facetwise.coding.claim_errors import ClaimError
from facetwise.coding.claim_lines import ClaimLine
from facetwise.coding.claims import check_claim, expected_of
from facetwise.coding.codebook import codebook, is_facet_code
from facetwise.coding.edits import Edits
from facetwise.coding.sessions import sessions_of
from facetwise.records import Contractor, Place, Planned, Record

SOFTWARE = f"facetwise {__version__}"


class BillingLines(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to *which lines would a claim carry?*, session by session. `notes` say what was taken for granted."""

    patient: str
    sessions: tuple[BillingAnswer, ...]
    notes: tuple[str, ...] = ()
    software: str = SOFTWARE
    format: Literal["facetwise-code/1"] = "facetwise-code/1"


class CheckedClaim(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of one claim for one session. `expected` is None where the record documents no session for them."""

    claim: str
    lines: tuple[ClaimLine, ...]
    expected: BillingAnswer | None
    errors: tuple[ClaimError, ...]
    edits: tuple[str, ...]


class ClaimCheck(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to *is this billed as documented?*. `codes_not_checked` are no facet codes, and meet none."""

    patient: str
    claims: tuple[CheckedClaim, ...]
    codes_not_checked: tuple[str, ...]
    notes: tuple[str, ...] = ()
    software: str = SOFTWARE
    format: Literal["facetwise-claim-check/1"] = "facetwise-claim-check/1"


def check_claims(
    lines: Sequence[ClaimLine],
    record: Record,
    *,
    contractor: Contractor | None,
    payer: str,
    place: Place | None,
    edits: Edits,
    notes: Sequence[str] = (),
) -> ClaimCheck:
    """Every claim of a file beside the sessions of a record, claims and days in the order of the file.

    A claim is laid beside the procedures of its day. Where there are none it is laid beside the nearest session that
    no line of the file bills, for its date may be wrong; without any, nothing of it is documented.
    """
    sessions = sessions_of(record)
    checked = []
    for claim, day, of_claim in _claims(lines):
        session = sessions.get(_day_of_session(day, lines, sessions), ())
        expected = None
        if session:
            expected = expected_of(of_claim, session, contractor=contractor, payer=payer, place=place)
        errors = check_claim(of_claim, session, contractor=contractor, payer=payer, place=place, edits=edits)
        looked_at = tuple(edits.notes(expected.date if expected else day))
        checked.append(
            CheckedClaim(claim=claim, lines=of_claim, expected=expected, errors=tuple(errors), edits=looked_at)
        )
    unknown = sorted({line.code for line in lines if line.code not in codebook().codes})
    return ClaimCheck(
        patient=record.patient.id, claims=tuple(checked), codes_not_checked=tuple(unknown), notes=tuple(notes)
    )


def _claims(lines: Sequence[ClaimLine]) -> list[tuple[str, datetime.date, tuple[ClaimLine, ...]]]:
    """The lines of each claim and day on which it bills a facet code."""
    keys = dict.fromkeys((line.claim, line.date) for line in lines if is_facet_code(line.code))
    return [
        (claim, day, tuple(line for line in lines if (line.claim, line.date) == (claim, day))) for claim, day in keys
    ]


def _day_of_session(
    day: datetime.date, lines: Sequence[ClaimLine], sessions: Mapping[datetime.date, Sequence[Planned]]
) -> datetime.date:
    if day in sessions:
        return day
    billed = {line.date for line in lines}
    free = [one for one in sessions if one not in billed]
    return min(free, key=lambda one: (abs(one - day), one), default=day)
