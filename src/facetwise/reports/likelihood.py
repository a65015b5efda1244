"""How likely it is, as blocks of a page: in words, of 100 people, with an interval, as a picture."""

from collections.abc import Iterable, Iterator

from facetwise.probability import (
    ABLATION,
    SOURCE,
    AtThreshold,
    Chance,
    Likelihood,
    PatientLikelihoods,
    icon_array_svg,
    leading,
)
from facetwise.probability.icon_array import caption
from facetwise.reports.page import Block, Bullets, Drawing, Paragraph, Table

SHORT = {SOURCE: "source of the pain", ABLATION: "ablation helps"}
NO_RULE = "These chances are of people like this one, not of this one. They inform; no rule asks them."
TWO_THRESHOLDS = "A block that counts at the stricter threshold counts at both. The two rest on different studies."


def likelihood_blocks(found: PatientLikelihoods, *, name: str = "chance") -> Iterator[Block]:
    """What `next` shows: each chance in words and as a picture, a table, and why some have no figure.

    `name` starts the ids of the pictures, and must differ between patients on one page.
    """
    yield from chance_blocks((one for one in leading(found) if isinstance(one, Likelihood)), name=name)
    if rows := [row for one in found.at for row in _rows(one)]:
        yield Table(("Chance", "Counted from", "Of 100", "95% interval", "In words", "Figures"), tuple(rows))
    if reasons := list(_reasons(found)):
        yield Bullets(tuple(reasons))
    told = {at.threshold_percent for at in found.at for one in _chances(at) if isinstance(one, Likelihood)}
    if told:
        yield Paragraph(" ".join([NO_RULE, *([TWO_THRESHOLDS] if len(told) > 1 else []), *found.assumed]), "quiet")


def chance_blocks(chances: Iterable[Chance], *, name: str = "chance") -> Iterator[Block]:
    """What a letter shows: each chance in words and as a picture, or why there is no figure."""
    for number, chance in enumerate(chances):
        if isinstance(chance, Likelihood):
            yield Paragraph(f"That {chance.what} is {chance.words} {chance.by}: {chance.percent}%. {chance.says}")
            yield Drawing(icon_array_svg(chance, name=f"{name}-{number}"), caption(chance))
        else:
            yield Paragraph(f"How likely it is that {chance.what}: no figure. {chance.reason}", "quiet")


def basis_blocks(found: PatientLikelihoods) -> Iterator[Block]:
    """What a report adds: what was counted and assumed, what other studies and settings give, and the cited figures."""
    told = [one for at in found.at for one in _chances(at) if isinstance(one, Likelihood)]
    texts = [text for one in told for text in one.assumptions if one.people not in text]
    if basis := [text for text in dict.fromkeys(texts) if text not in found.assumed]:
        yield Bullets(tuple(basis))
    if others := [row for at in found.at for row in _otherwise(at)]:
        yield Table(("Chance", "Counted from", "Otherwise", "Of 100", "95% interval", "Figures"), tuple(others))
    figures = [(one.figure, one.role, one.source, str(one.certainty)) for chance in told for one in chance.figures]
    if figures:
        yield Table(("Figure", "Stands for", "Source", "Certainty"), tuple(dict.fromkeys(figures)))


def _chances(at: AtThreshold) -> list[Chance]:
    return [one for one in (at.source_now, at.source_after_one_more, at.ablation_helps) if one is not None]


def _rows(at: AtThreshold) -> Iterator[tuple[str, ...]]:
    for chance in _chances(at):
        if isinstance(chance, Likelihood):
            told = (str(chance.per_100), f"{chance.low} to {chance.high}", chance.words, str(chance.certainty))
            yield SHORT[chance.what], _counted_from(at, chance), *told


def _otherwise(at: AtThreshold) -> Iterator[tuple[str, ...]]:
    """What other studies, assumptions and settings give."""
    for chance in _chances(at):
        elsewhere = at.elsewhere if chance is at.source_now else ()
        for one in (*chance.beside, *elsewhere):
            interval = "none printed" if one.low is None else f"{one.low} to {one.high}"
            told = (one.says, str(one.percent), interval, str(one.certainty))
            yield SHORT[chance.what], _counted_from(at, chance), *told


def _counted_from(at: AtThreshold, chance: Chance) -> str:
    blocks = chance.positive_blocks if isinstance(chance, Likelihood) else at.positive_blocks
    count = f"{blocks} positive at {at.threshold_percent}%" if blocks else "no block"
    return count if blocks == at.positive_blocks else f"{count}, one more than now"


def _reasons(found: PatientLikelihoods) -> Iterator[str]:
    """Why some chances have no figure, each reason once."""
    missing: dict[str, dict[str, None]] = {}
    for at in found.at:
        for chance in _chances(at):
            if not isinstance(chance, Likelihood):
                label = f"{SHORT[chance.what]} at {at.threshold_percent}%"
                missing.setdefault(chance.reason, {})[label] = None
    yield from (f"No figure for {', '.join(labels)}: {reason}" for reason, labels in missing.items())
