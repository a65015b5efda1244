"""The record itself: patient, complaint, care so far, findings, conditions, goals and procedures.

In every part a missing field means *not documented*. `false`, `[]` and 0 are facts that somebody wrote down.
"""

import datetime
from typing import Annotated, Literal

from msgspec import Meta

from facetwise.records.procedures import PainScore, Part, Percent, Procedure
from facetwise.records.words import (
    CareKind,
    CareOutcome,
    Contractor,
    Goal,
    Modality,
    Movement,
    Pattern,
    Scale,
    Severity,
)
from facetwise.spine import Region, SiteSet


class Patient(Part, frozen=True, kw_only=True):
    """Who this is about, without saying who: a pseudonym, a birth year, a sex."""

    id: Annotated[str, Meta(min_length=1)]
    birth_year: Annotated[int, Meta(ge=1890, le=2200)] | None = None
    sex: Literal["female", "male", "other"] | None = None


class Coverage(Part, frozen=True, kw_only=True):
    """Who pays. `payer` is the name a policy gives itself, such as `medicare` or `aetna`.

    Medicare's rules depend on the contractor, which is documented itself or follows from the state in which the
    procedure is done.
    """

    payer: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")] | None = None
    contractor: Contractor | None = None
    state: Annotated[str, Meta(pattern="^[A-Z]{2}$")] | None = None


class FunctionScore(Part, frozen=True, kw_only=True):
    """A disability score as printed by its scale."""

    date: datetime.date
    scale: Scale
    score: float


class Complaint(Part, frozen=True, kw_only=True):
    """This episode of pain: where, since when, what it is like. `sites` are the joints under suspicion."""

    region: Region | None = None
    sites: SiteSet | None = None
    onset: datetime.date | None = None
    pattern: Pattern | None = None
    severity: Severity | None = None
    limits_function: bool | None = None
    aggravated_by: tuple[Movement, ...] | None = None
    pain: tuple[PainScore, ...] | None = None
    function: tuple[FunctionScore, ...] | None = None


class ConservativeCare(Part, frozen=True, kw_only=True):
    """One course of conservative care, or why it was not possible."""

    kind: CareKind
    start: datetime.date | None = None
    end: datetime.date | None = None
    outcome: CareOutcome | None = None
    not_possible_because: str | None = None


class Examination(Part, frozen=True, kw_only=True):
    """What was found on examination. Sacroiliac tests count positive ones of the six provocation tests."""

    date: datetime.date | None = None
    paraspinal_tenderness: bool | None = None
    pain_on_extension_rotation: bool | None = None
    neurological_deficit: bool | None = None
    sacroiliac_tests_positive: Annotated[int, Meta(ge=0, le=6)] | None = None


class Imaging(Part, frozen=True, kw_only=True):
    """What an image showed, as the report says."""

    date: datetime.date | None = None
    modality: Modality
    facet_degeneration: bool | None = None
    facet_inflammation: bool | None = None
    facet_cyst_compressing_nerve: bool | None = None
    vertebral_endplate_changes: bool | None = None
    other_cause_of_pain: bool | None = None


class Condition(Part, frozen=True, kw_only=True):
    """Whether a condition is there, as somebody assessed it on a date. `sites` where it has levels."""

    present: bool
    on: datetime.date | None = None
    sites: SiteSet | None = None
    note: str | None = None


class Conditions(Part, frozen=True, kw_only=True):
    """Red flags, exclusions and contraindications. A missing one was not assessed; it is not absent."""

    fracture: Condition | None = None
    tumour: Condition | None = None
    infection: Condition | None = None
    cauda_equina: Condition | None = None
    inflammatory_disease: Condition | None = None
    untreated_radiculopathy: Condition | None = None
    neurogenic_claudication: Condition | None = None
    significant_deformity: Condition | None = None
    other_cause_of_pain: Condition | None = None
    generalised_pain: Condition | None = None
    facet_cyst: Condition | None = None
    fusion: Condition | None = None
    anterior_lumbar_fusion: Condition | None = None
    anticoagulant: Condition | None = None
    bleeding_disorder: Condition | None = None
    pregnancy: Condition | None = None
    local_anaesthetic_allergy: Condition | None = None
    contrast_allergy: Condition | None = None
    implanted_device: Condition | None = None
    uncontrolled_diabetes: Condition | None = None
    severe_depression: Condition | None = None


class Goals(Part, frozen=True, kw_only=True):
    """What the patient and the clinician want from the next procedure."""

    wanted: Goal | None = None
    ablation_intended: bool | None = None
    ablation_not_possible_because: str | None = None


class Record(Part, frozen=True, kw_only=True, tag_field="format", tag="facetwise-record/1"):
    """One patient's record. `procedures: []` says that there were none; a missing list says nothing."""

    patient: Patient
    coverage: Coverage = Coverage()
    complaint: Complaint = Complaint()
    conservative_care: tuple[ConservativeCare, ...] | None = None
    examinations: tuple[Examination, ...] | None = None
    imaging: tuple[Imaging, ...] | None = None
    conditions: Conditions = Conditions()
    goals: Goals = Goals()
    procedures: tuple[Procedure, ...] | None = None
    story: str | None = None


__all__ = [
    "Complaint",
    "Condition",
    "Conditions",
    "ConservativeCare",
    "Coverage",
    "Examination",
    "FunctionScore",
    "Goals",
    "Imaging",
    "PainScore",
    "Patient",
    "Percent",
    "Record",
]
