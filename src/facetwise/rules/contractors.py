"""Medicare's contractors: which one serves a state, and which determination it applied on which day.

The table `library/medicare/contractors.yaml` holds one row a determination. `reading_contractors.py` makes a policy of
each: the harmonised text that it applies, with the contractor's own dates, regions and notes.
"""

from typing import Annotated

from msgspec import Meta, field

from facetwise.evidence.sources import Cites, Source
from facetwise.records import Contractor
from facetwise.rules.documents import ConventionDocument, Effective, Part, PolicyId

State = Annotated[str, Meta(pattern="^[A-Z]{2}$")]


class Jurisdiction(Part, frozen=True, kw_only=True):
    """The states and territories in which a contractor pays, by their postal codes."""

    contractor: Contractor
    states: tuple[State, ...]
    cites: Cites
    note: str = ""


class ContractorDocument(Part, frozen=True, kw_only=True):
    """A contractor, and what it reads otherwise than the harmonised text leaves open."""

    name: str
    regions: dict[str, str] = field(default_factory=dict)
    conventions: dict[str, ConventionDocument] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Determination(Part, frozen=True, kw_only=True):
    """A local coverage determination: its number, its billing article, the text it applies, and when."""

    contractor: Contractor
    lcd: Annotated[str, Meta(pattern="^L[0-9]{5}$")]
    article: Annotated[str, Meta(pattern="^A[0-9]{5}$")] = ""
    text: PolicyId
    effective: Effective
    cites: Cites
    note: str = ""


class ContractorTable(Part, frozen=True, kw_only=True):
    """The whole table."""

    id: str
    title: str
    sources: dict[str, Source]
    contractors: dict[Contractor, ContractorDocument]
    jurisdictions: dict[str, Jurisdiction]
    determinations: tuple[Determination, ...]

    def contractor_of(self, state: str) -> Contractor | None:
        """Who pays for procedures done in a state; None for one that the table does not hold."""
        for jurisdiction in self.jurisdictions.values():
            if state in jurisdiction.states:
                return jurisdiction.contractor
        return None

    def jurisdictions_of(self, contractor: Contractor) -> list[str]:
        """The jurisdictions of a contractor, in the order of the table."""
        return [name for name, one in self.jurisdictions.items() if one.contractor is contractor]
