"""`assumptions.yaml` as types: which figures a population is made from, and the conventions of the simulation."""

import datetime
from typing import Annotated

import msgspec
from msgspec import field

from facetwise.audit.synthesis.format_assumptions import Claims, Omop, Records
from facetwise.probability.assumptions import Rate, Words, Written
from facetwise.probability.likelihood import Threshold
from facetwise.records import Kind
from facetwise.spine import Region

Weight = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(gt=0)]


class Span(Written, frozen=True, kw_only=True):
    """Whole numbers from `low` to `high`, both included, evenly."""

    low: int
    high: int


class Rates(Written, frozen=True, kw_only=True):
    """Shares from `low` to `high`, evenly."""

    low: Rate
    high: Rate


class Chunk(Written, frozen=True, kw_only=True):
    """How many patients are made at a time, and how many chunks go into one file."""

    patients: Positive
    of_a_file: Positive
    because: Words


class FirstToday(Written, frozen=True, kw_only=True):
    """The first day on which histories may end."""

    value: datetime.date
    because: Words


class RepeatedError(Written, frozen=True, kw_only=True):
    """The share of false positive first blocks that the confirming block repeats."""

    value: Annotated[float, msgspec.Meta(ge=0, lt=1)]
    because: Words


class Like(Written, frozen=True, kw_only=True):
    """A stratum, by its name."""

    region: Region
    threshold: Threshold


class WrittenStratum(Written, frozen=True, kw_only=True):
    """A practice and its patients. Names of figures; `success_months` after ablation success is counted."""

    region: Region
    threshold: Threshold
    share: Rate
    success_months: Positive
    relief_first: str
    relief_repeat: str
    repeat_success: str
    ablation_like: Like | None = None
    because: Words


class WithoutSource(Written, frozen=True, kw_only=True):
    """The stratum from which it follows how often ablation helps where the joint is not the source."""

    region: Region
    threshold: Threshold
    because: Words


class OtherSources(Written, frozen=True, kw_only=True):
    """What hurts where no facet joint does: shares of all patients, by figure; `facet` is the share of the joints."""

    regions: tuple[Region, ...]
    figures: dict[str, str]
    facet: str
    because: Words


class LevelWeight(Written, frozen=True, kw_only=True):
    """How often a level is the one that hurts: by figure, or a made-up weight."""

    level: str
    figure: str = ""
    weight: Weight = 0


class Examination(Written, frozen=True, kw_only=True):
    """Figures that say how an examination tells of the source, and how many tests count as positive."""

    sacroiliac_sensitivity: str
    sacroiliac_specificity: str
    sacroiliac_positive: Positive
    sacroiliac_tests: Positive
    extension_rotation_sensitivity: str
    extension_rotation_specificity: str
    because: Words


class AblationHeat(Written, frozen=True, kw_only=True):
    """Figures of the lesion's temperature, and the share of ablations that follow the second."""

    temperature: str
    temperature_elsewhere: str
    elsewhere: Rate
    because: Words


class Who(Written, frozen=True, kw_only=True):
    """The patients. `age` names figures by source; `levels_blocked` are shares of one level, two and so on.

    `thin_records` are the shares of thin records that clinicians write; there is documented `thin_factor` of what is in
    others.
    """

    age: dict[str, str]
    age_spread: Span
    male: Rate
    pain_months_before: Span
    bilateral: Rate
    left: Rate
    upward: Rate
    levels_blocked: tuple[Weight, ...]
    clinicians: Positive
    facilities: Positive
    thin_records: Rates
    thin_factor: Rate
    history_known: Rate
    order_documented: Rate
    sites_documented: Rate
    side_documented: Rate
    because: Words


class CourseOfCare(Written, frozen=True, kw_only=True):
    """Who goes on to what, and when. Numbers of procedures are evenly from none to the number given."""

    begins_years_ago: Span
    earlier_days: Span
    earlier: dict[Kind, Count]
    later: dict[Kind, Count]
    rare: dict[Kind, Rate]
    blocks_planned: tuple[Weight, Weight, Weight]
    into_the_joint: Rate
    block_gap_days: Span
    ablation_gap_days: Span
    goes_on: Rate
    other_levels: Rate
    ablated_all_the_same: Rate
    one_level_more: Rate
    one_side_at_a_time: Rate
    other_side_days: Span
    a_row_each_side: Rate
    repeats: Count
    repeated: Rate
    repeat_gap_days: Span
    repeated_though_it_failed: Rate
    failed_gap_days: Span
    block_before_repeat: Rate
    therapeutic: Rate
    therapeutic_into_the_joint: Rate
    therapeutic_at_most: Count
    therapeutic_gap_days: Span
    same_day_other: Rate
    because: Words


class Responses(Written, frozen=True, kw_only=True):
    """What procedures do to the pain, and what is written down of it. `half` is relief in percent that holds."""

    therapeutic_success: str
    therapeutic_months: Positive
    pain_before: Span
    percent_step: Positive
    half: Positive
    scores_documented: Rate
    stated_documented: Rate
    lasted_documented: Rate
    same_scale: Rate
    short_relief: Rate
    visit_months: tuple[Positive, ...]
    visit_days_late: Span
    attended: Rate
    visit_relief_documented: Rate
    visit_function_documented: Rate
    function_of_relief: Span
    because: Words


class Fact(Written, frozen=True, kw_only=True, rename={"with_": "with"}):
    """How a fact is spread, and how often it is documented; the file explains the keys."""

    documented: Rate
    yes: Rate | None = None
    words: dict[str, Weight] = field(default_factory=dict)
    low: int | None = None
    high: int | None = None
    step: Positive = 1
    each: bool = False
    with_: str = ""
    kinds: tuple[Kind, ...] = ()

    @property
    def follows(self) -> bool:
        """Whether its value follows from the course and is computed."""
        return self.yes is None and not self.words and self.low is None


class Assumptions(Written, frozen=True, kw_only=True):
    """The whole file."""

    chunk: Chunk
    first_today: FirstToday
    repeated_error: RepeatedError
    strata: tuple[WrittenStratum, ...]
    strata_because: Words
    ablation_without_source: WithoutSource
    other_sources: OtherSources
    levels: dict[Region, tuple[LevelWeight, ...]]
    levels_because: Words
    examination: Examination
    ablation: AblationHeat
    who: Who
    course: CourseOfCare
    responses: Responses
    claims: Claims
    omop: Omop
    records: Records
    facts_catching_up: Positive
    facts_because: Words
    facts: dict[str, Fact]
