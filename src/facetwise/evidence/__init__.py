"""Cited clinical figures: what is known about facet joint pain, with interval, source and certainty."""

from facetwise.evidence.figures import EvidenceDocument, Figure, Operator
from facetwise.evidence.loading import (
    UnknownFigure,
    figure,
    load_documents,
    load_figures,
    read_evidence,
    source_of,
)
from facetwise.evidence.sources import Certainty, Cites, Source

__all__ = [
    "Certainty",
    "Cites",
    "EvidenceDocument",
    "Figure",
    "Operator",
    "Source",
    "UnknownFigure",
    "figure",
    "load_documents",
    "load_figures",
    "read_evidence",
    "source_of",
]
