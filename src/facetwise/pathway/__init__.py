"""The next step for one patient: where they are on the pathway, what is proposed, why, what is missing, from when."""

from facetwise.pathway.checking import check
from facetwise.pathway.drawing import mermaid, pathway_svg
from facetwise.pathway.earliest import earliest_date
from facetwise.pathway.next_step import next_step
from facetwise.pathway.proposing import KnownOfRequests, with_known
from facetwise.pathway.results import (
    DISCLAIMER,
    Alternative,
    BlockResponse,
    CheckResult,
    Earliest,
    NextStep,
    PathwayStep,
    PolicyVersion,
    Proposal,
    Undecided,
)

__all__ = [
    "DISCLAIMER",
    "Alternative",
    "BlockResponse",
    "CheckResult",
    "Earliest",
    "KnownOfRequests",
    "NextStep",
    "PathwayStep",
    "PolicyVersion",
    "Proposal",
    "Undecided",
    "check",
    "earliest_date",
    "mermaid",
    "next_step",
    "pathway_svg",
    "with_known",
]
