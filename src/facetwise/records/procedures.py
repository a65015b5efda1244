"""Procedures, planned and done, and what came of them."""

import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from facetwise.records.words import (
    ANAESTHETICS,
    STEROIDS,
    AblationMode,
    AgentName,
    Guidance,
    Kind,
    Place,
    Purpose,
    Scale,
)
from facetwise.records.words import Sedation as SedationWord
from facetwise.spine import SiteSet

Percent = Annotated[float, Meta(ge=0, le=100)]
PainValue = Annotated[float, Meta(ge=0, le=10)]
Positive = Annotated[float, Meta(gt=0)]
DiagnosisCode = Annotated[str, Meta(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")]
"""An ICD-10-CM code as it is written, with its point: M47.816."""
WholeCount = Annotated[int, Meta(ge=0)]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a record: immutable, strict, and silent about what nobody documented."""


class PainScore(Part, frozen=True, kw_only=True):
    """Pain on a 0-10 scale; `low` and `high` when only a range was written down."""

    date: datetime.date | None = None
    scale: Scale = Scale.NRS
    score: PainValue | None = None
    low: PainValue | None = None
    high: PainValue | None = None


class Agent(Part, frozen=True, kw_only=True):
    """Something injected, per nerve or joint: volume in mL, concentration in percent, dose in mg."""

    name: AgentName
    concentration_percent: Positive | None = None
    dose_mg: Positive | None = None
    volume_ml: Positive | None = None


class DiaryEntry(Part, frozen=True, kw_only=True):
    """One line of a pain diary, `minutes` after the block.

    `score` is the treated pain on the diary's scale during the activity that usually provokes it; `low`/`high` when
    the patient wrote a range; `stated_relief_percent` what the patient says of it. `side` when both were treated.
    """

    minutes: WholeCount
    score: PainValue | None = None
    low: PainValue | None = None
    high: PainValue | None = None
    stated_relief_percent: Percent | None = None
    provoked: bool | None = None
    asleep: bool | None = None
    rescue_analgesic: bool | None = None
    scale: Scale | None = None
    side: Literal["left", "right"] | None = None


class Diary(Part, frozen=True, kw_only=True):
    """The pain scores a patient wrote down after a block. The baseline is the procedure's `pain_before`."""

    entries: tuple[DiaryEntry, ...]
    scale: Scale = Scale.NRS


class StatedRelief(Part, frozen=True, kw_only=True):
    """Relief as the patient states it, in percent, and for how many hours; not computed from scores."""

    percent: Percent
    hours: Annotated[float, Meta(ge=0)] | None = None


class FollowUp(Part, frozen=True, kw_only=True):
    """A later visit after a procedure: pain, relief and function against the time before it, in percent."""

    date: datetime.date
    scale: Scale | None = None
    score: PainValue | None = None
    relief_percent: Percent | None = None
    function_improved_percent: Percent | None = None


class Planned(Part, frozen=True, kw_only=True):
    """A procedure, done or wished for: what, when, where and how.

    `temperature_c` is in degrees Celsius, `lesion_seconds` how long each lesion is heated. `diagnosis` is an
    ICD-10-CM code, `place` the kind of place where it is done.
    """

    kind: Kind
    date: datetime.date
    sites: SiteSet | None = None
    purpose: Purpose | None = None
    guidance: Guidance | None = None
    agents: tuple[Agent, ...] | None = None
    sedation: SedationWord | None = None
    ablation_mode: AblationMode | None = None
    temperature_c: Annotated[float, Meta(gt=0, le=150)] | None = None
    lesion_seconds: Annotated[float, Meta(gt=0, le=3600)] | None = None
    place: Place | None = None
    diagnosis: DiagnosisCode | None = None

    @property
    def anaesthetic(self) -> AgentName | None:
        """The local anaesthetic used; None when not documented or when more than one was mixed."""
        names = {agent.name for agent in self.agents or () if agent.name in ANAESTHETICS}
        return names.pop() if len(names) == 1 else None

    @property
    def with_other_agent(self) -> bool | None:
        """Whether anything but anaesthetic, steroid, saline or contrast was injected; None when not documented."""
        return None if self.agents is None else any(agent.name is AgentName.OTHER for agent in self.agents)

    @property
    def with_steroid(self) -> bool | None:
        """Whether a steroid was injected; None when the agents are not documented."""
        return None if self.agents is None else any(agent.name in STEROIDS for agent in self.agents)


class Procedure(Planned, frozen=True, kw_only=True):
    """A procedure that was done, with its response.

    `sequence` orders procedures of one day where that matters; without it they are not ordered.
    """

    id: str | None = None
    sequence: int | None = None
    pain_before: PainScore | None = None
    diary: Diary | None = None
    stated_relief: StatedRelief | None = None
    follow_ups: tuple[FollowUp, ...] | None = None
    complications: tuple[str, ...] | None = None
    note: str | None = None


class Request(Planned, frozen=True, kw_only=True):
    """A procedure that somebody wants to do, or did, on a date, and the reasons they gave.

    `replaces` is the id of the same procedure in the record, when the question is about one already done.
    `prior_authorization` says whether the payer affirmed the request before the service.
    """

    replaces: str | None = None
    early_because: str | None = None
    ablation_not_possible_because: str | None = None
    sedation_because: str | None = None
    joint_injection_because: str | None = None
    source_in_doubt: bool | None = None
    prior_authorization: bool | None = None
    same_session: tuple[Planned, ...] | None = None
