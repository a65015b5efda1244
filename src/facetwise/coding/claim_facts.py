"""What is wrong with a claim beside its codes: date, place, guidance, diagnoses, pairs, units, authorization."""

from collections.abc import Iterator, Sequence
from typing import Literal

from facetwise.coding.circumstances import Circumstances
from facetwise.coding.claim_errors import ClaimError, ErrorKind, rules_named
from facetwise.coding.claim_lines import ClaimLine
from facetwise.coding.codebook import Service, codebook
from facetwise.coding.diagnoses import DiagnosisFault, diagnosis_faults, levels_without_diagnosis
from facetwise.coding.edits import Edits, pair_faults, unit_faults
from facetwise.coding.matching import Compared
from facetwise.coding.missing import codes_to_affirm
from facetwise.coding.sessions import BILLED_KINDS
from facetwise.records import Planned
from facetwise.spine import LEVELS

_WEIGHT: dict[bool, Literal["error", "warning"]] = {True: "error", False: "warning"}


def fact_errors(compared: Compared, edits: Edits, prior_authorization: bool | None) -> Iterator[ClaimError]:
    """Every such error of one claim."""
    around = compared.around
    yield from _dates(compared.facet, around)
    yield from _places(compared.facet, compared.session)
    yield from _guidance(compared.lines, compared.facet)
    yield from _diagnoses(compared)
    yield from _pairs(compared, edits)
    for fault in unit_faults(compared.lines, around.day, edits, around.place):
        yield _error(fault.lines, ErrorKind.UNITS_A_DAY, fault.says, *fault.rules)
    yield from _authorization(compared.facet, around, prior_authorization)


def _error(
    lines: Sequence[ClaimLine],
    kind: ErrorKind,
    what: str,
    *rules: str,
    weight: Literal["error", "warning"] = "error",
) -> ClaimError:
    """One error for one or several lines."""
    return ClaimError(
        claim=lines[0].claim,
        line=lines[0].line,
        also=tuple(line.line for line in lines[1:]),
        kind=kind,
        what=what,
        rules=rules_named(*rules),
        weight=weight,
    )


def _dates(facet: Sequence[ClaimLine], around: Circumstances) -> Iterator[ClaimError]:
    for date in sorted({line.date for line in facet if line.date != around.day}):
        what = f"Billed for {date}; the record documents the procedure on {around.day}"
        yield _error([line for line in facet if line.date == date], ErrorKind.WRONG_DATE, what, "nothing_documented")


def _places(facet: Sequence[ClaimLine], session: Sequence[Planned]) -> Iterator[ClaimError]:
    documented = {one.place for one in session if one.kind in BILLED_KINDS}
    if None in documented or len(documented) != 1:
        return
    (place,) = documented
    for billed in sorted({line.place for line in facet if line.place not in (None, place)}, key=str):
        what = f"Billed in {str(billed).replace('_', ' ')}; the record documents {str(place).replace('_', ' ')}"
        lines = [line for line in facet if line.place is billed]
        yield _error(lines, ErrorKind.WRONG_PLACE, what, "nothing_documented")


def _guidance(lines: Sequence[ClaimLine], facet: Sequence[ClaimLine]) -> Iterator[ClaimError]:
    for line in lines:
        code = codebook().codes.get(line.code)
        if facet and code is not None and code.service is Service.GUIDANCE:
            yield _error([line], ErrorKind.GUIDANCE_BILLED, f"{line} beside {facet[0].code}", "guidance_is_included")


def _diagnoses(compared: Compared) -> Iterator[ClaimError]:
    facet, around = compared.facet, compared.around
    faults: dict[DiagnosisFault, list[ClaimLine]] = {}
    for line in facet:
        for code in line.diagnoses:
            for fault in diagnosis_faults(code, _levels_for(line, compared), around):
                faults.setdefault(fault, []).append(line)
    for fault, lines in faults.items():
        yield _error(lines, ErrorKind.DIAGNOSIS, fault.says, fault.rule, weight=_WEIGHT[fault.sure])
    billed = list(dict.fromkeys(code for line in facet for code in line.diagnoses))
    if not billed:
        return
    treated = {level for line in compared.done for level in line.levels}
    levels = [level for level in LEVELS if level in treated]
    if around.medicare and (unfitted := levels_without_diagnosis(billed, levels)):
        what = f"No diagnosis of the claim names the region of {', '.join(unfitted)}: {', '.join(billed)}"
        yield _error(facet, ErrorKind.DIAGNOSIS, what, "diagnosis_fits_the_level", weight="warning")
    documented = {one.diagnosis for one in compared.session if one.kind in BILLED_KINDS and one.diagnosis}
    if unbilled := sorted(documented - set(billed)):
        what = f"The record documents {', '.join(unbilled)}; the claim carries {', '.join(billed)}"
        yield _error(facet, ErrorKind.DIAGNOSIS, what, "nothing_documented", weight="warning")


def _levels_for(line: ClaimLine, compared: Compared) -> list[str]:
    """The levels a diagnosis of this line may name: those of its family; at the junction those of the whole session."""
    expected = next((pair.expected[0] for pair in compared.matching.pairs if line in pair.billed), None)
    if expected is None:
        return []
    codes = codebook().codes
    family = codes[expected.code].family
    lines = [one for one in compared.done if compared.answer.junction or codes[one.code].family is family]
    named = {level for one in lines for level in one.levels}
    return [level for level in LEVELS if level in named]


def _pairs(compared: Compared, edits: Edits) -> Iterator[ClaimError]:
    if not compared.facet:
        return
    for fault in pair_faults(compared.lines, compared.around.day, edits):
        yield _error(fault.lines, ErrorKind.EDIT_PAIR, fault.says, *fault.rules, weight=_WEIGHT[fault.sure])
    if compared.around.medicare and not any(one.kind == "pairs" for one in edits.files):
        yield from _pairs_without_edits(compared)


def _pairs_without_edits(compared: Compared) -> Iterator[ClaimError]:
    """The little that is known of pairs while no edits are loaded. It may have changed, so it only warns."""
    bundles = codebook().rules.bundles
    first = compared.facet[0].code
    injected = [line for line in compared.facet if codebook().codes[line.code].service is Service.INJECTION]
    for line in compared.lines:
        code = codebook().codes.get(line.code)
        separate = any(modifier in bundles.separate_site_modifiers for modifier in line.modifiers)
        if line.code == bundles.sacroiliac_code and injected and compared.around.day >= bundles.sacroiliac_from:
            what = f"{line} beside {injected[0].code}; no CMS edits of pairs are loaded"
            yield _error([line], ErrorKind.EDIT_PAIR, what, "sacroiliac_is_bundled", weight="warning")
        elif code is not None and code.service in (Service.TRANSFORAMINAL, Service.TRIGGER_POINT) and not separate:
            what = f"{line} beside {first} without modifier {' or '.join(bundles.separate_site_modifiers)}"
            yield _error([line], ErrorKind.EDIT_PAIR, what, "other_injections_need_another_site", weight="warning")


def _authorization(
    facet: Sequence[ClaimLine], around: Circumstances, prior_authorization: bool | None
) -> Iterator[ClaimError]:
    codes = codes_to_affirm(around, [line.code for line in facet])
    if not codes or prior_authorization is True:
        return
    said = "was not given" if prior_authorization is False else "is not documented"
    lines = [line for line in facet if line.code in codes]
    rule = "prior_authorization_in_hospital_outpatient"
    what = f"Prior authorization of {', '.join(codes)} {said}"
    yield _error(lines, ErrorKind.PRIOR_AUTHORIZATION, what, rule, weight="warning")
