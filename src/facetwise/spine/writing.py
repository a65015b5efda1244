"""Reading the sites that clinicians write: "L4-5, L5-S1 bilateral", "left C2/3", "R L3 L4 MB + L5 DR"."""

import re
from typing import NamedTuple

from facetwise.spine.levels import LEVELS, VERTEBRAE
from facetwise.spine.nerves import NERVES, joints_supplied
from facetwise.spine.sites import Side, Site, SiteSet


class SiteError(ValueError):
    """Text that names no facet joints; the message says what was found and what is accepted."""


EXAMPLES = '"left L4-5, L5-S1", "C5-6 bilateral", "R L3 L4 MB + L5 DR"'

_BOTH = (Side.LEFT, Side.RIGHT)
_SIDES: dict[str, tuple[Side, ...]] = {
    **dict.fromkeys(("left", "lt", "l", "(l)"), (Side.LEFT,)),
    **dict.fromkeys(("right", "rt", "r", "(r)"), (Side.RIGHT,)),
    **dict.fromkeys(("bilateral", "bilaterally", "bilat", "bil", "b/l", "b", "(b)", "both", "both sides"), _BOTH),
    "side not documented": (Side.UNKNOWN,),
}

_TOKEN = re.compile(
    r"""
    (?P<side>side\ not\ documented|left\s*(?:and|&|\+|/)\s*right|right\s*(?:and|&|\+|/)\s*left
        |left|right|bilaterally|bilateral|bilat|bil|both\ sides|both|b/l|\([lrb]\)|(?:lt|rt|[lrb])(?![\w]))
  | (?P<ton>third\ occipital\ nerves?|third\ occipital|ton(?![\w]))
  | (?P<span>(?P<from>[ctl]\d{1,2})\s*(?:[-/–—]|to)\s*(?P<to>[ctls]?\d{1,2}))(?!\w)
  | (?P<packed>l5s1|c7t1|t12l1|(?:c[1-6][2-7]|l[1-4][2-5])(?!\w))
  | (?P<one>[ctl]\d{1,2})(?!\w)
  | (?P<procedure>(?:medial\ branch|mb|facet(?:\ joint)?)\ (?:blocks?|injections?)|mbbs?(?!\w)
        |radiofrequency|ablations?|rfa|rfn|injections?|blocks?)
  | (?P<nerves>medial\ branch(?:es)?|dorsal\ ram(?:us|i)|nerves?|mbs?(?!\w)|dr(?!\w))
  | (?P<joints>facets?|z(?:ygapophysial|ygapophyseal)?-?\ ?joints?|joints?|levels?|fj(?!\w))
  | (?P<between>[\s,;:+&.]+|and(?!\w)|of(?!\w)|the(?!\w)|at(?!\w))
    """,
    re.IGNORECASE | re.VERBOSE | re.ASCII,  # ASCII: otherwise a Turkish dotless i reads as an i, and is then no side
)


class _Mention(NamedTuple):
    """Joints, or nerves, named at one place in the text."""

    text: str
    levels: tuple[str, ...]
    nerves: tuple[str, ...]


def parse_sites(text: str) -> SiteSet:
    """The set of sites that `text` names.

    A side before the first joint counts for what follows it; otherwise a side counts for what precedes it. Nerves
    are turned into the joints they supply. Without any side the sites are kept as `side not documented`. Raises
    `SiteError` for anything else, including nerves that complete no joint.
    """
    tokens = _tokens(text)
    by_nerve = any(kind == "nerves" for kind, _ in tokens)
    if not by_nerve and _AIMED_AT_NERVES.search(text):
        _refuse_ambiguous_spans(tokens)
    sites: list[Site] = []
    nerves: dict[Side, list[str]] = {}
    for sides, mention in _with_sides(tokens, by_nerve, text):
        for side in sides:
            sites += [Site(level, side) for level in mention.levels]
            nerves.setdefault(side, []).extend(mention.nerves)
    for side, shorts in nerves.items():
        sites += [Site(level, side) for level in _joints_of(shorts, text)]
    if not sites:
        raise SiteError(f'"{_short(text)}" names no facet joint. Write for example {EXAMPLES}')
    return SiteSet.of(sites)


def _tokens(text: str) -> list[tuple[str, re.Match[str]]]:
    text = " ".join(text.split())
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or not match.group():
            rest = _short(text[position:])
            raise SiteError(f'"{rest}" in "{_short(text)}" is not understood. Write for example {EXAMPLES}')
        kind = match.lastgroup or ""
        kind = "span" if match.group("span") else kind
        if kind not in ("between", "procedure", "joints"):
            tokens.append((kind, match))
        position = match.end()
    return tokens


def _with_sides(
    tokens: list[tuple[str, re.Match[str]]], by_nerve: bool, text: str
) -> list[tuple[tuple[Side, ...], _Mention]]:
    """Each mention with its sides, whether they were written before or after it."""
    side_first = bool(tokens) and tokens[0][0] == "side"
    sided: list[tuple[tuple[Side, ...], _Mention]] = []
    waiting: list[_Mention] = []
    current: tuple[Side, ...] | None = None
    unused = False
    for kind, match in tokens:
        if kind == "side":
            if unused or not (side_first or waiting):
                raise SiteError(f'"{_short(text)}" gives a side without a joint. Write for example {EXAMPLES}')
            current, unused = _side(match.group()), side_first
            sided += [(current, mention) for mention in waiting]
            waiting = []
        elif kind != "nerves":
            mention = _mention(kind, match, by_nerve)
            unused = False
            if side_first and current:
                sided.append((current, mention))
            else:
                waiting.append(mention)
    if unused and sided:
        raise SiteError(f'"{_short(text)}" ends with a side without a joint. Write for example {EXAMPLES}')
    return sided + [((Side.UNKNOWN,), mention) for mention in waiting]


def _side(text: str) -> tuple[Side, ...]:
    """The side or sides that a word means; "left and right" is both."""
    return _SIDES.get(" ".join(text.lower().split()), _BOTH)


def _mention(kind: str, match: re.Match[str], by_nerve: bool) -> _Mention:
    text = match.group()
    if kind == "ton":
        return _Mention(text, (), ("TON",))
    if kind == "one":
        return _Mention(text, (), (_nerve(text.upper()),))
    if kind == "packed":
        upper, lower = re.sub(r"(\w\d+?)(\D?\d)$", r"\1 \2", text.upper()).split()
        return _span(text, upper, _full(lower, upper), by_nerve=False)
    upper, lower = _ends(match)
    return _span(text, upper, lower, by_nerve)


def _ends(match: re.Match[str]) -> tuple[str, str]:
    upper, lower = match.group("from").upper(), match.group("to").upper()
    return upper, _full(lower, upper)


def _full(lower: str, upper: str) -> str:
    """The lower end with its letter: 5 after L4 is L5, and 1 after L5 is S1."""
    if not lower.isdigit():
        return lower
    return ("S" if upper == "L5" and lower == "1" else upper[0]) + lower


_AIMED_AT_NERVES = re.compile(r"\bmbbs?\b|\bmedial branch blocks?\b|\bablations?\b|\bradiofrequency\b|\brf[an]\b", re.I)


def _refuse_ambiguous_spans(tokens: list[tuple[str, re.Match[str]]]) -> None:
    """Refuse "L3-L5 MBB", which may name the joints from L3 to L5 or the nerves L3 to L5, which supply others."""
    for kind, match in tokens:
        if kind != "span":
            continue
        upper, lower = _ends(match)
        joints = _span(match.group(), upper, lower, by_nerve=False).levels
        if len(joints) < 2 or lower == "S1":
            continue
        nerves = _span(match.group(), upper, lower, by_nerve=True).nerves
        supplied = tuple(joints_supplied(nerves)[0])
        if supplied != joints:
            raise SiteError(
                f'"{match.group()}" can mean the joints {", ".join(joints)}, or nerves, which supply '
                f'{", ".join(supplied)}. Write the joints, or "{upper}-{lower} MB" for the nerves'
            )


def _span(text: str, upper: str, lower: str, by_nerve: bool) -> _Mention:
    """Two ends: one joint when they are neighbours, otherwise every joint, or every nerve, from one to the other."""
    if by_nerve and lower != "S1":
        first, last = _nerve_number(_nerve(upper)), _nerve_number(_nerve(lower))
        if last == first + 1:
            raise SiteError(
                f'"{text}" with medial branches can mean the {text.upper()} joint or its two numbers as nerves. '
                f'Write "{text.upper()} joint" or "{upper} {lower} MB"'
            )
        if last > first:
            return _Mention(text, (), tuple(nerve.short for nerve in NERVES[first : last + 1]))
    for vertebra in (upper, lower):
        if vertebra not in VERTEBRAE:
            raise SiteError(f'"{vertebra}" in "{text}" is no vertebra. Write for example {EXAMPLES}')
    first, last = VERTEBRAE.index(upper), VERTEBRAE.index(lower)
    if last <= first:
        raise SiteError(f'"{text}" runs upwards. Write the upper vertebra first, such as L4-5')
    return _Mention(text, LEVELS[first:last], ())


def _nerve(spinal_nerve: str) -> str:
    """The short name of the target that carries this spinal nerve's number; at L5 that is the dorsal ramus."""
    short = "L5 DR" if spinal_nerve == "L5" else f"{spinal_nerve} MB"
    if not any(nerve.short == short for nerve in NERVES):
        raise SiteError(f"{spinal_nerve} has no medial branch that is blocked. Nerves run from C3 to L4, TON and L5 DR")
    return short


def _nerve_number(short: str) -> int:
    return next(number for number, nerve in enumerate(NERVES) if nerve.short == short)


def _joints_of(shorts: list[str], text: str) -> list[str]:
    levels, unused = joints_supplied(shorts)
    if unused:
        raise SiteError(
            f'{" and ".join(dict.fromkeys(unused))} in "{_short(text)}" completes no joint: every joint but C2-3 '
            'needs two neighbouring nerves. Name both, such as "L3 L4 MB", or name the joint, such as "L4-5"'
        )
    return levels


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "…"
