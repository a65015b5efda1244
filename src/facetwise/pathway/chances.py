"""How likely the joints in question are the source, and that ablation helps, for the patient of a record."""

import datetime

from facetwise.probability import PatientLikelihoods, Person, patient_likelihoods
from facetwise.records import Complaint, Interval, Record, Request
from facetwise.rules import History, Situation, Status, View, policy_named, status_of
from facetwise.spine import Region, SiteSet, levels_in, region_of

PATHWAY = "facet-pathway"
DONE, AT_50, AT_80 = "blocks_here", "blocks_with_50_percent_relief", "blocks_with_80_percent_relief"
"""The measures of the pathway that count diagnostic blocks of the joints in question since the last ablation."""
ABLATIONS = "ablations_here"
CHRONIC, AXIAL = "three_months_of_pain", "pain_pattern_fits_the_facet_joints"
"""The criteria of the pathway that say whose pain the figures count."""


def chances_of_request(record: Record, request: Request, as_of: datetime.date) -> PatientLikelihoods:
    """The chances for the joints of `request` on its date, from `record` as it stood on `as_of`."""
    history = History(record, as_of)
    standpoint = Situation(history, request).under(policy_named(PATHWAY))
    return chances_for(history.record, request.sites, standpoint)


def chances_for(record: Record, sites: SiteSet | None, standpoint: View) -> PatientLikelihoods:
    """The chances for these joints, from the blocks that the pathway counts. They inform; no rule asks them."""
    region = _region(sites)
    counts = {name: _count(standpoint, name) for name in (DONE, AT_50, AT_80)}
    person = Person(
        pain_here=_pain_here(record.complaint, sites, region),
        chronic=_answer(standpoint, CHRONIC),
        axial=_answer(standpoint, AXIAL),
        ablated=_any(_count(standpoint, ABLATIONS)),
    )
    return patient_likelihoods(region, counts[AT_50], counts[AT_80], counts[DONE], person=person)


def _region(sites: SiteSet | None) -> Region | None:
    """The region of the joints in question, when it is one."""
    regions = {region_of(level) for level in levels_in(sites.levels)} if sites else set()
    return regions.pop() if len(regions) == 1 else None


def _pain_here(complaint: Complaint, sites: SiteSet | None, region: Region | None) -> bool | None:
    """Whether the pain on record is of these joints: the joints under suspicion decide, or else its region."""
    shared = complaint.sites.overlaps(sites) if complaint.sites and sites else None
    if shared is not None or complaint.region is None:
        return shared
    return complaint.region is region


def _answer(standpoint: View, criterion: str) -> bool | None:
    status = status_of(standpoint.policy.criteria()[criterion], standpoint)
    return {Status.MET: True, Status.NOT_MET: False}.get(status)


def _count(standpoint: View, name: str) -> int | Interval | None:
    value = standpoint.facts.get(name)
    if isinstance(value, Interval):
        return value
    return int(value) if isinstance(value, int | float) else None


def _any(count: int | Interval | None) -> bool | None:
    """Whether it is at least one; None when that is not documented."""
    if isinstance(count, Interval):
        return True if count.low >= 1 else None
    return None if count is None else count > 0
