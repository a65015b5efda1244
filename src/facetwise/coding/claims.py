"""Billed lines against the documented procedures: every error with its rule and the line that was expected."""

from collections.abc import Iterator, Sequence

from facetwise.coding.answers import BillingAnswer
from facetwise.coding.claim_errors import ClaimError, ErrorKind, rules_named
from facetwise.coding.claim_facts import fact_errors
from facetwise.coding.claim_lines import ClaimLine
from facetwise.coding.codebook import Code, codebook, is_facet_code
from facetwise.coding.differences import differences
from facetwise.coding.edits import Edits
from facetwise.coding.lines import billing_lines
from facetwise.coding.matching import Compared, billed_preferences, match
from facetwise.records import Contractor, Place, Planned

_NO_EDITS = Edits()
_JUNCTION: dict[bool, tuple[str, ...]] = {True: ("junction_add_on",), False: ()}


def check_claim(
    claim_lines: Sequence[ClaimLine],
    session: Sequence[Planned],
    *,
    contractor: Contractor | None = None,
    payer: str = "medicare",
    place: Place | None = None,
    edits: Edits = _NO_EDITS,
    prior_authorization: bool | None = None,
) -> list[ClaimError]:
    """What is wrong with the billed lines of one session, claim by claim, in the order of the lines.

    Codes that are no facet codes are looked at only where they meet one. With an empty session nothing is documented,
    and every facet line is one too many. `place` stands where neither the record nor the claim names one.
    """
    errors: list[ClaimError] = []
    for claim in dict.fromkeys(line.claim for line in claim_lines):
        lines = [line for line in claim_lines if line.claim == claim]
        if not session:
            errors += _nothing_documented(lines)
            continue
        answer = expected_of(
            lines, session, contractor=contractor, payer=payer, place=place, prior_authorization=prior_authorization
        )
        errors += _of_one_claim(lines, session, answer, edits, prior_authorization)
    return errors


def expected_of(
    lines: Sequence[ClaimLine],
    session: Sequence[Planned],
    *,
    contractor: Contractor | None,
    payer: str,
    place: Place | None = None,
    prior_authorization: bool | None = None,
) -> BillingAnswer:
    """The lines that one claim should carry, following its own choice of the first level.

    The claim's place stands where the record documents none, and its contractor where none is given.
    """
    places = {line.place for line in lines if line.place is not None}
    contractors = {line.contractor for line in lines if line.contractor is not None}
    return billing_lines(
        session,
        contractor=contractor or (contractors.pop() if len(contractors) == 1 else None),
        payer=payer,
        place=place or (places.pop() if len(places) == 1 else None),
        prior_authorization=prior_authorization,
        preferred=billed_preferences(lines),
    )


def _of_one_claim(
    lines: Sequence[ClaimLine],
    session: Sequence[Planned],
    answer: BillingAnswer,
    edits: Edits,
    prior_authorization: bool | None,
) -> list[ClaimError]:
    facet = tuple(line for line in lines if is_facet_code(line.code))
    compared = Compared(tuple(lines), facet, tuple(session), answer, match(facet, answer))
    add_ons = list(_add_ons(facet, answer))
    explained = {error.line for error in add_ons}
    found = [
        error for error in differences(compared) if not (error.kind is ErrorKind.WRONG_CODE and error.line in explained)
    ]
    found += [*add_ons, *fact_errors(compared, edits, prior_authorization)]
    order = list(ErrorKind)
    return sorted(found, key=lambda error: (error.line is None, error.line or 0, order.index(error.kind)))


def _add_ons(facet: Sequence[ClaimLine], answer: BillingAnswer) -> Iterator[ClaimError]:
    """Add-on codes without any of their primaries on the claim."""
    billed = {line.code for line in facet}
    for line in facet:
        code = codebook().codes[line.code]
        primaries = _primaries(code, answer)
        if primaries and not billed & set(primaries):
            expected = tuple(one for one in answer.lines if one.code in primaries)
            yield ClaimError(
                claim=line.claim,
                line=line.line,
                kind=ErrorKind.ADD_ON_WITHOUT_PRIMARY,
                what=f"{line.code} needs {' or '.join(primaries)} on the same claim",
                rules=rules_named("add_on_needs_its_primary", *_JUNCTION[bool(code.junction_primaries)]),
                expected=expected,
            )


def _primaries(code: Code, answer: BillingAnswer) -> tuple[str, ...]:
    return (*code.primaries, *code.junction_primaries) if answer.junction else code.primaries


def _nothing_documented(lines: Sequence[ClaimLine]) -> Iterator[ClaimError]:
    for line in lines:
        if is_facet_code(line.code):
            yield ClaimError(
                claim=line.claim,
                line=line.line,
                kind=ErrorKind.EXTRA_LINE,
                what=f"{line}: the record documents no facet procedure for {line.date}",
                rules=rules_named("nothing_documented"),
            )
