"""What is to be said of a session beside its lines: what is not covered, not read, or waits for somebody to look."""

from collections.abc import Iterator, Sequence

from facetwise.coding.answers import Line, Remark
from facetwise.coding.circumstances import Circumstances, Text, junction_rule
from facetwise.coding.codebook import Family, Service, cite, codebook
from facetwise.coding.diagnoses import has_list, session_faults
from facetwise.coding.missing import needs_authorization
from facetwise.coding.sessions import BILLED_KINDS, SessionLevels, Treated, shared, sites_of
from facetwise.records import AblationMode, Kind, Planned, Purpose
from facetwise.rules import payer_name
from facetwise.spine import LEVELS, levels_in, refusal

_OTHER_INJECTIONS = {
    Kind.EPIDURAL_STEROID_INJECTION: "an epidural injection",
    Kind.SACROILIAC_JOINT_INJECTION: "a sacroiliac joint injection",
    Kind.TRIGGER_POINT_INJECTION: "a trigger point injection",
}
_THIRD_LEVEL = {
    Text.OF_2024: "third_level_from_2024",
    Text.OF_2021: "third_level_from_2021",
    Text.EITHER: "third_level_either",
    Text.OLDER: "third_level_before_2021",
}


def remarks(
    session: Sequence[Planned],
    levels: SessionLevels,
    lines: Sequence[Line],
    around: Circumstances,
    junction: bool,
    prior_authorization: bool | None,
) -> Iterator[Remark]:
    """Every remark on a session, those of the levels first."""
    yield from _of_the_codes(session, levels)
    if around.medicare:
        yield from _of_the_count(lines, around, junction)
        yield from _of_the_junction(levels, around, junction)
        yield from _of_the_technique(session, levels)
        yield from _of_the_day(session)
        yield from _of_the_place(lines, around, prior_authorization)
        yield from _of_the_diagnoses(session, around)
    else:
        yield Remark(f"Payer: {payer_name(around.payer)}", cite("other_payers_not_read"))
        yield from _remark("Ablated without heat", levels.ablated_without_heat, "non_thermal_is_unlisted")


def _remark(what: str, levels: Sequence[str | Treated], rule: str) -> Iterator[Remark]:
    """A remark on levels, where there are any."""
    if levels:
        named = ", ".join(one if isinstance(one, str) else one.level for one in levels)
        yield Remark(f"{what}: {named}", cite(rule))


def _of_the_codes(session: Sequence[Planned], levels: SessionLevels) -> Iterator[Remark]:
    facet = [one for one in session if one.kind in BILLED_KINDS]
    if len(facet) > 1:
        yield Remark(f"{len(facet)} facet procedures on {facet[0].date}", cite("one_day_is_one_session"))
    joints = sites_of(one for one in facet if one.kind is Kind.FACET_JOINT_INJECTION)
    blocks = sites_of(one for one in facet if one.kind is Kind.MEDIAL_BRANCH_BLOCK)
    yield from _remark("Injected and blocked", levels_in(shared(joints, blocks).levels), "joint_and_block_are_one_unit")
    without_nerves = [level for level in levels.named if refusal(level)]
    yield from _remark("Joint above C2-3", without_nerves, "above_c2_3")
    yield from _remark("Injected without fluoroscopy or CT", levels.injected_unguided, "no_code_without_guidance")
    yield from _remark("Injected under ultrasound", levels.injected_under_ultrasound, "ultrasound_codes")
    yield from _remark("Injected and ablated", levels.swallowed, "injection_at_the_ablated_joint")
    says = "Injected, perhaps at the ablated joint; the side is not documented"
    yield from _remark(says, levels.may_be_swallowed, "injection_at_the_ablated_joint")


def _of_the_count(lines: Sequence[Line], around: Circumstances, junction: bool) -> Iterator[Remark]:
    most = codebook().rules.counting.most_levels
    regions: list[Family | None] = [None] if junction else list(Family)
    for service in (Service.INJECTION, Service.ABLATION, Service.ULTRASOUND_INJECTION):
        for family in regions:
            counted = _levels_of(lines, service, family)
            if len(counted) > most:
                named = ", ".join(counted)
                yield Remark(f"{len(counted)} levels of one region: {named}", cite(_THIRD_LEVEL[around.text]))
    for family in regions:
        together = {level for service in Service for level in _levels_of(lines, service, family)}
        apart = max((len(_levels_of(lines, service, family)) for service in Service), default=0)
        if len(together) > most >= apart:
            named = ", ".join(level for level in LEVELS if level in together)
            yield Remark(f"All procedures of the day together: {named}", cite("two_levels_a_session"))
    yield from _sides_of_further_levels(lines)


def _levels_of(lines: Sequence[Line], service: Service, family: Family | None) -> list[str]:
    """The levels of the lines of a service, in one family of codes or in all."""
    book = codebook()
    named = {
        level
        for line in lines
        for level in line.levels
        if book.codes[line.code].service is service
        and (family is None or book.codes[line.code].family is family)
        and not (line.refused_by and line.refused_by.rule == "injection_at_the_ablated_joint")
    }
    return [level for level in LEVELS if level in named]


def _sides_of_further_levels(lines: Sequence[Line]) -> Iterator[Remark]:
    for line in lines:
        if len(line.levels) > 1 and line.sides == "not documented":
            yield Remark(f"{line.code}: {', '.join(line.levels)}", cite("sides_of_further_levels"))


def _of_the_junction(levels: SessionLevels, around: Circumstances, junction: bool) -> Iterator[Remark]:
    treated = levels.named
    upper, lower = codebook().rules.junction.levels
    lumbar = [level for level in treated if codebook().family_of(level) is Family.LUMBAR_SACRAL]
    if junction and (rule := junction_rule(around)):
        yield Remark(f"{upper} with {lower}", cite(rule))
    elif upper in treated and lower in treated:
        yield Remark(f"{upper} with {lower}", cite("junction_not_read"))
    elif upper in treated and lumbar:
        yield Remark(f"{upper} with {', '.join(lumbar)}", cite("thoracolumbar_not_contiguous"))
    elif upper in treated:
        yield Remark(upper, cite("thoracolumbar_alone"))
        counted = around.rule_of_contractor(codebook().rules.junction.counts_as_lumbar)
        yield Remark(upper, cite(counted or "thoracolumbar_region_not_read"))
    if lumbar and lumbar != treated and not junction:
        yield Remark("Levels of two regions in one session", cite("one_region_a_session"))


def _of_the_technique(session: Sequence[Planned], levels: SessionLevels) -> Iterator[Remark]:
    yield from _remark("Ablated without fluoroscopy or CT", levels.ablated_unguided, "guidance_by_fluoroscopy_or_ct")
    ultrasound = levels.injected_under_ultrasound
    yield from _remark("Injected under ultrasound", ultrasound, "guidance_by_fluoroscopy_or_ct")
    yield from _remark("Injected without them", levels.injected_unguided, "guidance_by_fluoroscopy_or_ct")
    yield from _remark("Ablated without heat", levels.ablated_without_heat, "non_thermal_is_not_covered")
    ablations = [one for one in session if one.kind is Kind.RADIOFREQUENCY_ABLATION]
    for mode, rule in (
        (AblationMode.COOLED, "cooled_not_read"),
        (AblationMode.ENDOSCOPIC, "endoscopic_is_unlisted"),
    ):
        if any(one.ablation_mode is mode for one in ablations):
            yield Remark(f"Ablation mode: {mode}", cite(rule))
    floor = codebook().rules.counting.lesion_floor_celsius
    for celsius in sorted({one.temperature_c for one in ablations if one.temperature_c is not None}):
        if celsius < floor:
            yield Remark(f"Lesion at {celsius:g} °C", cite("lesion_below_80_degrees"))
    if any(one.kind is Kind.FACET_CYST_RUPTURE for one in session):
        yield Remark("Rupture of a facet cyst", cite("cyst_rupture_has_no_line"))


def _of_the_day(session: Sequence[Planned]) -> Iterator[Remark]:
    others = sorted({_OTHER_INJECTIONS[one.kind] for one in session if one.kind in _OTHER_INJECTIONS})
    if others and any(one.kind in BILLED_KINDS for one in session):
        yield Remark(f"On the same day: {', '.join(others)}", cite("other_blocks_need_a_reason"))
        if any(one.kind is Kind.SACROILIAC_JOINT_INJECTION for one in session):
            yield Remark("On the same day: a sacroiliac joint injection", cite("sacroiliac_is_bundled"))
        if any(one.kind in (Kind.EPIDURAL_STEROID_INJECTION, Kind.TRIGGER_POINT_INJECTION) for one in session):
            yield Remark("On the same day: another injection", cite("other_injections_need_another_site"))
    injections = [one for one in session if one.kind in (Kind.FACET_JOINT_INJECTION, Kind.MEDIAL_BRANCH_BLOCK)]
    by_purpose = [sites_of(one for one in injections if one.purpose is purpose).levels for purpose in Purpose]
    yield from _remark("For diagnosis and treatment", levels_in(by_purpose[0] & by_purpose[1]), "purposes_differ")


def _of_the_place(lines: Sequence[Line], around: Circumstances, prior_authorization: bool | None) -> Iterator[Remark]:
    codes = needs_authorization(around, lines)
    if codes and prior_authorization is not True:
        said = "was not given" if prior_authorization is False else "is not documented"
        rule = cite("prior_authorization_in_hospital_outpatient")
        yield Remark(f"Prior authorization of {', '.join(codes)} {said}", rule)
    uncertain = set(codes) & set(codebook().rules.prior_authorization.dropped)
    if uncertain and around.day >= codebook().rules.prior_authorization.dropped_from:
        yield Remark(f"{', '.join(sorted(uncertain))} may be off the list", cite("third_level_left_the_list"))


def _of_the_diagnoses(session: Sequence[Planned], around: Circumstances) -> Iterator[Remark]:
    yield from (Remark(fault.says, cite(fault.rule)) for fault in session_faults(session, around))
    if not has_list(around):
        contractor = str(around.contractor).replace("_", " ") if around.contractor else "contractor not documented"
        yield Remark(f"Diagnosis list not available: {contractor}", cite("diagnosis_list_not_available"))
