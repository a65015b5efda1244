"""A diagnosis against the list of the billing article and against the levels that it is billed for."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from facetwise.coding.answers import CheckedDiagnosis
from facetwise.coding.circumstances import Circumstances
from facetwise.coding.codebook import DiagnosisRegion, codebook, levels_between
from facetwise.coding.diagnosis_lists import DiagnosisList, diagnosis_list
from facetwise.coding.sessions import BILLED_KINDS
from facetwise.records import Planned
from facetwise.spine import levels_in


class DiagnosisProblem(StrEnum):
    """What can be wrong with a diagnosis."""

    NOT_ON_LIST = "diagnosis not on the list"
    NOT_BILLABLE = "diagnosis not complete"
    WRONG_REGION = "diagnosis of another region"
    LEFT_OUT = "diagnosis left out of the list"
    FOR_A_CYST = "diagnosis for a cyst"


class DiagnosisFault(NamedTuple):
    """One thing wrong. `sure` is false where no list was read, or where somebody has to look."""

    problem: DiagnosisProblem
    says: str
    rule: str
    sure: bool


def checked_diagnoses(session: Sequence[Planned], around: Circumstances) -> tuple[CheckedDiagnosis, ...]:
    """Every documented diagnosis of the facet procedures, and whether it is on the list of the day."""
    listed = _list_for(around)
    codes = sorted({one.diagnosis for one in session if one.diagnosis and one.kind in BILLED_KINDS})
    article = f"{listed.article}, edition {listed.edition}" if listed else "list not available"
    return tuple(CheckedDiagnosis(code, None if listed is None else code in listed.codes, article) for code in codes)


def session_faults(session: Sequence[Planned], around: Circumstances) -> Iterator[DiagnosisFault]:
    """What is wrong with the documented diagnoses, each against the levels of its own procedure."""
    for one in session:
        if one.diagnosis and one.kind in BILLED_KINDS:
            yield from diagnosis_faults(one.diagnosis, levels_in(one.sites.levels) if one.sites else [], around)


def diagnosis_faults(code: str, levels: Sequence[str], around: Circumstances) -> Iterator[DiagnosisFault]:
    """What is wrong with one diagnosis billed for these levels. Without a list nothing is sure."""
    if not around.medicare:
        return
    listed = _list_for(around)
    sure = listed is not None
    if code in codebook().rules.diagnosis_parents:
        says = f"{code} lacks its last character, which names the region"
        yield DiagnosisFault(DiagnosisProblem.NOT_BILLABLE, says, "diagnosis_is_complete", sure)
        return
    region = diagnosis_region(code)
    if region is not None and levels and not set(levels) & set(levels_between(region.levels)):
        says = f"{code} is {region.name}; treated: {', '.join(levels)}"
        yield DiagnosisFault(DiagnosisProblem.WRONG_REGION, says, "diagnosis_fits_the_level", sure)
    if code.startswith(codebook().rules.diagnosis_elsewhere):
        yield DiagnosisFault(DiagnosisProblem.FOR_A_CYST, f"{code}, a cyst", "cyst_diagnosis_elsewhere", False)
    if listed is not None:
        yield from _list_faults(code, listed)


def _list_faults(code: str, listed: DiagnosisList) -> Iterator[DiagnosisFault]:
    left_out = next((wording for prefix, wording in listed.left_out.items() if code.startswith(prefix)), None)
    if left_out is not None:
        says = f"{code}, {left_out}, is left out of the list of {listed.article}"
        yield DiagnosisFault(DiagnosisProblem.LEFT_OUT, says, "diagnosis_left_out", True)
    elif code not in listed.codes:
        says = f"{code} is not on the list of {listed.article}, edition {listed.edition}"
        yield DiagnosisFault(DiagnosisProblem.NOT_ON_LIST, says, "diagnosis_on_the_list", True)
    elif listed.is_for_cyst(code):
        says = f"{code} is on the list of {listed.article} for a facet cyst. Is there one?"
        yield DiagnosisFault(DiagnosisProblem.FOR_A_CYST, says, "diagnosis_for_a_cyst", False)


def levels_without_diagnosis(codes: Iterable[str], levels: Sequence[str]) -> list[str]:
    """The levels that none of these diagnoses fits; none where no diagnosis names a region."""
    regions = [region for code in codes if (region := diagnosis_region(code)) is not None]
    fitted = {level for region in regions for level in levels_between(region.levels)}
    return [level for level in levels if regions and level not in fitted]


def diagnosis_region(code: str) -> DiagnosisRegion | None:
    """The region that a diagnosis of the facet joints names; None for any other."""
    rules = codebook().rules
    if code[:-1] not in rules.diagnosis_parents:
        return None
    return rules.diagnosis_regions.get(code[-1])


def has_list(around: Circumstances) -> bool:
    """Whether the contractor's list was read for the day."""
    return _list_for(around) is not None


def _list_for(around: Circumstances) -> DiagnosisList | None:
    return diagnosis_list(around.contractor, around.day) if around.medicare else None
