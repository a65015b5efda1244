"""What others work out and a letter shows: likelihoods and billing lines, taken by their shape."""

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

from facetwise.letters.letter import BilledLine, Chance


@runtime_checkable
class Likelihood(Protocol):
    """The chance of `what`: percent with its interval, and in `says` of how many of 100 people that is."""

    @property
    def what(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def percent(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def per_100(self) -> int: ...
    @property
    def says(self) -> str: ...
    @property
    def certainty(self) -> str: ...
    @property
    def assumptions(self) -> Sequence[str]: ...


class NoFigure(Protocol):
    """Why the evidence gives no chance of `what`."""

    @property
    def what(self) -> str: ...
    @property
    def reason(self) -> str: ...


class Line(Protocol):
    """A billing line."""

    @property
    def code(self) -> str: ...
    @property
    def units(self) -> int: ...
    @property
    def modifiers(self) -> Sequence[str]: ...
    @property
    def wording(self) -> str: ...


class Billing(Protocol):
    """The lines of one session."""

    @property
    def lines(self) -> Sequence[Line]: ...


Given = Likelihood | NoFigure


def chances_of(likelihoods: Iterable[Given]) -> tuple[Chance, ...]:
    """Each likelihood as the letter shows it."""
    return tuple(_chance(one) for one in likelihoods)


def _chance(one: Given) -> Chance:
    if not isinstance(one, Likelihood):
        return Chance(one.what, no_figure_because=one.reason)
    return Chance(
        about=one.what,
        words=one.words,
        percent=one.percent,
        low=one.low,
        high=one.high,
        per_100=one.per_100,
        says=one.says,
        certainty=str(one.certainty),
        assumptions=tuple(one.assumptions),
        by=one.by,
    )


def billed_lines(billing: Billing | None) -> tuple[BilledLine, ...]:
    """The lines as the letter shows them."""
    lines = billing.lines if billing else ()
    return tuple(BilledLine(line.code, line.units, tuple(line.modifiers), line.wording) for line in lines)
