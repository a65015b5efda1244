"""Billed lines laid beside the expected ones: what agrees, what differs, what is left over on either side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from facetwise.coding.answers import BillingAnswer, Line, Open
from facetwise.coding.circumstances import Circumstances
from facetwise.coding.claim_lines import ClaimLine
from facetwise.coding.codebook import Service, codebook
from facetwise.coding.numbering import Preferred
from facetwise.records import Planned

SIDE_MODIFIERS = ("50", "LT", "RT")
BESIDE_OTHERS = ("third_level_from_2024", "injection_at_the_ablated_joint")


class Pair(NamedTuple):
    """Billed lines and the expected lines that they stand for. Usually one of each."""

    billed: tuple[ClaimLine, ...]
    expected: tuple[Line, ...]


class Matching(NamedTuple):
    """`agreed` have code and side right, `sides_differ` only the code, `codes_differ` neither."""

    agreed: tuple[Pair, ...]
    sides_differ: tuple[Pair, ...]
    codes_differ: tuple[Pair, ...]
    extra: tuple[ClaimLine, ...]
    missing: tuple[Line, ...]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every pair."""
        return (*self.agreed, *self.sides_differ, *self.codes_differ)


class Compared(NamedTuple):
    """One claim beside its session: all its lines, the facet lines among them, and how those match."""

    lines: tuple[ClaimLine, ...]
    facet: tuple[ClaimLine, ...]
    session: tuple[Planned, ...]
    answer: BillingAnswer
    matching: Matching

    @property
    def around(self) -> Circumstances:
        """Who pays, when and where."""
        answer = self.answer
        return Circumstances(answer.date, answer.payer, answer.contractor, answer.place)

    @property
    def done(self) -> tuple[Line, ...]:
        """A line for everything that was done, paid or not."""
        return (*self.answer.lines, *self.answer.not_payable)


def match(billed: Sequence[ClaimLine], answer: BillingAnswer) -> Matching:
    """Every billed facet line in exactly one pair or among the extra ones, and every payable line or among the missing.

    A line that was done and is not paid can be in a pair, and is never missing.
    """
    left = _Left(list(billed), [*answer.lines, *answer.not_payable])
    agreed = [*left.take(_same_line), *left.take(_same_if_documented)]
    agreed = [_with_other_side(pair, left) for pair in agreed]
    agreed = [_with_more_units(pair, left) for pair in agreed]
    left.expected = [line for line in left.expected if not _is_beside_others(line)]
    sides = [*left.take_two_for_one(), *left.take_one_for_two(), *left.take(_same_code)]
    codes = [pair for likeness in _LIKENESSES for pair in left.take(likeness)]
    missing = tuple(line for line in left.expected if line.refused_by is None)
    return Matching(tuple(agreed), tuple(sides), tuple(codes), tuple(left.billed), missing)


def _is_beside_others(line: Line) -> bool:
    """Whether a line is refused only because of the others of its session, which then are the ones to compare with."""
    return line.refused_by is not None and line.refused_by.rule in BESIDE_OTHERS


def side_modifiers(modifiers: Sequence[str]) -> frozenset[str]:
    """The modifiers that name a side."""
    return frozenset(one for one in modifiers if one in SIDE_MODIFIERS)


def billed_preferences(billed: Sequence[ClaimLine]) -> Mapping[str, Preferred]:
    """How a claim bills each code: on which side and whether with KX."""
    preferred = {}
    for code in {line.code for line in billed}:
        lines = [line for line in billed if line.code == code]
        sides = frozenset(side for line in lines for side in side_modifiers(line.modifiers))
        both = "50" in sides or len(sides) > 1
        side = "both" if both else {"LT": "left", "RT": "right"}.get(next(iter(sides), ""))
        preferred[code] = Preferred(side, any("KX" in line.modifiers for line in lines))
    return preferred


class _Left:
    """What is not matched yet."""

    def __init__(self, billed: list[ClaimLine], expected: list[Line]) -> None:
        self.billed = billed
        self.expected = expected

    def take(self, fits: Callable[[ClaimLine, Line], bool]) -> Iterator[Pair]:
        """Pairs of lines that fit, in the order of the claim; of several the one that is paid and has those units."""
        for billed in list(self.billed):
            fitting = [line for line in self.expected if fits(billed, line)]
            if fitting:
                expected = max(fitting, key=lambda line: (line.refused_by is None, line.units == billed.units))
                self.billed.remove(billed)
                self.expected.remove(expected)
                yield Pair((billed,), (expected,))

    def take_two_for_one(self) -> Iterator[Pair]:
        """An LT and an RT line where one line with modifier 50 is expected."""
        for expected in [line for line in self.expected if "50" in line.modifiers]:
            sided = {side: self._billed(expected.code, side) for side in ("LT", "RT")}
            if all(sided.values()):
                pair = tuple(line for line in sided.values() if line is not None)
                self.billed = [line for line in self.billed if line not in pair]
                self.expected.remove(expected)
                yield Pair(pair, (expected,))

    def take_one_for_two(self) -> Iterator[Pair]:
        """One line with modifier 50 where an LT and an RT line are expected."""
        for billed in [line for line in self.billed if "50" in line.modifiers]:
            halves = tuple(
                line
                for side in ("LT", "RT")
                for line in [one for one in self.expected if one.code == billed.code and side in one.modifiers][:1]
            )
            if len(halves) > 1:
                self.billed.remove(billed)
                self.expected = [line for line in self.expected if line not in halves]
                yield Pair((billed,), halves)

    def _billed(self, code: str, side: str) -> ClaimLine | None:
        return next((one for one in self.billed if one.code == code and side_modifiers(one.modifiers) == {side}), None)


def _same_line(billed: ClaimLine, expected: Line) -> bool:
    side = side_modifiers(billed.modifiers) == side_modifiers(expected.modifiers)
    return billed.code == expected.code and side


def _same_if_documented(billed: ClaimLine, expected: Line) -> bool:
    """Whether the line may be right: the side or the place that decides is not documented, or the code has no side."""
    unsaid = {Open.SIDE, Open.PLACE} & set(expected.open)
    unlisted = codebook().codes[expected.code].service is Service.UNLISTED
    return billed.code == expected.code and bool(unsaid or unlisted)


def _same_code(billed: ClaimLine, expected: Line) -> bool:
    return billed.code == expected.code


def _with_other_side(pair: Pair, left: _Left) -> Pair:
    """Both sides on two lines, where the side or the place that forbids it is not documented."""
    if not {Open.SIDE, Open.PLACE} & set(pair.expected[0].open):
        return pair
    taken = [side_modifiers(line.modifiers) for line in pair.billed]
    for line in left.billed:
        other = side_modifiers(line.modifiers)
        halves = other in ({"LT"}, {"RT"}) and taken in ([{"LT"}], [{"RT"}]) and other not in taken
        if halves and line.code == pair.billed[0].code:
            left.billed.remove(line)
            return Pair((*pair.billed, line), pair.expected)
    return pair


def _with_more_units(pair: Pair, left: _Left) -> Pair:
    """Units on several equal lines: they are added up."""
    billed = list(pair.billed)
    for line in list(left.billed):
        missing = pair.expected[0].units - sum(one.units for one in billed)
        if missing >= line.units and _same_line(line, pair.expected[0]):
            left.billed.remove(line)
            billed.append(line)
    return Pair(tuple(billed), pair.expected)


def _services(billed: ClaimLine, expected: Line) -> tuple[Service, Service]:
    codes = codebook().codes
    return codes[billed.code].service, codes[expected.code].service


def _without_heat(billed: ClaimLine, expected: Line) -> bool:
    return _services(billed, expected) == (Service.ABLATION, Service.UNLISTED)


def _other_family(billed: ClaimLine, expected: Line) -> bool:
    codes = codebook().codes
    one, other = _services(billed, expected)
    return one is other and codes[billed.code].position is codes[expected.code].position


def _other_position(billed: ClaimLine, expected: Line) -> bool:
    one, other = _services(billed, expected)
    return one is other


def _any_code(billed: ClaimLine, expected: Line) -> bool:
    return True


_LIKENESSES = (_without_heat, _other_family, _other_position, _any_code)
"""How a billed line with a wrong code is laid beside an expected one: the likeliest confusion first."""
