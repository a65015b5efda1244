"""What billing and diagnosis codes say of a procedure, and what they leave open: `vocabulary/codes.yaml`."""

from functools import cache
from typing import Literal

import msgspec

from facetwise.audit.reading.vocabulary import Part, vocabulary
from facetwise.coding.codebook import Family, Position, Service, codebook
from facetwise.documents import DocumentError, Problem, did_you_mean
from facetwise.evidence import Certainty
from facetwise.fhir.codes import (
    COMPLAINT_CODES,
    CPT_KINDS,
    CPT_MODERATE_SEDATION,
    ICD_CONDITIONS,
    JOINT_OR_NERVE,
    SNOMED_CONDITIONS,
    longest_prefix,
)
from facetwise.records import Guidance, Kind

JOINT_OR_NERVES = frozenset({Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION})
"""What an injection code may mean."""

Use = Literal["procedure", "sedation", "left out"]


class Chosen(Part, frozen=True, kw_only=True):
    """A choice that this mapping makes where a code is silent, with its reason."""

    value: str
    says: str
    because: str
    certainty: Certainty


class ServiceMeaning(Part, frozen=True, kw_only=True):
    """What a service of the codebook is: a kind, one of two kinds, or nothing that is read."""

    kind: Kind | None = None
    joint_or_nerve: bool = False
    guidance: Guidance | None = None
    left_out: str = ""


class CodesMeaning(Part, frozen=True, kw_only=True):
    """`vocabulary/codes.yaml` as it is written."""

    conventions: dict[str, Chosen]
    services: dict[Service, ServiceMeaning]
    conditions: dict[str, tuple[str, ...]]


class CodeMeaning(msgspec.Struct, frozen=True, kw_only=True):
    """One procedure code. `kind` is None where it may be the joint or its nerves, and for what is no procedure."""

    code: str
    use: Use
    kind: Kind | None = None
    family: Family | None = None
    position: Position | None = None
    guidance: Guidance | None = None
    why: str = ""


@cache
def meanings() -> CodesMeaning:
    """The file, typed. Raises `DocumentError` where it was damaged."""
    return vocabulary("codes.yaml", CodesMeaning)


@cache
def procedure_codes() -> dict[str, CodeMeaning]:
    """Every procedure code that something is known of."""
    codes = {*codebook().codes, *CPT_KINDS, *CPT_MODERATE_SEDATION, *JOINT_OR_NERVE}
    return {code: _meaning(code) for code in sorted(codes)}


def _meaning(code: str) -> CodeMeaning:
    if code in CPT_MODERATE_SEDATION:
        return CodeMeaning(code=code, use="sedation")
    written = codebook().codes.get(code)
    if written is None:
        return CodeMeaning(code=code, use="procedure", kind=CPT_KINDS.get(code))
    service = meanings().services[written.service]
    if service.left_out:
        return CodeMeaning(code=code, use="left out", why=service.left_out)
    return CodeMeaning(
        code=code,
        use="procedure",
        kind=None if service.joint_or_nerve else CPT_KINDS.get(code, service.kind),
        family=written.family,
        position=written.position,
        guidance=service.guidance,
    )


def kinds_of_code(code: str) -> frozenset[Kind]:
    """What a code may mean; nothing for one that is not known or no procedure."""
    meaning = procedure_codes().get(code.strip().upper())
    if meaning is None or meaning.use != "procedure":
        return frozenset()
    return JOINT_OR_NERVES if meaning.kind is None else frozenset({meaning.kind})


def require_injection_kind(said: Kind | None) -> Kind:
    """What an injection code is taken for: what somebody says, or else the convention. Raises `DocumentError`."""
    kind = said or Kind(meanings().conventions["injection_kind"].value)
    if kind not in JOINT_OR_NERVES:
        remedy = did_you_mean(kind, sorted(JOINT_OR_NERVES))
        raise DocumentError([Problem("injections_are", f"An injection code cannot mean {kind}", remedy)])
    return kind


def facts_of_diagnosis(code: str) -> tuple[str, ...]:
    """The facts that a diagnosis code makes true, by the names of their columns."""
    found = longest_prefix(ICD_CONDITIONS, code)
    name = SNOMED_CONDITIONS.get(code) or (found[1] if found else "")
    return meanings().conditions.get(name, ())


def region_of_diagnosis(code: str) -> str | None:
    """The region of the pain that a diagnosis code names."""
    found = longest_prefix(COMPLAINT_CODES, code)
    return str(found[1]) if found and found[1] else None


def diagnosis_facts() -> tuple[str, ...]:
    """Every fact that some diagnosis code makes true."""
    return tuple(sorted({fact for facts in meanings().conditions.values() for fact in facts}))
