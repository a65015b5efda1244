"""What differs between billed and expected lines, in words, each with the rule that is broken."""

from collections.abc import Iterator

from msgspec.structs import replace

from facetwise.coding.answers import BillingAnswer, Line, Open
from facetwise.coding.circumstances import MEDICARE
from facetwise.coding.claim_errors import ClaimError, ErrorKind, rules_named
from facetwise.coding.codebook import Service, codebook
from facetwise.coding.excess import excess
from facetwise.coding.matching import BESIDE_OTHERS, Compared, Pair, side_modifiers

_KX_SERVICES = (Service.INJECTION, Service.ABLATION)


def differences(compared: Compared) -> Iterator[ClaimError]:
    """Every difference between the facet lines of one claim and those that its session would carry."""
    matching = compared.matching
    for pair in matching.agreed:
        yield from _units(pair, compared)
        yield from _kx(pair, compared.answer)
        yield from _refused(pair)
    for pair in matching.sides_differ:
        yield _sides(pair)
        yield from _units(pair, compared)
        yield from _kx(pair, compared.answer)
    for pair in matching.codes_differ:
        yield _code(pair)
    for line in matching.extra:
        yield excess(line, line.units, compared)
    for missing in matching.missing:
        yield _missing(missing, compared)


def _error(pair: Pair, kind: ErrorKind, what: str, *rules: str) -> ClaimError:
    first, *others = pair.billed
    return ClaimError(
        claim=first.claim,
        line=first.line,
        also=tuple(line.line for line in others),
        kind=kind,
        what=what,
        rules=rules_named(*rules),
        expected=pair.expected,
    )


def _units(pair: Pair, compared: Compared) -> Iterator[ClaimError]:
    expected = pair.expected[0]
    billed = sum(line.units for line in pair.billed)
    if len(pair.billed) > 1 and len({side_modifiers(line.modifiers) for line in pair.billed}) > 1:
        billed = max(line.units for line in pair.billed)  # both sides of the same levels
    if billed > expected.units:
        yield excess(pair.billed[-1], billed - expected.units, compared, pair.expected)
    elif billed < expected.units:
        what = f"{billed} billed, {expected.units} documented: {', '.join(expected.levels)}"
        yield _error(pair, ErrorKind.WRONG_UNITS, what, *_counting_rules(expected))


def _counting_rules(line: Line) -> tuple[str, ...]:
    if codebook().codes[line.code].service is Service.ABLATION:
        return "ablation_is_counted_by_joint", "joints_not_nerves"
    return "both_sides_on_one_line", "further_levels_once_a_day"


def _kx(pair: Pair, answer: BillingAnswer) -> Iterator[ClaimError]:
    expected = pair.expected[0]
    service = codebook().codes[expected.code].service
    if answer.payer != MEDICARE or service not in _KX_SERVICES or Open.PURPOSE in expected.open:
        return
    wanted = "KX" in expected.modifiers
    for line in pair.billed:
        single = Pair((line,), pair.expected)
        if wanted and "KX" not in line.modifiers:
            what = f"{line} is a diagnostic injection and lacks KX"
            rules = ("kx_on_diagnostic_lines", "without_kx_it_counts_as_therapeutic")
            yield _error(single, ErrorKind.MISSING_KX, what, *rules)
        elif not wanted and "KX" in line.modifiers and service is Service.ABLATION:
            yield _error(single, ErrorKind.EXTRA_KX, f"{line} is an ablation", "no_kx_on_ablation")
        elif not wanted and "KX" in line.modifiers:
            what = f"{line} is documented as a therapeutic injection"
            yield _error(single, ErrorKind.EXTRA_KX, what, "kx_on_diagnostic_lines")


def _refused(pair: Pair) -> Iterator[ClaimError]:
    """A line that is coded as documented and not paid. It is an error only where it should not be billed at all."""
    reason = pair.expected[0].refused_by
    if reason is None:
        return
    third = reason.rule == "third_level_from_2024"
    kind = ErrorKind.THIRD_LEVEL if third else ErrorKind.NOT_PAYABLE
    first, *others = pair.billed
    yield ClaimError(
        claim=first.claim,
        line=first.line,
        also=tuple(line.line for line in others),
        kind=kind,
        what=f"{first} stands for {', '.join(pair.expected[0].levels)}, which is not paid",
        rules=(reason,),
        weight="error" if reason.rule in BESIDE_OTHERS else "warning",
    )


def _sides(pair: Pair) -> ClaimError:
    billed, expected = pair.billed[0], pair.expected[0]
    sides = side_modifiers(billed.modifiers)
    treated = f"{', '.join(expected.levels)}: {expected.sides}"
    if len(pair.billed) > 1:
        what = f"{treated} sides, billed on {len(pair.billed)} lines"
        return _error(pair, ErrorKind.TWO_LINES, what, "both_sides_are_one_level", "both_sides_on_one_line")
    if len(pair.expected) > 1:
        what = f"{treated} sides, billed on one line"
        return _error(pair, ErrorKind.ONE_LINE, what, "two_lines_in_a_surgical_center")
    if "50" in expected.modifiers:
        what = f"{treated} sides, billed as {billed}"
        return _error(pair, ErrorKind.MISSING_50, what, "both_sides_are_one_level", "both_sides_on_one_line")
    if "50" in sides or len(sides) > 1:
        what = f"{treated}, billed for both sides"
        return _error(pair, ErrorKind.EXTRA_50, what, "nothing_documented", "both_sides_on_one_line")
    if sides:
        return _error(pair, ErrorKind.WRONG_SIDE, f"{treated}, billed as {billed}", "nothing_documented")
    found = _error(pair, ErrorKind.MISSING_SIDE, f"{treated}, billed without a side", "side_on_one_sided_lines")
    return replace(found, weight="warning")


def _code(pair: Pair) -> ClaimError:
    billed, expected = pair.billed[0], pair.expected[0]
    codes = codebook().codes
    one, other = codes[billed.code], codes[expected.code]
    levels = ", ".join(expected.levels)
    across = tuple(rule.rule for rule in expected.rules if rule.rule.startswith("junction_with"))
    if other.service is Service.UNLISTED:
        what = f"{levels} ablated without heat, billed as {billed.code}"
        unlisted = ("non_thermal_is_unlisted", "non_thermal_is_not_covered")
        return _error(pair, ErrorKind.NON_THERMAL_AS_THERMAL, what, *unlisted)
    if one.service is not other.service:
        what = f"{levels}: documented is {expected.wording}; billed is {one.wording}"
        rule = "ultrasound_codes" if other.service is Service.ULTRASOUND_INJECTION else "nothing_documented"
        return _error(pair, ErrorKind.WRONG_CODE, what, rule)
    if one.family is not other.family:
        what = f"{levels}, billed as {billed.code}"
        return _error(pair, ErrorKind.WRONG_FAMILY, what, *(across or ("families",)))
    what = f"{levels} has the code of the {other.position} level, billed as that of the {one.position}"
    return _error(pair, ErrorKind.WRONG_CODE, what, *(across or ("add_on_needs_its_primary",)))


def _missing(line: Line, compared: Compared) -> ClaimError:
    """A documented level that nobody billed."""
    return ClaimError(
        claim=compared.lines[0].claim,
        line=None,
        kind=ErrorKind.MISSING_LINE,
        what=f"{', '.join(line.levels)} ({line.sides}) is documented and not billed",
        rules=rules_named("nothing_documented"),
        expected=(line,),
    )
