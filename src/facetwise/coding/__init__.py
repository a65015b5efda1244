"""Billing lines of facet procedures, and the check of billed lines against what the record documents."""

from facetwise.coding.answers import BillingAnswer, CheckedDiagnosis, Line, Open, Remark
from facetwise.coding.checked_claims import BillingLines, CheckedClaim, ClaimCheck, check_claims
from facetwise.coding.claim_errors import ClaimError, ErrorKind
from facetwise.coding.claim_lines import ClaimLine, read_claims
from facetwise.coding.claims import check_claim, expected_of
from facetwise.coding.codebook import Citation, cite, codebook
from facetwise.coding.edit_files import read_edit_file
from facetwise.coding.edit_store import edits_folder, keep_edits, stored_edits
from facetwise.coding.edits import Edits, LoadedFile
from facetwise.coding.lines import billing_lines
from facetwise.coding.sessions import session_of, sessions_of

__all__ = [
    "BillingAnswer",
    "BillingLines",
    "CheckedClaim",
    "CheckedDiagnosis",
    "Citation",
    "ClaimCheck",
    "ClaimError",
    "ClaimLine",
    "Edits",
    "ErrorKind",
    "Line",
    "LoadedFile",
    "Open",
    "Remark",
    "billing_lines",
    "check_claim",
    "check_claims",
    "cite",
    "codebook",
    "edits_folder",
    "expected_of",
    "keep_edits",
    "read_claims",
    "read_edit_file",
    "session_of",
    "sessions_of",
    "stored_edits",
]
