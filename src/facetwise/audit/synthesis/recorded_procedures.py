"""One row of the event table as a procedure of a record, with a diary in the place of relief by scores."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, TypeVar

from facetwise.audit.synthesis.reading import assumptions
from facetwise.records import (
    AblationMode,
    Agent,
    AgentName,
    Diary,
    DiaryEntry,
    FollowUp,
    Guidance,
    Kind,
    PainScore,
    Place,
    Procedure,
    Purpose,
    Scale,
    Sedation,
    StatedRelief,
)
from facetwise.spine import SiteSet

Word = TypeVar("Word", bound=Enum)

Told = dict[str, Any]
"""What one row of the event table says, by column; None is not documented."""


def recorded_procedure(told: Told, before: float, after: float, visits: Sequence[FollowUp]) -> Procedure:
    """The procedure of a row. `before` and `after` are its pain scores, for a diary that is documented."""
    scale = word_in(Scale, told["pain_scale"])
    scored = told["pain_score"] is not None or told["relief_percent_by_scores"] is not None
    return Procedure(
        kind=Kind(told["kind"]),
        date=told["date"],
        sequence=told["sequence"],
        sites=_sites(told),
        purpose=word_in(Purpose, told["purpose"]),
        guidance=word_in(Guidance, told["guidance"]),
        agents=_agents(told),
        sedation=word_in(Sedation, told["sedation"]),
        ablation_mode=word_in(AblationMode, told["ablation_mode"]),
        temperature_c=told["temperature_c"],
        lesion_seconds=told["lesion_seconds"],
        place=word_in(Place, told["place"]),
        pain_before=PainScore(date=told["date"], scale=scale, score=before) if scale and scored else None,
        diary=_diary(told, scale, before, after),
        stated_relief=_stated(told),
        follow_ups=tuple(visits) or None,
    )


def word_in(words: type[Word], word: str | None) -> Word | None:
    """A word of a list; None where it is not documented."""
    return None if word is None else words(word)


def _diary(told: Told, scale: Scale | None, before: float, after: float) -> Diary | None:
    if told["relief_percent_by_scores"] is None or scale is None:
        return None
    first, *later = assumptions().records.diary_minutes
    entries = [DiaryEntry(minutes=first, score=after)]
    if (lasted := told["relief_lasted_as_agent"]) is not None:
        entries += [DiaryEntry(minutes=minutes, score=after if lasted else before) for minutes in later]
    return Diary(entries=tuple(entries), scale=scale if told["same_scale"] is not False else _other(scale))


def _other(scale: Scale) -> Scale:
    return Scale.VERBAL if scale is not Scale.VERBAL else Scale.NRS


def _stated(told: Told) -> StatedRelief | None:
    percent, lasted = told["relief_percent_stated"], told["relief_lasted_as_agent"]
    if percent is None:
        return None
    hours = None if lasted is None else float(assumptions().records.relief_hours) if lasted else 0.0
    return StatedRelief(percent=percent, hours=hours)


def _sites(told: Told) -> SiteSet | None:
    masks = [told[f"{side}_levels"] for side in ("left", "right", "unsided")]
    return None if None in masks else SiteSet(*masks)


def _agents(told: Told) -> tuple[Agent, ...] | None:
    """What was injected; a steroid that is documented is one of the usual."""
    if told["anaesthetic"] is None or told["with_steroid"] is None:
        return None
    names = [AgentName(told["anaesthetic"])]
    names += [AgentName.METHYLPREDNISOLONE] if told["with_steroid"] else []
    names += [AgentName.OTHER] if told["with_other_agent"] else []
    return tuple(Agent(name=name) for name in names)
