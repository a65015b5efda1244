"""What the chances are for one patient: now, after one more positive block, and of ablation."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import get_args

import msgspec
from msgspec.structs import replace

from facetwise.documents.disk_cache import cached
from facetwise.evidence.loading import evidence_files
from facetwise.probability.ablation import chance_ablation_helps
from facetwise.probability.assumptions import Setting
from facetwise.probability.likelihood import ABLATION, SOURCE, Beside, Likelihood, NoFigure, PositiveBlocks, Threshold
from facetwise.probability.people import Person, taken_for_granted, why_not
from facetwise.probability.posterior import chance_of_source
from facetwise.probability.reading import assumptions
from facetwise.records import Interval
from facetwise.spine import Region

Chance = Likelihood | NoFigure
Count = int | Interval | None
"""How many, between which bounds, or not documented."""

NO_REGION = "Which joints are in question is not documented, or they lie in more than one region."
NO_DONE = "How many diagnostic blocks these joints had is not documented."


class AtThreshold(msgspec.Struct, frozen=True):
    """The chances by one threshold of relief. `positive_blocks` is None where it is not known or of no use.

    `source_after_one_more` is None after two, since no series that was read tells of a third. `elsewhere` is the chance
    of the source now for people from other settings.
    """

    threshold_percent: Threshold
    positive_blocks: PositiveBlocks | None
    source_now: Chance
    source_after_one_more: Chance | None
    ablation_helps: Chance
    elsewhere: tuple[Beside, ...] = ()


class PatientLikelihoods(msgspec.Struct, frozen=True):
    """The chances for one patient, the stricter threshold first. They inform; no rule asks them.

    `assumed` is what nobody documented and is taken for granted; it also stands among each chance's assumptions.
    """

    region: Region | None
    at: tuple[AtThreshold, ...]
    assumed: tuple[str, ...] = ()


def patient_likelihoods(
    region: Region | None,
    positive_blocks_50: Count,
    positive_blocks_80: Count,
    blocks_done: Count,
    setting: Setting | None = None,
    person: Person | None = None,
) -> PatientLikelihoods:
    """What `next` and a letter show of one patient.

    `region` is that of all joints in question, None where it is not known or there are several. The counts are of
    diagnostic blocks that covered these joints since the last ablation: those with at least 50% relief, those with at
    least 80%, and all of them. More than two positive blocks count as two. Without `person` the patient is taken for
    one of those whom the figures count.
    """
    unlike = why_not(person) if person else ""
    assumed = () if person is None or unlike else tuple(taken_for_granted(person))
    positive = dict(zip(get_args(Threshold), (positive_blocks_50, positive_blocks_80), strict=True))
    at = [
        _assuming(assumed, _at(region, threshold, positive[threshold], blocks_done, setting, unlike))
        for threshold in sorted(positive, reverse=True)
    ]
    told = any(isinstance(chance, Likelihood) for one in at for chance in (one.source_now, one.ablation_helps))
    return PatientLikelihoods(region, tuple(at), assumed if told else ())


def leading(found: PatientLikelihoods) -> tuple[Chance, ...]:
    """What a letter tells: the chance of the source now and of ablation, by every threshold that has one.

    Two thresholds that rest on the same figures are told once. Where neither has a figure, the stricter says why.
    """
    asked = ([one.source_now for one in found.at], [one.ablation_helps for one in found.at])
    return tuple(chance for row in asked for chance in (list(_distinct(row)) or row[:1]))


def _distinct(chances: Iterable[Chance]) -> Iterator[Likelihood]:
    seen = set()
    for chance in chances:
        if isinstance(chance, Likelihood) and chance.figures not in seen:
            seen.add(chance.figures)
            yield chance


def _assuming(assumed: tuple[str, ...], at: AtThreshold) -> AtThreshold:
    """The same with what is taken for granted of the patient among the assumptions."""

    def told(chance: Chance) -> Chance:
        if isinstance(chance, NoFigure) or not assumed:
            return chance
        return replace(chance, assumptions=(*chance.assumptions, *assumed))

    more = at.source_after_one_more
    return replace(
        at,
        source_now=told(at.source_now),
        source_after_one_more=told(more) if more else None,
        ablation_helps=told(at.ablation_helps),
    )


def _at(
    region: Region | None, threshold: Threshold, positive: Count, done: Count, setting: Setting | None, unlike: str
) -> AtThreshold:
    counted = _exact(positive)
    reason = NO_REGION if region is None else unlike or _no_answer(threshold, counted, _exact(done))
    if reason or region is None or counted is None:
        source, ablation = NoFigure(SOURCE, reason), NoFigure(ABLATION, reason)
        return AtThreshold(threshold, None, source, source, ablation)
    choice = get_args(PositiveBlocks)
    blocks: PositiveBlocks = choice[min(counted, max(choice))]
    ready, setting = _ready(), setting or assumptions().usual_setting
    more = None if blocks == max(choice) else ready[SOURCE, region, threshold, choice[blocks + 1], setting]
    return AtThreshold(
        threshold_percent=threshold,
        positive_blocks=blocks,
        source_now=ready[SOURCE, region, threshold, blocks, setting],
        source_after_one_more=more,
        ablation_helps=ready[ABLATION, region, threshold, blocks, None],
        elsewhere=tuple(_elsewhere(region, threshold, blocks, setting)),
    )


def _elsewhere(region: Region, threshold: Threshold, blocks: PositiveBlocks, here: Setting) -> Iterator[Beside]:
    for setting in Setting:
        answer = _ready()[SOURCE, region, threshold, blocks, setting]
        if setting is not here and isinstance(answer, Likelihood):
            says = assumptions().settings[setting].says
            yield Beside(f"people {says}", answer.percent, answer.low, answer.high, answer.certainty)


def _exact(count: Count) -> int | None:
    """The count, where it is known."""
    if isinstance(count, Interval):
        return int(count.low) if count.low == count.high else None
    return count


def _no_answer(threshold: Threshold, positive: int | None, done: int | None) -> str:
    """Why nothing can be told from the blocks so far; nothing where it can."""
    if positive is None:
        return f"How many blocks relieved at least {threshold}% is not documented."
    if done is None:
        return NO_DONE
    if done > positive:
        return f"A block relieved less than {threshold}%. No series that was read tells how often such a block misses."
    return ""


Question = tuple[str, Region, Threshold, PositiveBlocks, Setting | None]
"""What is asked: what the chance is of, region, threshold, positive blocks; the setting where it matters."""


@cache
def _ready() -> dict[Question, Chance]:
    """The answer to every question by the usual assumptions, from a copy on disk: it costs an import of numpy once."""
    code = [entry for entry in files(__package__).iterdir() if entry.name.endswith((".py", ".yaml"))]
    return cached("likelihoods", [*sorted(code, key=str), *evidence_files()], _work_out)


def _work_out() -> dict[Question, Chance]:
    answers: dict[Question, Chance] = {}
    for region, threshold in product(Region, get_args(Threshold)):
        for blocks in get_args(PositiveBlocks):
            answers[ABLATION, region, threshold, blocks, None] = chance_ablation_helps(region, blocks, threshold)
        for setting, blocks in product(Setting, get_args(PositiveBlocks)):
            answers[SOURCE, region, threshold, blocks, setting] = chance_of_source(region, blocks, threshold, setting)
    return answers
