"""Lines and units beyond what is documented, with the likeliest reason: the nerve, the side, or the third level."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from facetwise.coding.answers import Line
from facetwise.coding.claim_errors import ClaimError, ErrorKind, rules_named
from facetwise.coding.claim_lines import ClaimLine
from facetwise.coding.codebook import Code, Service, codebook
from facetwise.coding.matching import BESIDE_OTHERS, Compared
from facetwise.coding.sessions import sites_of
from facetwise.records import Kind, Planned
from facetwise.spine import LEVELS, nerves_of_level, refusal


def excess(line: ClaimLine, count: int, compared: Compared, expected: tuple[Line, ...] = ()) -> ClaimError:
    """`count` levels too many on a billed line: the whole line, or units beyond those of `expected`."""
    kind, what, rules, weight = _reason(line, count, compared, units_only=bool(expected))
    return ClaimError(
        claim=line.claim,
        line=line.line,
        kind=kind,
        what=f"{line}: {what}",
        rules=rules_named(*rules),
        expected=expected,
        weight=weight,
    )


class _Reason(NamedTuple):
    kind: ErrorKind
    what: str
    rules: tuple[str, ...]
    weight: Literal["error", "warning"] = "error"


def _reason(line: ClaimLine, count: int, compared: Compared, *, units_only: bool) -> _Reason:
    """The likeliest reason; the first that holds."""
    code = codebook().codes[line.code]
    levels = _documented(compared, code.service)
    documented = f"documented is {', '.join(levels)}" if levels else "nothing of it is documented"
    if not compared.answer.complete:
        what = "cannot be checked, for the joints of a procedure are not documented"
        return _Reason(ErrorKind.NOT_CHECKED, what, ("nothing_documented",), "warning")
    if rule := _refused_beside_others(line, compared):
        kind = ErrorKind.THIRD_LEVEL if rule.startswith("third_level") else ErrorKind.NOT_PAYABLE
        return _Reason(kind, f"not paid; {documented}", (rule,))
    if reason := _without_a_line(code.service, compared):
        return reason
    one_unit = units_only and (code.once_a_day or "50" in line.modifiers)
    if levels and not one_unit and (reason := _counted_otherwise(line, count, levels, compared)):
        return reason
    if units_only:
        rule = _unit_rule(code, line)
        return _Reason(ErrorKind.WRONG_UNITS, f"{count} too many; {documented}", (rule,))
    return _Reason(ErrorKind.EXTRA_LINE, documented, ("nothing_documented",))


def _without_a_line(service: Service, compared: Compared) -> _Reason | None:
    """What was done and has no code of its own."""
    told = {remark.rule.rule for remark in compared.answer.warnings}
    if service is Service.INJECTION and "no_code_without_guidance" in told:
        rules = ("no_code_without_guidance", "guidance_by_fluoroscopy_or_ct")
        return _Reason(ErrorKind.EXTRA_LINE, "the record documents neither fluoroscopy nor CT", rules)
    cyst = any(one.kind is Kind.FACET_CYST_RUPTURE for one in compared.session)
    if service is Service.UNLISTED and cyst:
        what = "documented is the rupture of a facet cyst"
        return _Reason(ErrorKind.EXTRA_LINE, what, ("cyst_rupture_has_no_line",), "warning")
    return None


def _counted_otherwise(line: ClaimLine, count: int, levels: list[str], compared: Compared) -> _Reason | None:
    """Sides, procedures or nerves that were counted instead of joints."""
    service = codebook().codes[line.code].service
    if service not in (Service.INJECTION, Service.ABLATION):
        return None
    documented = f"documented is {', '.join(levels)}"
    if _counts_sides(line, compared):
        rules: tuple[str, ...] = ("both_sides_are_one_level",)
        return _Reason(ErrorKind.SIDES_AS_LEVELS, f"the other side is no level of its own; {documented}", rules)
    if service is Service.INJECTION and _joint_and_block(compared.session):
        rules = ("joint_and_block_are_one_unit",)
        return _Reason(ErrorKind.ONE_JOINT_TWICE, f"injection and block of one joint; {documented}", rules)
    nerves = _nerves(levels)
    if len(nerves) >= len(levels) + count:
        rules = ("joints_not_nerves", "neighbouring_nerves", "level_is_joint_or_its_nerves")
        return _Reason(ErrorKind.NERVES_AS_LEVELS, f"{len(nerves)} nerves, {', '.join(nerves)}; {documented}", rules)
    return None


def _unit_rule(code: Code, line: ClaimLine) -> str:
    if code.once_a_day:
        return "further_levels_once_a_day"
    per_joint = code.service is Service.ABLATION and "50" not in line.modifiers
    return "ablation_is_counted_by_joint" if per_joint else "both_sides_on_one_line"


def _documented(compared: Compared, service: Service) -> list[str]:
    named = {level for line in compared.done if codebook().codes[line.code].service is service for level in line.levels}
    return [level for level in LEVELS if level in named]


def _refused_beside_others(line: ClaimLine, compared: Compared) -> str | None:
    """The rule why a level of this code is not paid, where the session has one more than is covered."""
    for refused in compared.answer.not_payable:
        if refused.code == line.code and refused.refused_by and refused.refused_by.rule in BESIDE_OTHERS:
            return refused.refused_by.rule
    return None


def _counts_sides(line: ClaimLine, compared: Compared) -> bool:
    """Whether a level treated on both sides was billed as one level for each side."""
    both = any("50" in one.modifiers for one in compared.done)
    billed = [one for pair in compared.matching.pairs for one in pair.billed]
    halves = {side for one in (*billed, line) for side in one.modifiers if side in ("LT", "RT")}
    return both and len(halves) > 1 and not any("50" in one.modifiers for one in (*billed, line))


def _joint_and_block(session: Sequence[Planned]) -> bool:
    joints = sites_of(one for one in session if one.kind is Kind.FACET_JOINT_INJECTION)
    blocks = sites_of(one for one in session if one.kind is Kind.MEDIAL_BRANCH_BLOCK)
    return joints.overlaps(blocks) is not False


def _nerves(levels: Sequence[str]) -> list[str]:
    """The nerves that supply these levels on one side."""
    supplied = [level for level in levels if not refusal(level)]
    return list(dict.fromkeys(nerve.short for level in supplied for nerve in nerves_of_level(level)))
