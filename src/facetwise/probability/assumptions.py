"""Which cited figures the chances rest on, and what is assumed where nobody measured: `assumptions.yaml` as types."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from facetwise.probability.likelihood import PositiveBlocks, Threshold
from facetwise.spine import Region

Words = Annotated[str, msgspec.Meta(min_length=1)]
Rate = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Setting(StrEnum):
    """Where the patient comes from: it decides how often the joints are the source before any block."""

    INTERVENTIONAL_PRACTICE = "interventional_practice"
    GENERAL_PAIN = "general_pain"
    PLACEBO_CONTROLLED = "placebo_controlled"


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the file: unknown keys are errors."""


class Share(Written, frozen=True):
    """A share that a figure gives, and how it becomes a distribution; the file explains `by` and `all_but`."""

    figure: str
    by: Literal["counts", "interval", "range", "printed"]
    all_but: str = ""


class OtherPair(Written, frozen=True):
    """Another study of the same, and why it is not the one that is used."""

    says: Words
    prevalence: Share
    false_positive: Share
    because: Words


class SourceRow(Written, frozen=True):
    """The figures for the source of the pain."""

    regions: tuple[Region, ...]
    settings: tuple[Setting, ...]
    thresholds: tuple[Threshold, ...]
    reference: str
    prevalence: Share
    false_positive: Share
    because: Words
    notes: tuple[str, ...] = ()
    others: tuple[OtherPair, ...] = ()


class BesideRow(Written, frozen=True):
    """A share that is shown beside an answer."""

    says: Words
    share: Share


class SourceGap(Written, frozen=True):
    """Where no figure exists for the source, and why."""

    regions: tuple[Region, ...]
    settings: tuple[Setting, ...]
    thresholds: tuple[Threshold, ...]
    reason: Words


class AblationRow(Written, frozen=True):
    """The figure for success of ablation. `says` is the series in words, `helps` what it counts as success."""

    regions: tuple[Region, ...]
    positive_blocks: tuple[PositiveBlocks, ...]
    thresholds: tuple[Threshold, ...]
    share: Share
    says: Words
    helps: Words
    because: Words
    notes: tuple[str, ...] = ()
    beside: tuple[BesideRow, ...] = ()


class AblationGap(Written, frozen=True):
    """Where no figure with an interval exists for ablation, and why."""

    regions: tuple[Region, ...]
    positive_blocks: tuple[PositiveBlocks, ...]
    thresholds: tuple[Threshold, ...]
    reason: Words
    beside: tuple[BesideRow, ...] = ()


class Quantiles(Written, frozen=True):
    """Which parts of a distribution are told."""

    low: Rate
    middle: Rate
    high: Rate


class Prior(Written, frozen=True):
    """What counts are added to before anything is seen."""

    successes: float
    failures: float
    because: Words


class Sensitivity(Written, frozen=True):
    """What a block finds of those whose pain comes from the joints."""

    value: Annotated[float, msgspec.Meta(gt=0, le=1)]
    says: Words
    because: Words


class Dependence(Written, frozen=True):
    """The correlation between two blocks of one patient, drawn evenly from `low` to `high`."""

    low: Rate
    high: Rate
    says: Words
    because: Words


class Word(Written, frozen=True):
    """A word for every percent below a cut point and not below the one before."""

    below: float
    says: Words


class SettingText(Written, frozen=True):
    """A setting in words."""

    says: Words
    because: Words


class Reference(Written, frozen=True):
    """What "source" means by a standard, and what to know of the number after two blocks."""

    says: Words
    after_two: str


class Assumptions(Written, frozen=True):
    """The whole file."""

    draws: Annotated[int, msgspec.Meta(gt=0)]
    seed: int
    quantiles: Quantiles
    prior: Prior
    sensitivity: Sensitivity
    dependence: Dependence
    words: tuple[Word, ...]
    usual_setting: Setting
    settings: dict[Setting, SettingText]
    references: dict[str, Reference]
    source: tuple[SourceRow, ...]
    source_gaps: tuple[SourceGap, ...]
    ablation: tuple[AblationRow, ...]
    ablation_gaps: tuple[AblationGap, ...]
    ablation_notes: dict[Region, tuple[str, ...]]

    def for_source(self, region: Region, threshold: Threshold, setting: Setting) -> SourceRow | SourceGap:
        """What answers this question. Every question has exactly one."""
        rows: tuple[SourceRow | SourceGap, ...] = (*self.source, *self.source_gaps)
        asked = (row for row in rows if region in row.regions and threshold in row.thresholds)
        return next(row for row in asked if setting in row.settings)

    def for_ablation(self, region: Region, threshold: Threshold, blocks: PositiveBlocks) -> AblationRow | AblationGap:
        """What answers this question. Every question has exactly one."""
        rows: tuple[AblationRow | AblationGap, ...] = (*self.ablation, *self.ablation_gaps)
        asked = (row for row in rows if region in row.regions and threshold in row.thresholds)
        return next(row for row in asked if blocks in row.positive_blocks)
