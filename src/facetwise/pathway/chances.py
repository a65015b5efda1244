"""How likely the joints in question are the source, and that ablation helps, for the patient of a record."""

from facetwise.pathway.proposing import joints_in_question
from facetwise.probability import PatientLikelihoods, patient_likelihoods
from facetwise.records import Interval, Record
from facetwise.rules import View
from facetwise.spine import Region, levels_in, region_of

DONE, AT_50, AT_80 = "blocks_here", "blocks_with_50_percent_relief", "blocks_with_80_percent_relief"
"""The measures of the pathway that count diagnostic blocks of the joints in question since the last ablation."""


def chances_for(record: Record, standpoint: View) -> PatientLikelihoods:
    """The chances for a patient, from the blocks that the pathway counts. They inform; no rule asks them."""
    counts = {name: _count(standpoint, name) for name in (DONE, AT_50, AT_80)}
    return patient_likelihoods(_region(record), counts[AT_50], counts[AT_80], counts[DONE])


def _region(record: Record) -> Region | None:
    """The region of the joints in question, when it is one."""
    sites = joints_in_question(record)
    regions = {region_of(level) for level in levels_in(sites.levels)} if sites else set()
    return regions.pop() if len(regions) == 1 else None


def _count(standpoint: View, name: str) -> int | Interval | None:
    value = standpoint.facts.get(name)
    if isinstance(value, Interval):
        return value
    return int(value) if isinstance(value, int | float) else None
