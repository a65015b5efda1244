"""Billed lines against the documented procedure: every kind of error, with its rule and the expected line."""

import datetime
from typing import Any

import pytest

from facetwise.coding import ClaimError, ClaimLine, ErrorKind, check_claim, check_claims
from facetwise.coding.edits import Edits
from facetwise.records import (
    AblationMode,
    Contractor,
    Guidance,
    Kind,
    Patient,
    Place,
    Planned,
    Procedure,
    Purpose,
    Record,
)
from facetwise.spine import parse_sites

DAY = datetime.date(2026, 6, 1)
BLOCK, INJECTION, ABLATION = Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION, Kind.RADIOFREQUENCY_ABLATION


def done(kind: Kind, sites: str | None, **fields: Any) -> Planned:
    """A procedure with everything documented that is not said otherwise."""
    usual: dict[str, Any] = {"guidance": Guidance.FLUOROSCOPY, "place": Place.OFFICE, "date": DAY}
    if kind is ABLATION:
        usual["ablation_mode"] = AblationMode.THERMAL
    else:
        usual["purpose"] = Purpose.DIAGNOSTIC
    return Planned(kind=kind, sites=None if sites is None else parse_sites(sites), **{**usual, **fields})


def claim(*written: str, **fields: Any) -> list[ClaimLine]:
    """Lines such as `64493 KX LT` or `64636 LT x2`, one a row from row 2."""
    lines = []
    for number, text in enumerate(written, start=2):
        code, *rest = text.split()
        units = next((int(one[1:]) for one in rest if one.startswith("x")), 1)
        modifiers = tuple(one for one in rest if not one.startswith("x"))
        usual: dict[str, Any] = {"claim": "A", "date": DAY, "place": Place.OFFICE}
        lines.append(ClaimLine(line=number, code=code, modifiers=modifiers, units=units, **{**usual, **fields}))
    return lines


def told(errors: list[ClaimError]) -> list[tuple[int | None, ErrorKind, str]]:
    """The errors of a claim, each with its first rule; warnings left out."""
    return [(error.line, error.kind, error.rules[0].rule) for error in errors if error.weight == "error"]


def warned(errors: list[ClaimError]) -> list[tuple[ErrorKind, str]]:
    return [(error.kind, error.rules[0].rule) for error in errors if error.weight == "warning"]


LEFT_TWO = done(BLOCK, "left L4-5, L5-S1")
BOTH = done(BLOCK, "L4-5 bilateral")
IN_CENTER = done(BLOCK, "L4-5 bilateral", place=Place.AMBULATORY_SURGICAL_CENTER)
K = ErrorKind

CASES: list[tuple[str, list[Planned], list[str], list[tuple[int | None, ErrorKind, str]]]] = [
    ("as documented", [LEFT_TWO], ["64493 KX LT", "64494 LT KX"], []),
    ("wrong region", [LEFT_TWO], ["64490 KX LT", "64494 LT KX"], [
        (2, K.WRONG_FAMILY, "families"), (3, K.ADD_ON_WITHOUT_PRIMARY, "add_on_needs_its_primary")]),
    ("three nerves as three levels", [LEFT_TWO], ["64493 KX LT", "64494 LT KX", "64495 LT KX"], [
        (4, K.NERVES_AS_LEVELS, "joints_not_nerves")]),
    ("two nerves as two levels", [done(BLOCK, "left L4-5")], ["64493 KX LT", "64494 LT KX"], [
        (3, K.NERVES_AS_LEVELS, "joints_not_nerves")]),
    ("four levels of three nerves", [LEFT_TWO], ["64493 KX LT", "64494 LT KX", "64495 LT KX", "64495 LT KX"], [
        (4, K.NERVES_AS_LEVELS, "joints_not_nerves"), (5, K.NERVES_AS_LEVELS, "joints_not_nerves")]),
    ("the single nerve of C2-3", [done(BLOCK, "left C2-3")], ["64490 LT KX", "64491 LT KX"], [
        (3, K.EXTRA_LINE, "nothing_documented")]),
    ("nerves as units of ablation", [done(ABLATION, "left L4-5, L5-S1")], ["64635 LT", "64636 LT x2"], [
        (3, K.NERVES_AS_LEVELS, "joints_not_nerves")]),
    ("units of ablation", [done(ABLATION, "left L4-5, L5-S1")], ["64635 LT", "64636 LT x4"], [
        (3, K.WRONG_UNITS, "ablation_is_counted_by_joint")]),
    ("sides as levels", [BOTH], ["64493 KX LT", "64494 KX RT"], [
        (2, K.MISSING_50, "both_sides_are_one_level"), (3, K.SIDES_AS_LEVELS, "both_sides_are_one_level")]),
    ("injection and block as two", [done(INJECTION, "left L4-5"), done(BLOCK, "left L4-5")],
        ["64493 KX LT", "64494 KX LT"], [(3, K.ONE_JOINT_TWICE, "joint_and_block_are_one_unit")]),
    ("two units for both sides", [BOTH], ["64493 KX 50 x2"], [(2, K.WRONG_UNITS, "both_sides_on_one_line")]),
    ("units of the further levels", [done(BLOCK, "left L2-3, L3-4, L4-5, L5-S1", date=datetime.date(2022, 1, 10))],
        ["64493 KX LT", "64494 KX LT", "64495 KX LT x2"], [(4, K.WRONG_UNITS, "further_levels_once_a_day")]),
    ("modifier 50 missing", [BOTH], ["64493 KX"], [(2, K.MISSING_50, "both_sides_are_one_level")]),
    ("one side of two", [BOTH], ["64493 KX LT"], [(2, K.MISSING_50, "both_sides_are_one_level")]),
    ("two lines", [BOTH], ["64493 KX LT", "64493 KX RT"], [(2, K.TWO_LINES, "both_sides_are_one_level")]),
    ("two lines in a surgical center", [IN_CENTER], ["64493 KX LT", "64493 KX RT"], []),
    ("one line in a surgical center", [IN_CENTER], ["64493 KX 50"], [
        (2, K.ONE_LINE, "two_lines_in_a_surgical_center")]),
    ("modifier 50 on one side", [done(BLOCK, "left L4-5")], ["64493 KX 50"], [(2, K.EXTRA_50, "nothing_documented")]),
    ("the other side", [done(BLOCK, "left L4-5")], ["64493 KX RT"], [(2, K.WRONG_SIDE, "nothing_documented")]),
    ("no side", [done(BLOCK, "left L4-5")], ["64493 KX"], []),
    ("levels on different sides", [done(BLOCK, "left L4-5; right L5-S1")], ["64493 KX RT", "64494 KX LT"], []),
    ("both on the left", [done(BLOCK, "left L4-5; right L5-S1")], ["64493 KX LT", "64494 KX LT"], [
        (3, K.WRONG_SIDE, "nothing_documented")]),
    ("KX missing", [LEFT_TWO], ["64493 KX LT", "64494 LT"], [(3, K.MISSING_KX, "kx_on_diagnostic_lines")]),
    ("KX on treatment", [done(INJECTION, "left L4-5", purpose=Purpose.THERAPEUTIC)], ["64493 KX LT"], [
        (2, K.EXTRA_KX, "kx_on_diagnostic_lines")]),
    ("KX on ablation", [done(ABLATION, "left L4-5")], ["64635 KX LT"], [(2, K.EXTRA_KX, "no_kx_on_ablation")]),
    ("an add-on alone", [done(BLOCK, "left L4-5")], ["64494 KX LT"], [
        (2, K.ADD_ON_WITHOUT_PRIMARY, "add_on_needs_its_primary")]),
    ("the primary left out", [LEFT_TWO], ["64494 KX LT"], [
        (2, K.ADD_ON_WITHOUT_PRIMARY, "add_on_needs_its_primary"), (None, K.MISSING_LINE, "nothing_documented")]),
    ("the second level left out", [LEFT_TWO], ["64493 KX LT"], [(None, K.MISSING_LINE, "nothing_documented")]),
    ("the third level", [done(BLOCK, "left L3-4, L4-5, L5-S1")], ["64493 KX LT", "64494 KX LT", "64495 KX LT"], [
        (4, K.THIRD_LEVEL, "third_level_from_2024")]),
    ("the third joint ablated", [done(ABLATION, "left L3-4, L4-5, L5-S1")], ["64635 LT", "64636 LT x2"], [
        (3, K.THIRD_LEVEL, "third_level_from_2024")]),
    ("two joints too many, as units", [done(ABLATION, "left L2-3, L3-4, L4-5, L5-S1")], ["64635 LT", "64636 LT x2"], [
        (3, K.THIRD_LEVEL, "third_level_from_2024")]),
    ("too few units", [done(ABLATION, "left L3-4, L4-5, L5-S1", date=datetime.date(2022, 1, 10))],
        ["64635 LT", "64636 LT"], [(3, K.WRONG_UNITS, "ablation_is_counted_by_joint")]),
    ("units on two lines", [done(ABLATION, "left L3-4, L4-5, L5-S1", date=datetime.date(2022, 1, 10))],
        ["64635 LT", "64636 LT", "64636 LT"], []),
    ("without the third level", [done(BLOCK, "left L3-4, L4-5, L5-S1")], ["64493 KX LT", "64494 KX LT"], []),
    ("a procedure nobody documented", [LEFT_TWO], ["64493 KX LT", "64494 KX LT", "64635 LT"], [
        (4, K.EXTRA_LINE, "nothing_documented")]),
    ("guidance beside it", [done(BLOCK, "left L4-5")], ["64493 KX LT", "77003"], [
        (3, K.GUIDANCE_BILLED, "guidance_is_included")]),
    ("pulsed billed as thermal", [done(ABLATION, "left L4-5", ablation_mode=AblationMode.PULSED)], ["64635 LT"], [
        (2, K.NON_THERMAL_AS_THERMAL, "non_thermal_is_unlisted")]),
    ("ablation billed as a block", [done(ABLATION, "left L4-5")], ["64493 LT"], [
        (2, K.WRONG_CODE, "nothing_documented")]),
    ("ultrasound billed as fluoroscopy", [done(BLOCK, "left L4-5", guidance=Guidance.ULTRASOUND)], ["64493 KX LT"], [
        (2, K.WRONG_CODE, "ultrasound_codes")]),
    ("no guidance at all", [done(BLOCK, "left L4-5", guidance=Guidance.NONE)], ["64493 KX LT"], [
        (2, K.EXTRA_LINE, "no_code_without_guidance")]),
    ("an injection at the ablated joint",
        [done(ABLATION, "left L4-5"), done(INJECTION, "left L4-5", purpose=Purpose.THERAPEUTIC)],
        ["64635 LT", "64493 LT"], [(3, K.NOT_PAYABLE, "injection_at_the_ablated_joint")]),
]  # fmt: skip


@pytest.mark.parametrize(("session", "billed", "expected"), [case[1:] for case in CASES], ids=[one[0] for one in CASES])
def test_what_is_wrong_with_a_claim(session, billed, expected) -> None:
    lines = claim(*billed, place=session[0].place, date=session[0].date)
    assert told(check_claim(lines, session)) == expected


@pytest.mark.parametrize(
    ("contractor", "billed", "expected"),
    [
        (Contractor.CGS, ["64490 KX LT", "64494 KX LT"], []),
        (Contractor.CGS, ["64490 KX LT", "64493 KX LT"], [(3, K.WRONG_CODE, "junction_with_cgs")]),
        (Contractor.CGS, ["64493 KX LT", "64494 KX LT"], [(2, K.WRONG_FAMILY, "junction_with_cgs")]),
        (Contractor.CGS, ["64490 KX LT", "64491 KX LT"], [(3, K.WRONG_FAMILY, "junction_with_cgs")]),
        (Contractor.PALMETTO, ["64490 KX LT", "64493 KX LT"], []),
        (
            Contractor.PALMETTO,
            ["64490 KX LT", "64494 KX LT"],
            [(3, K.ADD_ON_WITHOUT_PRIMARY, "add_on_needs_its_primary")],
        ),
    ],
)
def test_the_thoracolumbar_junction(contractor, billed, expected) -> None:
    session = [done(BLOCK, "left T12-L1, L1-2")]
    assert told(check_claim(claim(*billed), session, contractor=contractor)) == expected


def test_each_error_names_the_expected_line() -> None:
    (kx,) = check_claim(claim("64493 LT", "64494 LT KX"), [LEFT_TWO])
    assert [str(line) for line in kx.expected] == ["64493-LT-KX × 1"]
    assert kx.rules[0].source
    (one_line,) = check_claim(claim("64493 KX 50", place=IN_CENTER.place), [IN_CENTER])
    assert [str(line) for line in one_line.expected] == ["64493-LT-KX × 1", "64493-RT-KX × 1"]
    (missing,) = check_claim(claim("64493 LT KX"), [LEFT_TWO])
    assert [line.levels for line in missing.expected] == [("L5-S1",)]
    (extra,) = check_claim(claim("64493 LT KX", "64495 LT KX"), [done(BLOCK, "left L4-5")])
    assert extra.expected == ()


def test_a_wrong_day_and_a_wrong_place_are_one_error_each() -> None:
    late = claim("64493 KX LT", "64494 KX LT", date=DAY + datetime.timedelta(days=1), place=Place.HOSPITAL_OUTPATIENT)
    errors = check_claim(late, [LEFT_TWO])
    assert told(errors) == [(2, K.WRONG_DATE, "nothing_documented"), (2, K.WRONG_PLACE, "nothing_documented")]
    assert [error.also for error in errors] == [(3,), (3,)]


def test_a_place_that_is_not_documented_is_taken_from_the_claim() -> None:
    session = [done(BLOCK, "L4-5 bilateral", place=None)]
    center = claim("64493 KX LT", "64493 KX RT", place=Place.AMBULATORY_SURGICAL_CENTER)
    assert told(check_claim(center, session)) == []
    assert told(check_claim(claim("64493 KX LT", "64493 KX RT"), session)) == [
        (2, K.TWO_LINES, "both_sides_are_one_level")
    ]
    assert told(check_claim(claim("64493 KX LT", "64493 KX RT", place=None), session)) == []


@pytest.mark.parametrize("sides", ["LT", "RT", "50", ""])
def test_a_side_that_is_not_documented_is_never_an_error(sides) -> None:
    assert told(check_claim(claim(f"64493 KX {sides}"), [done(BLOCK, "L4-5")])) == []


@pytest.mark.parametrize("modifiers", ["LT", "LT KX"])
def test_a_purpose_that_is_not_documented_is_never_an_error(modifiers) -> None:
    assert told(check_claim(claim(f"64493 {modifiers}"), [done(BLOCK, "left L4-5", purpose=None)])) == []


def test_joints_that_are_not_documented_leave_a_line_unchecked() -> None:
    errors = check_claim(claim("64493 KX LT", "64494 KX LT"), [done(BLOCK, "left L4-5"), done(BLOCK, None)])
    assert told(errors) == []
    assert warned(errors) == [(K.NOT_CHECKED, "nothing_documented")]


def test_a_missing_side_is_a_warning() -> None:
    assert warned(check_claim(claim("64493 KX"), [done(BLOCK, "left L4-5")])) == [
        (K.MISSING_SIDE, "side_on_one_sided_lines")
    ]


def test_what_is_coded_right_and_not_covered_is_a_warning() -> None:
    pulsed = done(ABLATION, "left L4-5", ablation_mode=AblationMode.PULSED)
    errors = check_claim(claim("64999"), [pulsed])
    assert (told(errors), warned(errors)) == ([], [(K.NOT_PAYABLE, "non_thermal_is_not_covered")])
    ultrasound = done(BLOCK, "left L4-5", guidance=Guidance.ULTRASOUND)
    assert warned(check_claim(claim("0216T LT"), [ultrasound])) == [(K.NOT_PAYABLE, "guidance_by_fluoroscopy_or_ct")]
    cyst = done(Kind.FACET_CYST_RUPTURE, "left L4-5")
    assert warned(check_claim(claim("64999"), [cyst])) == [(K.EXTRA_LINE, "cyst_rupture_has_no_line")]


def test_under_the_text_of_2021_a_third_level_is_no_error() -> None:
    day = datetime.date(2023, 1, 10)
    session = [done(BLOCK, "left L3-4, L4-5, L5-S1", date=day)]
    lines = claim("64493 KX LT", "64494 KX LT", "64495 KX LT", date=day)
    assert told(check_claim(lines, session)) == []


@pytest.mark.parametrize(("given", "expected"), [(None, True), (False, True), (True, False)])
def test_prior_authorization_is_a_warning(given, expected) -> None:
    session = [done(BLOCK, "left L4-5", place=Place.HOSPITAL_OUTPATIENT)]
    lines = claim("64493 KX LT", place=Place.HOSPITAL_OUTPATIENT)
    found = warned(check_claim(lines, session, prior_authorization=given))
    assert ((K.PRIOR_AUTHORIZATION, "prior_authorization_in_hospital_outpatient") in found) is expected


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ("27096 LT", "sacroiliac_is_bundled"),
        ("64483 LT", "other_injections_need_another_site"),
        ("20552", "other_injections_need_another_site"),
        ("64483 LT 59", None),
        ("20553 XS", None),
        ("99213 25", None),
    ],
)
def test_pairs_that_are_known_without_any_edits_are_warnings(other, rule) -> None:
    found = warned(check_claim(claim("64493 KX LT", other), [done(BLOCK, "left L4-5")]))
    assert found == ([] if rule is None else [(K.EDIT_PAIR, rule)])


def test_a_diagnosis_on_a_line_that_is_not_documented_is_not_laid_beside_any_level() -> None:
    session = [done(BLOCK, "left L4-5")]
    lines = [*claim("64493 KX LT"), *claim("64633 LT", diagnoses=("M47.812",))]
    errors = check_claim(lines, session, contractor=Contractor.NORIDIAN_JE)
    assert told(errors) == [(2, K.EXTRA_LINE, "nothing_documented")]


def test_another_payer_asks_for_no_kx() -> None:
    session = [done(BLOCK, "left L4-5")]
    assert check_claim(claim("64493 LT"), session, payer="aetna") == []
    assert check_claim(claim("64493 LT KX"), session, payer="aetna") == []


def test_an_error_says_whether_its_rule_was_read_at_all() -> None:
    (guidance,) = check_claim(claim("64493 KX LT", "77012"), [done(BLOCK, "left L4-5")])
    assert guidance.unverified
    (kx,) = check_claim(claim("64493 LT"), [done(BLOCK, "left L4-5")])
    assert not kx.unverified


# --- a file of claims against a record ----------------------------------------------------------------------------


def record(*procedures: Planned) -> Record:
    fields = Planned.__struct_fields__
    done = tuple(Procedure(**{name: getattr(one, name) for name in fields}) for one in procedures)
    return Record(patient=Patient(id="x"), procedures=done)


def checked(lines: list[ClaimLine], patient: Record):
    return check_claims(lines, patient, contractor=None, payer="medicare", place=None, edits=Edits())


def test_each_claim_is_laid_beside_the_procedures_of_its_day() -> None:
    later = DAY + datetime.timedelta(days=30)
    patient = record(done(BLOCK, "left L4-5"), done(BLOCK, "right L4-5", date=later))
    answer = checked([*claim("64493 KX LT"), *claim("64493 KX RT", claim="B", date=later)], patient)
    assert [(one.claim, one.expected.date, one.errors) for one in answer.claims] == [("A", DAY, ()), ("B", later, ())]


def test_a_claim_of_another_day_is_laid_beside_the_nearest_session_that_nobody_bills() -> None:
    far = DAY - datetime.timedelta(days=90)
    patient = record(done(BLOCK, "left L4-5"), done(BLOCK, "left L4-5", date=far))
    wrong = DAY + datetime.timedelta(days=2)
    (one,) = checked(claim("64493 KX LT", date=wrong), patient).claims
    assert one.expected.date == DAY
    assert told(list(one.errors)) == [(2, K.WRONG_DATE, "nothing_documented")]
    first, second = checked([*claim("64493 KX LT"), *claim("64493 KX LT", claim="B", date=wrong)], patient).claims
    assert (first.expected.date, second.expected.date) == (DAY, far)


def test_without_any_session_nothing_is_documented() -> None:
    (one,) = checked(claim("64493 KX LT", "99213"), record()).claims
    assert one.expected is None
    assert told(list(one.errors)) == [(2, K.EXTRA_LINE, "nothing_documented")]


def test_codes_that_are_no_facet_codes_are_named_and_not_checked() -> None:
    answer = checked([*claim("64493 KX LT", "99213"), *claim("J1030", claim="B")], record(done(BLOCK, "left L4-5")))
    assert answer.codes_not_checked == ("99213", "J1030")
    assert [one.claim for one in answer.claims] == ["A"]


def test_two_claims_of_one_day_are_checked_each_by_itself() -> None:
    lines = [*claim("64493 KX LT"), *claim("64493 KX LT", claim="B")]
    assert [one.errors for one in checked(lines, record(done(BLOCK, "left L4-5"))).claims] == [(), ()]
