"""What holds of the billing lines of any session, and of any claim made from them."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from spine_strategies import site_sets

from facetwise.coding import BillingAnswer, ClaimLine, Line, billing_lines, check_claim, codebook
from facetwise.coding.codebook import Service
from facetwise.records import FACET_KINDS, AblationMode, Contractor, Guidance, Place, Planned, Purpose
from facetwise.spine import SiteSet, levels_in

NEIGHBOURS = ("T11-12", "T12-L1", "L1-2", "L2-3", "L3-4", "L4-5", "L5-S1")
ANYWHERE = ("C2-3", "C5-6", "C6-7", "C7-T1", *NEIGHBOURS)
TURNS = [datetime.date(2024, 7, 7), datetime.date(2024, 8, 11), datetime.date(2025, 1, 1), datetime.date(2026, 6, 1)]
"""Days on which a rule begins."""

DAYS = st.dates(datetime.date(2019, 1, 1), datetime.date(2026, 12, 31)) | st.sampled_from(TURNS)
PAYERS = st.sampled_from(["medicare", "medicare", "medicare", "aetna"])
CONTRACTORS = st.none() | st.sampled_from(Contractor)
SITES = site_sets(NEIGHBOURS, min_size=1, max_size=4) | site_sets(ANYWHERE, min_size=1, max_size=5)
BY_NEEDLE = (Service.INJECTION, Service.ABLATION)


def sided(sites: SiteSet) -> SiteSet:
    """The same joints, with every undocumented side on the left."""
    return SiteSet(sites.left | sites.unsided, sites.right)


@st.composite
def sessions(draw: st.DrawFn) -> list[Planned]:
    """The procedures of one day, with facts that are not documented."""
    day, place = draw(DAYS), draw(st.sampled_from(Place))
    procedures = st.builds(
        Planned,
        kind=st.sampled_from(sorted(FACET_KINDS)),
        date=st.just(day),
        sites=st.none() | SITES | SITES,
        purpose=st.none() | st.sampled_from(Purpose),
        guidance=st.none() | st.sampled_from(Guidance),
        ablation_mode=st.none() | st.sampled_from(AblationMode),
        place=st.sampled_from([None, place, place]),
    )
    return draw(st.lists(procedures, min_size=1, max_size=3))


@st.composite
def documented(draw: st.DrawFn, most_levels: int = 5) -> list[Planned]:
    """One procedure of which every fact that a line depends on is documented."""
    sites = st.sampled_from([NEIGHBOURS, ANYWHERE]).flatmap(lambda levels: site_sets(levels, 1, most_levels))
    procedure = st.builds(
        Planned,
        kind=st.sampled_from(sorted(FACET_KINDS)),
        date=DAYS,
        sites=sites.map(sided).filter(lambda sites: sites.levels.bit_count() <= most_levels),
        purpose=st.sampled_from(Purpose),
        guidance=st.sampled_from([Guidance.FLUOROSCOPY, Guidance.CT]),
        ablation_mode=st.just(AblationMode.THERMAL),
        place=st.sampled_from(Place),
    )
    return [draw(procedure)]


def billed(answer: BillingAnswer) -> list[ClaimLine]:
    """A claim that carries exactly the lines of an answer."""
    return [billed_line(line, number, answer) for number, line in enumerate(answer.lines, start=2)]


def billed_line(line: Line, number: int, answer: BillingAnswer) -> ClaimLine:
    return ClaimLine(
        line=number,
        claim="c",
        date=answer.date,
        code=line.code,
        modifiers=line.modifiers,
        units=line.units,
        place=answer.place,
    )


def found(claim: list[ClaimLine], session: list[Planned], **around: Any) -> list[str]:
    """The errors of a claim, without its warnings."""
    errors = check_claim(claim, session, **around)
    return [f"{error.line} {error.kind}: {error.what}" for error in errors if error.weight == "error"]


@given(sessions(), CONTRACTORS, PAYERS, st.randoms())
def test_the_lines_of_a_session_are_a_claim_without_errors(session, contractor, payer, random) -> None:
    claim = billed(billing_lines(session, contractor=contractor, payer=payer))
    assert found(claim, session, contractor=contractor, payer=payer) == []
    random.shuffle(claim)
    assert found(claim, session, contractor=contractor, payer=payer) == []


@given(sessions(), CONTRACTORS, PAYERS, st.randoms())
def test_the_order_of_procedures_does_not_matter(session, contractor, payer, random) -> None:
    shuffled = list(session)
    random.shuffle(shuffled)
    first = billing_lines(session, contractor=contractor, payer=payer)
    second = billing_lines(shuffled, contractor=contractor, payer=payer)
    assert (first.lines, first.not_payable) == (second.lines, second.not_payable)
    assert set(first.warnings) == set(second.warnings)
    assert set(first.missing) == set(second.missing)


@given(documented(), CONTRACTORS, PAYERS)
def test_every_level_is_on_one_line_paid_or_not(session, contractor, payer) -> None:
    answer = billing_lines(session, contractor=contractor, payer=payer)
    lines = (*answer.lines, *answer.not_payable)
    once = [line for line in lines if not (line.sides == "both" and "RT" in line.modifiers)]  # of two lines, one
    assert sorted(level for line in once for level in line.levels) == sorted(levels_in(session[0].sites.levels))
    for line in once:
        ablation = codebook().codes[line.code].service is Service.ABLATION
        assert line.units == (len(line.levels) if ablation else 1)


@given(documented(), CONTRACTORS, PAYERS)
def test_what_is_documented_leaves_no_line_open(session, contractor, payer) -> None:
    answer = billing_lines(session, contractor=contractor, payer=payer)
    shared = [line for line in (*answer.lines, *answer.not_payable) if len(line.levels) > 1]
    assert {fact for line in answer.lines if line not in shared for fact in line.open} == set()
    assert answer.complete


@given(sessions(), CONTRACTORS, PAYERS)
def test_medicare_pays_no_more_than_two_levels_of_a_family_since_the_revision(session, contractor, payer) -> None:
    session = [replace(one, date=datetime.date(2026, 3, 1)) for one in session]
    answer = billing_lines(session, contractor=contractor, payer="medicare")
    for service in BY_NEEDLE:
        codes = {number for number, code in codebook().codes.items() if code.service is service}
        levels = {level for line in answer.lines if line.code in codes for level in line.levels}
        families = {codebook().family_of(level) for level in levels}
        assert len(levels) <= 2 * len(families)


def other_side(line: ClaimLine) -> ClaimLine:
    return exchanged(line, {"LT": "RT", "RT": "LT"})


def both_sides(line: ClaimLine) -> ClaimLine:
    return exchanged(line, {"LT": "50", "RT": "50"})


def without_50(line: ClaimLine) -> ClaimLine:
    return exchanged(line, {"50": ""})


def one_side_of_both(line: ClaimLine) -> ClaimLine:
    return exchanged(line, {"50": "LT"})


def exchanged(line: ClaimLine, modifiers: dict[str, str]) -> ClaimLine:
    other = tuple(modifiers.get(one, one) for one in line.modifiers)
    return replace(line, modifiers=tuple(one for one in other if one))


def toggled_kx(line: ClaimLine) -> ClaimLine:
    return replace(line, modifiers=tuple({*line.modifiers} ^ {"KX"}))


def another_day(line: ClaimLine) -> ClaimLine:
    return replace(line, date=line.date + datetime.timedelta(days=1))


def another_place(line: ClaimLine) -> ClaimLine:
    return replace(line, place=Place.OFFICE if line.place is not Place.OFFICE else Place.HOSPITAL_INPATIENT)


CHANGES: list[Callable[[ClaimLine], ClaimLine]] = [
    other_side,
    both_sides,
    without_50,
    one_side_of_both,
    toggled_kx,
    another_day,
    another_place,
    lambda line: replace(line, units=line.units + 1),
]


@given(documented(most_levels=2), CONTRACTORS, st.sampled_from(CHANGES), st.data())
def test_a_changed_line_is_an_error(session, contractor, change, data) -> None:
    claim = billed(billing_lines(session, contractor=contractor))
    at = data.draw(st.integers(0, len(claim) - 1))
    changed = change(claim[at])
    if changed != claim[at]:
        assert found([*claim[:at], changed, *claim[at + 1 :]], session, contractor=contractor)


@given(documented(most_levels=2), CONTRACTORS, st.data())
def test_another_code_is_an_error(session, contractor, data) -> None:
    claim = billed(billing_lines(session, contractor=contractor))
    at = data.draw(st.integers(0, len(claim) - 1))
    others = [number for number, code in codebook().codes.items() if code.service in BY_NEEDLE]
    code = data.draw(st.sampled_from([other for other in others if other != claim[at].code]))
    assert found([*claim[:at], replace(claim[at], code=code), *claim[at + 1 :]], session, contractor=contractor)


@given(documented(most_levels=2), CONTRACTORS, st.data())
def test_a_line_left_out_or_billed_twice_is_an_error(session, contractor, data) -> None:
    claim = billed(billing_lines(session, contractor=contractor))
    at = data.draw(st.integers(0, len(claim) - 1))
    assert found([*claim, claim[at]], session, contractor=contractor)
    rest = [*claim[:at], *claim[at + 1 :]]
    assume(rest)
    assert found(rest, session, contractor=contractor)


@pytest.mark.parametrize("payer", ["medicare", "aetna"])
def test_an_empty_session_or_one_of_two_days_is_refused(payer) -> None:
    with pytest.raises(ValueError, match="one day"):
        billing_lines([], payer=payer)
