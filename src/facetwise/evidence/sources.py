"""Where a statement comes from, when it was read, and how far it can be trusted."""

import datetime
from enum import StrEnum

import msgspec


class Certainty(StrEnum):
    """How a statement was checked. It travels with the statement to every screen."""

    PRIMARY = "read in the primary source"
    SECONDARY = "read in a secondary source"
    UNVERIFIED = "unverified"

    @property
    def verified(self) -> bool:
        """Whether somebody read it in a source at all."""
        return self is not Certainty.UNVERIFIED


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text that statements cite: a paper, a guideline, a payer's page."""

    title: str
    issuer: str = ""
    url: str = ""
    doi: str = ""
    published: str = ""
    read_on: datetime.date | None = None
    certainty: Certainty = Certainty.PRIMARY


class Cites(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place in a source. `certainty` overrides the source's own, for a passage that was not read itself."""

    source: str
    where: str = ""
    certainty: Certainty | None = None
