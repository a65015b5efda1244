"""Billing lines of sessions: which codes, units and modifiers, and what is said beside them."""

import datetime
from typing import Any

import pytest

from facetwise.coding import BillingAnswer, Open, billing_lines, sessions_of
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

BLOCK, INJECTION, ABLATION = Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION, Kind.RADIOFREQUENCY_ABLATION
OFFICE, CENTER, HOSPITAL = Place.OFFICE, Place.AMBULATORY_SURGICAL_CENTER, Place.HOSPITAL_OUTPATIENT
CGS, NGS, JE, JF, PALMETTO = (
    Contractor.CGS,
    Contractor.NGS,
    Contractor.NORIDIAN_JE,
    Contractor.NORIDIAN_JF,
    Contractor.PALMETTO,
)


def done(kind: Kind, sites: str | None, day: str = "2026-03-01", **fields: Any) -> Planned:
    """A procedure with everything documented that is not said otherwise."""
    usual: dict[str, Any] = {"guidance": Guidance.FLUOROSCOPY, "place": OFFICE}
    if kind is ABLATION:
        usual["ablation_mode"] = AblationMode.THERMAL
    else:
        usual["purpose"] = Purpose.DIAGNOSTIC
    parsed = None if sites is None else parse_sites(sites)
    return Planned(kind=kind, date=datetime.date.fromisoformat(day), sites=parsed, **{**usual, **fields})


def lines(answer: BillingAnswer) -> list[str]:
    return [str(line) for line in answer.lines]


def refused(answer: BillingAnswer) -> list[tuple[str, str]]:
    return [(str(line), line.refused_by.rule) for line in answer.not_payable if line.refused_by]


def told(answer: BillingAnswer) -> set[str]:
    return {remark.rule.rule for remark in answer.warnings}


def asked(answer: BillingAnswer) -> set[str]:
    return {one.field for one in answer.missing}


@pytest.mark.parametrize(
    ("kind", "sites", "place", "expected"),
    [
        (BLOCK, "left L4-5", OFFICE, ["64493-LT-KX × 1"]),
        (BLOCK, "right L4-5, L5-S1", OFFICE, ["64493-RT-KX × 1", "64494-RT-KX × 1"]),
        (BLOCK, "L4-5 bilateral", OFFICE, ["64493-50-KX × 1"]),
        (BLOCK, "L4-5 bilateral", HOSPITAL, ["64493-50-KX × 1"]),
        (BLOCK, "L4-5 bilateral", CENTER, ["64493-LT-KX × 1", "64493-RT-KX × 1"]),
        (BLOCK, "left L4-5; right L5-S1", OFFICE, ["64493-LT-KX × 1", "64494-RT-KX × 1"]),
        (BLOCK, "bilateral L4-5; left L5-S1", OFFICE, ["64493-50-KX × 1", "64494-LT-KX × 1"]),
        (BLOCK, "left C2-3", OFFICE, ["64490-LT-KX × 1"]),
        (BLOCK, "left C7-T1", OFFICE, ["64490-LT-KX × 1"]),
        (BLOCK, "left C6-7, C7-T1", OFFICE, ["64490-LT-KX × 1", "64491-LT-KX × 1"]),
        (BLOCK, "left T12-L1", OFFICE, ["64490-LT-KX × 1"]),
        (BLOCK, "left L5-S1", OFFICE, ["64493-LT-KX × 1"]),
        (INJECTION, "right L4-5", OFFICE, ["64493-RT-KX × 1"]),
        (ABLATION, "left L4-5, L5-S1", OFFICE, ["64635-LT × 1", "64636-LT × 1"]),
        (ABLATION, "L4-5, L5-S1 bilateral", OFFICE, ["64635-50 × 1", "64636-50 × 1"]),
        (
            ABLATION,
            "L4-5, L5-S1 bilateral",
            CENTER,
            ["64635-LT × 1", "64635-RT × 1", "64636-LT × 1", "64636-RT × 1"],
        ),
        (ABLATION, "right C5-6, C6-7", OFFICE, ["64633-RT × 1", "64634-RT × 1"]),
    ],
)
def test_codes_units_and_modifiers(kind, sites, place, expected) -> None:
    assert lines(billing_lines([done(kind, sites, place=place)], contractor=CGS)) == expected


def test_nerves_written_by_a_clinician_are_billed_as_joints() -> None:
    answer = billing_lines([done(BLOCK, "R L3 L4 MB + L5 DR")])
    assert lines(answer) == ["64493-RT-KX × 1", "64494-RT-KX × 1"]
    assert [line.levels for line in answer.lines] == [("L4-5",), ("L5-S1",)]


def test_injection_and_block_of_one_joint_are_one_unit() -> None:
    answer = billing_lines([done(INJECTION, "left L4-5"), done(BLOCK, "left L4-5, L5-S1")])
    assert lines(answer) == ["64493-LT-KX × 1", "64494-LT-KX × 1"]
    assert {"joint_and_block_are_one_unit", "one_day_is_one_session"} <= told(answer)


@pytest.mark.parametrize(
    ("day", "contractor", "expected", "rule"),
    [
        ("2025-01-01", CGS, ["64490-50-KX × 1", "64494-50-KX × 1"], "junction_with_cgs"),
        ("2024-12-31", CGS, ["64490-50-KX × 1", "64493-50-KX × 1"], "junction_not_read"),
        ("2026-03-01", NGS, ["64490-50-KX × 1", "64494-50-KX × 1"], "junction_with_ngs"),
        ("2026-03-01", JE, ["64490-50-KX × 1", "64494-50-KX × 1"], "junction_with_noridian"),
        ("2026-04-15", JF, ["64490-50-KX × 1", "64493-50-KX × 1"], "junction_not_read"),
        ("2026-04-16", JF, ["64490-50-KX × 1", "64494-50-KX × 1"], "junction_with_noridian"),
        ("2026-03-01", PALMETTO, ["64490-50-KX × 1", "64493-50-KX × 1"], "junction_not_read"),
        ("2026-03-01", None, ["64490-50-KX × 1", "64493-50-KX × 1"], "junction_not_read"),
    ],
)
def test_the_thoracolumbar_junction_by_contractor_and_day(day, contractor, expected, rule) -> None:
    answer = billing_lines([done(BLOCK, "T12-L1, L1-2 bilateral", day)], contractor=contractor)
    assert lines(answer) == expected
    assert rule in told(answer)
    assert ("one_region_a_session" in told(answer)) is (rule == "junction_not_read")
    assert answer.junction is (rule != "junction_not_read")


def test_the_junction_is_ablated_with_64633_and_64636() -> None:
    answer = billing_lines([done(ABLATION, "right T12-L1, L1-2")], contractor=CGS)
    assert lines(answer) == ["64633-RT × 1", "64636-RT × 1"]
    assert "junction_with_cgs" in {rule.rule for rule in answer.lines[1].rules}


@pytest.mark.parametrize(
    ("sites", "contractor", "rule"),
    [
        ("left T12-L1", CGS, "thoracolumbar_counts_as_lumbar_with_cgs"),
        ("left T12-L1", NGS, "thoracolumbar_counts_as_lumbar_with_ngs"),
        ("left T12-L1", PALMETTO, "thoracolumbar_region_not_read"),
        ("left T12-L1, L2-3", CGS, "thoracolumbar_not_contiguous"),
    ],
)
def test_the_junction_without_l1_2(sites, contractor, rule) -> None:
    answer = billing_lines([done(BLOCK, sites)], contractor=contractor)
    assert rule in told(answer)
    assert lines(answer)[0] == "64490-LT-KX × 1"


def test_the_junction_beside_another_thoracic_level_follows_the_families() -> None:
    answer = billing_lines([done(BLOCK, "left T11-12, T12-L1, L1-2")], contractor=CGS)
    assert lines(answer) == ["64490-LT-KX × 1", "64491-LT-KX × 1", "64493-LT-KX × 1"]
    assert "junction_not_read" in told(answer)


@pytest.mark.parametrize(
    ("day", "contractor", "paid", "rule"),
    [
        ("2021-04-24", PALMETTO, True, "third_level_before_2021"),
        ("2021-04-25", PALMETTO, True, "third_level_from_2021"),
        ("2024-07-06", PALMETTO, True, "third_level_from_2021"),
        ("2024-07-07", PALMETTO, False, "third_level_from_2024"),
        ("2024-07-13", Contractor.WPS, True, "third_level_from_2021"),
        ("2024-07-14", Contractor.WPS, False, "third_level_from_2024"),
        ("2024-08-10", Contractor.NOVITAS, True, "third_level_from_2021"),
        ("2024-08-11", Contractor.NOVITAS, False, "third_level_from_2024"),
        ("2024-08-01", NGS, True, "third_level_either"),
        ("2024-08-14", CGS, True, "third_level_either"),
        ("2024-08-15", CGS, False, "third_level_from_2024"),
        ("2024-07-06", None, True, "third_level_from_2021"),
        ("2024-07-07", None, True, "third_level_either"),
        ("2024-08-11", None, False, "third_level_from_2024"),
    ],
)
def test_a_third_level_by_contractor_and_day(day, contractor, paid, rule) -> None:
    answer = billing_lines([done(BLOCK, "left L3-4, L4-5, L5-S1", day)], contractor=contractor)
    assert ("64495-LT-KX × 1" in lines(answer)) is paid
    assert refused(answer) == ([] if paid else [("64495-LT-KX × 1", "third_level_from_2024")])
    assert rule in told(answer)


def test_all_further_levels_of_an_injection_are_one_unit_and_of_an_ablation_one_each() -> None:
    sites = "left L2-3, L3-4, L4-5, L5-S1"
    assert lines(billing_lines([done(BLOCK, sites, "2022-01-10")]))[2:] == ["64495-LT-KX × 1"]
    assert lines(billing_lines([done(ABLATION, sites, "2022-01-10")]))[1:] == ["64636-LT × 3"]
    mixed = billing_lines([done(ABLATION, "left L2-3, L3-4; bilateral L4-5", "2022-01-10")])
    assert lines(mixed) == ["64635-LT × 1", "64636-LT × 1", "64636-50 × 1"]


def test_further_levels_on_different_sides_leave_the_side_open() -> None:
    answer = billing_lines([done(BLOCK, "left L1-2, L2-3, L3-4; right L4-5", "2022-01-10")])
    assert lines(answer)[2:] == ["64495-KX × 1"]
    assert answer.lines[2].open == (Open.SIDE,)
    assert "sides_of_further_levels" in told(answer)


def test_two_regions_in_one_session_are_told() -> None:
    answer = billing_lines([done(BLOCK, "left C5-6, L4-5")])
    assert lines(answer) == ["64490-LT-KX × 1", "64493-LT-KX × 1"]
    assert "one_region_a_session" in told(answer)


def test_kx_is_for_diagnostic_injections_of_medicare() -> None:
    therapeutic = done(INJECTION, "left L4-5", purpose=Purpose.THERAPEUTIC)
    assert lines(billing_lines([therapeutic])) == ["64493-LT × 1"]
    assert lines(billing_lines([done(BLOCK, "left L4-5")], payer="aetna")) == ["64493-LT × 1"]
    both = billing_lines([therapeutic, done(BLOCK, "left L4-5")])
    assert both.lines[0].open == (Open.PURPOSE,)
    assert "purposes_differ" in told(both)


@pytest.mark.parametrize(
    ("missing", "fact", "line"),
    [
        ({"purpose": None}, Open.PURPOSE, "64493-LT × 1"),
        ({"guidance": None}, Open.GUIDANCE, "64493-LT-KX × 1"),
    ],
)
def test_a_missing_fact_is_asked_for_and_never_guessed(missing, fact, line) -> None:
    answer = billing_lines([done(BLOCK, "left L4-5", **missing)])
    assert lines(answer) == [line]
    assert answer.lines[0].open == (fact,)
    assert str(fact) in asked(answer)


def test_a_missing_side_and_a_missing_place_are_never_guessed() -> None:
    unsided = billing_lines([done(BLOCK, "L4-5")])
    assert (lines(unsided), unsided.lines[0].open) == (["64493-KX × 1"], (Open.SIDE,))
    assert "side" in asked(unsided)
    placeless = billing_lines([done(BLOCK, "L4-5 bilateral", place=None)])
    assert (lines(placeless), placeless.lines[0].open) == (["64493-KX × 1"], (Open.PLACE,))
    assert "place" in asked(placeless)
    assert lines(billing_lines([done(BLOCK, "L4-5 bilateral", place=None)], place=CENTER)) == [
        "64493-LT-KX × 1",
        "64493-RT-KX × 1",
    ]


def test_missing_joints_make_the_answer_incomplete() -> None:
    answer = billing_lines([done(BLOCK, None), done(BLOCK, "left L4-5")])
    assert not answer.complete
    assert "levels" in asked(answer)


@pytest.mark.parametrize(
    "mode", [AblationMode.PULSED, AblationMode.CRYO, AblationMode.CHEMICAL, AblationMode.LASER, AblationMode.ENDOSCOPIC]
)
def test_ablation_without_heat_is_unlisted_and_not_covered(mode) -> None:
    answer = billing_lines([done(ABLATION, "left L4-5, L5-S1", ablation_mode=mode)])
    assert lines(answer) == []
    assert refused(answer) == [("64999 × 1", "non_thermal_is_not_covered")]
    other_payer = billing_lines([done(ABLATION, "left L4-5", ablation_mode=mode)], payer="aetna")
    assert lines(other_payer) == ["64999 × 1"]


@pytest.mark.parametrize(("celsius", "cold"), [(79.9, True), (80.0, False), (85.0, False)])
def test_a_cold_lesion_is_told(celsius, cold) -> None:
    answer = billing_lines([done(ABLATION, "left L4-5", temperature_c=celsius)])
    assert ("lesion_below_80_degrees" in told(answer)) is cold


def test_cooled_ablation_stays_open() -> None:
    answer = billing_lines([done(ABLATION, "left L4-5", ablation_mode=AblationMode.COOLED)])
    assert answer.lines[0].open == (Open.ABLATION_MODE,)
    assert "cooled_not_read" in told(answer)


def test_ultrasound_has_codes_of_its_own_and_is_not_covered() -> None:
    answer = billing_lines([done(BLOCK, "left L3-4, L4-5, L5-S1", guidance=Guidance.ULTRASOUND)])
    rule = "guidance_by_fluoroscopy_or_ct"
    assert refused(answer) == [("0216T-LT × 1", rule), ("0217T-LT × 1", rule), ("0218T-LT × 1", rule)]
    assert "ultrasound_codes" in told(answer)
    neck = billing_lines([done(BLOCK, "left C5-6", guidance=Guidance.ULTRASOUND)])
    assert refused(neck) == [("0213T-LT × 1", rule)]


@pytest.mark.parametrize("guidance", [Guidance.NONE, Guidance.MRI])
def test_without_fluoroscopy_or_ct_an_injection_has_no_line(guidance) -> None:
    answer = billing_lines([done(BLOCK, "left L4-5", guidance=guidance)])
    assert (lines(answer), refused(answer)) == ([], [])
    assert {"no_code_without_guidance", "guidance_by_fluoroscopy_or_ct"} <= told(answer)
    ablation = billing_lines([done(ABLATION, "left L4-5", guidance=guidance)])
    assert refused(ablation) == [("64635-LT × 1", "guidance_by_fluoroscopy_or_ct")]


def test_an_injection_at_the_ablated_joint_is_not_paid() -> None:
    injection = done(INJECTION, "bilateral L4-5; left L3-4", purpose=Purpose.THERAPEUTIC)
    answer = billing_lines([done(ABLATION, "left L4-5"), injection])
    assert lines(answer) == ["64493-LT × 1", "64494-RT × 1", "64635-LT × 1"]
    assert refused(answer) == [("64493-LT × 1", "injection_at_the_ablated_joint")]
    unsided = billing_lines([done(ABLATION, "left L4-5"), done(INJECTION, "L4-5", purpose=Purpose.THERAPEUTIC)])
    assert lines(unsided) == ["64493 × 1", "64635-LT × 1"]
    assert "injection_at_the_ablated_joint" in told(unsided)
    surely = billing_lines([done(ABLATION, "bilateral L4-5"), done(INJECTION, "L4-5", purpose=Purpose.THERAPEUTIC)])
    assert lines(surely) == ["64635-50 × 1"]
    assert refused(surely) == [("64493 × 1", "injection_at_the_ablated_joint")]


def test_more_than_two_levels_by_several_procedures_are_told() -> None:
    answer = billing_lines([done(ABLATION, "left L4-5, L5-S1"), done(BLOCK, "left L3-4")])
    assert "two_levels_a_session" in told(answer)
    assert "two_levels_a_session" not in told(billing_lines([done(ABLATION, "left L4-5"), done(BLOCK, "left L3-4")]))
    assert "two_levels_a_session" not in told(billing_lines([done(BLOCK, "left L3-4, L4-5, L5-S1")]))


@pytest.mark.parametrize(
    ("kind", "rules"),
    [
        (Kind.EPIDURAL_STEROID_INJECTION, {"other_blocks_need_a_reason", "other_injections_need_another_site"}),
        (Kind.TRIGGER_POINT_INJECTION, {"other_blocks_need_a_reason", "other_injections_need_another_site"}),
        (Kind.SACROILIAC_JOINT_INJECTION, {"other_blocks_need_a_reason", "sacroiliac_is_bundled"}),
        (Kind.FACET_CYST_RUPTURE, {"cyst_rupture_has_no_line"}),
    ],
)
def test_what_else_was_done_that_day_is_told(kind, rules) -> None:
    answer = billing_lines([done(BLOCK, "left L4-5"), done(kind, "left L4-5")])
    assert rules <= told(answer)
    assert lines(answer) == ["64493-LT-KX × 1"]


@pytest.mark.parametrize(
    ("day", "place", "given", "warned"),
    [
        ("2023-06-30", HOSPITAL, None, False),
        ("2023-07-01", HOSPITAL, None, True),
        ("2023-07-01", HOSPITAL, False, True),
        ("2023-07-01", HOSPITAL, True, False),
        ("2023-07-01", OFFICE, None, False),
        ("2023-07-01", CENTER, None, False),
        ("2023-07-01", Place.HOSPITAL_INPATIENT, None, False),
    ],
)
def test_prior_authorization_in_hospital_outpatient_departments(day, place, given, warned) -> None:
    answer = billing_lines([done(BLOCK, "left L4-5", day, place=place)], prior_authorization=given)
    assert ("prior_authorization_in_hospital_outpatient" in told(answer)) is warned
    assert ("prior_authorization" in asked(answer)) is (warned and given is None)


@pytest.mark.parametrize(
    ("day", "on_the_list", "in_doubt"),
    [("2024-07-31", True, False), ("2024-08-01", True, True), ("2024-08-14", True, True), ("2024-08-15", False, False)],
)
def test_the_third_level_left_the_list_in_august_2024(day, on_the_list, in_doubt) -> None:
    answer = billing_lines([done(BLOCK, "left L3-4, L4-5, L5-S1", day, place=HOSPITAL)])
    (said,) = [one.says for one in answer.warnings if one.rule.rule == "prior_authorization_in_hospital_outpatient"]
    assert ("64495" in said) is on_the_list
    assert ("third_level_left_the_list" in told(answer)) is in_doubt


def test_a_joint_without_medial_branches_is_told() -> None:
    answer = billing_lines([done(INJECTION, "left C1-2")])
    assert lines(answer) == ["64490-LT-KX × 1"]
    assert "above_c2_3" in told(answer)


def test_another_payer_is_told_that_its_rules_were_not_read() -> None:
    answer = billing_lines([done(BLOCK, "left L3-4, L4-5, L5-S1", place=CENTER)], payer="aetna")
    assert len(answer.lines) == 3
    assert told(answer) == {"other_payers_not_read"}


def test_every_line_names_its_rules_with_source_and_certainty() -> None:
    for line in billing_lines([done(BLOCK, "L4-5, L5-S1 bilateral")]).lines:
        assert line.rules
        assert all(rule.says and rule.source and rule.certainty for rule in line.rules)
        assert line.wording


def test_the_sessions_of_a_record_are_its_days_with_facet_procedures() -> None:
    day, later = datetime.date(2026, 1, 5), datetime.date(2026, 2, 5)
    procedures = (
        Procedure(kind=BLOCK, date=later),
        Procedure(kind=BLOCK, date=day),
        Procedure(kind=Kind.TRIGGER_POINT_INJECTION, date=day),
        Procedure(kind=Kind.EPIDURAL_STEROID_INJECTION, date=datetime.date(2026, 3, 5)),
    )
    sessions = sessions_of(Record(patient=Patient(id="x"), procedures=procedures))
    assert {date: len(session) for date, session in sessions.items()} == {day: 2, later: 1}
    assert sessions_of(Record(patient=Patient(id="x"))) == {}
