"""The billing lines of one session: codes, units, modifiers, each with the rules that made it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from facetwise.coding.answers import BillingAnswer, Line, Open
from facetwise.coding.circumstances import Circumstances, Text, junction_rule
from facetwise.coding.codebook import Code, Position, Service, cite, codebook
from facetwise.coding.diagnoses import checked_diagnoses
from facetwise.coding.missing import missing_facts, procedure_text
from facetwise.coding.numbering import Numbered, Preferred, Sequences, number
from facetwise.coding.remarks import remarks
from facetwise.coding.sessions import BILLED_KINDS, SessionLevels, Treated, session_levels
from facetwise.records import Contractor, Place, Planned

_NO_PREFERENCE: Mapping[str, Preferred] = {}


def billing_lines(
    session: Sequence[Planned],
    *,
    contractor: Contractor | None = None,
    payer: str = "medicare",
    place: Place | None = None,
    prior_authorization: bool | None = None,
    preferred: Mapping[str, Preferred] = _NO_PREFERENCE,
) -> BillingAnswer:
    """The lines that a claim for one session would carry, and what is to be said of them.

    `session` holds every procedure of one day; others than facet procedures matter for the warnings. `place` stands
    where no procedure documents one. `preferred` says how a claim bills each code: which level is called the first is
    free, and a claim's choice is followed. Raises `ValueError` for an empty session or one of several days.
    """
    if len({one.date for one in session}) != 1:
        raise ValueError("A session is one day: give the procedures of one day")
    around = Circumstances(session[0].date, payer, contractor, _place_of(session) or place)
    levels = session_levels(session, unguided_apart=around.medicare)
    parts = [_numbered(part, around, preferred) for part in _parts(levels)]
    junction = any(sequences.junction for _, sequences in parts)
    payable, refused = _lines(parts, around, junction)
    return BillingAnswer(
        date=around.day,
        payer=payer,
        contractor=contractor,
        place=around.place,
        procedures=tuple(sorted(procedure_text(one) for one in session)),
        lines=payable,
        not_payable=refused,
        warnings=tuple(remarks(session, levels, (*payable, *refused), around, junction, prior_authorization)),
        diagnoses=checked_diagnoses(session, around),
        missing=missing_facts(session, (*payable, *refused), around, prior_authorization),
        complete=all(one.sites is not None for one in session if one.kind in BILLED_KINDS),
        junction=junction,
    )


def _place_of(session: Sequence[Planned]) -> Place | None:
    """Where the facet procedures were done; None when not documented for all, or when it differs."""
    places = {one.place for one in session if one.kind in BILLED_KINDS}
    return places.pop() if len(places) == 1 else None


class _Part(NamedTuple):
    """Levels that are numbered together, and the rule why Medicare never pays them."""

    service: Service
    levels: tuple[Treated, ...]
    never_paid: str | None = None


def _parts(levels: SessionLevels) -> Iterator[_Part]:
    yield _Part(Service.INJECTION, levels.injected)
    yield _Part(Service.ULTRASOUND_INJECTION, levels.injected_under_ultrasound, "guidance_by_fluoroscopy_or_ct")
    yield _Part(Service.ABLATION, levels.ablated)
    yield _Part(Service.ABLATION, levels.ablated_unguided, "guidance_by_fluoroscopy_or_ct")
    yield _Part(Service.UNLISTED, levels.ablated_without_heat, "non_thermal_is_not_covered")
    yield _Part(Service.INJECTION, levels.swallowed, "injection_at_the_ablated_joint")


def _numbered(part: _Part, around: Circumstances, preferred: Mapping[str, Preferred]) -> tuple[_Part, Sequences]:
    combined = part.never_paid is None and junction_rule(around) is not None
    return part, number(part.levels, part.service, combined=combined, preferred=preferred)


def _lines(
    parts: Sequence[tuple[_Part, Sequences]], around: Circumstances, junction: bool
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines that are paid and those that are not."""
    payable: list[Line] = []
    refused: list[Line] = []
    for part, sequences in parts:
        reasons = {one: _refusal(part, one, around) for one in sequences.numbered}
        payable += _written([one for one, reason in reasons.items() if reason is None], around, junction)
        for reason in dict.fromkeys(reason for reason in reasons.values() if reason is not None):
            lines = _written([one for one, why in reasons.items() if why == reason], around, junction)
            refused += [replace(line, refused_by=cite(reason)) for line in lines]
    return tuple(payable), tuple(refused)


def _refusal(part: _Part, numbered: Numbered, around: Circumstances) -> str | None:
    if not around.medicare:
        return None
    beyond = around.text is Text.OF_2024 and numbered.place > codebook().rules.counting.most_levels
    return part.never_paid or ("third_level_from_2024" if beyond else None)


def _written(numbered: Sequence[Numbered], around: Circumstances, junction: bool) -> Iterator[Line]:
    """Levels as lines. Further ablated joints of one side share a line; the further levels of an injection all do."""
    groups: dict[tuple[object, ...], list[Numbered]] = {}
    for one in numbered:
        shares = one.code.position is Position.FURTHER and one.code.service is Service.ABLATION
        key = (one.code.number, one.treated.side, one.treated.open) if shares else (one.code.number,)
        groups.setdefault(key, []).append(one)
    for group in groups.values():
        counted = group[0].code.service is Service.ABLATION
        yield from _line(group[0].code, [one.treated for one in group], len(group) if counted else 1, around, junction)


def _line(code: Code, levels: Sequence[Treated], units: int, around: Circumstances, junction: bool) -> Iterator[Line]:
    """One line, or two for both sides where that is how they are billed."""
    sides = {level.side for level in levels}
    side = sides.pop() if len(sides) == 1 else None
    kx, kx_open = _kx(code, levels, around)
    open_ = {fact for level in levels for fact in level.open} | ({Open.PURPOSE} if kx_open else set())
    if code.service is Service.UNLISTED:
        ways: list[tuple[str, ...]] = [()]
    elif side is None:
        ways, open_ = [()], open_ | {Open.SIDE}
    elif side != "both":
        ways = [("LT",) if side == "left" else ("RT",)]
    elif around.medicare and around.place is None:
        ways, open_ = [()], open_ | {Open.PLACE}
    elif around.medicare and around.place is Place.AMBULATORY_SURGICAL_CENTER:
        ways = [("LT",), ("RT",)]
    else:
        ways = [("50",)]
    for modifiers in ways:
        yield Line(
            code=code.number,
            units=units,
            modifiers=(*modifiers, *(("KX",) if kx else ())),
            levels=tuple(level.level for level in levels),
            sides=side or "not documented",
            wording=code.wording,
            rules=tuple(cite(rule) for rule in _rules(code, levels, modifiers, side, kx, around, junction)),
            open=tuple(sorted(open_)),
        )


def _kx(code: Code, levels: Sequence[Treated], around: Circumstances) -> tuple[bool, bool]:
    """Whether the line carries KX, and whether that stays open."""
    if not around.medicare or code.service is not Service.INJECTION:
        return False, False
    purposes = {level.diagnostic for level in levels}
    return purposes == {True}, None in purposes or len(purposes) > 1


def _rules(
    code: Code,
    levels: Sequence[Treated],
    modifiers: Sequence[str],
    side: str | None,
    kx: bool,
    around: Circumstances,
    junction: bool,
) -> Iterator[str]:
    named = {level.level for level in levels}
    if code.service is Service.UNLISTED:
        yield "non_thermal_is_unlisted"
        return
    across = set(codebook().rules.junction.levels)
    rule = junction_rule(around) if junction else None
    yield "ablation_is_counted_by_joint" if code.service is Service.ABLATION else "level_is_joint_or_its_nerves"
    yield "joints_not_nerves"
    if rule is not None and (named & across or code.position is not Position.FIRST):
        yield rule
    else:
        yield "families"
    if "C2-3" in named:
        yield "one_nerve_at_c2_3"
    if "C7-T1" in named:
        yield "cervicothoracic_junction"
    if "L5-S1" in named:
        yield "lumbosacral_junction"
    if code.primaries:
        yield "add_on_needs_its_primary"
    if code.once_a_day:
        yield "further_levels_once_a_day"
    if side == "both":
        yield "both_sides_are_one_level"
        if "50" not in modifiers:
            yield "two_lines_in_a_surgical_center"
        if not {"LT", "RT"} & set(modifiers):
            yield "both_sides_on_one_line"
    elif side is not None:
        yield "side_on_one_sided_lines"
    if kx:
        yield "kx_on_diagnostic_lines"
        yield "without_kx_it_counts_as_therapeutic"
