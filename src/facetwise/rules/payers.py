"""How payers and Medicare's contractors are called: as the library's policies call them, never by their keys."""

from facetwise.records import Contractor
from facetwise.rules.loading import load_library


def payers() -> list[str]:
    """The key of every payer of the library, in the order of their names."""
    return sorted({policy.payer for policy in load_library().values() if policy.payer}, key=payer_name)


def payer_name(payer: str) -> str:
    """A payer's readable name: the issuer of its policies, where that is one, or else the key's own words."""
    issuers = {policy.issuer for policy in load_library().values() if policy.payer == payer}
    return issuers.pop() if len(issuers) == 1 else _words(payer)


def contractor_name(contractor: Contractor) -> str:
    """How a contractor is called in the library."""
    own = (policy.issuer for policy in load_library().values() if policy.contractor is contractor)
    return next(own, _words(str(contractor))).removesuffix(" (Medicare)")


def _words(key: str) -> str:
    """A key in words; short ones are initials."""
    return " ".join(part.upper() if len(part) <= 3 else part.capitalize() for part in key.split("_"))
