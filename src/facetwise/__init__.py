"""Facetwise: the next step in facet joint pain care, with reasons, sources and what is missing.

It informs clinicians and decides nothing.
"""

__version__ = "0.1.0"
