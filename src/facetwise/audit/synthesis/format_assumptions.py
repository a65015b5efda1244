"""The conventions of single formats, as `assumptions.yaml` has them."""

from typing import Annotated

import msgspec

from facetwise.probability.assumptions import Words, Written
from facetwise.records import Kind
from facetwise.spine import Region

Positive = Annotated[int, msgspec.Meta(gt=0)]


class Claims(Written, frozen=True, kw_only=True):
    """How procedures are billed that are no facet procedures, and for which diagnosis."""

    diagnoses: dict[Region, str]
    codes: dict[Kind, str]
    because: Words


class Omop(Written, frozen=True, kw_only=True):
    """Standard concepts of OMOP: the type of a record, the female gender, a visit."""

    record_type: Positive
    female: Positive
    outpatient: Positive
    because: Words


class Records(Written, frozen=True, kw_only=True):
    """What a record needs besides: when a diary is written, for how long stated relief lasts, when care ends."""

    diary_minutes: tuple[Positive, ...]
    relief_hours: Positive
    care_gap_days: Positive
    because: Words
