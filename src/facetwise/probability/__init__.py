"""How likely the joints are the source of the pain, and how likely ablation helps. No rule asks these chances."""

from facetwise.probability.ablation import chance_ablation_helps
from facetwise.probability.assumptions import Assumptions, Setting
from facetwise.probability.icon_array import hundred_people_svg, icon_array_svg
from facetwise.probability.likelihood import (
    ABLATION,
    SOURCE,
    Beside,
    Likelihood,
    NoFigure,
    PositiveBlocks,
    Threshold,
    Used,
)
from facetwise.probability.patient import AtThreshold, Chance, PatientLikelihoods, leading, patient_likelihoods
from facetwise.probability.people import Person
from facetwise.probability.posterior import chance_after_negative_block, chance_of_source
from facetwise.probability.reading import assumptions, read_assumptions

__all__ = [
    "ABLATION",
    "SOURCE",
    "Assumptions",
    "AtThreshold",
    "Beside",
    "Chance",
    "Likelihood",
    "NoFigure",
    "PatientLikelihoods",
    "Person",
    "PositiveBlocks",
    "Setting",
    "Threshold",
    "Used",
    "assumptions",
    "chance_ablation_helps",
    "chance_after_negative_block",
    "chance_of_source",
    "hundred_people_svg",
    "icon_array_svg",
    "leading",
    "patient_likelihoods",
    "read_assumptions",
]
