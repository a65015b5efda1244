"""Which code each level gets: the families, the first level and those after it, and the thoracolumbar junction."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from facetwise.coding.codebook import Code, Family, Position, Service, codebook
from facetwise.coding.sessions import Treated

_ORDER = (Position.FIRST, Position.SECOND)


class Preferred(NamedTuple):
    """How a claim bills a code, so that its choice of the first level can be followed. Any level may be the first."""

    side: str | None
    kx: bool


class Numbered(NamedTuple):
    """A level with its code. `place` counts the levels of its sequence from 1."""

    code: Code
    treated: Treated
    place: int


class Sequences(NamedTuple):
    """The levels of one service, numbered; `junction` when T12-L1 with L1-2 was taken as one session."""

    numbered: tuple[Numbered, ...]
    junction: bool


def number(
    levels: Sequence[Treated], service: Service, *, combined: bool, preferred: Mapping[str, Preferred]
) -> Sequences:
    """The code of each level. `combined` says that the contractor takes T12-L1 with L1-2 as one session.

    Within a family the levels are taken from the top, unless the claim prefers another order.
    """
    if service is Service.UNLISTED:
        code = codebook().code_for(service, None, Position.FIRST)
        return Sequences(tuple(Numbered(code, level, at) for at, level in enumerate(levels, start=1)), False)
    by_family = {family: [one for one in levels if codebook().family_of(one.level) is family] for family in Family}
    if combined and is_junction(by_family):
        return Sequences(tuple(_across_the_junction(by_family, service)), True)
    numbered = [
        one for family, of_family in by_family.items() for one in _in_family(of_family, service, family, preferred)
    ]
    return Sequences(tuple(numbered), False)


def is_junction(by_family: Mapping[Family, Sequence[Treated]]) -> bool:
    """Whether the levels hold T12-L1 and L1-2, and no other level above them."""
    upper, lower = codebook().rules.junction.levels
    above = [one.level for one in by_family[Family.CERVICAL_THORACIC]]
    return above == [upper] and any(one.level == lower for one in by_family[Family.LUMBAR_SACRAL])


def _across_the_junction(by_family: Mapping[Family, Sequence[Treated]], service: Service) -> list[Numbered]:
    """T12-L1 with the first code of its family, L1-2 and those below it with the lumbar codes that come after."""
    (first,), rest = by_family[Family.CERVICAL_THORACIC], by_family[Family.LUMBAR_SACRAL]
    book = codebook()
    numbered = [Numbered(book.code_for(service, Family.CERVICAL_THORACIC, Position.FIRST), first, 1)]
    for at, level in enumerate(rest, start=2):
        position = _ORDER[at - 1] if at <= len(_ORDER) else Position.FURTHER
        numbered.append(Numbered(book.code_for(service, Family.LUMBAR_SACRAL, position), level, at))
    return numbered


def _in_family(
    levels: Sequence[Treated], service: Service, family: Family, preferred: Mapping[str, Preferred]
) -> list[Numbered]:
    numbered: list[Numbered] = []
    remaining = list(levels)
    while remaining:
        at = len(numbered) + 1
        position = _ORDER[at - 1] if at <= len(_ORDER) else Position.FURTHER
        code = codebook().code_for(service, family, position)
        level = _preferred(remaining, preferred.get(code.number))
        remaining.remove(level)
        numbered.append(Numbered(code, level, at))
    return numbered


def _preferred(levels: Sequence[Treated], wanted: Preferred | None) -> Treated:
    if wanted is None:
        return levels[0]
    return max(levels, key=lambda one: (_likeness(one, wanted), -levels.index(one)))


def _likeness(level: Treated, wanted: Preferred) -> tuple[bool, ...]:
    """The side counts before the purpose, and what is documented before what is not."""
    side = level.side == wanted.side, level.side is None
    return *side, level.diagnostic == wanted.kx, level.diagnostic is None
