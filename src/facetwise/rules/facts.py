"""Facts of a request: the record, as it stood, turned into the values that the field catalogue declares.

Everything that no rule may do is done here once: dates become whole days and months, diaries become responses, sites
become relations. `None` is *not documented*, and an `Interval` a number known only within bounds.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from facetwise.records import (
    Complaint,
    Condition,
    Conditions,
    Goals,
    Interval,
    Movement,
    Pattern,
    Record,
    Request,
    Severity,
    complete_months,
)
from facetwise.rules.care import care_facts
from facetwise.rules.expressions import Value
from facetwise.rules.truth import Truth, disjunction
from facetwise.spine import Region, SiteSet, levels_in, region_of

T = TypeVar("T")

RED_FLAGS = ("fracture", "tumour", "infection", "cauda_equina", "inflammatory_disease")
"""Signs of a serious cause. Source: NICE NG59 1.1.1 and the dossier, section 2.4."""


def red_flags_in(conditions: Conditions) -> tuple[str, ...]:
    """The signs of a serious cause that are documented to be there."""
    return tuple(name for name in RED_FLAGS if (flag := getattr(conditions, name)) and flag.present)


def request_facts(record: Record, request: Request) -> dict[str, Value]:
    """Every request field of the catalogue, except those that depend on a policy's regions."""
    return {
        **_patient(record, request.date),
        **_complaint(record.complaint, request.date),
        **care_facts(record.conservative_care, request.date),
        **_findings(record),
        **_conditions(record, request),
        **_goals(record, request),
        **_request(request),
    }


def _patient(record: Record, on: datetime.date) -> dict[str, Value]:
    born = record.patient.birth_year
    return {"age_years": None if born is None else on.year - born}


def _complaint(complaint: Complaint, on: datetime.date) -> dict[str, Value]:
    axial = {Pattern.AXIAL: True, Pattern.PREDOMINANTLY_AXIAL: True}
    moves = complaint.aggravated_by
    loading = None if moves is None else (Movement.EXTENSION in moves or Movement.ROTATION in moves)
    severity = complaint.severity
    return {
        "pain_region": complaint.region,
        "joints_suspected": True if complaint.sites else None,
        "pain_months": complete_months(complaint.onset, on) if complaint.onset else None,
        "pain_axial": axial.get(complaint.pattern, False) if complaint.pattern else None,
        "pain_moderate_to_severe": None if severity is None else severity is not Severity.MILD,
        "pain_severity": severity,
        "function_limited": complaint.limits_function,
        "worse_on_loading": loading,
        "pain_score": _latest_score(complaint),
        "pain_measured": _any(complaint.pain, lambda pain: pain.score is not None or pain.low is not None),
        "disability_measured": None if complaint.function is None else bool(complaint.function),
    }


def _latest_score(complaint: Complaint) -> Value:
    """The last dated score; a range stays an interval, and several scores of one day are one."""
    dated = [pain for pain in complaint.pain or () if pain.date is not None]
    if not dated:
        return None
    last = max(pain.date for pain in dated if pain.date)
    lows = [low for pain in dated if pain.date == last and (low := _first(pain.score, pain.low)) is not None]
    highs = [high for pain in dated if pain.date == last and (high := _first(pain.score, pain.high)) is not None]
    if not lows or not highs:
        return None
    return lows[0] if min(lows) == max(highs) else Interval(min(lows), max(highs))


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _findings(record: Record) -> dict[str, Value]:
    examinations, imaging = record.examinations, record.imaging
    tests = [exam.sacroiliac_tests_positive for exam in examinations or ()]
    positive = [count for count in tests if count is not None]
    return {
        "paraspinal_tenderness": _any(examinations, lambda exam: exam.paraspinal_tenderness),
        "pain_on_extension_rotation": _any(examinations, lambda exam: exam.pain_on_extension_rotation),
        "neurological_deficit": _any(examinations, lambda exam: exam.neurological_deficit),
        "sacroiliac_tests_positive": max(positive) if positive else None,
        "facet_inflammation_on_imaging": _any(imaging, lambda image: image.facet_inflammation),
        "facet_degeneration_on_imaging": _any(imaging, lambda image: image.facet_degeneration),
        "endplate_changes_on_imaging": _any(imaging, lambda image: image.vertebral_endplate_changes),
        "cyst_compresses_nerve": _any(imaging, lambda image: image.facet_cyst_compressing_nerve),
    }


def _any(parts: Iterable[T] | None, finding: Callable[[T], bool | None]) -> Truth:
    """True if any part shows it, False if one denies it and none shows it, None if none speaks of it."""
    if parts is None:
        return None
    answers = [answer for part in parts if (answer := finding(part)) is not None]
    return any(answers) if answers else None


def _conditions(record: Record, request: Request) -> dict[str, Value]:
    conditions = record.conditions
    present = {name: _present(getattr(conditions, name)) for name in conditions.__struct_fields__}
    if present["pregnancy"] is None and record.patient.sex == "male":
        present["pregnancy"] = False
    return {
        **{name: present[name] for name in _CONDITIONS_BY_NAME},
        "red_flag": disjunction(present[name] for name in RED_FLAGS),
        "radiculopathy_from_facet_cyst": present["facet_cyst"],
        "other_cause_of_pain": _other_cause(present, _any(record.imaging, lambda image: image.other_cause_of_pain)),
        "fused_at_request": _fused(conditions.fusion, request),
    }


_CONDITIONS_BY_NAME = (
    "infection",
    "untreated_radiculopathy",
    "neurogenic_claudication",
    "generalised_pain",
    "anterior_lumbar_fusion",
    "anticoagulant",
    "bleeding_disorder",
    "pregnancy",
    "local_anaesthetic_allergy",
    "contrast_allergy",
    "implanted_device",
    "uncontrolled_diabetes",
)


def _other_cause(present: Mapping[str, Truth], on_imaging: Truth) -> Truth:
    """A named cause counts by itself; otherwise the clinician's or the radiologist's overall word decides."""
    named = disjunction(present[name] for name in ("fracture", "tumour", "infection", "significant_deformity"))
    overall = [answer for answer in (present["other_cause_of_pain"], on_imaging) if answer is not None]
    if named or any(overall):
        return True
    return False if overall else named


def _present(condition: Condition | None) -> Truth:
    return None if condition is None else condition.present


def _fused(fusion: Condition | None, request: Request) -> Truth:
    """Whether a requested level is fused; a fusion without levels leaves it open."""
    if fusion is None:
        return None
    if not fusion.present:
        return False
    if fusion.sites is None or request.sites is None:
        return None
    return bool(fusion.sites.levels & request.sites.levels)


def _goals(record: Record, request: Request) -> dict[str, Value]:
    goals: Goals = record.goals
    reason = request.ablation_not_possible_because or goals.ablation_not_possible_because
    return {
        "goal": goals.wanted,
        "ablation_intended": goals.ablation_intended,
        "ablation_not_possible": _documented(reason),
        "earlier_procedures_known": True if record.procedures is not None else None,
    }


def _request(request: Request) -> dict[str, Value]:
    return {
        "kind": request.kind,
        "purpose": request.purpose,
        "guidance": request.guidance,
        "sedation": request.sedation,
        "sedation_justified": _documented(request.sedation_because),
        "ablation_mode": request.ablation_mode,
        "temperature_c": request.temperature_c,
        "with_steroid": request.with_steroid,
        "lesion_seconds": request.lesion_seconds,
        "with_other_agent": request.with_other_agent,
        "place": request.place,
        "prior_authorization": request.prior_authorization,
        **site_facts(request.sites),
        "early_block_reason_documented": _documented(request.early_because),
        "joint_injection_reason_documented": _documented(request.joint_injection_because),
        "source_in_doubt": request.source_in_doubt,
    }


def site_facts(sites: SiteSet | None) -> dict[str, Value]:
    """What can be said of the joints without any policy's regions."""
    if sites is None:
        return dict.fromkeys(
            (
                "levels",
                "cervical_requested",
                "thoracic_requested",
                "lumbar_requested",
                "levels_contiguous",
                "bilateral",
            )
        )
    regions = {region_of(level) for level in levels_in(sites.levels)}
    span = sites.levels.bit_length() - (sites.levels & -sites.levels).bit_length() + 1
    return {
        "levels": sites.levels.bit_count(),
        "cervical_requested": Region.CERVICAL in regions,
        "thoracic_requested": Region.THORACIC in regions,
        "lumbar_requested": Region.LUMBAR in regions,
        "levels_contiguous": span == sites.levels.bit_count(),
        "bilateral": True if sites.left & sites.right else (None if sites.unsided else False),
    }


def _documented(reason: str | None) -> Truth:
    """A reason that was given is a fact; one that was not may still be given. An empty text says there is none."""
    return None if reason is None else bool(reason.strip())
