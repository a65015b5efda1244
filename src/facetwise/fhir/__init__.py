"""FHIR R4 Bundles into records and back: what an electronic health record exports, and what it leaves out."""

from facetwise.fhir.reading import BundleImport, is_bundle, read_bundle
from facetwise.fhir.values import Unmapped
from facetwise.fhir.writing import write_bundle

__all__ = ["BundleImport", "Unmapped", "is_bundle", "read_bundle", "write_bundle"]
