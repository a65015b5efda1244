"""Synthetic populations: patients with a hidden truth, and what would be documented of their procedures."""

from facetwise.audit.synthesis.chances import Stratum, strata
from facetwise.audit.synthesis.writing import Format, Made, synthesize

__all__ = ["Format", "Made", "Stratum", "strata", "synthesize"]
